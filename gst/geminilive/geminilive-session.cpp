/**
 * GstGeminiLiveSession:
 *
 * One conversation with a model of the Gemini Live API.
 *
 * Elements find or make their session by themselves; an application needs the object only to set
 * one conversation up for elements of several pipelines (their property `session`), to keep it over
 * a restart, or to talk without a pipeline.
 *
 * All functions may be called from any thread. Signals and `notify::state` are emitted one at a
 * time and in order on a worker thread; a handler may block, which delays the later notifications
 * of this session and nothing else.
 *
 * Since: 0.1
 */

#include "geminilive-session-private.hpp"

#include "auth/api_key.hpp"
#include "base/strand.hpp"
#include "geminilive-enumtypes.h"
#include "geminilive-events.hpp"
#include "geminilive-properties.hpp"
#include "net/endpoint.hpp"
#include "wire/client_message.hpp"

#include <algorithm>
#include <utility>

namespace gemini_live {

namespace {

constexpr const char *kDefaultBaseUrl = "https://generativelanguage.googleapis.com";
constexpr const char *kDefaultApiVersion = "v1beta";

// What several threads look at.
struct Shared {
  Settings own;
  std::vector<Member> members; // the oldest first
  Settings frozen;             // while there is an engine
  std::shared_ptr<Engine> engine;
  unsigned users = 0;     // of the engine
  bool held_open = false; // by the application, which is one of the users
  GstGeminiLiveState state = GST_GEMINI_LIVE_STATE_CLOSED;
};

using ElementPtr = std::unique_ptr<GstElement, Release<gst_object_unref>>;

ElementPtr ref_element(GstElement *element)
{
  return ElementPtr(GST_ELEMENT(gst_object_ref(element)));
}

// The audio source speaks for the session, else the audio sink, else the oldest element.
int rank(GstGeminiLiveRole role)
{
  switch (role) {
  case GST_GEMINI_LIVE_ROLE_AUDIO_SRC:
    return 0;
  case GST_GEMINI_LIVE_ROLE_AUDIO_SINK:
    return 1;
  default:
    return 2;
  }
}

ElementPtr top_of(GstElement *element)
{
  auto top = ref_element(element);
  while (GstObject *parent = gst_object_get_parent(GST_OBJECT(top.get())))
    top.reset(GST_ELEMENT(parent));
  return top;
}

} // namespace

} // namespace gemini_live

using namespace gemini_live;

struct _GstGeminiLiveSession {
  GstObject parent;

  Guarded<Shared> *shared;
  std::shared_ptr<Strand> *strand;
};

G_DEFINE_FINAL_TYPE(GstGeminiLiveSession, gst_gemini_live_session, GST_TYPE_OBJECT)

enum { PROP_STATE = 1, PROP_STATS, PROP_FIRST_SETTING };

namespace gemini_live {

namespace {

// The members at this moment, the speaker first. Elements leave the list before they go.
std::vector<std::pair<ElementPtr, Member>> present_members(GstGeminiLiveSession *session)
{
  std::vector<std::pair<ElementPtr, Member>> present;
  {
    auto shared = session->shared->lock();
    for (const auto &member : shared->members)
      present.emplace_back(ref_element(member.element), member);
  }
  std::stable_sort(present.begin(), present.end(), [](const auto &a, const auto &b) {
    return rank(a.second.role) < rank(b.second.role);
  });
  return present;
}

GstMessage *progress_message(GstElement *element, const std::string &state)
{
  if (state == "connecting")
    return gst_message_new_progress(GST_OBJECT(element), GST_PROGRESS_TYPE_START, "open",
                                    "Opening the session");
  return gst_message_new_progress(GST_OBJECT(element), GST_PROGRESS_TYPE_COMPLETE, "open",
                                  "The session is ready");
}

void update_state(GstGeminiLiveSession *session, const std::string &nick)
{
  auto *klass = static_cast<GEnumClass *>(g_type_class_ref(GST_TYPE_GEMINI_LIVE_STATE));
  const auto *value = g_enum_get_value_by_nick(klass, nick.c_str());
  const auto state = static_cast<GstGeminiLiveState>(value->value);
  g_type_class_unref(klass);
  if (std::exchange(session->shared->lock()->state, state) != state)
    g_object_notify(G_OBJECT(session), "state");
}

// One element of each pipeline posts the error or warning.
void post_everywhere(const std::vector<std::pair<ElementPtr, Member>> &members, const Event &event)
{
  std::vector<ElementPtr> told;
  for (const auto &[element, member] : members) {
    auto top = top_of(element.get());
    if (std::find(told.begin(), told.end(), top) != told.end())
      continue;
    told.push_back(std::move(top));
    if (event.is("error"))
      gst_element_post_message(element.get(),
                               gst_message_new_progress(GST_OBJECT(element.get()),
                                                        GST_PROGRESS_TYPE_ERROR, "open",
                                                        "The session failed"));
    post_error(element.get(), event);
  }
}

// Whether another engine has taken over, so that the state of this one is no longer the session's.
bool is_replaced(GstGeminiLiveSession *session, const Engine &engine)
{
  const auto current = session->shared->lock()->engine;
  return current && current.get() != &engine;
}

void notify_application(GstGeminiLiveSession *session, const Engine &engine, const Event &event)
{
  const auto members = present_members(session);
  const bool is_state = g_str_equal(event.name(), "state");
  if (is_state && is_replaced(session, engine))
    return;
  if (is_state)
    update_state(session, event.get<std::string>("state"));
  if (event.error())
    post_everywhere(members, event);
  if (!members.empty()) {
    auto *speaker = members.front().first.get();
    const auto state = is_state ? event.get<std::string>("state") : std::string();
    if (state == "connecting" || state == "ready")
      gst_element_post_message(speaker, progress_message(speaker, state));
    if (members.front().second.posts_messages())
      gst_element_post_message(
          speaker, gst_message_new_element(GST_OBJECT(speaker), event_to_structure(event)));
  }
  emit_conversation_signals(G_OBJECT(session), event);
  for (const auto &[element, member] : members)
    if (rank(member.role) < 2)
      emit_conversation_signals(G_OBJECT(element.get()), event);
}

std::optional<std::string> read_text_file(const std::string &path, GError **error)
{
  char *text = nullptr;
  GError *failure = nullptr;
  if (!g_file_get_contents(path.c_str(), &text, nullptr, &failure)) {
    ErrorPtr owned(failure);
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ,
                "Make system-instruction-file readable: %s", failure->message);
    return std::nullopt;
  }
  CharPtr owned(text);
  return text;
}

// JSON is UTF-8, so what is none cannot be said.
bool is_utf8(const std::string &text, const char *name, GError **error)
{
  if (g_utf8_validate_len(text.data(), text.size(), nullptr))
    return true;
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
              "Set %s to text in UTF-8: it is none", name);
  return false;
}

bool are_utf8(const Settings &settings, GError **error)
{
  for (const auto &row : setting_rows())
    if (const auto *text = std::get_if<std::string>(&settings.get(row.key));
        text && !is_utf8(*text, row.name, error))
      return false;
  return true;
}

std::string base_url_of(const Settings &settings)
{
  if (settings.is_set(Setting::base_url))
    return settings.text(Setting::base_url);
  const char *value = g_getenv("GOOGLE_GEMINI_BASE_URL");
  return value && *value ? value : kDefaultBaseUrl;
}

std::optional<Engine::Config> make_config(const Settings &settings, const char *name,
                                          GError **error)
{
  if (!are_utf8(settings, error))
    return std::nullopt;
  const auto key =
      find_api_key(settings.text(Setting::api_key), settings.text(Setting::api_key_file), error);
  if (key.empty())
    return std::nullopt;
  const auto version = settings.is_set(Setting::api_version) ? settings.text(Setting::api_version)
                                                             : std::string(kDefaultApiVersion);
  const auto url = endpoint_url(base_url_of(settings),
                                "/ws/google.ai.generativelanguage." + version +
                                    ".GenerativeService.BidiGenerateContent",
                                settings.truth(Setting::allow_insecure), error);
  if (url.empty())
    return std::nullopt;
  auto instruction = std::optional(settings.text(Setting::system_instruction));
  if (const auto &path = settings.text(Setting::system_instruction_file);
      instruction->empty() && !path.empty())
    instruction = read_text_file(path, error);
  if (!instruction || !is_utf8(*instruction, "system-instruction-file", error))
    return std::nullopt;
  return Engine::Config{
      .name = name,
      .request = {.url = url,
                  .headers = {{"x-goog-api-key", key}},
                  .ca_file = settings.text(Setting::tls_ca_file),
                  // A proxy would look for the simulator on its own machine.
                  .direct = is_loopback_url(url)},
      .shown_url = redacted_url(url),
      .setup = setup_message(settings, *instruction),
      .connect_timeout = settings.time(Setting::connect_timeout),
      .drain_timeout = settings.time(Setting::drain_timeout),
      .max_offline_audio = settings.time(Setting::max_offline_audio),
      .input_transcripts = settings.truth(Setting::input_transcription),
      .output_transcripts = settings.truth(Setting::output_transcription),
      .has_source = false,
  };
}

void set_conflict(const Settings::Conflict &conflict, GError **error)
{
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
              "Set %s to one value: %s and %s set it differently", conflict.name,
              conflict.first.c_str(), conflict.second.c_str());
}

// What the session and all its members have set.
std::optional<Settings> collect_settings(GstGeminiLiveSession *session, GError **error)
{
  Settings all = session->shared->lock()->own;
  Settings merged;
  merged.merge(all, GST_OBJECT_NAME(session));
  for (const auto &[element, member] : present_members(session))
    if (const auto conflict = merged.merge(member.settings(), GST_OBJECT_NAME(element.get()))) {
      set_conflict(*conflict, error);
      return std::nullopt;
    }
  return merged;
}

// Passes events on to the strand. The session may be gone by then.
Engine::Emit make_emit(GstGeminiLiveSession *session)
{
  struct Weak {
    explicit Weak(GstGeminiLiveSession *object) { g_weak_ref_init(&ref, object); }
    ~Weak() { g_weak_ref_clear(&ref); }
    Weak(const Weak &) = delete;
    Weak &operator=(const Weak &) = delete;
    GWeakRef ref;
  };
  return [weak = std::make_shared<Weak>(session),
          strand = *session->strand](const std::shared_ptr<Engine> &engine, Event event) {
    strand->post([weak, engine, event = std::move(event)] {
      if (auto *object = static_cast<GstGeminiLiveSession *>(g_weak_ref_get(&weak->ref))) {
        notify_application(object, *engine, event);
        gst_object_unref(object);
      }
      if (event.is("error"))
        engine->show_failure();
    });
  };
}

} // namespace

bool session_join(GstGeminiLiveSession *session, const Member &member, GError **error)
{
  auto shared = session->shared->lock();
  const bool single = rank(member.role) < 2;
  const auto other = std::find_if(shared->members.begin(), shared->members.end(),
                                  [&](const auto &m) { return single && m.role == member.role; });
  if (other != shared->members.end()) {
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY,
                "Set session-name to give %s a session of its own: %s is the audio %s of this one",
                GST_OBJECT_NAME(member.element), GST_OBJECT_NAME(other->element),
                member.role == GST_GEMINI_LIVE_ROLE_AUDIO_SINK ? "sink" : "source");
    return false;
  }
  shared->members.push_back(member);
  return true;
}

void session_leave(GstGeminiLiveSession *session, GstElement *element)
{
  std::erase_if(session->shared->lock()->members,
                [&](const auto &member) { return member.element == element; });
}

// What has been frozen holds; only who joins must agree with it.
bool agrees(const Shared &shared, GstElement *element, GError **error)
{
  const auto member = std::find_if(shared.members.begin(), shared.members.end(),
                                   [&](const auto &m) { return m.element == element; });
  if (member == shared.members.end())
    return true;
  Settings own;
  own.merge(member->settings(), GST_OBJECT_NAME(element));
  const auto conflict = shared.frozen.conflict_with(own);
  if (conflict)
    set_conflict(*conflict, error);
  return !conflict;
}

std::shared_ptr<Engine> session_activate(GstGeminiLiveSession *session, GstElement *element,
                                         GError **error)
{
  {
    auto shared = session->shared->lock();
    if (shared->engine && shared->engine->is_alive()) {
      if (!agrees(*shared, element, error))
        return nullptr;
      shared->users++;
      return shared->engine;
    }
  }
  auto settings = collect_settings(session, error);
  if (!settings)
    return nullptr;
  auto shared = session->shared->lock();
  if (shared->engine && shared->engine->is_alive()) { // another thread was faster
    shared->users++;
    return shared->engine;
  }
  auto config = make_config(*settings, GST_OBJECT_NAME(session), error);
  if (!config)
    return nullptr;
  config->has_source =
      std::any_of(shared->members.begin(), shared->members.end(),
                  [](const auto &member) { return member.role == GST_GEMINI_LIVE_ROLE_AUDIO_SRC; });
  shared->engine = Engine::start(std::move(*config), make_emit(session));
  shared->frozen = std::move(*settings);
  shared->users = 1;
  shared->held_open = false;
  return shared->engine;
}

void session_deactivate(GstGeminiLiveSession *session, std::shared_ptr<Engine> engine)
{
  {
    auto shared = session->shared->lock();
    if (shared->engine != engine || --shared->users > 0)
      return;
    shared->engine.reset();
  }
  engine->close();
}

GstStructure *session_stats(GstGeminiLiveSession *session)
{
  const auto engine = session ? session->shared->lock()->engine : nullptr;
  GstStructure *stats = gst_structure_new_empty("application/x-geminilive-stats");
  if (!engine)
    return stats;
  const auto counts = engine->counts();
  const auto uplink = engine->uplink().counts();
  const auto playout = engine->playout().counts();
  const auto time = [](std::uint64_t bytes) { return guint64{time_of(bytes, kInputRate)}; };
  gst_structure_set(stats, "audio-sent", G_TYPE_UINT64, time(uplink.taken), "audio-dropped",
                    G_TYPE_UINT64, time(uplink.dropped), "audio-waiting", G_TYPE_UINT64,
                    time(engine->uplink().level()), "audio-received", G_TYPE_UINT64,
                    guint64{counts.audio_received}, "audio-played", G_TYPE_UINT64,
                    guint64{playout.played}, "audio-discarded", G_TYPE_UINT64,
                    guint64{playout.discarded}, "audio-queued", G_TYPE_UINT64,
                    guint64{engine->playout().queued()}, "underruns", G_TYPE_UINT64,
                    guint64{playout.underruns}, "messages", G_TYPE_UINT64, guint64{counts.messages},
                    "turns", G_TYPE_UINT64, guint64{counts.turns}, "interruptions", G_TYPE_UINT64,
                    guint64{counts.interruptions}, nullptr);
  return stats;
}

void install_action_signals(GType type, gboolean (*send_text)(GObject *, const gchar *))
{
  /**
   * GstGeminiLiveSession::send-text:
   * @session: the session
   * @text: what the user says
   *
   * Sends a user message that asks for an answer. For callers that do not link the library.
   *
   * Returns: whether it will be sent
   *
   * Since: 0.1
   */
  g_signal_new_class_handler(
      "send-text", type, static_cast<GSignalFlags>(G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION),
      G_CALLBACK(send_text), nullptr, nullptr, nullptr, G_TYPE_BOOLEAN, 1, G_TYPE_STRING);
}

} // namespace gemini_live

static void gst_gemini_live_session_init(GstGeminiLiveSession *session)
{
  session->shared = new Guarded<Shared>;
  session->strand = new std::shared_ptr<Strand>(std::make_shared<Strand>());
}

static void gst_gemini_live_session_dispose(GObject *object)
{
  gst_gemini_live_session_close(GST_GEMINI_LIVE_SESSION(object));
  G_OBJECT_CLASS(gst_gemini_live_session_parent_class)->dispose(object);
}

static void gst_gemini_live_session_finalize(GObject *object)
{
  auto *session = GST_GEMINI_LIVE_SESSION(object);
  delete session->shared;
  delete session->strand;
  G_OBJECT_CLASS(gst_gemini_live_session_parent_class)->finalize(object);
}

static void gst_gemini_live_session_set_property(GObject *object, guint id, const GValue *value,
                                                 GParamSpec *pspec)
{
  auto *session = GST_GEMINI_LIVE_SESSION(object);
  if (const auto setting = setting_of(id, PROP_FIRST_SETTING))
    set_setting(session->shared->lock()->own, *setting, value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void gst_gemini_live_session_get_property(GObject *object, guint id, GValue *value,
                                                 GParamSpec *pspec)
{
  auto *session = GST_GEMINI_LIVE_SESSION(object);
  if (id == PROP_STATE)
    g_value_set_enum(value, session->shared->lock()->state);
  else if (id == PROP_STATS)
    g_value_take_boxed(value, session_stats(session));
  else if (const auto setting = setting_of(id, PROP_FIRST_SETTING))
    get_setting(session->shared->lock()->own, *setting, value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void gst_gemini_live_session_class_init(GstGeminiLiveSessionClass *klass)
{
  auto *object_class = G_OBJECT_CLASS(klass);
  object_class->dispose = gst_gemini_live_session_dispose;
  object_class->finalize = gst_gemini_live_session_finalize;
  object_class->set_property = gst_gemini_live_session_set_property;
  object_class->get_property = gst_gemini_live_session_get_property;

  const auto flags = static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property(object_class, PROP_STATE,
                                  g_param_spec_enum("state", "State", "Where the session is",
                                                    GST_TYPE_GEMINI_LIVE_STATE,
                                                    GST_GEMINI_LIVE_STATE_CLOSED, flags));
  g_object_class_install_property(object_class, PROP_STATS,
                                  g_param_spec_boxed("stats", "Statistics",
                                                     "Counts of the conversation",
                                                     GST_TYPE_STRUCTURE, flags));
  install_setting_properties(object_class, PROP_FIRST_SETTING);
  install_conversation_signals(G_TYPE_FROM_CLASS(klass));
  install_action_signals(
      G_TYPE_FROM_CLASS(klass), +[](GObject *object, const gchar *text) -> gboolean {
        return text &&
               gst_gemini_live_session_send_text(GST_GEMINI_LIVE_SESSION(object), text, nullptr);
      });
}

/**
 * gst_gemini_live_session_new:
 *
 * Makes a session with default settings. It opens when an element that uses it goes to PAUSED, or
 * with gst_gemini_live_session_open().
 *
 * Returns: (transfer full): a session
 *
 * Since: 0.1
 */
GstGeminiLiveSession *gst_gemini_live_session_new(void)
{
  auto *session =
      static_cast<GstGeminiLiveSession *>(g_object_new(GST_TYPE_GEMINI_LIVE_SESSION, nullptr));
  gst_object_ref_sink(session);
  return session;
}

/**
 * gst_gemini_live_session_open:
 * @session: a session
 * @error: return location for an error in the settings, or %NULL
 *
 * Starts connecting and returns. Settings are frozen until the session is closed. Elements do this
 * by themselves; an application that did it closes the session with
 * gst_gemini_live_session_close(). Errors of the connection come by the signal `error`.
 *
 * Returns: %FALSE if the settings cannot be used (#GST_RESOURCE_ERROR)
 *
 * Since: 0.1
 */
gboolean gst_gemini_live_session_open(GstGeminiLiveSession *session, GError **error)
{
  g_return_val_if_fail(GST_IS_GEMINI_LIVE_SESSION(session), FALSE);
  const auto engine = session_activate(session, nullptr, error);
  if (!engine)
    return FALSE;
  auto shared = session->shared->lock();
  // One reference of the application's is enough, however often it opens the same conversation.
  if (shared->engine == engine && std::exchange(shared->held_open, true))
    shared->users--;
  return TRUE;
}

/**
 * gst_gemini_live_session_close:
 * @session: a session
 *
 * Ends the conversation at once: every source that uses the session returns EOS, and so does the
 * render function of every sink. The closing handshake goes on in the background for at most
 * 500 ms. Does nothing if the session is not open.
 *
 * Since: 0.1
 */
void gst_gemini_live_session_close(GstGeminiLiveSession *session)
{
  g_return_if_fail(GST_IS_GEMINI_LIVE_SESSION(session));
  std::shared_ptr<Engine> engine;
  {
    auto shared = session->shared->lock();
    engine = shared->engine;
    if (engine && std::exchange(shared->held_open, false) && --shared->users == 0)
      shared->engine.reset();
  }
  if (engine)
    engine->close();
}

/**
 * gst_gemini_live_session_send_text:
 * @session: an open session
 * @text: what the user says, UTF-8
 * @error: return location for an error, or %NULL
 *
 * Sends a user message that asks for an answer. Before the service has accepted the session the
 * message waits. It counts as activity of the user, so it interrupts the model.
 *
 * Returns: %FALSE if the session is not open, @text is no UTF-8, or 16 MiB of text wait already
 *     (#GST_RESOURCE_ERROR)
 *
 * Since: 0.1
 */
gboolean gst_gemini_live_session_send_text(GstGeminiLiveSession *session, const gchar *text,
                                           GError **error)
{
  g_return_val_if_fail(GST_IS_GEMINI_LIVE_SESSION(session), FALSE);
  g_return_val_if_fail(text != nullptr, FALSE);
  const auto engine = session->shared->lock()->engine;
  if (!engine) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
                        "Open the session before sending text");
    return FALSE;
  }
  if (!g_utf8_validate(text, -1, nullptr)) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
                        "Send text in UTF-8: this is none");
    return FALSE;
  }
  return engine->send_text(text, error);
}

/**
 * gst_gemini_live_session_end_audio:
 * @session: a session
 *
 * Says that no audio comes for now, so that the service need not wait for silence to find the end
 * of an utterance. Audio may go on at any time.
 *
 * Since: 0.1
 */
void gst_gemini_live_session_end_audio(GstGeminiLiveSession *session)
{
  g_return_if_fail(GST_IS_GEMINI_LIVE_SESSION(session));
  if (const auto engine = session->shared->lock()->engine)
    engine->end_audio();
}
