// geminilivevideosink alone: which images reach the service, and which do not.

#include "support/harnessed.hpp"
#include "support/pipeline.hpp"
#include "support/stats.hpp"

#include <future>

namespace {

using gemini_live_simulator::Received;
using Kind = Received::Kind;
using namespace std::string_literals;

const std::string kJpeg = "\xff\xd8\xff\xe0";
const std::string kPng = "\x89PNG\r\n\x1a\n"s;
const std::string kWebp = "RIFF\x10\0\0\0WEBPVP8 "s;

struct VideoSink : test::Harnessed {
  explicit VideoSink(const char *scenario = R"({"turns":[]})")
      : Harnessed("geminilivevideosink", scenario)
  {
    // Nobody moves the clock: only what the times say counts.
    g_object_set(element(), "sync", FALSE, nullptr);
  }

  void start(const char *caps = "image/jpeg")
  {
    play();
    gst_harness_set_src_caps_str(harness, caps);
    wait_ready();
  }
  GstFlowReturn push(const std::string &image, GstClockTime pts)
  {
    GstBuffer *buffer = gst_buffer_new_memdup(image.data(), image.size());
    GST_BUFFER_PTS(buffer) = pts;
    return gst_harness_push(harness, buffer);
  }
  std::vector<std::string> images() const
  {
    std::vector<std::string> all;
    for (const auto &one : server.received())
      if (one.kind == Kind::video)
        all.emplace_back(one.data.begin(), one.data.end());
    return all;
  }
  // Waits until all of them have been sent.
  void expect_images(const std::vector<std::string> &expected)
  {
    fail_unless(server.wait_for([&](const auto &) { return images().size() >= expected.size(); }));
    fail_unless(images() == expected);
  }
  guint64 stat(const char *name) const { return test::stat_of(element(), name); }
};

} // namespace

GST_START_TEST(test_images_are_sent_as_they_are)
{
  const struct {
    const char *caps;
    const std::string &image;
  } kRows[] = {{"image/jpeg", kJpeg}, {"image/png", kPng}, {"image/webp", kWebp}};
  for (const auto &row : kRows) {
    VideoSink sink;
    sink.start(row.caps);
    sink.push(row.image + "pixels", 0);
    sink.expect_images({row.image + "pixels"});
    const auto json = sink.server.received().back().json;
    fail_unless(json.starts_with(R"({"realtimeInput":{"video":{"mimeType":")"s + row.caps + "\""),
                "%s", json.c_str());
  }
}
GST_END_TEST;

GST_START_TEST(test_max_framerate_lets_the_rest_go)
{
  VideoSink sink;
  sink.start();
  for (int i = 0; i < 50; i++) {
    sink.push(kJpeg + std::to_string(i), static_cast<GstClockTime>(i) * 100 * GST_MSECOND);
    if (i % 10 == 0)
      fail_unless(sink.server.wait_for([&](const auto &) {
        return sink.images().size() == static_cast<std::size_t>(i / 10 + 1);
      }));
  }
  sink.expect_images({kJpeg + "0", kJpeg + "10", kJpeg + "20", kJpeg + "30", kJpeg + "40"});
  fail_unless(sink.stat("video-sent") == 5);
  fail_unless(sink.stat("video-dropped") == 45);
}
GST_END_TEST;

GST_START_TEST(test_a_camera_of_max_framerate_may_be_inexact)
{
  VideoSink sink;
  gst_util_set_object_arg(G_OBJECT(sink.element()), "max-framerate", "10/1");
  sink.start();
  std::vector<std::string> expected;
  for (const GstClockTime at : {0, 98, 203, 299, 401, 497, 602, 700}) {
    expected.push_back(kJpeg + std::to_string(at));
    sink.push(expected.back(), at * GST_MSECOND);
    sink.expect_images(expected);
  }
}
GST_END_TEST;

GST_START_TEST(test_unchanged_images_are_skipped_if_asked)
{
  VideoSink sink;
  gst_util_set_object_arg(G_OBJECT(sink.element()), "max-framerate", "30/1");
  sink.start();
  sink.push(kJpeg + "a", 0);
  sink.expect_images({kJpeg + "a"});
  sink.push(kJpeg + "a", GST_SECOND);
  sink.expect_images({kJpeg + "a", kJpeg + "a"});
  g_object_set(sink.element(), "skip-unchanged", TRUE, nullptr);
  sink.push(kJpeg + "a", 2 * GST_SECOND); // there is none to compare it with yet
  sink.expect_images({kJpeg + "a", kJpeg + "a", kJpeg + "a"});
  sink.push(kJpeg + "a", 3 * GST_SECOND);
  sink.push(kJpeg + "b", 3 * GST_SECOND); // the skipped one was none of its second
  sink.expect_images({kJpeg + "a", kJpeg + "a", kJpeg + "a", kJpeg + "b"});
  fail_unless(sink.stat("video-dropped") == 1);
}
GST_END_TEST;

GST_START_TEST(test_before_the_session_is_open_only_the_newest_waits)
{
  VideoSink sink;
  gst_util_set_object_arg(G_OBJECT(sink.element()), "max-framerate", "100/1");
  sink.play();
  gst_harness_set_src_caps_str(sink.harness, "image/jpeg");
  for (int i = 0; i < 100; i++)
    sink.push(kJpeg + std::to_string(i), static_cast<GstClockTime>(i) * 10 * GST_MSECOND);
  fail_unless(sink.server.wait_for([&](const auto &) {
    return !sink.images().empty() && sink.images().back() == kJpeg + "99";
  }));
  fail_unless(sink.stat("video-sent") == sink.images().size());
  fail_unless(sink.stat("video-sent") + sink.stat("video-dropped") == 100);
  const auto all = sink.server.received();
  fail_unless(all.at(1).kind == Kind::setup);
}
GST_END_TEST;

GST_START_TEST(test_a_slow_line_replaces_and_says_so)
{
  VideoSink sink(R"({"turns":[],"faults":[{"at":"0 s","do":"stall"}]})");
  gst_util_set_object_arg(G_OBJECT(sink.element()), "max-framerate", "100/1");
  sink.start();
  const auto image = kJpeg + std::string(500'000, 'x');
  // The kernel takes some megabytes before the line is full.
  for (GstClockTime i = 0; i < 200; i++)
    sink.push(image, i * GST_SECOND);
  gst_message_unref(
      sink.wait([](GstMessage *m) { return GST_MESSAGE_TYPE(m) == GST_MESSAGE_QOS; }));
  fail_unless(sink.stat("video-dropped") > 0);
}
GST_END_TEST;

GST_START_TEST(test_another_type_is_one_clear_error)
{
  VideoSink sink;
  sink.play();
  gst_harness_set_src_caps_str(sink.harness, "image/gif");
  fail_unless_equals_int(sink.push("GIF89a", 0), GST_FLOW_NOT_NEGOTIATED);
  const auto error = sink.wait_complaint(GST_MESSAGE_ERROR);
  fail_unless(error.starts_with("Encode images as JPEG") &&
                  error.find("image/gif") != std::string::npos,
              "%s", error.c_str());
}
GST_END_TEST;

GST_START_TEST(test_raw_video_does_not_link)
{
  GError *error = nullptr;
  GstElement *pipeline = gst_parse_launch("videotestsrc ! geminilivevideosink", &error);
  fail_unless(g_error_matches(error, GST_PARSE_ERROR, GST_PARSE_ERROR_LINK));
  g_error_free(error);
  gst_object_unref(pipeline);
}
GST_END_TEST;

GST_START_TEST(test_images_without_caps_are_one_clear_error)
{
  VideoSink sink;
  sink.play();
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(sink.harness, gst_event_new_stream_start("images"));
  gst_harness_push_event(sink.harness, gst_event_new_segment(&segment));
  fail_unless_equals_int(sink.push(kJpeg, 0), GST_FLOW_NOT_NEGOTIATED);
  const auto error = sink.wait_complaint(GST_MESSAGE_ERROR);
  fail_unless(error.starts_with("Say by caps"), "%s", error.c_str());
}
GST_END_TEST;

GST_START_TEST(test_what_is_no_such_image_is_one_warning)
{
  VideoSink sink;
  sink.start();
  // A file in pieces, as filesrc gives it: only the first one looks like an image.
  for (int i = 0; i < 3; i++)
    fail_unless_equals_int(sink.push("piece", 0), GST_FLOW_OK);
  const auto warning = sink.wait_complaint(GST_MESSAGE_WARNING);
  fail_unless(warning.starts_with("Send one whole image"), "%s", warning.c_str());
  sink.push(kJpeg + "good", 0);
  sink.expect_images({kJpeg + "good"});
  while (GstMessage *message = gst_bus_pop(sink.bus)) {
    fail_if(GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING);
    gst_message_unref(message);
  }
  fail_unless(sink.stat("video-dropped") == 3);
}
GST_END_TEST;

GST_START_TEST(test_an_image_that_is_too_large_is_one_warning)
{
  VideoSink sink;
  sink.start();
  const auto largest = kJpeg + std::string(10 * 1024 * 1024 - kJpeg.size(), 'x');
  sink.push(largest + "x", 0);
  sink.push(largest + "x", 0);
  const auto warning = sink.wait_complaint(GST_MESSAGE_WARNING);
  fail_unless(warning.starts_with("Send smaller images"), "%s", warning.c_str());
  sink.push(largest, 0);
  sink.expect_images({largest});
}
GST_END_TEST;

GST_START_TEST(test_eos_waits_for_nothing)
{
  VideoSink sink;
  sink.start();
  sink.push(kJpeg, 0);
  gst_harness_push_event(sink.harness, gst_event_new_eos());
  sink.wait_eos();
}
GST_END_TEST;

namespace {

// Sends an image whose memory says when nobody needs it any more.
void send_watched(VideoSink &sink, std::promise<void> &gone)
{
  auto *image = static_cast<char *>(g_memdup2(kJpeg.data(), kJpeg.size()));
  struct Watched {
    char *image;
    std::promise<void> &gone;
  };
  GstBuffer *buffer =
      gst_buffer_new_wrapped_full(GstMemoryFlags{}, image, kJpeg.size(), 0, kJpeg.size(),
                                  new Watched{image, gone}, [](gpointer data) {
                                    auto *watched = static_cast<Watched *>(data);
                                    g_free(watched->image);
                                    watched->gone.set_value();
                                    delete watched;
                                  });
  GST_BUFFER_PTS(buffer) = 0;
  fail_unless_equals_int(gst_harness_push(sink.harness, buffer), GST_FLOW_OK);
  sink.expect_images({kJpeg});
}

bool is_gone(std::promise<void> &gone)
{
  return gone.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready;
}

} // namespace

GST_START_TEST(test_no_image_is_kept_after_the_end)
{
  std::promise<void> gone;
  VideoSink sink;
  g_object_set(sink.element(), "skip-unchanged", TRUE, nullptr);
  sink.start();
  send_watched(sink, gone);
  gst_element_set_state(sink.element(), GST_STATE_READY);
  fail_unless(is_gone(gone));
}
GST_END_TEST;

GST_START_TEST(test_no_image_is_kept_over_a_flush)
{
  std::promise<void> gone;
  VideoSink sink;
  g_object_set(sink.element(), "skip-unchanged", TRUE, nullptr);
  sink.start();
  send_watched(sink, gone);
  gst_harness_push_event(sink.harness, gst_event_new_flush_start());
  gst_harness_push_event(sink.harness, gst_event_new_flush_stop(TRUE));
  fail_unless(is_gone(gone));
}
GST_END_TEST;

static Suite *videosink_suite()
{
  Suite *suite = suite_create("geminilivevideosink");
  TCase *tcase = tcase_create("videosink");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_images_are_sent_as_they_are);
  tcase_add_test(tcase, test_max_framerate_lets_the_rest_go);
  tcase_add_test(tcase, test_a_camera_of_max_framerate_may_be_inexact);
  tcase_add_test(tcase, test_unchanged_images_are_skipped_if_asked);
  tcase_add_test(tcase, test_before_the_session_is_open_only_the_newest_waits);
  tcase_add_test(tcase, test_a_slow_line_replaces_and_says_so);
  tcase_add_test(tcase, test_another_type_is_one_clear_error);
  tcase_add_test(tcase, test_raw_video_does_not_link);
  tcase_add_test(tcase, test_images_without_caps_are_one_clear_error);
  tcase_add_test(tcase, test_what_is_no_such_image_is_one_warning);
  tcase_add_test(tcase, test_an_image_that_is_too_large_is_one_warning);
  tcase_add_test(tcase, test_eos_waits_for_nothing);
  tcase_add_test(tcase, test_no_image_is_kept_after_the_end);
  tcase_add_test(tcase, test_no_image_is_kept_over_a_flush);
  return suite;
}

GST_CHECK_MAIN(videosink);
