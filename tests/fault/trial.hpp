// One conversation with a rude peer: played, judged, stopped without waiting for the peer.
//
// The pipeline has a live microphone, an audio sink and an audio source. What the user gets to see
// of the peer's behaviour is collected: our error, our warnings, and the speech that was played.
// Everything that fails names the row of the table that was on trial.
#pragma once

#include "support/complaint.hpp"
#include "support/pipeline.hpp"
#include "support/rude_peer.hpp"

#include <gst/check/gstcheck.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace test {

using Connection = RudePeer::Connection;

// What the peer says.
std::string audio_message(const std::vector<std::int16_t> &samples,
                          const char *mime = "audio/pcm;rate=24000");
std::string base64(const void *data, std::size_t size);
// A message with one inlineData part, whose data is taken as it is.
std::string inline_message(std::string_view data, const char *mime = "audio/pcm;rate=24000");

// A tenth of a second each: said before the fault, and after it.
std::vector<std::int16_t> first_words();
std::vector<std::int16_t> last_words();

// Steps of a script. The client has read the first words when they return; the last ones return when
// the client has hung up.
void begin(Connection &peer);           // as far as the client's setup
void say_first_words(Connection &peer); // from the beginning on
void say_last_words(Connection &peer);  // and completes the turn

// A service that takes the setup, says that and never consents: one error, and so many warnings.
void expect_no_consent(const char *row, const std::vector<std::string_view> &says,
                       std::size_t warnings);

class Trial {
public:
  // `more` are properties of the audio sink.
  Trial(const char *row, RudePeer::Script script, const std::string &more = "");

  // Plays until our error has come and the source has stopped, then stops. Exactly one error is
  // ours.
  Complaint run_to_error();
  // Plays until first and last words are through, then stops. No error.
  void run_to_last_words();
  // The nth of our warnings; there is one per kind.
  const std::vector<Complaint> &warnings() const { return warnings_; }

  // Speech that was played: samples that are not silence.
  std::vector<std::int16_t> heard() const;
  void expect_heard(const std::vector<std::int16_t> &samples) const;
  void expect_warnings(std::size_t count) const;
  static void expect(const char *row, const Complaint &complaint, std::string_view part);
  void expect(const Complaint &complaint, std::string_view part) const
  {
    expect(row_, complaint, part);
  }

  void play();
  void wait_heard(std::size_t count) const;
  // Until a message for which `wanted` is true.
  void wait(const Pipeline::Predicate &wanted);
  void stop();

  Pipeline &pipeline() { return pipeline_; }
  RudePeer &peer() { return peer_; }

private:
  // Notes complaints; true if it is an error of ours.
  bool note(GstMessage *message);

  const char *row_;
  RudePeer peer_;
  Pipeline pipeline_;
  PadTap tap_;
  std::optional<Complaint> error_;
  std::vector<Complaint> warnings_;
  bool source_stopped_ = false;
};

// Adds a test for each row, under the row's name.
template <class Rows>
void add_rows(TCase *tcase, const Rows &rows, void (*run)(int))
{
  int index = 0;
  for (const auto &row : rows) {
    if (_gst_check_run_test_func(row.name))
      _tcase_add_test(tcase, run, row.name, 0, 0, index, index + 1);
    index++;
  }
}

} // namespace test
