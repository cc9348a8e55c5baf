// The table of profiles: a column for each, a line for each property, with where it was found.
#include "profile.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

namespace gemini_live_simulator {
namespace {

constexpr std::size_t columns = 8;
constexpr bool yes = true;
constexpr bool no = false;
constexpr std::string_view mime_24k = "audio/pcm;rate=24000";
constexpr std::string_view mime = "audio/pcm";

constexpr std::array<Profile, columns> make_table()
{
  std::array<Profile, columns> table{};
  const auto row = [&table]<typename T>(T Profile::*property,
                                        const std::type_identity_t<T>(&values)[columns]) {
    for (std::size_t column = 0; column < columns; ++column)
      table[column].*property = values[column];
  };
  using P = Profile;
  using enum Backend;
  using enum CallTurn;
  using enum Updates;
  using Content = ClientContentRule;
  using Affective = AffectiveDialog;

  // clang-format off
  row(&P::name, {"gemini-3.8", "gemini-3.8 thinking", "gemini-3.1", "gemini-2.5", "vertex", "vertex 2.5", "gemini-3.5 transcribe", "gemini-3.5 translate"});
  row(&P::base, {"", "gemini-3.8", "", "", "", "vertex", "gemini-3.8", "gemini-3.8"});
  row(&P::model_word, {"", "extended-thinking", "", "", "", "2.5", "transcribe", "translate"});
  row(&P::bit, {1, 2, 4, 8, 16, 32, 64, 128});

  //                                     3.8       thinking  3.1       2.5       vertex  vertex 2.5 transcribe translate
  row(&P::backend,                      {gemini,   gemini,   gemini,   gemini,   vertex, vertex,    gemini,    gemini});
  row(&P::audio_mime_type,              {mime_24k, mime_24k, mime_24k, mime_24k, mime,   mime,      mime_24k,  mime_24k}); // recordings of js-genai
  row(&P::session_id,                   {no,       no,       no,       no,       yes,    yes,       no,        no});   // recordings of js-genai
  row(&P::model_role,                   {yes,      yes,      no,       no,       yes,    yes,       yes,       yes});  // recordings of js-genai, pydantic-ai
  row(&P::keep_alive_before_audio,      {yes,      no,       no,       no,       no,     no,        no,        no});   // recording of pydantic-ai
  row(&P::empty_content_before_answer,  {yes,      yes,      yes,      no,       no,     no,        no,        no});   // recordings of pydantic-ai
  row(&P::thought_before_answer,        {no,       no,       no,       yes,      no,     no,        no,        no});   // recordings of js-genai
  row(&P::voice_activity_unasked,       {yes,      yes,      yes,      no,       no,     no,        no,        no});   // recordings of pydantic-ai
  row(&P::input_transcription_unasked,  {yes,      yes,      yes,      no,       no,     no,        no,        no});   // recordings of pydantic-ai
  row(&P::input_transcription_fragments,{no,       no,       no,       yes,      no,     yes,       no,        no});   // recordings of js-genai
  row(&P::interim_transcription,        {no,       no,       no,       no,       no,     no,        yes,       no});   // docs: live-api, transcription
  row(&P::transcript_with_audio,        {yes,      yes,      yes,      no,       no,     no,        no,        no});   // recordings of pydantic-ai
  row(&P::transcript_brackets,          {no,       no,       no,       no,       yes,    yes,       no,        no});   // recordings of js-genai
  row(&P::grounding_with_turn_complete, {no,       no,       no,       no,       yes,    yes,       no,        no});   // recordings of js-genai
  row(&P::interaction_status,           {no,       yes,      no,       no,       no,     no,        no,        no});   // docs: live-api/thinking
  row(&P::candidates_names,             {no,       no,       no,       no,       yes,    yes,       no,        no});   // recordings of js-genai
  row(&P::tool_id_forms,                {"call_######|fc_###################", "call_######|fc_###################", "fc_###################", "function-call-###################", "", "", "call_######", "call_######"}); // recordings; probes

  row(&P::speed,                        {4.4,      1,        3.75,     4,        4.4,    4,         4,         1});    // probes; nobody measured 2.5
  row(&P::first_chunk_ms,               {200,      160,      200,      200,      200,    200,       200,       200});  // recordings of js-genai; probe
  row(&P::chunk_ms,                     {240,      400,      240,      240,      240,    240,       240,       240});  // the same
  row(&P::silence_ms,                   {700,      700,      1000,     700,      700,    700,       700,       700});  // probes
  row(&P::go_away_lead,                 {50,       50,       50,       50,       60,     60,        50,        50});   // measured; docs of Vertex AI
  row(&P::resumption_unasked,           {yes,      yes,      yes,      no,       no,     no,        no,        yes});  // recordings of pydantic-ai
  row(&P::updates,                      {per_turn, per_turn, periodic, per_typed_turn_withheld, per_turn, per_turn, per_turn, per_turn}); // pydantic-ai, realtime

  row(&P::async_by_default,             {yes,      yes,      no,       no,       yes,    no,        no,        no});   // docs: models/gemini-3.8-live
  row(&P::blocking_call,                {waits, waits, waits, waits, completes_when_answered, completes_when_answered, waits, waits}); // recordings of js-genai
  row(&P::async_call,                   {completes, follows_filler, completes, completes, completes_generation, completes_generation, completes, completes}); // probes of 2026-09

  row(&P::modalities,                   {"AUDIO", "AUDIO", "AUDIO", "AUDIO", "AUDIO VIDEO", "AUDIO", "TEXT", "AUDIO"}); // docs: models
  row(&P::client_content,               {Content::always, Content::always, Content::first, Content::always, Content::always, Content::always, Content::never, Content::never}); // docs, recordings of pydantic-ai
  row(&P::realtime_text,                {yes,      yes,      yes,      yes,      yes,    yes,       no,        no});   // docs: models
  row(&P::system_role,                  {no,       no,       no,       no,       no,     yes,       no,        no});   // docs of Vertex AI
  row(&P::history_ends_anywhere,        {yes,      yes,      yes,      no,       yes,    no,        no,        no});   // probes
  row(&P::history_media,                {yes,      yes,      yes,      no,       yes,    no,        no,        no});   // probes
  row(&P::response_media,               {yes,      yes,      yes,      no,       yes,    no,        no,        no});  // probes
  row(&P::audio_l16,                    {yes,      yes,      yes,      no,       yes,    no,        yes,       yes});  // probes
  row(&P::affective_dialog,             {Affective::breaks_first_content, Affective::breaks_first_content, Affective::refused, Affective::taken, Affective::breaks_first_content, Affective::taken, Affective::refused, Affective::refused}); // probes
  // clang-format on
  return table;
}

constexpr std::array<Profile, columns> table = make_table();

} // namespace

const Profile *find_profile(std::string_view name)
{
  const auto found = std::ranges::find_if(
      table, [&](const Profile &p) { return p.base.empty() && p.name == name; });
  return found == table.end() ? nullptr : &*found;
}

const Profile &profile_for_model(const Profile &chosen, std::string_view model)
{
  const auto found = std::ranges::find_if(table, [&](const Profile &p) {
    return p.base == chosen.name && model.find(p.model_word) != std::string_view::npos;
  });
  return found == table.end() ? chosen : *found;
}

} // namespace gemini_live_simulator
