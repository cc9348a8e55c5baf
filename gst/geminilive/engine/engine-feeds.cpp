// What an engine tells the sources of text and events. Both come from the loop thread, text also from
// the source that plays it, and the result of a call from whoever answers it.

#include "engine.hpp"

#include <gst/gst.h>

#include <algorithm>

namespace gemini_live {

void Engine::emit(Event event)
{
  if (event.is("state"))
    state_ = event.get<std::string>("state");
  const auto wants_events = [](const auto &feed) { return feed->wants_events(); };
  if (const auto all = feeds(); std::any_of(all.begin(), all.end(), wants_events))
    offer(TextFeed::Kind::event, event_to_json(event) + '\n');
  emit_(shared_from_this(), std::move(event));
}

// The feeds that somebody still takes from.
std::vector<std::shared_ptr<TextFeed>> Engine::feeds() const
{
  std::vector<std::shared_ptr<TextFeed>> alive;
  auto all = feeds_.lock();
  std::erase_if(*all, [](const auto &feed) { return feed.expired(); });
  for (const auto &feed : *all)
    alive.push_back(feed.lock());
  std::erase(alive, nullptr);
  return alive;
}

void Engine::add_feed(const std::shared_ptr<TextFeed> &feed)
{
  listeners_++;
  const auto all = feeds();
  if (std::find(all.begin(), all.end(), feed) != all.end())
    return;
  if (!feed->wants_events()) {
    feeds_.lock()->push_back(feed);
    return;
  }
  // Events come from the loop, so there none is missed behind the state with which they begin.
  loop_->post([self = shared_from_this(), feed] {
    feed->offer(TextFeed::Kind::event,
                event_to_json(Event("state").add("state", self->state_)) + '\n');
    self->feeds_.lock()->push_back(feed);
    feed->wake(); // the phase may have changed
  });
}

void Engine::remove_feed()
{
  listeners_--;
}

void Engine::wake_feeds()
{
  for (const auto &feed : feeds())
    feed->wake();
}

// The model's words wait for their audio, where there is a source that plays it.
void Engine::caption(TextFeed::Kind kind, std::uint64_t turn, std::string_view text)
{
  const bool end = kind == TextFeed::Kind::output_end;
  if (has_source_)
    playout_.add_caption({turn, std::string(text), end});
  else
    offer(kind, text);
}

void Engine::deliver(std::vector<Caption> &captions)
{
  for (const auto &caption : captions)
    offer(caption.end ? TextFeed::Kind::output_end : TextFeed::Kind::output, caption.text);
}

void Engine::offer(TextFeed::Kind kind, std::string_view text)
{
  bool fits = true;
  for (const auto &feed : feeds())
    fits = feed->offer(kind, text) && fits;
  if (fits || overflowed_.exchange(true))
    return;
  loop_->post([self = shared_from_this()] {
    self->warn(ErrorPtr(g_error_new_literal(
        GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
        "Let text and events flow on downstream: 16 MiB of them wait, and more is left out")));
  });
}

} // namespace gemini_live
