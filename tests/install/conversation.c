/* Conversations from C with nothing but the installed library: a session without a pipeline, a
 * session that cannot be had, and a pipeline of the elements.
 *
 * Signals come on a worker thread; what they say goes to the main thread by a queue.
 *
 * usage: conversation URL RECORDING */

#include <gst/geminilive/geminilive.h>

#include <stdlib.h>

#define PATIENCE_SECONDS 60

static void require(gboolean truth, const gchar *what)
{
  if (truth)
    return;
  g_printerr("not so: %s\n", what);
  exit(EXIT_FAILURE);
}

/* The error is the expected one, and says what to do. */
static void require_error(GError *error, gint code)
{
  require(error != NULL, "there is an error");
  g_print("error: %s\n", error->message);
  require(g_error_matches(error, GST_RESOURCE_ERROR, code), "the error has the documented code");
  g_error_free(error);
}

static void on_transcript(GObject *emitter, const gchar *direction, const gchar *text,
                          gboolean final, gpointer said)
{
  (void)emitter;
  if (!final)
    return;
  g_print("%s: %s\n", direction, text);
  g_async_queue_push(said, g_strconcat(direction, ": ", text, NULL));
}

static void on_turn_complete(GObject *emitter, guint64 turn, const gchar *reason, gpointer said)
{
  (void)emitter;
  (void)reason;
  g_async_queue_push(said, g_strdup_printf("turn %" G_GUINT64_FORMAT, turn));
}

static void on_error(GObject *emitter, const GError *error, gpointer said)
{
  (void)emitter;
  g_print("error: %s\n", error->message);
  g_async_queue_push(said, g_strdup(error->domain == GST_RESOURCE_ERROR ? "resource" : "other"));
}

static GstGeminiLiveState state_of(gpointer session)
{
  GstGeminiLiveState state;
  g_object_get(session, "state", &state, NULL);
  return state;
}

static void on_state(GObject *session, GParamSpec *property, gpointer said)
{
  (void)property;
  if (state_of(session) == GST_GEMINI_LIVE_STATE_CLOSED)
    g_async_queue_push(said, g_strdup("closed"));
}

static void connect_signals(gpointer emitter, GAsyncQueue *said)
{
  g_signal_connect(emitter, "transcript", G_CALLBACK(on_transcript), said);
  g_signal_connect(emitter, "turn-complete", G_CALLBACK(on_turn_complete), said);
  g_signal_connect(emitter, "error", G_CALLBACK(on_error), said);
}

static void wait_for(GAsyncQueue *said, const gchar *wanted)
{
  gboolean found = FALSE;
  while (!found) {
    gchar *word = g_async_queue_timeout_pop(said, PATIENCE_SECONDS * G_TIME_SPAN_SECOND);
    require(word != NULL, wanted);
    found = g_str_equal(word, wanted);
    g_free(word);
  }
}

static guint64 count_of(gpointer object, const gchar *name)
{
  GstStructure *stats = NULL;
  guint64 count = 0;
  g_object_get(object, "stats", &stats, NULL);
  require(stats != NULL && gst_structure_get_uint64(stats, name, &count), name);
  gst_structure_free(stats);
  return count;
}

static gchar *look(GstGeminiLiveSession *session, const gchar *id, const gchar *args, gpointer said,
                   GError **error)
{
  (void)session;
  (void)error;
  require(*id != '\0', "a call has an id");
  g_async_queue_push(said, g_strdup(args));
  return g_strdup("\"blue\"");
}

static void talk_without_a_pipeline(const gchar *url)
{
  GAsyncQueue *said = g_async_queue_new_full(g_free);
  GstGeminiLiveSession *session = gst_gemini_live_session_new();
  GError *error = NULL;

  connect_signals(session, said);
  g_signal_connect(session, "notify::state", G_CALLBACK(on_state), said);
  require(state_of(session) == GST_GEMINI_LIVE_STATE_CLOSED, "a new session is closed");
  require(!gst_gemini_live_session_send_text(session, "Hello?", &error), "nobody hears this");
  require_error(error, GST_RESOURCE_ERROR_WRITE);

  g_object_set(session, "base-url", url, "api-key", "any", NULL);
  error = NULL;
  require(gst_gemini_live_session_add_tool(session, "{\"name\":\"look\",\"description\":\"Look.\"}",
                                           look, g_async_queue_ref(said),
                                           (GDestroyNotify)g_async_queue_unref, &error) &&
              error == NULL,
          "a function is added");
  require(gst_gemini_live_session_open(session, &error) && error == NULL, "the session opens");
  require(gst_gemini_live_session_send_text(session, "Good morning.", &error) && error == NULL,
          "the text is sent");
  wait_for(said, "output: You typed something.");
  wait_for(said, "turn 1");
  require(state_of(session) == GST_GEMINI_LIVE_STATE_READY, "the session is ready");
  require(count_of(session, "turns") == 1, "one turn was counted");
  require(count_of(session, "audio-received") > 0, "speech was counted");

  require(gst_gemini_live_session_send_text(session, "Look at the sky.", NULL), "the text is sent");
  wait_for(said, "{\"at\":\"sky\"}");
  wait_for(said, "output: It says blue.");
  require(count_of(session, "tool-calls-answered") == 1, "the answer was counted");
  require(!gst_gemini_live_session_send_tool_response(session, "never", "1", &error),
          "no call has this id");
  require_error(error, GST_RESOURCE_ERROR_NOT_FOUND);

  gst_gemini_live_session_close(session);
  wait_for(said, "closed");
  gst_object_unref(session);
  g_async_queue_unref(said);
}

static void talk_to_nobody(void)
{
  GAsyncQueue *said = g_async_queue_new_full(g_free);
  GstGeminiLiveSession *session = gst_gemini_live_session_new();
  GError *error = NULL;

  connect_signals(session, said);
  g_object_set(session, "base-url", "no URL at all", "api-key", "any", NULL);
  require(!gst_gemini_live_session_open(session, &error), "a URL is asked for");
  require_error(error, GST_RESOURCE_ERROR_SETTINGS);

  g_object_set(session, "base-url", "http://127.0.0.1:1", NULL);
  error = NULL;
  require(gst_gemini_live_session_open(session, &error) && error == NULL, "opening does not wait");
  wait_for(said, "resource");
  gst_gemini_live_session_close(session);
  gst_object_unref(session);
  g_async_queue_unref(said);
}

static void wait_for_the_end(GstElement *pipeline)
{
  GstBus *bus = gst_element_get_bus(pipeline);
  GstMessage *last = gst_bus_timed_pop_filtered(bus, PATIENCE_SECONDS * GST_SECOND,
                                                GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  require(last != NULL, "the pipeline ends");
  if (GST_MESSAGE_TYPE(last) == GST_MESSAGE_ERROR) {
    GError *error = NULL;
    gst_message_parse_error(last, &error, NULL);
    require(FALSE, error->message);
  }
  gst_message_unref(last);
  gst_object_unref(bus);
}

static void talk_in_a_pipeline(const gchar *url, const gchar *recording)
{
  GAsyncQueue *said = g_async_queue_new_full(g_free);
  GstGeminiLiveSession *session = NULL;
  GError *error = NULL;
  gchar *line = g_strdup_printf("filesrc location=%s ! wavparse ! audioconvert ! audioresample ! "
                                "geminilivesink base-url=%s api-key=any "
                                "geminilivesrc name=voice ! fakesink sync=true",
                                recording, url);
  GstElement *pipeline = gst_parse_launch(line, &error);
  require(error == NULL, error ? error->message : "the elements are found");
  g_free(line);

  GstElement *voice = gst_bin_get_by_name(GST_BIN(pipeline), "voice");
  connect_signals(voice, said);
  require(gst_element_set_state(pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE,
          "the pipeline plays");
  wait_for(said, "input: Front center.");
  wait_for(said, "output: I hear you.");
  wait_for_the_end(pipeline);
  g_object_get(voice, "session", &session, NULL);
  require(GST_IS_GEMINI_LIVE_SESSION(session), "the element shows its session");
  require(state_of(session) == GST_GEMINI_LIVE_STATE_READY, "the session is ready to the end");
  require(count_of(voice, "audio-sent") > GST_SECOND, "the recording was sent");
  require(count_of(voice, "audio-played") > 0, "the answer was played");

  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(session);
  gst_object_unref(voice);
  gst_object_unref(pipeline);
  g_async_queue_unref(said);
}

int main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  require(argc == 3, "usage: conversation URL RECORDING");
  talk_without_a_pipeline(argv[1]);
  talk_to_nobody();
  talk_in_a_pipeline(argv[1], argv[2]);
  return EXIT_SUCCESS;
}
