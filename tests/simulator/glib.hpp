// Small owners for GLib things, and a timer on the thread's own context.
//
// Everything here belongs to the thread that made it.
#pragma once

#include <gio/gio.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace gemini_live_simulator {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <typename T>
using ObjectPtr = std::unique_ptr<T, Unref>;

struct Free {
  void operator()(gpointer memory) const { g_free(memory); }
};
using CharPtr = std::unique_ptr<char, Free>;

struct BytesUnref {
  void operator()(GBytes *bytes) const { g_bytes_unref(bytes); }
};
using BytesPtr = std::unique_ptr<GBytes, BytesUnref>;

// The text of a GError, which is freed and cleared.
std::string take_message(GError *&error);

// Runs `work` on the thread of `context`, after everything that was posted before.
void post(GMainContext *context, std::function<void()> work);

// Runs its work once, a while from now, on the thread-default context of the thread that starts it.
// Starting it again, stopping it and destroying it all forget the work that waited.
class Timer {
public:
  Timer() = default;
  ~Timer() { stop(); }
  Timer(const Timer &) = delete;
  Timer &operator=(const Timer &) = delete;

  void start_at(std::int64_t monotonic_us, std::function<void()> work);
  void start_in(std::int64_t us, std::function<void()> work);
  void stop();

private:
  static gboolean fire(gpointer self);

  GSource *source_ = nullptr;
  std::function<void()> work_;
};

} // namespace gemini_live_simulator
