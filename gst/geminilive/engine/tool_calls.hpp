// The model's calls of functions, one record each, from the call to its one answer:
//
//   pending ──▶ answered | failed | cancelled | timed out | lost
//
// Whoever finishes a call first has it; everybody after him is told that it is over. So a call is
// answered exactly once, whatever handlers, deadlines and cancellations do at the same time. An answer
// that was never sent is taken back: then the call was cancelled or lost after all. Of finished calls
// only the last are kept, to tell "over" from "never seen".
//
// Not guarded: who holds one under several threads locks it. Times are monotonic microseconds given by
// the caller.
#pragma once

#include "../wire/server_message.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gemini_live {

enum class ToolOutcome { answered, failed, cancelled, timed_out, lost, count_ };

// For people: `answered`, `timed out` …
const char *to_text(ToolOutcome outcome);

struct ToolCall {
  std::uint64_t number = 0; // of this call alone, while ids may come again
  std::string id;           // unique among the pending ones, never empty
  std::string wire_id;      // what the service gave, which may be neither
  std::string name;
  std::string args; // JSON text of an object
  std::uint64_t turn = 0;
  std::int64_t asked_at = 0;
  std::int64_t waits_since = 0; // that, or since a part of the answer came
  bool blocking = false;        // the model is silent until it is answered
};

class ToolCalls {
public:
  using Counts = std::array<std::uint64_t, static_cast<std::size_t>(ToolOutcome::count_)>;

  const ToolCall &add(const FunctionCall &call, std::uint64_t turn, std::int64_t now,
                      bool blocking);

  // The pending call of that id; null, and `why` there is none.
  const ToolCall *find(std::string_view id, std::string &why) const;
  // Takes it out as well: the caller alone answers it.
  std::optional<ToolCall> finish(std::string_view id, ToolOutcome outcome, std::string &why);
  // What the service cancels by its own ids; those that are over already are not among the result.
  std::vector<ToolCall> cancel(const std::vector<std::string> &wire_ids);
  // All that are pending.
  std::vector<ToolCall> finish_all(ToolOutcome outcome);
  // Of an answer that was not sent.
  void take_back(std::uint64_t number, ToolOutcome was, ToolOutcome is);
  // Nothing while it is pending, and when it is forgotten.
  std::optional<ToolOutcome> outcome_of(std::uint64_t number) const;
  // A part of the answer came, so its time begins anew.
  void renew(std::string_view id, std::int64_t now);

  // The call that has been waiting for the longest time; null if none is.
  const ToolCall *oldest() const;
  bool is_empty() const { return pending_.empty(); }
  bool has_blocking() const;
  const Counts &counts() const { return counts_; }

private:
  using Pending = std::map<std::string, ToolCall, std::less<>>;

  template <class Wanted>
  std::vector<ToolCall> take(ToolOutcome outcome, Wanted wanted);
  ToolCall take(Pending::iterator call, ToolOutcome outcome);

  struct Over {
    std::uint64_t number;
    std::string id;
    ToolOutcome outcome;
  };

  Pending pending_; // by id
  std::deque<Over> over_;
  std::uint64_t added_ = 0;
  std::uint64_t named_ = 0; // ids of our own
  Counts counts_{};
};

} // namespace gemini_live
