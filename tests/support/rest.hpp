// The moment at which nobody works any more.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace test {

// Waits for the threads that are about to leave, at most 10 s: those of GLib's pools and, unless a
// conversation goes on, the loops and the streaming threads.
void rest(bool conversing);
// For GStreamer's leaks tracer, which takes what a notification under way holds for lost: has the
// program rest before it ends.
void rest_at_exit();

std::vector<std::string> folder_entries(const std::string &folder);

} // namespace test
