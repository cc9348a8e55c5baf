#include "rest.hpp"

#include <glib.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace test {

namespace {

// A thread that ends by itself, now that nobody needs it: one of a pool, a loop or a streaming thread
// (its name is ELEMENT:PAD, and the pool has it back only after the pipeline has stopped).
bool is_leaving(const std::string &task, bool conversing)
{
  char *text = nullptr;
  if (!g_file_get_contents(("/proc/self/task/" + task + "/comm").c_str(), &text, nullptr, nullptr))
    return true;
  const std::string name = text;
  g_free(text);
  return (name.starts_with("pool-") && !name.starts_with("pool-spawner")) ||
         (!conversing && (name.starts_with("geminilive") || name.find(':') != name.npos));
}

bool is_at_rest(bool conversing)
{
  const auto tasks = folder_entries("/proc/self/task");
  return std::none_of(tasks.begin(), tasks.end(),
                      [&](const auto &task) { return is_leaving(task, conversing); });
}

} // namespace

std::vector<std::string> folder_entries(const std::string &folder)
{
  std::vector<std::string> names;
  GDir *dir = g_dir_open(folder.c_str(), 0, nullptr);
  while (const char *name = g_dir_read_name(dir))
    names.emplace_back(name);
  g_dir_close(dir);
  return names;
}

void rest(bool conversing)
{
  const auto deadline = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
  do {
    g_thread_pool_stop_unused_threads();
    std::this_thread::yield();
  } while (!is_at_rest(conversing) && g_get_monotonic_time() < deadline);
}

void rest_at_exit()
{
  if (!g_getenv("GST_TRACERS"))
    return;
  [[maybe_unused]] static const int registered = std::atexit([] { rest(false); });
}

} // namespace test
