#include "outbox.hpp"

namespace gemini_live {

namespace {

bool is_due(const Outbox::Message &message, const Outbox::Moment &moment)
{
  if (moment.seeding)
    return message.content;
  if (!message.answer)
    return !moment.mark || message.order < *moment.mark;
  return message.answer->after_turn <= moment.complete_turn || message.answer->until <= moment.now;
}

} // namespace

bool Outbox::add(Message message)
{
  if (bytes_ + message.text.size() > kMost)
    return false;
  bytes_ += message.text.size();
  messages_.push_back(std::move(message));
  return true;
}

void Outbox::add_first(Message message)
{
  bytes_ += message.text.size();
  messages_.push_front(std::move(message));
}

std::optional<Outbox::Message> Outbox::take(const Moment &moment)
{
  const auto next = std::find_if(messages_.begin(), messages_.end(),
                                 [&](const auto &message) { return is_due(message, moment); });
  if (next == messages_.end())
    return std::nullopt;
  auto taken = std::move(*next);
  messages_.erase(next);
  bytes_ -= taken.text.size();
  return taken;
}

std::optional<std::int64_t> Outbox::answers_until() const
{
  // They are in the order of their times.
  for (const auto &message : messages_)
    if (message.answer)
      return message.answer->until;
  return std::nullopt;
}

} // namespace gemini_live
