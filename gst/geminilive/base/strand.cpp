#include "strand.hpp"

#include "workers.hpp"

#include <algorithm>
#include <utility>

namespace gemini_live {

namespace {

// A little more than must go, so that not every task looks through all others.
constexpr std::size_t kLeft = Strand::kMost / 8 * 7;

} // namespace

void Strand::post(Task task)
{
  add({std::move(task), 0});
}

bool Strand::post_loose(Task task, std::size_t size)
{
  return add({std::move(task), std::max<std::size_t>(size, 1)});
}

bool Strand::add(Entry entry)
{
  std::vector<Entry> left_out; // goes after the lock
  {
    auto queue = queue_.lock();
    queue->bytes += entry.size;
    queue->entries.push_back(std::move(entry));
    if (queue->bytes > kMost)
      left_out = queue->take_oldest();
    if (std::exchange(queue->running, true))
      return left_out.empty();
  }
  run_on_worker([self = shared_from_this()] { self->run(); });
  return left_out.empty();
}

std::vector<Strand::Entry> Strand::Queue::take_oldest()
{
  std::vector<Entry> taken;
  std::erase_if(entries, [&](Entry &entry) {
    if (entry.size == 0 || bytes <= kLeft)
      return false;
    bytes -= entry.size;
    taken.push_back(std::move(entry));
    return true;
  });
  return taken;
}

void Strand::run()
{
  for (;;) {
    Task task;
    {
      auto queue = queue_.lock();
      if (queue->entries.empty()) {
        queue->running = false;
        return;
      }
      queue->bytes -= queue->entries.front().size;
      task = std::move(queue->entries.front().task);
      queue->entries.pop_front();
    }
    task();
  }
}

} // namespace gemini_live
