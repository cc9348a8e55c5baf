// Frames that break the rules of WebSocket are one error; unusual ones that keep to them are
// tolerated.

#include "trial.hpp"

using test::Connection;
using test::Frame;
using test::Trial;
using namespace std::string_view_literals;

namespace {

constexpr std::size_t kMiB = 1024 * 1024;

// What the peer sends after the first words; the last words follow, to no effect.
struct Violation {
  const char *name;
  std::string (*bytes)();
};

std::string frame(const Frame &head, std::string_view payload = "{}")
{
  return Connection::frame_bytes(head, payload);
}

constexpr Violation kViolations[] = {
    {"the_reserved_opcode_3_is_one_error", [] { return frame({.opcode = 3}); }},
    {"the_reserved_opcode_4_is_one_error", [] { return frame({.opcode = 4}); }},
    {"the_reserved_opcode_5_is_one_error", [] { return frame({.opcode = 5}); }},
    {"the_reserved_opcode_6_is_one_error", [] { return frame({.opcode = 6}); }},
    {"the_reserved_opcode_7_is_one_error", [] { return frame({.opcode = 7}); }},
    {"the_reserved_opcode_11_is_one_error", [] { return frame({.opcode = 11}); }},
    {"the_reserved_opcode_12_is_one_error", [] { return frame({.opcode = 12}); }},
    {"the_reserved_opcode_13_is_one_error", [] { return frame({.opcode = 13}); }},
    {"the_reserved_opcode_14_is_one_error", [] { return frame({.opcode = 14}); }},
    {"the_reserved_opcode_15_is_one_error", [] { return frame({.opcode = 15}); }},
    {"the_first_reserved_bit_is_one_error", [] { return frame({.reserved = 4}); }},
    {"the_second_reserved_bit_is_one_error", [] { return frame({.reserved = 2}); }},
    {"the_third_reserved_bit_is_one_error", [] { return frame({.reserved = 1}); }},
    {"all_reserved_bits_are_one_error", [] { return frame({.opcode = 2, .reserved = 7}); }},
    {"a_masked_frame_is_one_error", [] { return frame({.masked = true}); }},
    {"a_masked_binary_frame_is_one_error",
     [] { return frame({.opcode = 2, .masked = true}, test::audio_message(test::last_words())); }},
    {"a_head_that_claims_16_mib_and_a_byte_is_one_error",
     [] { return frame({.claim = 16 * kMiB + 1}); }},
    {"a_head_that_claims_4_gib_is_one_error", [] { return frame({.claim = 1ull << 32}); }},
    {"a_head_that_claims_2_to_62_bytes_is_one_error", [] { return frame({.claim = 1ull << 62}); }},
    {"a_head_that_claims_2_to_64_bytes_is_one_error", [] { return frame({.claim = ~0ull}); }},
    {"a_binary_head_that_claims_2_to_62_bytes_is_one_error",
     [] { return frame({.opcode = 2, .claim = 1ull << 62}); }},
    {"a_ping_that_claims_2_to_62_bytes_is_one_error",
     [] { return frame({.opcode = 9, .claim = 1ull << 62}); }},
    {"a_length_of_two_bytes_that_needs_none_is_one_error",
     [] { return std::string("\x81\x7e\0\x02{}"sv); }},
    {"a_length_of_eight_bytes_that_needs_none_is_one_error",
     [] { return std::string("\x81\x7f\0\0\0\0\0\0\0\x02{}"sv); }},
    {"a_text_that_is_no_utf8_is_one_error", [] { return frame({}, "{\"a\":\"\xff\xfe\"}"); }},
    {"a_text_with_an_encoded_surrogate_is_one_error",
     [] { return frame({}, "{\"a\":\"\xed\xa0\x80\"}"); }},
    {"a_text_that_ends_inside_a_character_is_one_error", [] { return frame({}, "{}\xe2\x98"); }},
    {"a_fragment_of_nothing_is_one_error", [] { return frame({.opcode = 0}); }},
    {"a_message_inside_the_fragments_of_another_is_one_error",
     [] { return frame({.fin = false}, "{") + frame({}); }},
    {"a_ping_in_fragments_is_one_error", [] { return frame({.opcode = 9, .fin = false}); }},
    {"a_message_of_20_mib_in_fragments_is_one_error",
     [] {
       std::string all;
       for (unsigned i = 0; i < 20; i++)
         all += frame({.opcode = i == 0 ? 1u : 0u, .fin = i == 19}, std::string(kMiB, ' '));
       return all;
     }},
    {"a_message_of_20_mib_is_one_error",
     [] { return frame({}, "{\"a\":\"" + std::string(20 * kMiB, 'x') + "\"}"); }},
};

// What is sent instead of the last words' own frames.
struct Oddity {
  const char *name;
  void (*send)(Connection &);
};

void complete(Connection &peer)
{
  peer.send_binary(R"({"serverContent":{"turnComplete":true}})");
  peer.read_to_end();
}

std::string last()
{
  return test::audio_message(test::last_words());
}

constexpr Oddity kOddities[] = {
    {"text_frames_are_as_good_as_binary_ones", [](Connection &peer) { peer.send_text(last()); }},
    {"forty_fragments_with_pings_between_are_one_message",
     [](Connection &peer) { peer.send_fragments(last(), 40, true); }},
    {"a_fragment_a_byte_is_one_message",
     [](Connection &peer) {
       const auto text = last();
       peer.send_fragments(text, static_cast<unsigned>(text.size()), false);
     }},
    {"empty_fragments_do_no_harm",
     [](Connection &peer) {
       for (unsigned i = 0; i < 100; i++)
         peer.send_frame({.opcode = i == 0 ? 2u : 0u, .fin = false}, "");
       peer.send_frame({.opcode = 0}, last());
     }},
    {"a_character_may_be_cut_by_fragments",
     [](Connection &peer) {
       peer.send_frame({.fin = false}, "{\"unknown\":\"\xe2\x98");
       peer.send_frame({.opcode = 0}, "\x83\"}");
       peer.send_text(last());
     }},
    {"single_bytes_are_one_message",
     [](Connection &peer) { peer.send_bytewise(Connection::frame_bytes({.opcode = 2}, last())); }},
    {"many_messages_in_one_packet_are_all_taken",
     [](Connection &peer) {
       std::string all;
       for (unsigned i = 0; i < 1000; i++)
         all += Connection::frame_bytes({.opcode = 2}, "{}");
       peer.send(all + Connection::frame_bytes({.opcode = 2}, last()));
     }},
    {"a_hundred_thousand_messages_do_no_harm",
     [](Connection &peer) {
       std::string all;
       for (unsigned i = 0; i < 100'000; i++)
         all += Connection::frame_bytes({.opcode = 2}, "{}");
       peer.send(all);
       peer.send_binary(last());
     }},
    {"a_hundred_thousand_pings_do_no_harm",
     [](Connection &peer) {
       for (unsigned i = 0; i < 100'000; i += 1000) {
         std::string some;
         for (unsigned k = 0; k < 1000; k++)
           some += Connection::frame_bytes({.opcode = 9}, "");
         peer.send(some);
         peer.settle();
       }
       peer.send_binary(last());
     }},
    {"pongs_that_nobody_asked_for_do_no_harm",
     [](Connection &peer) {
       for (unsigned i = 0; i < 1000; i++)
         peer.send_frame({.opcode = 10}, "unasked");
       peer.send_binary(last());
     }},
    {"a_ping_of_125_bytes_is_answered",
     [](Connection &peer) {
       peer.send_frame({.opcode = 9}, std::string(125, 'p'));
       while (peer.read_frame().payload != std::string(125, 'p'))
         ;
       peer.send_binary(last());
     }},
    {"a_message_of_15_mib_is_taken",
     [](Connection &peer) {
       peer.send_text("{\"unknown\":\"" + std::string(15 * kMiB, 'x') + "\"}");
       peer.send_binary(last());
     }},
};

} // namespace

GST_START_TEST(test_violation)
{
  const auto &row = kViolations[__i__];
  Trial trial(row.name, [&](Connection &peer) {
    test::say_first_words(peer);
    peer.send(row.bytes());
    peer.send_binary(last());
  });
  const auto error = trial.run_to_error();
  trial.expect(error, "Check what base-url leads to");
  trial.expect(error, "is no WebSocket");
  trial.expect(error, trial.peer().url().substr(4));
  fail_unless(error.code == GST_RESOURCE_ERROR_READ && error.retryable, "%s", row.name);
  trial.expect_heard(test::first_words());
  trial.expect_warnings(0);
}
GST_END_TEST;

GST_START_TEST(test_oddity)
{
  const auto &row = kOddities[__i__];
  Trial trial(row.name, [&](Connection &peer) {
    test::say_first_words(peer);
    row.send(peer);
    complete(peer);
  });
  trial.run_to_last_words();
  trial.expect_warnings(0);
}
GST_END_TEST;

// Each carries one sample: none is lost, and their order is kept.
GST_START_TEST(a_hundred_thousand_messages_of_speech_are_played)
{
  constexpr std::size_t kMessages = 100'000;
  Trial trial("speech", [](Connection &peer) {
    test::begin(peer);
    peer.send_binary(R"({"setupComplete":{}})");
    peer.wait_for("\"realtimeInput\"");
    std::string all;
    for (const auto sample : test::marked_samples(kMessages))
      all += Connection::frame_bytes({.opcode = 2}, test::audio_message({sample}));
    peer.send(all);
    complete(peer);
  });
  trial.play();
  trial.wait_heard(kMessages);
  trial.stop();
  trial.expect_heard(test::marked_samples(kMessages));
  trial.expect_warnings(0);
}
GST_END_TEST;

// libsoup would wait 5 s for the peer to hang up.
GST_START_TEST(a_violation_with_the_line_kept_open_is_one_error_at_once)
{
  Trial trial("line kept open", [](Connection &peer) {
    test::say_first_words(peer);
    peer.send_frame({.masked = true}, "{}");
    peer.stall();
  });
  const auto before = g_get_monotonic_time();
  trial.expect(trial.run_to_error(), "is no WebSocket");
  fail_unless(g_get_monotonic_time() - before < 4 * G_USEC_PER_SEC);
}
GST_END_TEST;

static Suite *frames_suite()
{
  Suite *suite = suite_create("frames");
  TCase *tcase = tcase_create("frames");
  suite_add_tcase(suite, tcase);
  test::add_rows(tcase, kViolations, test_violation);
  test::add_rows(tcase, kOddities, test_oddity);
  tcase_add_test(tcase, a_hundred_thousand_messages_of_speech_are_played);
  tcase_add_test(tcase, a_violation_with_the_line_kept_open_is_one_error_at_once);
  return suite;
}

GST_CHECK_MAIN(frames);
