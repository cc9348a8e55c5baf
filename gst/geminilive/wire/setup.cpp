#include "setup.hpp"

#include "../base/json.hpp"
#include "setup_input.hpp"

#include "../geminilive-enums.h"

#include <gst/gst.h>

#include <utility>

namespace gemini_live {

namespace {

// Where a setting goes in the setup. Of an enum the wire's word is the nick in capitals after the
// prefix; a time goes in ms.
struct Place {
  Setting key;
  const char *path;
  const char *prefix = "";
  bool detects = false; // turns; it says how
};

constexpr Place kPlaces[] = {
    {Setting::voice, "generationConfig.speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName"},
    {Setting::language, "generationConfig.speechConfig.languageCode"},
    {Setting::temperature, "generationConfig.temperature"},
    {Setting::top_p, "generationConfig.topP"},
    {Setting::top_k, "generationConfig.topK"},
    {Setting::max_output_tokens, "generationConfig.maxOutputTokens"},
    {Setting::seed, "generationConfig.seed"},
    {Setting::thinking_budget, "generationConfig.thinkingConfig.thinkingBudget"},
    {Setting::thinking_level, "generationConfig.thinkingConfig.thinkingLevel"},
    {Setting::media_resolution, "generationConfig.mediaResolution", "MEDIA_RESOLUTION_"},
    {Setting::start_sensitivity,
     "realtimeInputConfig.automaticActivityDetection.startOfSpeechSensitivity",
     "START_SENSITIVITY_", true},
    {Setting::end_sensitivity,
     "realtimeInputConfig.automaticActivityDetection.endOfSpeechSensitivity", "END_SENSITIVITY_",
     true},
    {Setting::prefix_padding, "realtimeInputConfig.automaticActivityDetection.prefixPaddingMs", "",
     true},
    {Setting::silence_duration, "realtimeInputConfig.automaticActivityDetection.silenceDurationMs",
     "", true},
    {Setting::activity_handling, "realtimeInputConfig.activityHandling"},
};

std::string word_of(const SettingRow &row, int value, const char *prefix)
{
  auto *type = static_cast<GEnumClass *>(g_type_class_ref(row.enum_type()));
  std::string word = prefix;
  for (const char *c = g_enum_get_value(type, value)->value_nick; *c; c++)
    word += *c == '-' ? '_' : static_cast<char>(g_ascii_toupper(*c));
  g_type_class_unref(type);
  return word;
}

JsonNodePtr node_for(const Place &place, const SettingValue &value)
{
  if (const auto *text = std::get_if<std::string>(&value))
    return node_of(std::string_view(*text));
  if (const auto *number = std::get_if<double>(&value))
    return node_of(*number);
  if (const auto *number = std::get_if<std::int64_t>(&value))
    return node_of(*number);
  if (const auto *time = std::get_if<std::uint64_t>(&value))
    return node_of(static_cast<std::int64_t>(*time / 1'000'000));
  const auto &row = setting_row(place.key);
  const int number = std::get<int>(value);
  return row.enum_type ? node_of(std::string_view(word_of(row, number, place.prefix)))
                       : node_of(std::int64_t{number});
}

// A property cannot leave out what lies between its "not set" and what makes sense.
bool are_in_range(const Settings &settings, GError **error)
{
  constexpr std::uint64_t kMostMs = G_MAXINT32;
  for (const auto &place : kPlaces) {
    if (!settings.is_set(place.key))
      continue;
    const auto &value = settings.get(place.key);
    const auto *number = std::get_if<double>(&value);
    const auto *time = std::get_if<std::uint64_t>(&value);
    if ((number && !(*number >= 0)) || (time && *time / 1'000'000 > kMostMs)) {
      g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                  "Set %s to a value in its range or leave it unset: it is %s",
                  setting_row(place.key).name, number ? "negative" : "longer than 24 days");
      return false;
    }
  }
  return true;
}

JsonNodePtr modalities_of(const char *modality)
{
  JsonArrayPtr list(json_array_new());
  json_array_add_string_element(list.get(), modality);
  return node_of(std::move(list));
}

JsonNodePtr content_of(const std::string &text)
{
  JsonArrayPtr parts(json_array_new());
  auto *part = json_object_new();
  json_object_set_string_member(part, "text", text.c_str());
  json_array_add_object_element(parts.get(), part);
  JsonObjectPtr content(json_object_new());
  put(content.get(), "parts", node_of(std::move(parts)));
  return node_of(std::move(content));
}

// What is asked for by an empty object, if the user set it or if it is only the default.
void put_requests(const Settings &settings, JsonObject *out, bool set)
{
  const struct {
    Setting key;
    const char *path;
  } requests[] = {
      {Setting::resumption, "sessionResumption"},
      {Setting::context_compression, "contextWindowCompression.slidingWindow"},
      {Setting::input_transcription, "inputAudioTranscription"},
      {Setting::output_transcription, "outputAudioTranscription"},
  };
  for (const auto &[key, path] : requests)
    if (settings.truth(key) && settings.is_set(key) == set)
      put(out, path, node_of(JsonObjectPtr(json_object_new())));
}

// What is asked for because the user says nothing else.
JsonObjectPtr defaults(const Settings &settings, const std::string &model,
                       const SetupTarget &target)
{
  JsonObjectPtr out(json_object_new());
  put_requests(settings, out.get(), false);
  leave_out_refused(out.get(), model, target);
  // Always said: without it some models fall back to text.
  const bool speaks = !is_refused("generationConfig.responseModalities[]", "AUDIO", model, target);
  put(out.get(), "generationConfig.responseModalities", modalities_of(speaks ? "AUDIO" : "TEXT"));
  return out;
}

JsonObjectPtr settings_setup(const Settings &settings)
{
  JsonObjectPtr out(json_object_new());
  put(out.get(), "model", node_of(std::string_view(settings.text(Setting::model))));
  if (settings.is_set(Setting::modality)) {
    const bool text = settings.choice(Setting::modality) == GST_GEMINI_LIVE_MODALITY_TEXT;
    put(out.get(), "generationConfig.responseModalities", modalities_of(text ? "TEXT" : "AUDIO"));
  }
  // Detection on this machine, with its settings, is nothing that the service takes part in.
  const auto detection = settings.choice(Setting::turn_detection);
  const bool local = detection == GST_GEMINI_LIVE_TURN_DETECTION_LOCAL;
  for (const auto &place : kPlaces)
    if (settings.is_set(place.key) && !(local && place.detects))
      put(out.get(), place.path, node_for(place, settings.get(place.key)));
  if (settings.truth(Setting::include_thoughts))
    put(out.get(), "generationConfig.thinkingConfig.includeThoughts", node_of(true));
  if (local || detection == GST_GEMINI_LIVE_TURN_DETECTION_MANUAL)
    put(out.get(), "realtimeInputConfig.automaticActivityDetection.disabled", node_of(true));
  if (const auto &text = settings.text(Setting::system_instruction); !text.empty())
    put(out.get(), "systemInstruction", content_of(text));
  put_requests(settings, out.get(), true);
  if (settings.is_set(Setting::resumption_handle))
    put(out.get(), "sessionResumption.handle",
        node_of(std::string_view(settings.secret(Setting::resumption_handle).text())));
  return out;
}

// The tools of the settings and of `patch`, which loses them. Null with `error` set if they do not
// go together.
JsonArrayPtr take_tools(const Settings &settings, std::string_view added_tools, SetupPatch &patch,
                        GError **error)
{
  JsonArrayPtr all(json_array_new());
  JsonNodePtr ours(json_object_dup_member(patch.object.get(), "tools"));
  json_object_remove_member(patch.object.get(), "tools");
  const bool removed = ours && JSON_NODE_HOLDS_NULL(ours.get());
  if (const auto &text = settings.text(Setting::tools); !text.empty()) {
    const auto tools = read_tools(text, "tools", patch.force, error);
    if (!tools || (!removed && !join_tools(all.get(), tools.get(), error)))
      return nullptr;
  }
  if (ours && !removed && !join_tools(all.get(), json_node_get_array(ours.get()), error))
    return nullptr;
  if (!added_tools.empty()) {
    const auto tools = read_tools(added_tools, "add_tool", patch.force, error);
    if (!tools || !join_tools(all.get(), tools.get(), error))
      return nullptr;
  }
  return all;
}

std::optional<SetupPatch> read_patch(const Settings &settings, GError **error)
{
  if (const auto &text = settings.text(Setting::config); !text.empty())
    return read_setup_patch(text, "config", error);
  return SetupPatch{JsonObjectPtr(json_object_new()), Force::no};
}

// What the user asks for: one merged over the other.
struct Wanted {
  JsonObjectPtr settings;
  SetupPatch patch;
};

std::optional<Wanted> read_wanted(const Settings &settings, std::string_view added_tools,
                                  GError **error)
{
  auto patch = read_patch(settings, error);
  if (!patch || (patch->force == Force::no && !are_in_range(settings, error)))
    return std::nullopt;
  auto tools = take_tools(settings, added_tools, *patch, error);
  if (!tools)
    return std::nullopt;
  auto wanted = settings_setup(settings);
  if (json_array_get_length(tools.get()) > 0)
    put(wanted.get(), "tools", node_of(std::move(tools)));
  return Wanted{std::move(wanted), std::move(*patch)};
}

// It becomes part of a path.
std::string find_fault(const std::string &model)
{
  for (const auto *part : {"..", "?", "&"})
    if (model.find(part) != std::string::npos)
      return "Set model to the name of a model: '" + model + "' has " + part + " in it";
  return {};
}

bool refuse(const std::string &why, GError **error)
{
  if (!why.empty())
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, why.c_str());
  return !why.empty();
}

} // namespace

std::string model_resource(std::string_view model, const SetupTarget &target)
{
  const auto starts = [&](std::string_view prefix) { return model.starts_with(prefix); };
  const std::string name(model);
  if (starts("models/") || starts("projects/"))
    return name;
  if (target.backend == Backend::gemini)
    return starts("tunedModels/") ? name : "models/" + name;
  auto resource = name;
  if (const auto slash = name.find('/'); slash == std::string::npos)
    resource = "publishers/google/models/" + name;
  else if (!starts("publishers/"))
    resource = "publishers/" + name.substr(0, slash) + "/models/" + name.substr(slash + 1);
  if (target.project.empty() || target.location.empty())
    return resource;
  return "projects/" + target.project + "/locations/" + target.location + "/" + resource;
}

std::optional<Setup> make_setup(const Settings &settings, const SetupTarget &target,
                                std::string_view added_tools, GError **error)
{
  const auto wanted = read_wanted(settings, added_tools, error);
  if (!wanted)
    return std::nullopt;
  const auto merged = [&](JsonObjectPtr setup) {
    merge_patch(setup.get(), wanted->settings.get());
    merge_patch(setup.get(), wanted->patch.object.get());
    return setup;
  };
  const auto asked = merged(JsonObjectPtr(json_object_new()));
  // Only config can make it something else than a text.
  auto *named = json_object_get_member(asked.get(), "model");
  const std::string model(JsonValue(named).text().value_or(settings.text(Setting::model)));
  if (refuse(find_fault(model), error) ||
      (wanted->patch.force == Force::no && refuse(find_refusal(asked.get(), model, target), error)))
    return std::nullopt;
  auto setup = merged(defaults(settings, model, target));
  put(setup.get(), "model", node_of(std::string_view(model_resource(model, target))));
  auto scheduling = take_scheduling(JsonValue(json_object_get_member(setup.get(), "tools")));
  JsonObjectPtr message(json_object_new());
  put(message.get(), "setup", node_of(std::move(setup)));
  return Setup{JsonValue(node_of(std::move(message)).get()).dump(), std::move(scheduling),
               wanted->patch.force == Force::yes};
}

bool can_add_tools(const Settings &settings, std::string_view added_tools, GError **error)
{
  // What is wrong with the settings is told when they are used.
  auto patch = read_patch(settings, nullptr);
  const bool sound = patch && take_tools(settings, {}, *patch, nullptr);
  const Settings none;
  const auto &others = sound ? settings : none;
  patch = read_patch(others, nullptr);
  return take_tools(others, added_tools, *patch, error) != nullptr;
}

std::string setup_of_project(std::string_view message, const SetupTarget &target,
                             const std::string &project)
{
  const JsonDocument document(message);
  auto known = target;
  known.project = project;
  const auto setup = document.root()["setup"];
  const auto model = model_resource(setup["model"].text().value_or(""), known);
  json_object_set_string_member(json_node_get_object(setup.node()), "model", model.c_str());
  return document.root().dump();
}

} // namespace gemini_live
