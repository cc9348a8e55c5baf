// How one kind of service differs from the others, as data.
//
// The table is constant and shared by every connection.
#pragma once

#include <span>
#include <string_view>

namespace gemini_live_simulator {

// What a tool call does to the turn that makes it.
enum class ToolTurn {
  waits,              // one turn: call, answer, speech
  ends,               // turnComplete after the call; the speech is a turn of its own
  ends_its_generation // the same, with generationComplete first
};

struct Profile {
  std::string_view name;
  std::string_view audio_mime_type;
  bool session_id;                    // setupComplete carries one
  bool model_role;                    // modelTurn says role "model"
  bool keep_alive_before_audio;       // {} before each audio message
  bool empty_content_before_answer;   // "serverContent": {}
  bool thought_before_answer;         // a thought summary that nobody asked for
  bool resumption_unasked;            // updates without sessionResumption in setup
  bool voice_activity_unasked;        // voiceActivity messages
  bool input_transcription_unasked;   // inputTranscription without the wish for it
  bool input_transcription_fragments; // pieces with leading spaces instead of one sentence
  bool transcript_with_audio;         // output text and audio in one message
  bool transcript_brackets;           // outputTranscription {} first, {"finished": true} last
  bool grounding_with_turn_complete;  // "groundingMetadata": {}
  bool candidates_names;              // candidatesTokenCount, trafficType
  bool client_content_first_only;     // refused once the conversation runs
  bool thinking_level;                // may be set
  ToolTurn tool_turn;
  std::string_view tool_id_form; // a '#' stands for a digit; empty: a UUID
  std::string_view text_refusal; // close reason when TEXT is asked for; '%' stands for the model
  unsigned silence_ms;           // ends an utterance when the setup does not say
};

std::span<const Profile> profiles();
const Profile *find_profile(std::string_view name); // nullptr: no such profile

} // namespace gemini_live_simulator
