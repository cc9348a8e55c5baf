// What the tests of the simulator say to it, and what they look for in its answers.
//
// Included by tests only, after which GstCheck's macros are there.
#pragma once

#include "client_for_test.hpp"
#include "pcm.hpp"
#include "simulator.hpp"
#include "voice.hpp"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

namespace gemini_live_simulator {

inline const std::string bare_setup =
    R"({"setup":{"model":"models/gemini-3.8-live","generationConfig":{"responseModalities":["AUDIO"]}}})";
inline const std::string full_setup =
    R"({"setup":{"model":"models/gemini-3.8-live","generationConfig":{"responseModalities":["AUDIO"]},)"
    R"("sessionResumption":{},"inputAudioTranscription":{},"outputAudioTranscription":{}}})";

inline std::string text_message(const std::string &text)
{
  return R"({"realtimeInput":{"text":")" + text + "\"}}";
}

inline void send_audio(ClientForTest &client, const Samples &samples)
{
  constexpr std::size_t piece = 640;
  for (std::size_t from = 0; from < samples.size(); from += piece) {
    const auto size = std::min(piece, samples.size() - from);
    client.send(R"({"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000","data":")" +
                base64_of(std::span(samples).subspan(from, size)) + "\"}}}");
  }
}

inline Samples voice(const std::string &text = "good morning to you")
{
  return resample(tone_speech(text), Voice::rate, 16000);
}

inline Samples silence(std::size_t milliseconds)
{
  return Samples(16 * milliseconds, 0);
}

inline Samples operator+(Samples left, const Samples &right)
{
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline Options with_scenario(const std::string &scenario)
{
  Options options;
  options.scenario = scenario;
  return options;
}

inline constexpr const char *profiles[] = {"gemini-3.8", "gemini-3.1", "gemini-2.5", "vertex"};

inline std::string setup_message(const std::string &more = {},
                                 const std::string &model = "models/gemini-3.8-live")
{
  return R"({"setup":{"model":")" + model +
         R"(","generationConfig":{"responseModalities":["AUDIO"]})" +
         (more.empty() ? "" : "," + more) + "}}";
}

inline Options scenario(const std::string &profile, const std::string &turns,
                        const std::string &more = {})
{
  return with_scenario(R"({"profile":")" + profile + R"(","turns":[)" + turns + "]" + more + "}");
}

inline std::string user_content(const std::string &text, bool complete = true)
{
  return R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":")" + text +
         R"("}]}],"turnComplete":)" + (complete ? "true" : "false") + "}}";
}

inline std::string tool_answer(const std::string &id, const std::string &more = {})
{
  return R"({"toolResponse":{"functionResponses":[{"id":")" + id +
         R"(","name":"f","response":{"output":"42"})" + (more.empty() ? "" : "," + more) + "}]}}";
}

// The ids of all calls so far.
inline std::vector<std::string> call_ids(const ClientForTest &client)
{
  std::vector<std::string> ids;
  for (const auto &message : client.messages()) {
    const auto document = JsonDocument::parse(message.text);
    if (!document)
      continue;
    for (const Json &call : document->root().get("toolCall").get("functionCalls").elements())
      ids.push_back(call.get("id").string());
  }
  return ids;
}

inline std::string last_handle(const ClientForTest &client)
{
  std::string handle;
  for (const auto &message : client.messages())
    if (const auto document = JsonDocument::parse(message.text)) {
      const Json update = document->root().get("sessionResumptionUpdate");
      if (update.get("newHandle").exists())
        handle = update.get("newHandle").string();
    }
  return handle;
}

inline bool has(const std::vector<Received> &received, Received::Kind kind)
{
  return std::ranges::find(received, kind, &Received::kind) != received.end();
}

inline void expect_close(ClientForTest &client, unsigned code, const std::string &reason)
{
  fail_unless(client.wait_closed());
  fail_unless_equals_int(static_cast<int>(client.close_code()), static_cast<int>(code));
  fail_unless(client.close_reason() == reason, "%s", client.close_reason().c_str());
}

// Messages that hold `what`, in this order, with others between them.
inline void expect_order(const ClientForTest &client, std::initializer_list<const char *> what)
{
  int at = -1;
  for (const char *text : what) {
    const int found = client.find(text, at + 1);
    fail_unless(found > at, "%s does not come in order", text);
    at = found;
  }
}

} // namespace gemini_live_simulator
