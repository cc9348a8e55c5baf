#include "alarm.hpp"

namespace gemini_live {

namespace {

// The ready time is the whole source: there is nothing to prepare or check.
GSourceFuncs alarm_funcs = {nullptr,
                            nullptr,
                            [](GSource *source, GSourceFunc callback, gpointer data) -> gboolean {
                              g_source_set_ready_time(source, -1);
                              return callback(data);
                            },
                            nullptr,
                            nullptr,
                            nullptr};

} // namespace

Alarm::Alarm(GMainContext *context, std::function<void()> callback)
    : source_(g_source_new(&alarm_funcs, sizeof(GSource)))
{
  // GLib keeps the callback while it runs, so it may destroy its own alarm.
  using Callback = std::function<void()>;
  g_source_set_callback(
      source_,
      [](gpointer data) -> gboolean {
        (*static_cast<Callback *>(data))();
        return G_SOURCE_CONTINUE;
      },
      new Callback(std::move(callback)),
      [](gpointer data) { delete static_cast<Callback *>(data); });
  g_source_attach(source_, context);
}

Alarm::~Alarm()
{
  g_source_destroy(source_);
  g_source_unref(source_);
}

} // namespace gemini_live
