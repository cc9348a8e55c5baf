#include "trial.hpp"

#include <algorithm>
#include <atomic>

namespace test {

namespace {

constexpr auto kPatience = 20 * GST_SECOND;
constexpr std::size_t kWords = 2400;
// Of a slow machine, and shorter than libsoup would wait for the peer to hang up.
constexpr gint64 kMaxStop = 4 * G_USEC_PER_SEC;

std::string launch(const std::string &url, const std::string &more)
{
  return "audiotestsrc is-live=true ! audio/x-raw,rate=16000 ! geminilivesink name=ear "
         "api-key=secret base-url=" +
         url + " " + more + " geminilivesrc name=mouth ! fakesink sync=true async=false";
}

} // namespace

std::string base64(const void *data, std::size_t size)
{
  gchar *text = g_base64_encode(static_cast<const guchar *>(data), size);
  std::string copy = text;
  g_free(text);
  return copy;
}

std::string inline_message(std::string_view data, const char *mime)
{
  return R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":")" +
         std::string(mime) + R"(","data":")" + std::string(data) + R"("}}]}}})";
}

std::string audio_message(const std::vector<std::int16_t> &samples, const char *mime)
{
  return inline_message(base64(samples.data(), samples.size() * sizeof(std::int16_t)), mime);
}

std::vector<std::int16_t> first_words()
{
  return marked_samples(kWords);
}

std::vector<std::int16_t> last_words()
{
  return marked_samples(kWords, kWords);
}

void begin(Connection &peer)
{
  peer.upgrade();
  peer.wait_for("\"setup\"");
}

void say_first_words(Connection &peer)
{
  begin(peer);
  peer.send_binary(R"({"setupComplete":{}})");
  peer.wait_for("\"realtimeInput\""); // so the pipeline plays
  peer.send_binary(audio_message(first_words()));
  peer.settle();
}

void say_last_words(Connection &peer)
{
  peer.send_binary(audio_message(last_words()));
  peer.send_binary(R"({"serverContent":{"turnComplete":true}})");
  peer.read_to_end();
}

Trial::Trial(const char *row, RudePeer::Script script, const std::string &more)
    : row_(row), peer_(std::move(script)), pipeline_(launch(peer_.url(), more)),
      tap_(pipeline_["mouth"], "src")
{
  // Of every library, not only of those that GstCheck watches.
  g_log_set_always_fatal(
      static_cast<GLogLevelFlags>(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_FATAL_MASK));
  // What is said while the pipeline stops counts, too.
  g_object_set(pipeline_.get(), "auto-flush-bus", FALSE, nullptr);
}

void Trial::play()
{
  pipeline_.play();
}

bool Trial::note(GstMessage *message)
{
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING)
    warnings_.push_back(complaint_of(message));
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR)
    return false;
  auto complaint = complaint_of(message);
  if (complaint.domain == GST_RESOURCE_ERROR) {
    fail_unless(!error_, "%s: a second error: %s", row_, complaint.text.c_str());
    error_ = std::move(complaint);
    return true;
  }
  // What the base class says of a source that returned an error.
  fail_unless(error_.has_value(), "%s: another error came first: %s", row_, complaint.text.c_str());
  fail_unless(complaint.source == "mouth" && complaint.domain == GST_STREAM_ERROR,
              "%s: an error of %s: %s", row_, complaint.source.c_str(), complaint.text.c_str());
  source_stopped_ = true;
  return false;
}

void Trial::wait(const Pipeline::Predicate &wanted)
{
  GstBus *bus = gst_element_get_bus(pipeline_.get());
  for (bool found = false; !found;) {
    GstMessage *message = gst_bus_timed_pop(bus, kPatience);
    fail_unless(message != nullptr, "%s: what was waited for did not come", row_);
    note(message);
    found = wanted(message);
    gst_message_unref(message);
  }
  gst_object_unref(bus);
}

void Trial::stop()
{
  const auto before = g_get_monotonic_time();
  pipeline_.stop();
  const auto took = g_get_monotonic_time() - before;
  fail_unless(took < kMaxStop, "%s: the stop took %d ms", row_, static_cast<int>(took / 1000));
  for (GstMessage *message : pipeline_.drain()) {
    note(message);
    gst_message_unref(message);
  }
}

Complaint Trial::run_to_error()
{
  play();
  wait([this](GstMessage *) { return error_.has_value(); });
  wait([this](GstMessage *) { return source_stopped_; });
  stop();
  fail_unless(error_->text.find("secret") == std::string::npos, "%s: the key is shown", row_);
  return *error_;
}

void Trial::run_to_last_words()
{
  auto all = first_words();
  const auto rest = last_words();
  all.insert(all.end(), rest.begin(), rest.end());
  play();
  // Behind everything that was said about what came before.
  wait([](GstMessage *m) { return gst_message_has_name(m, "geminilive/turn-complete"); });
  wait_heard(all.size());
  stop();
  fail_unless(!error_, "%s: %s", row_, error_ ? error_->text.c_str() : "");
  expect_heard(all);
}

std::vector<std::int16_t> Trial::heard() const
{
  auto samples = tap_.samples();
  std::erase(samples, std::int16_t{0});
  return samples;
}

void Trial::wait_heard(std::size_t count) const
{
  tap_.wait_for([count](const std::vector<Sample> &buffers) {
    std::size_t audible = 0;
    for (const auto &buffer : buffers)
      audible +=
          buffer.samples.size() -
          static_cast<std::size_t>(std::count(buffer.samples.begin(), buffer.samples.end(), 0));
    return audible >= count;
  });
}

void Trial::expect_heard(const std::vector<std::int16_t> &samples) const
{
  const auto played = heard();
  fail_unless(played == samples, "%s: %u samples were played, and not the %u that were said", row_,
              static_cast<unsigned>(played.size()), static_cast<unsigned>(samples.size()));
}

void Trial::expect_warnings(std::size_t count) const
{
  fail_unless(warnings_.size() == count, "%s: %u warnings instead of %u: %s", row_,
              static_cast<unsigned>(warnings_.size()), static_cast<unsigned>(count),
              warnings_.empty() ? "" : warnings_.back().text.c_str());
}

// The time of the connection begins before that of the setup, so a slow machine needs more of it.
void expect_no_consent(const char *row, const std::vector<std::string_view> &says,
                       std::size_t warnings)
{
  std::atomic<bool> heard = false; // by the client, everything
  for (guint64 tenths = 3; !heard; tenths *= 2) {
    Trial trial(
        row,
        [&](Connection &peer) {
          begin(peer);
          for (const auto text : says)
            peer.send_text(text);
          peer.settle();
          heard = true;
          peer.read_to_end();
        },
        "connect-timeout=" + std::to_string(tenths * 100 * GST_MSECOND));
    const auto error = trial.run_to_error();
    if (!heard)
      continue;
    gchar *within =
        g_strdup_printf("did not answer the setup within %g s", static_cast<double>(tenths) / 10);
    trial.expect(error, within);
    g_free(within);
    trial.expect(error, "connect-timeout");
    fail_unless(error.code == GST_RESOURCE_ERROR_OPEN_READ_WRITE && error.retryable);
    trial.expect_warnings(warnings);
  }
}

void Trial::expect(const char *row, const Complaint &complaint, std::string_view part)
{
  fail_unless(complaint.text.find(part) != std::string::npos, "%s: '%.*s' is not in: %s", row,
              static_cast<int>(part.size()), part.data(), complaint.text.c_str());
}

} // namespace test
