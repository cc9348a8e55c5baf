#include "strand.hpp"

#include "workers.hpp"

#include <utility>

namespace gemini_live {

void Strand::post(Task task)
{
  {
    auto queue = queue_.lock();
    queue->tasks.push_back(std::move(task));
    if (std::exchange(queue->running, true))
      return;
  }
  run_on_worker([self = shared_from_this()] { self->run(); });
}

void Strand::run()
{
  for (;;) {
    Task task;
    {
      auto queue = queue_.lock();
      if (queue->tasks.empty()) {
        queue->running = false;
        return;
      }
      task = std::move(queue->tasks.front());
      queue->tasks.pop_front();
    }
    task();
  }
}

} // namespace gemini_live
