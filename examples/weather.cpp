// A typed chat with a model that can ask for the weather.
//
//   weather
//   echo "What is the weather in Paris?" | weather
//
// Shows a function that is declared and answered in one place, and a session that the application
// makes and gives to its elements. The function runs on a thread of the library, everything else on
// the main thread. Wants GOOGLE_API_KEY in the environment.

#include <gst/geminilive/geminilive.h>
#include <json-glib/json-glib.h>

#include <cstdio>
#include <cstdlib>
#include <initializer_list>

namespace {

constexpr const char *kDeclaration = R"({
  "name": "get_weather",
  "description": "Tells the weather in a city at this moment.",
  "parameters": {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "The city's English name"}},
    "required": ["city"]
  }
})";

constexpr struct {
  const char *city, *weather;
} kWeather[] = {{"Paris", R"({"sky":"rain","celsius":14})"},
                {"Rome", R"({"sky":"sun","celsius":24})"}};

// Called for each call of the model, for several at once if it makes them; it may take its time. The
// model is told of an error.
gchar *get_weather(GstGeminiLiveSession *, const gchar *, const gchar *args, gpointer,
                   GError **error)
{
  g_autoptr(JsonNode) node = json_from_string(args, nullptr);
  const char *city = json_object_get_string_member_with_default(json_node_get_object(node), "city",
                                                                "a city without a name");
  for (const auto &[known, weather] : kWeather)
    if (g_str_equal(city, known))
      return g_strdup(weather);
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "nobody knows the weather in %s", city);
  return nullptr;
}

int fail(GError *error)
{
  std::fprintf(stderr, "weather: %s\n", error->message);
  g_error_free(error);
  return EXIT_FAILURE;
}

// Until the end of standard input, or /quit.
GError *chat(GstElement *pipeline)
{
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  g_autoptr(GstMessage) last = gst_bus_timed_pop_filtered(
      bus, GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  gst_element_set_state(pipeline, GST_STATE_NULL);
  GError *error = nullptr;
  if (GST_MESSAGE_TYPE(last) == GST_MESSAGE_ERROR)
    gst_message_parse_error(last, &error, nullptr);
  return error;
}

} // namespace

int main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  GError *error = nullptr;
  g_autoptr(GstGeminiLiveSession) session = gst_gemini_live_session_new();
  if (!gst_gemini_live_session_add_tool(session, kDeclaration, get_weather, nullptr, nullptr,
                                        &error))
    return fail(error);
  g_autoptr(GstElement) pipeline =
      gst_parse_launch("fdsrc ! geminilivetextsink name=keyboard "
                       "geminilivetextsrc name=screen which=conversation ! fdsink",
                       &error);
  if (error)
    return fail(error);
  for (const char *name : {"keyboard", "screen"}) {
    g_autoptr(GstElement) element = gst_bin_get_by_name(GST_BIN(pipeline), name);
    g_object_set(element, "session", session, nullptr);
  }
  error = chat(pipeline);
  return error ? fail(error) : EXIT_SUCCESS;
}
