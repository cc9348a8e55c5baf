#include "voice.hpp"

#include <cstdint>
#include <cstdlib>
#include <optional>

namespace {

struct Samples {
  gsize begin, end;
};

// From the first audible sample to behind the last one.
std::optional<Samples> find_audible(GstBuffer *buffer)
{
  constexpr int quiet = 500; // -36 dBFS
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ))
    return std::nullopt;
  const auto *samples = reinterpret_cast<const std::int16_t *>(map.data);
  std::optional<Samples> audible;
  for (gsize i = 0; i < map.size / sizeof *samples; i++)
    if (std::abs(samples[i]) > quiet)
      audible = {audible ? audible->begin : i, i + 1};
  gst_buffer_unmap(buffer, &map);
  return audible;
}

guint64 rate_of(GstPad *pad)
{
  GstCaps *caps = gst_pad_get_current_caps(pad);
  int rate = 1;
  gst_structure_get_int(gst_caps_get_structure(caps, 0), "rate", &rate);
  gst_caps_unref(caps);
  return static_cast<guint64>(rate);
}

GstClockTime running_time_of(GstPad *pad, GstBuffer *buffer)
{
  GstEvent *event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment = nullptr;
  gst_event_parse_segment(event, &segment);
  const auto time = gst_segment_to_running_time(segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  gst_event_unref(event);
  return time;
}

} // namespace

void Voice::listen_at(GstElement *pipeline, const char *element_name, const char *pad_name)
{
  GstElement *element = gst_bin_get_by_name(GST_BIN(pipeline), element_name);
  GstPad *pad = gst_element_get_static_pad(element, pad_name);
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, this, nullptr);
  gst_object_unref(pad);
  gst_object_unref(element);
}

std::vector<Voice::Stretch> Voice::stretches() const
{
  const std::lock_guard lock(mutex_);
  return stretches_;
}

GstPadProbeReturn Voice::on_buffer(GstPad *pad, GstPadProbeInfo *info, gpointer self)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  if (const auto audible = find_audible(buffer)) {
    const auto start = running_time_of(pad, buffer);
    const auto rate = rate_of(pad);
    static_cast<Voice *>(self)->add(
        {start + gst_util_uint64_scale(audible->begin, GST_SECOND, rate),
         start + gst_util_uint64_scale(audible->end, GST_SECOND, rate)});
  }
  return GST_PAD_PROBE_OK;
}

void Voice::add(Stretch audible)
{
  const std::lock_guard lock(mutex_);
  if (!stretches_.empty() && audible.begin < stretches_.back().end + pause_)
    stretches_.back().end = audible.end;
  else
    stretches_.push_back(audible);
}
