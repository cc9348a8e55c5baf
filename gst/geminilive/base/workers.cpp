#include "workers.hpp"

#include <glib.h>

#include <memory>

namespace gemini_live {

namespace {

using Task = std::function<void()>;

// More tasks than this wait for a worker: it bounds the threads that blocked handlers can hold.
constexpr int kMaxWorkers = 256;

GThreadPool *pool()
{
  // Not exclusive, so idle threads return to GLib; never freed, since a task may outlive main().
  static GThreadPool *const workers = g_thread_pool_new(
      [](gpointer data, gpointer) {
        std::unique_ptr<Task> task(static_cast<Task *>(data));
        (*task)();
      },
      nullptr, kMaxWorkers, FALSE, nullptr);
  return workers;
}

} // namespace

void run_on_worker(Task task)
{
  g_thread_pool_push(pool(), new Task(std::move(task)), nullptr);
}

} // namespace gemini_live
