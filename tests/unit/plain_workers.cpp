// Workers without GLib's thread pool, whose locks ThreadSanitizer does not see.
#include "gst/geminilive/base/workers.hpp"

#include <thread>

namespace gemini_live {

void run_on_worker(std::function<void()> task)
{
  std::thread(std::move(task)).detach();
}

} // namespace gemini_live
