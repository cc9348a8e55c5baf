// Speech in unusual clothes is played sample for sample; speech that cannot be played is one
// warning, and the conversation goes on.

#include "trial.hpp"

#include <algorithm>

using test::Connection;
using test::Trial;

namespace {

std::string bytes_of(const std::vector<std::int16_t> &samples)
{
  return {reinterpret_cast<const char *>(samples.data()), samples.size() * sizeof(std::int16_t)};
}

std::string encoded(std::string_view bytes)
{
  return test::base64(bytes.data(), bytes.size());
}

// A message whose audio is these bytes, which may end inside a sample.
void send_bytes(Connection &peer, std::string_view bytes)
{
  peer.send_binary(test::inline_message(encoded(bytes)));
}

std::string url_safe(std::string text)
{
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::string unpadded(std::string text)
{
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

std::string last()
{
  return bytes_of(test::last_words());
}

struct Clothes {
  const char *name;
  void (*send)(Connection &);
};

constexpr Clothes kPlayed[] = {
    {"the_url_safe_alphabet_is_played",
     [](Connection &peer) { peer.send_binary(test::inline_message(url_safe(encoded(last())))); }},
    {"base64_without_padding_is_played",
     [](Connection &peer) {
       // The lengths leave two signs, one sign and no sign of padding away.
       const auto bytes = last();
       peer.send_binary(test::inline_message(unpadded(encoded(bytes.substr(0, 1000)))));
       peer.send_binary(test::inline_message(unpadded(encoded(bytes.substr(1000, 2000)))));
       peer.send_binary(test::inline_message(unpadded(encoded(bytes.substr(3000)))));
     }},
    {"base64_with_line_breaks_is_played",
     [](Connection &peer) {
       auto text = encoded(last());
       for (std::size_t at = 76; at < text.size(); at += 80)
         text.insert(at, R"(\r\n)");
       peer.send_binary(test::inline_message(text));
     }},
    {"base64_with_blanks_around_it_is_played",
     [](Connection &peer) {
       peer.send_binary(test::inline_message(" " + encoded(last()) + R"( \t\n)"));
     }},
    {"a_sample_cut_between_two_messages_is_played",
     [](Connection &peer) {
       send_bytes(peer, last().substr(0, 1001));
       send_bytes(peer, last().substr(1001));
     }},
    {"samples_cut_between_many_messages_are_played",
     [](Connection &peer) {
       const auto bytes = last();
       for (std::size_t at = 0; at < bytes.size(); at += 7)
         send_bytes(peer, std::string_view(bytes).substr(at, 7));
     }},
    {"single_bytes_of_audio_are_played",
     [](Connection &peer) {
       const auto bytes = last();
       for (std::size_t at = 0; at < bytes.size(); at++)
         send_bytes(peer, std::string_view(bytes).substr(at, 1));
     }},
    {"half_a_sample_at_the_end_of_a_turn_does_not_shift_the_next",
     [](Connection &peer) {
       send_bytes(peer, "x");
       peer.send_binary(R"({"serverContent":{"turnComplete":true}})");
       send_bytes(peer, last());
     }},
    {"empty_audio_does_no_harm",
     [](Connection &peer) {
       send_bytes(peer, "");
       send_bytes(peer, last());
     }},
    {"several_parts_of_one_message_are_played",
     [](Connection &peer) {
       const auto part = [](std::string_view bytes) {
         return R"({"inlineData":{"mimeType":"audio/pcm","data":")" + encoded(bytes) + R"("}})";
       };
       const auto bytes = last();
       peer.send_binary(R"({"serverContent":{"modelTurn":{"parts":[)" + part(bytes.substr(0, 333)) +
                        ",{\"text\":\"between\"}," + part(bytes.substr(333)) + "]}}}");
     }},
    {"another_rate_is_played",
     [](Connection &peer) {
       peer.send_binary(test::audio_message(test::last_words(), "audio/pcm;rate=16000"));
     }},
    {"a_high_rate_is_played",
     [](Connection &peer) {
       peer.send_binary(test::audio_message(test::last_words(), "audio/pcm;rate=48000"));
     }},
    {"a_rate_with_a_blank_is_played",
     [](Connection &peer) {
       peer.send_binary(
           test::audio_message(test::last_words(), "audio/pcm; channels=1; rate=24000"));
     }},
    {"images_in_the_answer_are_tolerated",
     [](Connection &peer) {
       for (const auto *mime : {"image/png", "image/jpeg", "video/mp4", "text/plain", ""})
         peer.send_binary(test::inline_message("iVBORw0KGgo=", mime));
       send_bytes(peer, last());
     }},
    {"unknown_parts_of_the_answer_are_tolerated",
     [](Connection &peer) {
       for (const auto *part :
            {R"({"fileData":{"fileUri":"gs://x","mimeType":"audio/pcm"}})",
             R"({"functionCall":{"name":"f","args":{}}})", R"({"hologram":[1,2,3]})",
             R"({"videoMetadata":{"startOffset":"1s"},"thoughtSignature":"AAAA"})", "{}"})
         peer.send_binary(R"({"serverContent":{"modelTurn":{"parts":[)" + std::string(part) +
                          "]}}}");
       send_bytes(peer, last());
     }},
};

// What comes between first and last words. The warning shows `shown`.
struct Unplayable {
  const char *name;
  const char *mime;
  const char *data;
  const char *shown;
};

constexpr const char *kPcm = "audio/pcm;rate=24000";

constexpr Unplayable kUnplayable[] = {
    {"garbage_instead_of_base64_is_one_warning", kPcm, "!!!! this is no base64 !!!!", "base64"},
    {"base64_with_a_foreign_sign_is_one_warning", kPcm, "AAAA*AAA", "base64"},
    {"base64_of_five_signs_is_one_warning", kPcm, "AAAAA", "base64"},
    {"base64_that_goes_on_after_its_padding_is_one_warning", kPcm, "AA==AAAA", "base64"},
    {"base64_of_padding_alone_is_one_warning", kPcm, "====", "base64"},
    {"base64_with_letters_of_another_script_is_one_warning", kPcm, "ÄÖÜß", "base64"},
    {"hexadecimal_with_a_prefix_is_one_warning", kPcm, "0x00ff:00", "base64"},
    {"opus_is_one_warning", "audio/ogg;codecs=opus", "AAAA", "audio/ogg;codecs=opus"},
    {"a_rate_of_zero_is_one_warning", "audio/pcm;rate=0", "AAAA", "audio/pcm;rate=0"},
    {"a_rate_beyond_all_numbers_is_one_warning", "audio/pcm;rate=99999999999999999999", "AAAA",
     "rate=99999999999999999999"},
    {"a_rate_of_letters_is_one_warning", "audio/pcm;rate=fast", "AAAA", "rate=fast"},
    {"a_negative_rate_is_one_warning", "audio/pcm;rate=-24000", "AAAA", "rate=-24000"},
};

} // namespace

GST_START_TEST(test_played)
{
  const auto &row = kPlayed[__i__];
  Trial trial(row.name, [&](Connection &peer) {
    test::say_first_words(peer);
    row.send(peer);
    peer.send_binary(R"({"serverContent":{"turnComplete":true}})");
    peer.read_to_end();
  });
  trial.run_to_last_words();
  trial.expect_warnings(0);
}
GST_END_TEST;

// Twice the same: once is told, and none of it is heard.
GST_START_TEST(test_unplayable)
{
  const auto &row = kUnplayable[__i__];
  Trial trial(row.name, [&](Connection &peer) {
    test::say_first_words(peer);
    peer.send_binary(test::inline_message(row.data, row.mime));
    peer.send_binary(test::inline_message(row.data, row.mime));
    test::say_last_words(peer);
  });
  trial.run_to_last_words();
  trial.expect_warnings(1);
  const auto &warning = trial.warnings()[0];
  trial.expect(warning, "Check what base-url leads to: speech cannot be played");
  trial.expect(warning, row.shown);
  fail_unless(warning.domain == GST_STREAM_ERROR && warning.code == GST_STREAM_ERROR_FORMAT,
              "%s: code %d", row.name, warning.code);
}
GST_END_TEST;

GST_START_TEST(audio_without_data_is_one_warning)
{
  Trial trial("no data", [](Connection &peer) {
    test::say_first_words(peer);
    for (const auto *data : {"", R"(,"data":7)", R"(,"data":null)", R"(,"data":["AAAA"])"})
      peer.send_binary(R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":)"
                       R"("audio/pcm")" +
                       std::string(data) + "}}]}}}");
    test::say_last_words(peer);
  });
  trial.run_to_last_words();
  trial.expect_warnings(1);
}
GST_END_TEST;

GST_START_TEST(another_rate_is_in_the_caps)
{
  Trial trial("another rate", [](Connection &peer) {
    test::say_first_words(peer);
    peer.send_binary(test::audio_message(test::last_words(), "audio/pcm;rate=16000"));
    peer.read_to_end();
  });
  trial.play();
  trial.wait_heard(2 * test::first_words().size() - 1000);
  GstPad *pad = gst_element_get_static_pad(trial.pipeline()["mouth"], "src");
  GstCaps *caps = gst_pad_get_current_caps(pad);
  gint rate = 0;
  fail_unless(gst_structure_get_int(gst_caps_get_structure(caps, 0), "rate", &rate));
  assert_equals_int(rate, 16000);
  gst_caps_unref(caps);
  gst_object_unref(pad);
  trial.stop();
}
GST_END_TEST;

static Suite *audio_suite()
{
  Suite *suite = suite_create("audio");
  TCase *tcase = tcase_create("audio");
  suite_add_tcase(suite, tcase);
  test::add_rows(tcase, kPlayed, test_played);
  test::add_rows(tcase, kUnplayable, test_unplayable);
  tcase_add_test(tcase, audio_without_data_is_one_warning);
  tcase_add_test(tcase, another_rate_is_in_the_caps);
  return suite;
}

GST_CHECK_MAIN(audio);
