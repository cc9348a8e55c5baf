// The table of profiles.
#include "profile.hpp"

#include <algorithm>
#include <array>

namespace gemini_live_simulator {
namespace {

constexpr std::string_view rate_in_mime = "audio/pcm;rate=24000";
constexpr std::string_view no_such_modality =
    "The requested combination of response modalities (TEXT) is not supported by the model. %";
constexpr std::string_view no_voices = "Cannot extract voices from a non-audio request.";

constexpr std::array<Profile, 4> table{{
    {
        .name = "gemini-3.8",
        .audio_mime_type = rate_in_mime,
        .session_id = false,
        .model_role = true,
        .keep_alive_before_audio = true,
        .empty_content_before_answer = true,
        .thought_before_answer = false,
        .resumption_unasked = true,
        .voice_activity_unasked = true,
        .input_transcription_unasked = true,
        .input_transcription_fragments = false,
        .transcript_with_audio = true,
        .transcript_brackets = false,
        .grounding_with_turn_complete = false,
        .candidates_names = false,
        .client_content_first_only = false,
        .thinking_level = false,
        .tool_turn = ToolTurn::ends,
        .tool_id_form = "call_######",
        .text_refusal = no_such_modality,
        .silence_ms = 700,
    },
    {
        .name = "gemini-3.1",
        .audio_mime_type = rate_in_mime,
        .session_id = false,
        .model_role = false,
        .keep_alive_before_audio = false,
        .empty_content_before_answer = true,
        .thought_before_answer = false,
        .resumption_unasked = true,
        .voice_activity_unasked = true,
        .input_transcription_unasked = true,
        .input_transcription_fragments = false,
        .transcript_with_audio = true,
        .transcript_brackets = false,
        .grounding_with_turn_complete = false,
        .candidates_names = false,
        .client_content_first_only = true,
        .thinking_level = true,
        .tool_turn = ToolTurn::waits,
        .tool_id_form = "fc_###################",
        .text_refusal = no_such_modality,
        .silence_ms = 1000,
    },
    {
        .name = "gemini-2.5",
        .audio_mime_type = rate_in_mime,
        .session_id = false,
        .model_role = false,
        .keep_alive_before_audio = false,
        .empty_content_before_answer = false,
        .thought_before_answer = true,
        .resumption_unasked = false,
        .voice_activity_unasked = false,
        .input_transcription_unasked = false,
        .input_transcription_fragments = true,
        .transcript_with_audio = false,
        .transcript_brackets = false,
        .grounding_with_turn_complete = false,
        .candidates_names = false,
        .client_content_first_only = false,
        .thinking_level = true,
        .tool_turn = ToolTurn::waits,
        .tool_id_form = "function-call-###################",
        .text_refusal = no_voices,
        .silence_ms = 700,
    },
    {
        .name = "vertex",
        .audio_mime_type = "audio/pcm",
        .session_id = true,
        .model_role = true,
        .keep_alive_before_audio = false,
        .empty_content_before_answer = false,
        .thought_before_answer = false,
        .resumption_unasked = false,
        .voice_activity_unasked = false,
        .input_transcription_unasked = false,
        .input_transcription_fragments = false,
        .transcript_with_audio = false,
        .transcript_brackets = true,
        .grounding_with_turn_complete = true,
        .candidates_names = true,
        .client_content_first_only = false,
        .thinking_level = true,
        .tool_turn = ToolTurn::ends_its_generation,
        .tool_id_form = "",
        .text_refusal = no_such_modality,
        .silence_ms = 700,
    },
}};

} // namespace

std::span<const Profile> profiles()
{
  return table;
}

const Profile *find_profile(std::string_view name)
{
  const auto found = std::ranges::find(table, name, &Profile::name);
  return found == table.end() ? nullptr : &*found;
}

} // namespace gemini_live_simulator
