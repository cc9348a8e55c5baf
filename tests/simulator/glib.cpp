// Posting and timing on a GMainContext.
#include "glib.hpp"

#include <utility>

namespace gemini_live_simulator {

std::string take_message(GError *&error)
{
  std::string message = error ? error->message : "unknown error";
  g_clear_error(&error);
  return message;
}

void post(GMainContext *context, std::function<void()> work)
{
  using Work = std::function<void()>;
  GSource *source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(
      source,
      [](gpointer data) -> gboolean {
        (*static_cast<Work *>(data))();
        return G_SOURCE_REMOVE;
      },
      new Work(std::move(work)), [](gpointer data) { delete static_cast<Work *>(data); });
  g_source_attach(source, context);
  g_source_unref(source);
}

void Timer::start_at(std::int64_t monotonic_us, std::function<void()> work)
{
  stop();
  work_ = std::move(work);
  source_ = g_timeout_source_new(0);
  g_source_set_callback(source_, &Timer::fire, this, nullptr);
  g_source_set_ready_time(source_, monotonic_us);
  g_source_attach(source_, g_main_context_get_thread_default());
}

void Timer::start_in(std::int64_t us, std::function<void()> work)
{
  start_at(g_get_monotonic_time() + us, std::move(work));
}

void Timer::stop()
{
  if (!source_)
    return;
  g_source_destroy(source_);
  g_source_unref(source_);
  source_ = nullptr;
  work_ = nullptr;
}

gboolean Timer::fire(gpointer self)
{
  auto *timer = static_cast<Timer *>(self);
  // The work may start the timer again or destroy it: nothing of it is touched afterwards.
  auto work = std::move(timer->work_);
  timer->stop();
  work();
  return G_SOURCE_REMOVE;
}

} // namespace gemini_live_simulator
