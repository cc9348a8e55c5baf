#include "pipeline.hpp"

#include "complaint.hpp"
#include "rest.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace test {

namespace {

constexpr auto kPatience = 20 * GST_SECOND;

// Ends the program, so that benchmarks can use this too.
template <class... Args>
void require(bool fine, const char *format, Args... args)
{
  if (!fine)
    g_error(format, args...);
}

GstElement *parse(const std::string &launch)
{
  GError *error = nullptr;
  GstElement *pipeline = gst_parse_launch(launch.c_str(), &error);
  require(error == nullptr, "%s: %s", launch.c_str(), error ? error->message : "");
  if (GST_IS_PIPELINE(pipeline))
    return pipeline;
  // A single element.
  GstElement *whole = gst_pipeline_new(nullptr);
  gst_bin_add(GST_BIN(whole), pipeline);
  return whole;
}

} // namespace

std::string at(const gemini_live_simulator::Simulator &server)
{
  return " api-key=k base-url=" + server.url() + " ";
}

Pipeline::Pipeline(const std::string &launch) : Pipeline(parse(launch)) {}

Pipeline::Pipeline(GstElement *pipeline) : pipeline_(pipeline), bus_(gst_element_get_bus(pipeline))
{
  rest_at_exit();
}

Pipeline::~Pipeline()
{
  gst_element_set_state(pipeline_, GST_STATE_NULL);
  gst_object_unref(bus_);
  gst_object_unref(pipeline_);
}

GstElement *Pipeline::operator[](const char *name) const
{
  GstElement *element = gst_bin_get_by_name(GST_BIN(pipeline_), name);
  require(element != nullptr, "no element %s", name);
  gst_object_unref(element);
  return element;
}

void Pipeline::set_state(GstState state)
{
  require(gst_element_set_state(pipeline_, state) != GST_STATE_CHANGE_FAILURE,
          "the pipeline refuses %s", gst_element_state_get_name(state));
}

void Pipeline::push(const char *name, std::string_view bytes)
{
  GstBuffer *buffer = gst_buffer_new_memdup(bytes.data(), bytes.size());
  GstFlowReturn flow = GST_FLOW_ERROR;
  g_signal_emit_by_name((*this)[name], "push-buffer", buffer, &flow);
  gst_buffer_unref(buffer);
  require(flow == GST_FLOW_OK, "%s takes nothing: %s", name, gst_flow_get_name(flow));
}

void Pipeline::end(const char *name)
{
  GstFlowReturn flow = GST_FLOW_ERROR;
  g_signal_emit_by_name((*this)[name], "end-of-stream", &flow);
  require(flow == GST_FLOW_OK, "%s takes no end: %s", name, gst_flow_get_name(flow));
}

GstMessage *Pipeline::wait(const Predicate &wanted)
{
  const auto deadline = g_get_monotonic_time() + static_cast<gint64>(kPatience / 1000);
  for (;;) {
    const auto left = std::max<gint64>(deadline - g_get_monotonic_time(), 0);
    GstMessage *message = gst_bus_timed_pop(bus_, static_cast<GstClockTime>(left) * GST_USECOND);
    require(message != nullptr, "the message did not come");
    if (wanted(message))
      return message;
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
      require(false, "unexpected error: %s", complaint_of(message).text.c_str());
    gst_message_unref(message);
  }
}

GstMessage *Pipeline::wait_element(const char *name)
{
  const auto full = std::string("geminilive/") + name;
  return wait([&](GstMessage *message) { return gst_message_has_name(message, full.c_str()); });
}

void Pipeline::wait_state(const char *state)
{
  gst_message_unref(wait([&](GstMessage *message) {
    return gst_message_has_name(message, "geminilive/state") &&
           g_str_equal(gst_structure_get_string(gst_message_get_structure(message), "state"),
                       state);
  }));
}

void Pipeline::wait_eos()
{
  gst_message_unref(
      wait([](GstMessage *message) { return GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS; }));
}

std::string Pipeline::wait_error()
{
  GstMessage *message =
      wait([](GstMessage *m) { return GST_MESSAGE_TYPE(m) == GST_MESSAGE_ERROR; });
  auto text = complaint_of(message).text;
  gst_message_unref(message);
  return text;
}

std::vector<GstMessage *> Pipeline::drain()
{
  std::vector<GstMessage *> all;
  while (GstMessage *message = gst_bus_pop(bus_))
    all.push_back(message);
  return all;
}

struct PadTap::Shared {
  const Of what;
  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  std::vector<Sample> buffers;
};

PadTap::PadTap(GstElement *element, const char *pad, Of what)
    : shared_(new Shared{.what = what}), pad_(gst_element_get_static_pad(element, pad))
{
  probe_ = gst_pad_add_probe(
      pad_, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad *, GstPadProbeInfo *info, gpointer data) {
        const auto &shared = *static_cast<std::shared_ptr<Shared> *>(data);
        GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
        Sample sample{g_get_monotonic_time(),
                      GST_BUFFER_PTS(buffer),
                      GST_BUFFER_DURATION(buffer),
                      GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT),
                      {},
                      {}};
        const auto size = gst_buffer_get_size(buffer);
        if (shared->what == Of::samples) {
          sample.samples.resize(size / sizeof(std::int16_t));
          gst_buffer_extract(buffer, 0, sample.samples.data(),
                             sample.samples.size() * sizeof(std::int16_t));
        } else {
          sample.text.resize(size);
          gst_buffer_extract(buffer, 0, sample.text.data(), size);
        }
        {
          std::lock_guard lock(shared->mutex);
          shared->buffers.push_back(std::move(sample));
        }
        shared->changed.notify_all();
        return GST_PAD_PROBE_OK;
      },
      // A probe may run when it is removed.
      new std::shared_ptr<Shared>(shared_),
      [](gpointer data) { delete static_cast<std::shared_ptr<Shared> *>(data); });
}

PadTap::~PadTap()
{
  gst_pad_remove_probe(pad_, probe_);
  gst_object_unref(pad_);
}

std::vector<Sample> PadTap::buffers() const
{
  std::lock_guard lock(shared_->mutex);
  return shared_->buffers;
}

std::vector<std::int16_t> PadTap::samples() const
{
  std::vector<std::int16_t> all;
  for (const auto &buffer : buffers())
    all.insert(all.end(), buffer.samples.begin(), buffer.samples.end());
  return all;
}

void PadTap::wait_for(const std::function<bool(const std::vector<Sample> &)> &done) const
{
  std::unique_lock lock(shared_->mutex);
  const bool came = shared_->changed.wait_for(lock, std::chrono::nanoseconds(kPatience),
                                              [&] { return done(shared_->buffers); });
  require(came, "what was waited for did not pass the pad");
}

std::vector<std::int16_t> trim(const std::vector<std::int16_t> &samples)
{
  const auto audible = [](std::int16_t sample) { return sample != 0; };
  const auto first = std::find_if(samples.begin(), samples.end(), audible);
  const auto last = std::find_if(samples.rbegin(), samples.rend(), audible).base();
  return first < last ? std::vector(first, last) : std::vector<std::int16_t>();
}

std::vector<std::int16_t> marked_samples(std::size_t count, std::size_t first)
{
  std::vector<std::int16_t> samples(count);
  for (std::size_t i = 0; i < count; i++) {
    const auto place = (first + i) % 60000;
    samples[i] = static_cast<std::int16_t>(place < 30000 ? static_cast<int>(place) + 1
                                                         : -static_cast<int>(place - 30000) - 1);
  }
  return samples;
}

} // namespace test
