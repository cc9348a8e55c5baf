// A session without a pipeline that signs in with credentials of the simulator's.
#pragma once

#include "session.hpp"
#include "text_file.hpp"

#include <string>

#include <gst/check/gstcheck.h>

namespace test {

inline gemini_live_simulator::Options issuing(std::int64_t clock_ahead = 0)
{
  return {.scenario = R"({"turns":[]})", .issues_tokens = true, .clock_ahead = clock_ahead};
}

inline gemini_live_simulator::Options quiet()
{
  return {.scenario = R"({"turns":[]})"};
}

// A session of its own settings; what it says is written down.
struct Talk {
  explicit Talk(const std::string &url) : object(gst_gemini_live_session_new())
  {
    for (const auto *name : {"GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_CLOUD_PROJECT"})
      g_unsetenv(name);
    g_object_set(object, "base-url", url.c_str(), nullptr);
    rest_at_exit();
    watch(object, &log);
    watch_state(object, &log);
  }
  ~Talk() { gst_object_unref(object); }

  void open()
  {
    GError *error = nullptr;
    fail_unless(gst_gemini_live_session_open(object, &error), "%s", error ? error->message : "");
  }
  void open_and_close()
  {
    open();
    log.wait_for("state 2");
    gst_gemini_live_session_close(object);
    log.wait_for("state 0");
  }
  // The error, which begins so.
  std::string expect_error(const std::string &begin)
  {
    const auto is_error = [](const std::string &line) { return line.starts_with("error "); };
    open();
    log.wait_for_count(is_error, 1);
    const auto lines = log.lines();
    const auto error = *std::find_if(lines.begin(), lines.end(), is_error);
    fail_unless(error.starts_with("error " + begin), "%s", error.c_str());
    return error;
  }

  Log &log = lasting_log();
  GstGeminiLiveSession *object;
};

// Without a library's check of who signs, by an account of nobody.
inline std::string account_at(const std::string &token_uri,
                              const gemini_live_simulator::Simulator &signer)
{
  auto text = signer.service_account();
  const auto begin = text.find("\"token_uri\": \"") + 14;
  return text.replace(begin, text.find('"', begin) - begin, token_uri);
}

} // namespace test
