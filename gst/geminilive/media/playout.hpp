// The model's voice between the socket and the source: bursts in, one period at a time out.
//
// One queue holds speech and, between it, the captions that belong to it, in the order of arrival.
// What an interruption clears it clears together, so words that were never heard are never shown.
//
// Speech is never dropped but by clear(). A turn starts to flow when the cushion is full, when its
// generation is complete, or when the cushion's time has passed; it stops flowing when less than a
// period is left, so that no period holds torn speech unless nothing more comes.
//
// The loop thread adds, finishes and clears; a source that leaves clears too, and a worker finishes
// after an error. One streaming thread pulls. The samples are shared
// with the messages they came in, not copied, except where a period spans two of them.
#pragma once

#include "../base/glib_ptr.hpp"
#include "../base/guarded.hpp"
#include "../base/pcm.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gemini_live {

// A piece of the model's words, or the end of an utterance.
struct Caption {
  std::uint64_t turn = 0;
  std::string text;
  bool end = false;
};

class Playout {
public:
  static constexpr std::uint64_t kMaxSpeech = 30 * 60 * kSecond;
  static constexpr std::uint64_t kPeriod = 20 * kMillisecond;

  struct Slice {
    unsigned rate = kOutputRate;
    std::size_t samples = 0; // one period
    BytesPtr bytes;          // that many samples; null is silence
    bool cut = false;        // what was pulled before this has been interrupted
    std::vector<Caption> captions;
  };

  struct Cleared {
    std::uint64_t discarded = 0; // ns of speech that will not be played
    std::vector<Caption> captions;
  };

  struct Counts { // ns of speech since the beginning
    std::uint64_t received = 0;
    std::uint64_t played = 0;
    std::uint64_t discarded = 0;
    std::uint64_t underruns = 0; // times that speech was missing inside a turn
  };

  // Loop thread.
  // False if that would hold more than kMaxSpeech.
  bool add_speech(std::uint64_t turn, unsigned rate, BytesPtr bytes);
  void add_caption(Caption caption);
  // No more speech of this turn or an earlier one.
  void finish(std::uint64_t turn);
  // Everything goes; what plays fades out over 5 ms, unless set_fades() says that it shall not.
  Cleared clear();
  // The same, and the next slice tells of it if anything was pulled that may not have been heard yet.
  Cleared interrupt();

  // Streaming thread. `start` is the running time of the slice, if known.
  Slice pull(std::optional<std::uint64_t> start);

  // Any thread.
  unsigned rate() const; // of the next slice
  bool is_empty() const;
  // Whether there is speech that can be played now, or as soon as its cushion is full.
  bool has_speech() const;
  std::uint64_t queued() const; // ns
  Counts counts() const;
  // How much of the turn has been heard at the end of `latency` ns downstream.
  std::uint64_t heard(std::uint64_t turn, std::uint64_t latency) const;
  // The running time at which speech that is added now will leave, if it is known.
  std::optional<std::uint64_t> next_start() const;
  void set_cushion(std::uint64_t nanoseconds);
  void set_fades(bool fades);

private:
  struct Speech {
    std::uint64_t turn;
    unsigned rate;
    BytesPtr bytes;
    std::size_t offset = 0;

    bool continues(const Speech &other) const { return turn == other.turn && rate == other.rate; }
    std::size_t left() const { return g_bytes_get_size(bytes.get()) - offset; }
    const std::uint8_t *data() const
    {
      return static_cast<const std::uint8_t *>(g_bytes_get_data(bytes.get(), nullptr)) + offset;
    }
  };

  struct State {
    std::deque<std::variant<Speech, Caption>> queue;
    std::uint64_t cushion = 60 * kMillisecond;
    std::uint64_t finished = 0; // the newest turn that has no more speech to come
    std::uint64_t queued = 0;   // ns
    unsigned rate = kOutputRate;
    bool flowing = false;
    bool starved = false;   // the turn that flowed ran out before it was finished
    std::uint64_t held = 0; // ns that speech has waited for its cushion
    bool fades = true;
    BytesPtr fade;
    bool spoken = false; // since the last cut
    bool cut = false;    // since the last slice

    std::uint64_t torn_turn = 0; // the turn whose last message ended inside a sample
    std::optional<std::uint8_t> torn_byte;

    std::uint64_t playing_turn = 0;
    std::uint64_t played = 0; // ns of playing_turn that were pulled
    std::uint64_t since = 0;  // ns of silence pulled after them
    std::optional<std::uint64_t> pulled_until;

    Counts counts;

    BytesPtr mend(std::uint64_t turn, BytesPtr bytes);
    const Speech *first_speech() const;
    void take_captions(bool speech_begins, std::vector<Caption> &out);
    bool may_flow(std::size_t period_bytes);
    std::size_t ready_bytes(std::size_t wanted) const;
    BytesPtr gather(std::size_t wanted, std::vector<Caption> &captions);
    void count_played(std::uint64_t turn, std::uint64_t nanoseconds);
    void make_fade();
    Cleared clear();
  };

  Guarded<State> state_;
};

} // namespace gemini_live
