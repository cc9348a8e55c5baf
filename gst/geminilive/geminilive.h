#pragma once

#include <gst/geminilive/geminilive-enums.h>
#include <gst/geminilive/geminilive-enumtypes.h>
#include <gst/geminilive/geminilive-prelude.h>
#include <gst/geminilive/geminilive-session.h>
