// The rules for a setup are a table, a line for each: who has it, what the setup holds, what the
// close frame says, and where that was found. The rules for later messages are properties of the
// profiles.
#include "rules.hpp"

#include "json.hpp"
#include "pcm.hpp"

#include <glib.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

namespace gemini_live_simulator {
namespace {

struct Given {
  const Setup &setup;
  const Access &access;
  const Profile &profile;
};

bool has_level(const Given &in)
{
  return !in.setup.thinking_level.empty();
}

bool has_minimal_level(const Given &in)
{
  return in.setup.thinking_level == "MINIMAL";
}

bool has_no_thinking(const Given &in)
{
  return !has_level(in) && !in.setup.thinking_budget;
}

bool has_other_modality(const Given &in)
{
  const auto &asked = in.setup.modalities;
  return asked.size() > 1 || (asked.size() == 1 && asked[0] != "MODALITY_UNSPECIFIED" &&
                              in.profile.modalities.find(asked[0]) == std::string_view::npos);
}

bool has_text_modality(const Given &in)
{
  return in.setup.modalities == std::vector<std::string>{"TEXT"};
}

bool has_proactivity_outside_alpha(const Given &in)
{
  return in.setup.proactivity && in.access.version != "v1alpha";
}

bool has_proactivity(const Given &in)
{
  return in.setup.proactivity;
}

bool has_proactivity_off(const Given &in)
{
  return in.setup.proactive_audio == false;
}

bool has_affective_dialog_outside_alpha(const Given &in)
{
  return in.setup.affective_dialog && in.access.version != "v1alpha";
}

bool has_affective_dialog_in_vain(const Given &in)
{
  return in.setup.affective_dialog && in.profile.affective_dialog == AffectiveDialog::refused;
}

bool has_tool(const ToolSet &tools, std::string_view kind)
{
  return std::ranges::any_of(tools.kinds,
                             [&](const auto &k) { return k == kind || k == snake_case(kind); });
}

bool has_page_tool(const ToolSet &tools)
{
  return has_tool(tools, "urlContext");
}

bool has_map_or_code_tool(const ToolSet &tools)
{
  return has_tool(tools, "googleMaps") || has_tool(tools, "codeExecution");
}

bool has_any_tool(const ToolSet &tools)
{
  return !tools.kinds.empty() || !tools.functions.empty();
}

bool has_search_and_functions(const ToolSet &tools)
{
  return has_tool(tools, "googleSearch") && !tools.functions.empty();
}

bool has_blocking_function(const ToolSet &tools)
{
  return std::ranges::find(tools.functions, "BLOCKING", &Function::behavior) !=
         tools.functions.end();
}

bool has_behavior(const ToolSet &tools)
{
  return std::ranges::any_of(tools.functions,
                             [](const Function &f) { return !f.behavior.empty(); });
}

bool has_bad_function_name(const ToolSet &tools)
{
  constexpr std::size_t longest = 128;
  const auto bad = [](const Function &function) {
    const std::string &name = function.name;
    return name.empty() || name.size() > longest || !(g_ascii_isalpha(name[0]) || name[0] == '_') ||
           !std::ranges::all_of(name, [](char c) {
             return g_ascii_isalnum(c) ||
                    std::string_view("_.:-").find(c) != std::string_view::npos;
           });
  };
  return std::ranges::any_of(tools.functions, bad);
}

bool has_instruction(const Given &in)
{
  return !in.setup.instruction.empty();
}

bool has_empty_handle(const Given &in)
{
  return in.setup.handle_without_value;
}

bool has_unknown_language(const Given &in)
{
  constexpr std::string_view known[] = {
      "ar-EG", "ar-XA", "bn-BD", "bn-IN", "cmn-CN", "de-DE", "en-AU", "en-GB", "en-IN",
      "en-US", "es-ES", "es-US", "fr-CA", "fr-FR",  "gu-IN", "hi-IN", "id-ID", "it-IT",
      "ja-JP", "kn-IN", "ko-KR", "ml-IN", "mr-IN",  "nl-NL", "pl-PL", "pt-BR", "ro-RO",
      "ru-RU", "ta-IN", "te-IN", "th-TH", "tr-TR",  "uk-UA", "vi-VN"};
  const std::string &code = in.setup.language_code;
  return !code.empty() && std::ranges::find(known, code) == std::end(known);
}

bool has_bad_label(const Given &in)
{
  constexpr std::size_t longest = 63;
  const auto good = [](std::string_view text) {
    return text.size() <= longest && std::ranges::all_of(text, [](char c) {
             return g_ascii_islower(c) || g_ascii_isdigit(c) || c == '_' || c == '-';
           });
  };
  return std::ranges::any_of(in.setup.labels, [&](const auto &label) {
    return label.first.empty() || !g_ascii_islower(label.first[0]) || !good(label.first) ||
           !good(label.second);
  });
}

// The profiles, by the bits of their table.
constexpr unsigned g38 = 1, think = 2, g31 = 4, g25 = 8, v38 = 16, v25 = 32, scribe = 64,
                   trans = 128;
constexpr unsigned gemini = g38 | think | g31 | g25 | scribe | trans;
constexpr unsigned everyone = gemini | v38 | v25;

constexpr std::string_view unknown_proactivity =
    "Invalid JSON payload received. Unknown name \"proactivity\" at 'setup': Cannot find field.";
constexpr std::string_view unknown_affective =
    "Invalid JSON payload received. Unknown name \"enableAffectiveDialog\" at "
    "'setup.generation_config': Cannot find field.";
constexpr std::string_view no_modality =
    "The requested combination of response modalities (#) is not supported by the model. %";

template <typename T>
struct Rule {
  unsigned profiles;
  bool (*broken)(const T &);
  std::string_view reason; // '%' stands for the model, '#' for the modalities, '@' for the language
};

// clang-format off
constexpr Rule<Given> setup_rules[] = {
    {g25 | v25,                 has_text_modality,                  "Cannot extract voices from a non-audio request."},           // reports of users
    {everyone,                  has_other_modality,                 no_modality},                                                 // reports of users
    {think,                     has_no_thinking,                    "Thinking level must be specified for this model."},          // probe of 2026-09-29
    {think,                     has_minimal_level,                  "Thinking level MINIMAL is not supported for this model."},   // probe of 2026-09-29
    {everyone & ~(think | g31), has_level,                          "Thinking level is not supported for this model."},           // reports of users
    {gemini,                    has_proactivity_outside_alpha,      unknown_proactivity},                                         // reports of users
    {v38,                       has_proactivity_off,                invalid_argument},                                            // reports of users
    {gemini & ~g25,             has_proactivity,                    invalid_argument},                                            // docs: models
    {g25,                       has_affective_dialog_outside_alpha, unknown_affective},                                           // docs: only on v1alpha
    {everyone,                  has_affective_dialog_in_vain,       invalid_argument},                                            // reports of users
    {scribe | trans,            has_instruction,                    invalid_argument},                                            // docs: models
    {g31,                       has_empty_handle,                   invalid_argument},                                            // one report
    {g25 | v25,                 has_unknown_language,               "Unsupported language code '@' for model %"},                 // reports of users
    {everyone,                  has_bad_label,                      invalid_argument},                                            // docs of Vertex AI
};

constexpr Rule<ToolSet> tool_rules[] = {
    {scribe | trans,            has_any_tool,                       invalid_argument},                                            // docs: models
    {g38 | think,               has_page_tool,                      invalid_argument},                                            // probe of 2026-09-23
    {g38 | think | g25,         has_map_or_code_tool,               invalid_argument},                                            // probe of 2026-09-23; 2.5: docs
    {v38 | v25,                 has_search_and_functions,           invalid_argument},                                            // docs of Vertex AI
    {think,                     has_blocking_function,              "BLOCKING function calls are not supported for this model"},  // probe of 2026-09-29
    {v25,                       has_behavior,                       invalid_argument},                                            // livekit, pipecat
    {everyone,                  has_bad_function_name,              invalid_argument},                                            // proto
};
// clang-format on

// The reason of the first one.
template <typename T>
std::optional<std::string_view> broken_rule(std::span<const Rule<T>> rules, const T &given,
                                            const Profile &profile)
{
  for (const auto &rule : rules)
    if ((rule.profiles & profile.bit) && rule.broken(given))
      return rule.reason;
  return std::nullopt;
}

std::string join(const std::vector<std::string> &words)
{
  std::string all;
  for (const auto &word : words)
    all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::string fill_in(std::string_view reason, const Setup &setup)
{
  std::string text;
  for (const char c : reason)
    text += c == '%'   ? setup.model
            : c == '#' ? join(setup.modalities)
            : c == '@' ? setup.language_code
                       : std::string(1, c);
  return text;
}

std::optional<Refusal> no()
{
  return Refusal{1007, std::string(invalid_argument)};
}

bool is_picture(std::string_view mime_type)
{
  return mime_type == "image/jpeg" || mime_type == "image/png" || mime_type == "image/webp";
}

std::optional<Refusal> refuse_history(const ClientContent &content, bool seeding,
                                      const Profile &profile)
{
  for (const auto &turn : content.turns) {
    if (turn.function_parts && !(profile.history_media && seeding))
      return no();
    for (const auto &audio : turn.audio) {
      if (!profile.history_media)
        return no();
      if (audio_rate(audio) != 16000u)
        return Refusal{1008, "Operation is not implemented, or supported, or enabled."};
    }
  }
  const bool open_end = !content.turns.empty() && content.turns.back().role == "model";
  return open_end && !seeding && !profile.history_ends_anywhere ? no() : std::nullopt;
}

} // namespace

std::optional<Refusal> refuse(const Setup &setup, const Access &access, const Profile &profile)
{
  auto reason = broken_rule<Given>(setup_rules, {setup, access, profile}, profile);
  if (!reason)
    reason = broken_rule<ToolSet>(tool_rules, setup.tools, profile);
  return reason ? std::optional(Refusal{1007, fill_in(*reason, setup)}) : std::nullopt;
}

std::optional<Refusal> refuse(const ClientContent &content, bool seeding, bool running,
                              const Profile &profile)
{
  using enum ClientContentRule;
  const bool in_time =
      profile.client_content == always || (profile.client_content == first && !running);
  if (!seeding && !in_time)
    return no();
  for (const auto &turn : content.turns)
    if (turn.role != "user" && turn.role != "model" &&
        !(turn.role == "system" && profile.system_role))
      return no();
  return refuse_history(content, seeding, profile);
}

std::optional<Refusal> refuse(const RealtimeInput &input, const Setup &setup,
                              const Profile &profile)
{
  if ((input.activity_start || input.activity_end) && !setup.manual_activity)
    return no();
  if (input.text && !profile.realtime_text)
    return no();
  if (input.video && !is_picture(input.video->mime_type))
    return no();
  if (!input.audio)
    return std::nullopt;
  const std::string &type = input.audio->mime_type;
  const bool l16 = type.starts_with("audio/l16") || type.starts_with("audio/L16");
  return !audio_rate(type) || (l16 && !profile.audio_l16) ? no() : std::nullopt;
}

std::optional<Refusal> refuse(const ToolResponse &response, const Profile &profile)
{
  for (const auto &answer : response.responses) {
    if (profile.async_call == CallTurn::follows_filler && !answer.scheduling.empty())
      return Refusal{1007, "Function response scheduling is not supported for this model"};
    if (!profile.response_media)
      continue;
    for (const auto &type : answer.media)
      if (!type.empty() && !is_picture(type) && type != "text/plain")
        return no();
  }
  return std::nullopt;
}

std::optional<Refusal> refuse(const ContextUpdate &update, const Profile &profile)
{
  const auto reason = broken_rule<ToolSet>(tool_rules, update.tools.value_or(ToolSet{}), profile);
  return reason ? std::optional(Refusal{1007, std::string(*reason)}) : std::nullopt;
}

Refusal foreign_handle()
{
  return {1007,
          "The requested combination of response modalities (AUDIO, TEXT) is not supported by "
          "the model. models/gemini_api_beyond_live"};
}

} // namespace gemini_live_simulator
