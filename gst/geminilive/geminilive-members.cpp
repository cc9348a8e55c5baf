// Who takes part in a session, and for how long its engine runs.

#include "geminilive-session-private.hpp"

#include "engine/config.hpp"

#include <algorithm>
#include <utility>

namespace gemini_live {

namespace {

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

void set_conflict(const Settings::Conflict &conflict, GError **error)
{
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
              "Set %s to one value: %s and %s set it differently", conflict.name,
              conflict.first.c_str(), conflict.second.c_str());
}

Member *find_member(Shared &shared, const GstElement *element)
{
  const auto member = std::find_if(shared.members.begin(), shared.members.end(),
                                   [&](const auto &m) { return m.element == element; });
  return member == shared.members.end() ? nullptr : &*member;
}

// What has been frozen holds; only who joins must agree with it.
bool agrees(const Shared &shared, const Member *member, GError **error)
{
  if (!member)
    return true;
  Settings own;
  own.merge(member->settings(), GST_OBJECT_NAME(member->element));
  const auto conflict = shared.frozen.conflict_with(own);
  if (conflict)
    set_conflict(*conflict, error);
  return !conflict;
}

// One more who uses the engine; no member is the application.
std::shared_ptr<Engine> use_engine(Shared &shared, Member *member)
{
  shared.users++;
  if (member) {
    member->awaited = false;
    member->engine = shared.engine.get();
  }
  return shared.engine;
}

} // namespace

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

bool is_audio(GstGeminiLiveRole role)
{
  return rank(role) < 2;
}

KeptElement::KeptElement(GstElement *element)
{
  lineage_.emplace_back(GST_ELEMENT(gst_object_ref(element)));
  while (GstObject *parent = gst_object_get_parent(GST_OBJECT(top())))
    lineage_.emplace_back(GST_ELEMENT(parent));
}

std::vector<PresentMember> present_members(GstGeminiLiveSession *session)
{
  std::vector<PresentMember> present;
  {
    auto shared = session->shared->lock();
    for (const auto &member : shared->members)
      present.emplace_back(KeptElement(member.element), member);
  }
  std::stable_sort(present.begin(), present.end(), [](const auto &a, const auto &b) {
    return rank(a.second.role) < rank(b.second.role);
  });
  return present;
}

bool session_join(GstGeminiLiveSession *session, const Member &member, GError **error)
{
  auto shared = session->shared->lock();
  const bool single = is_audio(member.role);
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
  std::shared_ptr<Engine> awaiting; // a source that will not come any more
  {
    auto shared = session->shared->lock();
    const auto *member = find_member(*shared, element);
    if (!member)
      return;
    if (member->awaited && member->role == GST_GEMINI_LIVE_ROLE_AUDIO_SRC)
      awaiting = shared->engine;
    std::erase_if(shared->members, [&](const auto &other) { return other.element == element; });
  }
  if (awaiting)
    awaiting->set_has_source(false);
}

std::shared_ptr<Engine> session_activate(GstGeminiLiveSession *session, GstElement *element,
                                         GError **error)
{
  {
    auto shared = session->shared->lock();
    auto *member = find_member(*shared, element);
    // One that was to take part in a conversation takes its failure, too, and opens no other.
    if (shared->engine && (shared->engine->is_alive() || (member && member->awaited))) {
      if (!agrees(*shared, member, error))
        return nullptr;
      return use_engine(*shared, member);
    }
  }
  auto settings = collect_settings(session, error);
  if (!settings)
    return nullptr;
  auto config =
      make_engine_config(*settings, added_tools(session), GST_OBJECT_NAME(session), error);
  if (!config)
    return nullptr;
  // They must miss nothing, though the first element connects.
  for (const auto &[other, member] : present_members(session))
    if (const auto feed = member.feed())
      config->feeds.push_back(feed);
  auto shared = session->shared->lock();
  if (shared->engine && shared->engine->is_alive()) { // another thread was faster
    auto *member = find_member(*shared, element);
    return agrees(*shared, member, error) ? use_engine(*shared, member) : nullptr;
  }
  config->has_source =
      std::any_of(shared->members.begin(), shared->members.end(),
                  [](const auto &member) { return member.role == GST_GEMINI_LIVE_ROLE_AUDIO_SRC; });
  config->handle = shared->handle;
  shared->engine = Engine::start(std::move(*config), make_emit(session));
  shared->frozen = std::move(*settings);
  for (auto &member : shared->members)
    member.awaited = true;
  shared->state = GST_GEMINI_LIVE_STATE_CONNECTING; // by the time that open() returns
  shared->users = 0;
  shared->held_open = false;
  return use_engine(*shared, find_member(*shared, element));
}

void session_deactivate(GstGeminiLiveSession *session, GstElement *element,
                        std::shared_ptr<Engine> engine)
{
  {
    auto shared = session->shared->lock();
    if (auto *member = find_member(*shared, element))
      member->engine = nullptr;
    if (shared->engine != engine || --shared->users > 0)
      return;
    shared->engine.reset();
  }
  session_close(session, engine);
}

void session_close(GstGeminiLiveSession *session, const std::shared_ptr<Engine> &engine)
{
  engine->close();
  auto shared = session->shared->lock();
  if (!shared->engine || shared->engine == engine)
    shared->state = GST_GEMINI_LIVE_STATE_CLOSED;
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
  const auto video = engine->frames().counts();
  const auto tools = engine->tool_counts();
  const auto ended = [&](ToolOutcome outcome) { return tools[static_cast<std::size_t>(outcome)]; };
  const auto time = [](std::uint64_t bytes) { return time_of(bytes, kInputRate); };
  const std::pair<const char *, std::uint64_t> fields[] = {
      {"audio-sent", time(uplink.taken)},
      {"audio-dropped", time(uplink.dropped)},
      {"audio-waiting", time(engine->uplink().level())},
      {"audio-received", counts.audio_received},
      {"audio-played", playout.played},
      {"audio-discarded", playout.discarded},
      {"audio-queued", engine->playout().queued()},
      {"underruns", playout.underruns},
      {"video-sent", video.taken},
      {"video-dropped", video.dropped},
      {"messages", counts.messages},
      {"turns", counts.turns},
      {"interruptions", counts.interruptions},
      {"tool-calls-answered", ended(ToolOutcome::answered)},
      {"tool-calls-failed", ended(ToolOutcome::failed)},
      {"tool-calls-cancelled", ended(ToolOutcome::cancelled)},
      {"tool-calls-timed-out", ended(ToolOutcome::timed_out)},
      {"tool-calls-lost", ended(ToolOutcome::lost)},
  };
  for (const auto &[name, value] : fields)
    gst_structure_set(stats, name, G_TYPE_UINT64, guint64{value}, nullptr);
  return stats;
}

} // namespace gemini_live
