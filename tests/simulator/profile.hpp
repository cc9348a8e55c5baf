// How one kind of service differs from the others, as data.
//
// The table is constant and shared by every connection.
#pragma once

#include <cstdint>
#include <string_view>

namespace gemini_live_simulator {

enum class Backend { gemini, vertex };

// What a tool call does to the turn that makes it.
enum class CallTurn {
  waits,                   // one turn: call, answer, speech
  completes,               // turnComplete after the call; the speech is a turn of its own
  completes_generation,    // the same, with generationComplete first
  completes_when_answered, // the same, but after the answer
  follows_filler           // a turn of a few words before it, nothing of its own
};

// When updates of resumption handles come, beside the one right behind setupComplete.
enum class Updates { per_turn, per_typed_turn_withheld, periodic };

enum class ClientContentRule {
  always,
  first, // as the first thing that is said, or as history before it
  never
};

enum class AffectiveDialog {
  taken,
  refused,
  breaks_first_content // taken in setup; the first content message is refused
};

struct Profile {
  std::string_view name;
  std::string_view base;       // the profile whose model this is; empty: can be chosen by name
  std::string_view model_word; // what the model's name holds then
  unsigned bit;                // of this profile in a set of them

  // What it looks like on the wire.
  Backend backend;
  std::string_view audio_mime_type;
  bool session_id;                    // setupComplete carries one
  bool model_role;                    // modelTurn says role "model"
  bool keep_alive_before_audio;       // {} before each audio message
  bool empty_content_before_answer;   // "serverContent": {}
  bool thought_before_answer;         // a thought summary that nobody asked for
  bool voice_activity_unasked;        // voiceActivity messages
  bool input_transcription_unasked;   // inputTranscription without the wish for it
  bool input_transcription_fragments; // pieces with leading spaces instead of one sentence
  bool interim_transcription;         // the guesses on the way to it, too
  bool transcript_with_audio;         // output text and audio in one message
  bool transcript_brackets;           // outputTranscription {} first, {"finished": true} last
  bool grounding_with_turn_complete;  // "groundingMetadata": {}
  bool interaction_status;            // beside turnComplete
  bool candidates_names;              // candidatesTokenCount, trafficType
  std::string_view tool_id_forms;     // '#' stands for a digit, '|' parts the forms that alternate;
                                      // empty: UUIDs

  // When.
  double speed;            // of its speech, times real time
  unsigned first_chunk_ms; // of audio
  unsigned chunk_ms;
  unsigned silence_ms;     // ends an utterance when the setup does not say
  double go_away_lead;     // seconds
  bool resumption_unasked; // updates without sessionResumption in setup
  Updates updates;

  // Tools.
  bool async_by_default; // a function without "behavior" is NON_BLOCKING
  CallTurn blocking_call;
  CallTurn async_call;

  // What it takes.
  std::string_view modalities; // one of these
  ClientContentRule client_content;
  bool realtime_text;
  bool system_role;           // in clientContent, changes the instruction
  bool history_ends_anywhere; // history without historyConfig may end with the model's turn
  bool history_media;         // audio and function parts in history
  bool response_media;        // pictures and text beside a tool's answer are read
  bool audio_l16;
  AffectiveDialog affective_dialog;
};

// The one of this name; nullptr: there is none that can be chosen by it.
const Profile *find_profile(std::string_view name);

// The profile of a model that `chosen` also serves; `chosen` itself for all the others.
const Profile &profile_for_model(const Profile &chosen, std::string_view model);

} // namespace gemini_live_simulator
