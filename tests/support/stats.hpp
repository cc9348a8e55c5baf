// What a session counts, as it or one of its elements tells it.
#pragma once

#include <gst/gst.h>

namespace test {

inline guint64 stat_of(gpointer object, const char *name)
{
  GstStructure *stats = nullptr;
  g_object_get(object, "stats", &stats, nullptr);
  guint64 value = 0;
  if (!gst_structure_get_uint64(stats, name, &value))
    g_error("nobody counts %s", name);
  gst_structure_free(stats);
  return value;
}

} // namespace test
