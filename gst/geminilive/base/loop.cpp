#include "loop.hpp"

#include "guarded.hpp"
#include "workers.hpp"

#include <algorithm>
#include <future>
#include <string>
#include <vector>

namespace gemini_live {

namespace {

// A slot is empty while no session uses it.
Guarded<std::vector<std::weak_ptr<Loop>>> &slots()
{
  static auto *const all = new Guarded<std::vector<std::weak_ptr<Loop>>>;
  return *all;
}

} // namespace

std::shared_ptr<Loop> Loop::acquire()
{
  auto all = slots().lock();
  all->resize(std::max(1u, g_get_num_processors()));
  auto least = std::min_element(all->begin(), all->end(), [](const auto &a, const auto &b) {
    return a.use_count() < b.use_count();
  });
  auto loop = least->lock();
  if (!loop) {
    loop.reset(new Loop(static_cast<unsigned>(least - all->begin())), &Loop::release);
    *least = loop;
  }
  return loop;
}

Loop::Loop(unsigned index)
    : context_(g_main_context_new()), main_loop_(g_main_loop_new(context_, FALSE))
{
  auto name = "geminilive" + std::to_string(index);
  thread_ = g_thread_new(
      name.c_str(),
      [](gpointer data) -> gpointer {
        auto *main_loop = static_cast<GMainLoop *>(data);
        auto *context = g_main_loop_get_context(main_loop);
        g_main_context_push_thread_default(context);
        g_main_loop_run(main_loop);
        g_main_context_pop_thread_default(context);
        return nullptr;
      },
      main_loop_);
}

Loop::~Loop()
{
  // Quitting from within, so that it cannot come before the thread runs the loop.
  post([this] { g_main_loop_quit(main_loop_); });
  g_thread_join(thread_);
  g_main_loop_unref(main_loop_);
  g_main_context_unref(context_);
}

void Loop::release(Loop *loop)
{
  // The last session usually lets go on the loop's own thread, which cannot join itself.
  if (loop->is_current())
    run_on_worker([loop] { delete loop; });
  else
    delete loop;
}

void Loop::post(std::function<void()> task)
{
  add(G_PRIORITY_DEFAULT, std::move(task));
}

void Loop::wait_idle(std::chrono::milliseconds patience)
{
  if (is_current())
    return;
  const auto idle = std::make_shared<std::promise<void>>();
  // Sockets are read and written with the default priority, so they come before this.
  add(G_PRIORITY_DEFAULT_IDLE, [idle] { idle->set_value(); });
  idle->get_future().wait_for(patience);
}

void Loop::add(int priority, std::function<void()> task)
{
  using Task = std::function<void()>;
  GSource *source = g_idle_source_new();
  g_source_set_priority(source, priority);
  g_source_set_callback(
      source,
      [](gpointer data) -> gboolean {
        (*static_cast<Task *>(data))();
        return G_SOURCE_REMOVE;
      },
      new Task(std::move(task)), [](gpointer data) { delete static_cast<Task *>(data); });
  g_source_attach(source, context_);
  g_source_unref(source);
}

} // namespace gemini_live
