#include "workers.hpp"

#include <glib.h>

#include <memory>

namespace gemini_live {

namespace {

using Task = std::function<void()>;

// More tasks than this wait for a worker: it bounds the threads that blocked handlers can hold.
constexpr int kMaxWorkers = 256;

GThreadPool *make_pool()
{
  // Not exclusive, so idle threads return to GLib.
  return g_thread_pool_new(
      [](gpointer data, gpointer) {
        std::unique_ptr<Task> task(static_cast<Task *>(data));
        (*task)();
      },
      nullptr, kMaxWorkers, FALSE, nullptr);
}

} // namespace

// The pools are never freed, since a task may outlive main().

void run_on_worker(Task task)
{
  static GThreadPool *const pool = make_pool();
  g_thread_pool_push(pool, new Task(std::move(task)), nullptr);
}

void run_call(Task task)
{
  static GThreadPool *const pool = make_pool();
  g_thread_pool_push(pool, new Task(std::move(task)), nullptr);
}

} // namespace gemini_live
