// What users write about a setup: the settings `config` and `tools`.
#include "setup_check.hpp"

using namespace gemini_live;
using check::contains;
using check::kVertex;

namespace {

Settings with_config(const std::string &json, Settings settings = check::bare())
{
  return check::with(Setting::config, json, std::move(settings));
}

Settings with_tools(const std::string &json, Settings settings = check::bare())
{
  return check::with(Setting::tools, json, std::move(settings));
}

constexpr const char *kAudio = R"("generationConfig":{"responseModalities":["AUDIO"]})";

// What a config adds beside generationConfig.
void makes(const std::string &config, const std::string &members,
           check::Where where = check::Where::current())
{
  check::adds(with_config(config), std::string(kAudio) + "," + members, check::kGemini, where);
}

// The parameters of a function as they are sent.
void schema_becomes(const std::string &schema, const std::string &expected,
                    check::Where where = check::Where::current())
{
  check::adds(with_tools(R"([{"name":"f","parameters":)" + schema + "}]"),
              std::string(kAudio) +
                  R"(,"tools":[{"functionDeclarations":[{"name":"f","parameters":)" + expected +
                  "}]}]",
              check::kGemini, where);
}

std::string config_fault(const std::string &json, check::Where where = check::Where::current())
{
  return check::refusal_of(with_config(json), check::kGemini, where);
}

std::string tools_fault(const std::string &json, check::Where where = check::Where::current())
{
  return check::refusal_of(with_tools(json), check::kGemini, where);
}

} // namespace

// Forms

TEST(test_flat_and_nested_camel_and_snake_say_the_same)
{
  const auto expected =
      R"("generationConfig":{"responseModalities":["AUDIO"],"topP":0.5,"temperature":1,
         "speechConfig":{"languageCode":"de-DE"}},
         "realtimeInputConfig":{"automaticActivityDetection":{"silenceDurationMs":500}})";
  for (const auto *config :
       {R"({"topP":0.5,"temperature":1,"speechConfig":{"languageCode":"de-DE"},
            "realtimeInputConfig":{"automaticActivityDetection":{"silenceDurationMs":500}}})",
        R"({"top_p":0.5,"temperature":1,"speech_config":{"language_code":"de-DE"},
            "realtime_input_config":{"automatic_activity_detection":{"silence_duration_ms":500}}})",
        R"({"generationConfig":{"topP":0.5,"temperature":1,"speechConfig":{"languageCode":"de-DE"}},
            "realtimeInputConfig":{"automaticActivityDetection":{"silenceDurationMs":500}}})",
        R"({"speech_config":{"languageCode":"de-DE"},"generation_config":{"top_p":0.5},
            "temperature":1,
            "realtimeInputConfig":{"automatic_activity_detection":{"silence_duration_ms":500}}})"})
    check::adds(with_config(config), expected);
}

TEST(test_names_that_users_choose_are_left_alone)
{
  makes(R"({"labels":{"my_team":"a_b"}})", R"("labels":{"my_team":"a_b"})");
  schema_becomes(
      R"({"type":"OBJECT","properties":{"is_on":{"type":"STRING","default":{"a_b":1}}}})",
      R"({"type":"OBJECT","properties":{"is_on":{"type":"STRING","default":{"a_b":1}}}})");
}

TEST(test_a_system_instruction_in_any_form)
{
  const auto expected = [](const char *content) {
    return R"("systemInstruction":)" + std::string(content);
  };
  for (const auto *config :
       {R"({"systemInstruction":"Be brief."})", R"({"system_instruction":["Be brief."]})",
        R"({"systemInstruction":{"text":"Be brief."}})"})
    makes(config, expected(R"({"role":"user","parts":[{"text":"Be brief."}]})"));
  makes(R"({"systemInstruction":["One.",{"text":"Two."}]})",
        expected(R"({"role":"user","parts":[{"text":"One."},{"text":"Two."}]})"));
  makes(R"({"systemInstruction":{"parts":[{"text":"Be brief."}]}})",
        expected(R"({"parts":[{"text":"Be brief."}]})"));
}

TEST(test_numbers_may_be_texts)
{
  makes(
      R"({"contextWindowCompression":{"triggerTokens":"9000","slidingWindow":{"targetTokens":4}}})",
      R"("contextWindowCompression":{"triggerTokens":"9000","slidingWindow":{"targetTokens":4}})");
}

// The merge

TEST(test_config_is_merged_over_the_settings)
{
  auto settings = check::with(Setting::voice, std::string("Puck"));
  settings.set(Setting::temperature, 0.5);
  check::adds(
      with_config(R"({"temperature":0.75,"speechConfig":{"languageCode":"de-DE"}})", settings),
      R"("generationConfig":{"responseModalities":["AUDIO"],"temperature":0.75,
                 "speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Puck"}},
                                 "languageCode":"de-DE"}})");
}

TEST(test_null_removes)
{
  auto settings = check::with(Setting::voice, std::string("Puck"), Settings());
  settings.set(Setting::tools, std::string(R"([{"name":"f"}])"));
  check::adds(with_config(R"({"outputAudioTranscription":null,"speech_config":null,"tools":null,
                              "contextWindowCompression":null,"sessionResumption":null})",
                          settings),
              std::string(kAudio) + R"(,"inputAudioTranscription":{})");
}

TEST(test_config_adds_to_a_default)
{
  check::adds(with_config(R"({"inputAudioTranscription":{"languageCodes":["de-DE"]},
                              "contextWindowCompression":{"triggerTokens":5000}})",
                          Settings()),
              std::string(kAudio) + R"(,"inputAudioTranscription":{"languageCodes":["de-DE"]},
                  "outputAudioTranscription":{},"sessionResumption":{},
                  "contextWindowCompression":{"slidingWindow":{},"triggerTokens":5000})");
}

TEST(test_lists_replace)
{
  const int text = 1;
  check::adds(
      with_config(R"({"responseModalities":["AUDIO"]})", check::with(Setting::modality, text)),
      kAudio);
}

// Tools

TEST(test_functions_without_a_tool_share_one)
{
  check::adds(
      with_tools(R"([{"name":"f"},{"googleSearch":{}},{"name":"g"}])"),
      std::string(kAudio) +
          R"(,"tools":[{"functionDeclarations":[{"name":"f"},{"name":"g"}]},{"googleSearch":{}}])");
}

TEST(test_tools_of_both_settings_are_joined)
{
  auto settings = with_tools(R"([{"name":"f"}])");
  check::adds(with_config(R"({"tools":[{"google_search":{},
                                        "function_declarations":[{"name":"g"}]}]})",
                          settings),
              std::string(kAudio) +
                  R"(,"tools":[{"functionDeclarations":[{"name":"f"},{"name":"g"}]},
                               {"googleSearch":{}}])");
}

TEST(test_one_function_twice_is_refused)
{
  contains(tools_fault(R"([{"name":"f"},{"functionDeclarations":[{"name":"f"}]}])"),
           R"("f" is declared twice)");
  contains(check::refusal_of(with_config(R"({"tools":[{"name":"hang_up"}]})",
                                         with_tools(R"([{"name":"hang_up"}])"))),
           R"("hang_up" is declared twice)");
}

TEST(test_types_in_lower_case)
{
  schema_becomes(
      R"({"type":"object","properties":{"a":{"type":"array","items":{"type":"string"}}}})",
      R"({"type":"OBJECT","properties":{"a":{"type":"ARRAY","items":{"type":"STRING"}}}})");
}

TEST(test_null_as_a_type)
{
  schema_becomes(R"({"type":["string","null"]})", R"({"type":"STRING","nullable":true})");
  schema_becomes(R"({"type":["string","number"]})",
                 R"({"anyOf":[{"type":"STRING"},{"type":"NUMBER"}]})");
  schema_becomes(R"({"description":"d","any_of":[{"type":"null"},
                     {"type":"array","items":{"type":"string"}}]})",
                 R"({"description":"d","nullable":true,"type":"ARRAY","items":{"type":"STRING"}})");
  schema_becomes(R"({"anyOf":[{"type":"string"},{"type":"null"},{"type":"integer"}]})",
                 R"({"nullable":true,"anyOf":[{"type":"STRING"},{"type":"INTEGER"}]})");
}

TEST(test_what_is_not_declared_need_not_be_said)
{
  schema_becomes(R"({"type":"object","additionalProperties":false,"title":null})",
                 R"({"type":"OBJECT"})");
}

TEST(test_a_whole_json_schema_goes_where_one_is_taken)
{
  check::adds(
      with_tools(R"([{"name":"f","parameters":{"$schema":"s","type":"object","oneOf":[]}}])"),
      std::string(kAudio) +
          R"(,"tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":
                     {"$schema":"s","type":"object","oneOf":[]}}]}])");
}

// Faults

TEST(test_text_that_is_no_json_is_located)
{
  for (const auto *setting : {"config", "tools"}) {
    const auto key = setting == std::string("config") ? Setting::config : Setting::tools;
    const auto fault = [&](const char *text) {
      return check::refusal_of(check::with(key, std::string(text)));
    };
    contains(fault("{\n\"a\": tru}"), std::string(setting) + ": it is no JSON (line 2, column ");
    contains(fault("{\"a\": 'x'}"), "line 1, column 7");
    contains(fault("{} // done"), "line 1, column 4");
    contains(fault(" "), setting);
  }
}

TEST(test_config_must_be_an_object_and_tools_a_list)
{
  contains(config_fault("[]"), "config: it must be an object, not a list");
  contains(config_fault("\"text\""), "config: it must be an object, not a text");
  contains(tools_fault("{}"), "tools: it must be a list");
  contains(config_fault(R"({"tools":{"googleSearch":{}}})"), "tools in config: it must be a list");
}

TEST(test_unknown_names_are_told_with_what_was_meant)
{
  const struct {
    const char *config, *path, *meant;
  } faults[] = {
      {R"({"temprature":1})", "Correct temprature in config", "\"temperature\""},
      {R"({"x_force":true})", "Correct x_force in config", "\"x-force\""},
      {R"({"candidateCont":1})", "Correct candidateCont in", "\"generationConfig.candidateCount\""},
      {R"({"candidateCount":1})", "Correct candidateCount in",
       "\"generationConfig.candidateCount\""},
      {R"({"generation_confg":{}})", "Correct generation_confg in", "\"generationConfig\""},
      {R"({"speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voice":"Puck"}}}})",
       "Correct speechConfig.voiceConfig.prebuiltVoiceConfig.voice in", "\"voiceName\""},
      {R"({"tools":[{"googleSearch":{}},{"google_serch":{}}]})", "Correct tools[1].google_serch in",
       "\"googleSearch\""},
      {R"({"tools":[{"functionDeclarations":[{"name":"f","parameter":{}}]}]})",
       "Correct tools[0].functionDeclarations[0].parameter in", "\"parameters\""},
      {R"({"tools":[{"nam":"f"}]})", "Correct tools[0].nam in", "\"name\""},
      {R"({"tools":[{"name":"f","descripton":"x"}]})", "Correct tools[0].descripton in",
       "\"description\""},
      {R"({"realtimeInputConfig":{"turnCoverge":"X"}})",
       "Correct realtimeInputConfig.turnCoverge in", "\"turnCoverage\""},
  };
  for (const auto &[config, path, meant] : faults) {
    const auto why = config_fault(config);
    contains(why, path);
    contains(why, std::string("did you mean ") + meant);
  }
  for (const auto *strange : {R"({"qqqqqqqq":1})", R"({"a":1})"})
    check::lacks(config_fault(strange), "did you mean");
}

TEST(test_json_schema_that_the_service_does_not_take_is_told)
{
  const auto why = tools_fault(R"([{"name":"f","parameters":{"type":"object",
                                    "properties":{"a":{"oneOf":[]}}}}])");
  contains(why, "Correct [0].parameters.properties.a.oneOf in tools");
  contains(why, "\"anyOf\"");
  contains(why, "parametersJsonSchema");
}

TEST(test_values_of_the_wrong_type_are_told)
{
  const struct {
    const char *config, *why;
  } faults[] = {
      {R"({"temperature":"warm"})",
       "Correct temperature in config: it must be a number, not a text"},
      {R"({"maxOutputTokens":1.5})", "maxOutputTokens in config: it must be a whole number"},
      {R"({"explicitVadSignal":1})", "explicitVadSignal in config: it must be true or false"},
      {R"({"responseModalities":"AUDIO"})", "it must be a list, not a text"},
      {R"({"speechConfig":"Puck"})", "it must be an object, not a text"},
      {R"({"speechConfig":{"languageCode":7}})", "it must be a text, not a number"},
      {R"({"labels":{"a":1}})", "labels.a in config: it must be a text"},
      {R"({"systemInstruction":1})", "systemInstruction in config: it must be a text or a part"},
      {R"({"safetySettings":[null]})",
       "safetySettings[0] in config: it must be an object, not null"},
      {R"({"tools":[1]})", "tools[0] in config: it must be an object"},
  };
  for (const auto &[config, why] : faults)
    contains(config_fault(config), why);
}

TEST(test_unknown_words_are_told_with_what_was_meant)
{
  const auto why = config_fault(R"({"mediaResolution":"MEDIA_RESOLUTION_HI"})");
  contains(why, R"(mediaResolution in config: "MEDIA_RESOLUTION_HI" is no value of it)");
  contains(why, R"(did you mean "MEDIA_RESOLUTION_HIGH"?)");
  contains(config_fault(R"({"responseModalities":["audio"]})"), R"(did you mean "AUDIO"?)");
  contains(tools_fault(R"([{"name":"f","parameters":{"type":"strin"}}])"), R"("STRING")");
}

TEST(test_values_out_of_range_are_told)
{
  const struct {
    const char *config, *why;
  } faults[] = {
      {R"({"temperature":5})", "temperature in config: it must be from 0 to 2, not 5"},
      {R"({"temperature":"2.5"})", "it must be from 0 to 2, not 2.5"},
      {R"({"generationConfig":{"topP":-0.1}})",
       "generationConfig.topP in config: it must be from 0"},
      {R"({"generationConfig":{"presencePenalty":3}})", "it must be from -2 to 2, not 3"},
      {R"({"speechConfig":{"voiceConfig":{"replicatedVoiceConfig":{"voiceSampleAudio":"@a.wav"}}}})",
       "voiceSampleAudio in config: it must be base64"},
      {R"({"speechConfig":{"voiceConfig":{"replicatedVoiceConfig":{"consentAudio":"@a.wav"}}}})",
       "consentAudio in config: it must be base64"},
      {R"({"avatarConfig":{"customizedAvatar":{"imageData":"@face.png"}}})",
       "imageData in config: it must be base64"},
      {R"({"systemInstruction":{"parts":[{"thoughtSignature":"@"}]}})",
       "thoughtSignature in config: it must be base64"},
      {R"({"labels":{"Team":"a"}})", "labels.Team in config: it must be a lower-case letter and"},
      {R"({"labels":{"team":"A b"}})", "labels.team in config: it must be up to 63 lower-case"},
      {R"({"x-force":1})", "Correct x-force in config: it must be true or false"},
      {R"({"maxOutputTokens":-1})", "it must be from 0 to 2147483647, not -1"},
      {R"({"seed":1e30})", "seed in config: it must be from -2147483648 to 2147483647, not 1e+30"},
      {R"({"thinkingConfig":{"thinkingBudget":-7}})", "it must be from -1 to"},
      {R"({"realtimeInputConfig":{"automaticActivityDetection":{"silenceDurationMs":99999999999}}})",
       "it must be from 0 to 2147483647, not 99999999999"},
      {R"({"httpOptions":{"timeout":1}})", "Correct httpOptions in config: set base-url,"},
      {R"({"setup":{"labels":{}}})", "Correct setup in config: write what is in it without it"},
  };
  for (const auto &[config, why] : faults)
    contains(config_fault(config), why);
  makes(R"({"labels":{"team-1":""}})", R"("labels":{"team-1":""})");
}

TEST(test_names_of_functions_are_looked_at)
{
  for (const auto *name : {"", "1st", "look up", "grüßen", "f\n"})
    contains(tools_fault((R"([{"name":")" + std::string(name) + R"("}])").c_str()),
             "Correct [0].name in tools: it must be a letter or _");
  contains(tools_fault((R"([{"name":")" + std::string(129, 'f') + R"("}])").c_str()), "127");
  contains(tools_fault(R"([{"functionDeclarations":[{"description":"Look."}]}])"),
           "Correct [0].functionDeclarations[0] in tools: it needs a name");
  check::adds(with_tools(R"([{"name":"_a.b:c-1"}])"),
              std::string(kAudio) + R"(,"tools":[{"functionDeclarations":[{"name":"_a.b:c-1"}]}])");
}

TEST(test_one_thing_twice_is_told)
{
  contains(config_fault(R"({"top_p":0.5,"topP":0.5})"), "topP in config: it is there twice");
  contains(config_fault(R"({"temperature":1,"generationConfig":{"temperature":0.5}})"),
           "temperature in config: it is there twice");
}

TEST(test_nesting_is_bounded)
{
  std::string deep = R"({"generationConfig":{"responseSchema":)";
  for (int i = 0; i < 1000; i++)
    deep += "[";
  contains(config_fault(deep), "nested too deeply");
}

// Insisting

TEST(test_what_nobody_knows_is_sent_if_the_user_insists)
{
  makes(R"({"x-force":true,"brandNew":{"a_b":[1]},"sessionResumption":{"new_key":1}})",
        R"("brandNew":{"a_b":[1]},"sessionResumption":{"new_key":1})");
  check::adds(with_config(R"({"x-force":true,"temperature":"warm","mediaResolution":"NEW"})"),
              R"("generationConfig":{"responseModalities":["AUDIO"],"temperature":"warm",
                 "mediaResolution":"NEW"})");
  check::adds(with_config(R"({"x-force":true})", with_tools(R"([{"newTool":{}}])")),
              std::string(kAudio) + R"(,"tools":[{"newTool":{}}])");
}

TEST(test_the_user_may_insist_on_anything)
{
  check::adds(with_config(R"({"x-force":true,"model":7,"systemInstruction":8,"labels":[9]})"),
              std::string(kAudio) +
                  R"(,"systemInstruction":{"role":"user","parts":[8]},"labels":[9])");
  check::adds(with_config(R"({"x-force":true,"tools":[{"name":7,"parameters":{
                              "anyOf":[{"type":"null"},5],"type":[6]}}]})"),
              std::string(kAudio) + R"(,"tools":[{"functionDeclarations":[{"name":7,
                  "parameters":{"type":6,"nullable":true,"anyOf":[5]}}]}])");
}

TEST(test_insisting_is_not_sent)
{
  check::adds(with_config(R"({"x-force":false})"), kAudio);
  check::lacks(check::setup_of(with_config(R"({"x-force":true})")), "force");
}

TEST(test_insisting_does_not_make_json_of_what_is_none)
{
  contains(config_fault(R"({"x-force":true,)"), "it is no JSON");
  contains(config_fault(R"({"x-force":true,"tools":7})"), "tools");
}

TEST_MAIN("setup_input")
