// A session without a pipeline, in a conversation that the test directs; what it says is written down.
#pragma once

#include "rest.hpp"
#include "simulator/simulator.hpp"

#include <gst/geminilive/geminilive.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <gst/check/gstcheck.h>

namespace test {

// What signals said, in order.
class Log {
public:
  void add(const std::string &line)
  {
    {
      std::lock_guard lock(mutex_);
      lines_.push_back(line);
    }
    changed_.notify_all();
  }
  void wait_for(const std::string &line)
  {
    std::unique_lock lock(mutex_);
    const bool came = changed_.wait_for(lock, std::chrono::seconds(20), [&] {
      return std::find(lines_.begin(), lines_.end(), line) != lines_.end();
    });
    fail_unless(came, "'%s' did not come", line.c_str());
  }
  void wait_for_count(const std::function<bool(const std::string &)> &wanted, std::size_t count)
  {
    std::unique_lock lock(mutex_);
    const bool came = changed_.wait_for(lock, std::chrono::seconds(20), [&] {
      return static_cast<std::size_t>(std::count_if(lines_.begin(), lines_.end(), wanted)) >= count;
    });
    fail_unless(came, "%zu lines and not %zu", lines_.size(), count);
  }
  std::vector<std::string> lines()
  {
    std::lock_guard lock(mutex_);
    return lines_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

inline void watch(gpointer object, Log *log)
{
  g_signal_connect(
      object, "transcript",
      G_CALLBACK(+[](GObject *, const char *direction, const char *text, gboolean final, Log *to) {
        to->add(std::string(direction) + (final ? " final " : " piece ") + text);
      }),
      log);
  g_signal_connect(object, "turn-complete",
                   G_CALLBACK(+[](GObject *, guint64 turn, const char *reason, Log *to) {
                     to->add("turn " + std::to_string(turn) + " complete" + reason);
                   }),
                   log);
  g_signal_connect(object, "interrupted",
                   G_CALLBACK(+[](GObject *, guint64, Log *to) { to->add("interrupted"); }), log);
  g_signal_connect(object, "error", G_CALLBACK(+[](GObject *, GError *error, Log *to) {
                     to->add(std::string("error ") + error->message);
                   }),
                   log);
}

inline void watch_state(gpointer object, Log *log)
{
  g_signal_connect(object, "notify::state",
                   G_CALLBACK(+[](GObject *session, GParamSpec *, Log *to) {
                     GstGeminiLiveState state;
                     g_object_get(session, "state", &state, nullptr);
                     to->add("state " + std::to_string(state));
                   }),
                   log);
}

// A notification may still be under way when a test ends, and even when the program does, so nobody
// destroys a log.
inline Log &lasting_log()
{
  static auto *const logs = new std::deque<Log>;
  return logs->emplace_back();
}

struct Session {
  Session() : object(gst_gemini_live_session_new())
  {
    g_object_set(object, "api-key", "k", "base-url", server.url().c_str(), nullptr);
    rest_at_exit();
    watch(object, &log);
    watch_state(object, &log);
  }
  ~Session() { gst_object_unref(object); }

  // Every event as JSON too.
  void watch_events()
  {
    g_signal_connect(object, "event",
                     G_CALLBACK(+[](GObject *, const char *json, Log *to) { to->add(json); }),
                     &log);
  }
  void open()
  {
    GError *error = nullptr;
    fail_unless(gst_gemini_live_session_open(object, &error), "%s", error ? error->message : "");
    log.wait_for("state 2");
  }

  gemini_live_simulator::Simulator server{{.scenario = R"({"turns":[]})"}};
  Log &log = lasting_log();
  GstGeminiLiveSession *object;
};

} // namespace test
