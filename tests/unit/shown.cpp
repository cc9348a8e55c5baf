// Messages as a log shows them: short, on one line, and without secrets.
#include "check.hpp"

#include "gst/geminilive/wire/shown.hpp"

using namespace gemini_live;

TEST(test_a_message_is_shown_as_it_is_but_for_its_spaces)
{
  check::equal(shown_message("{\n  \"setupComplete\": {}\n}\n"), R"({"setupComplete":{}})");
  const std::string text = R"({"realtimeInput":{"text":"two  words, \"quoted\" and a \\"}})";
  check::equal(shown_message(text), text);
}

TEST(test_media_are_shortened)
{
  const auto shown = shown_message(R"({"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000",
      "data":")" + std::string(856, 'A') +
                                   R"("}}})");
  check::equal(shown, R"({"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000",)"
                      R"("data":"AAAAAAAAAAAAAAAA… 856"}}})");
}

TEST(test_what_opens_a_door_is_cut)
{
  for (const auto *json :
       {R"({"sessionResumptionUpdate":{"newHandle":"s3cret","resumable":true}})",
        R"({"setup":{"sessionResumption":{"handle":"s3cret"}}})",
        R"({"setup":{"tools":[{"mcpServers":[{"streamableHttpTransport":{"headers":
            {"authorization":"s3cret","x":["s3cret"]}}}]}]}})",
        R"({"setup":{"tools":[{"mcpServers":[{"streamableHttpTransport":
            {"url":"https://example.org/mcp?key=s3cret"}}]}]}})",
        R"({"setup":{"tools":[{"mcpServers":[{"streamableHttpTransport":
            {"url":"https://ada:s3cret@example.org/mcp"}}]}]}})",
        R"({"setup":{"tools":[{"googleMaps":{"authConfig":
            {"httpBasicAuthConfig":{"credentialSecret":"s3cret"}}}}]}})",
        R"({"setup":{"tools":[{"retrieval":{"external_api":{"api_auth":
            {"api_key_config":{"api_key_string":"s3cret"}}}}}]}})"})
    check::lacks(shown_message(json), "s3cret");
  for (const auto *url : {"https://example.org/@ada", "ada", "https://example.org/a#b@c"}) {
    const auto message = std::string(R"({"url":")") + url + R"("})";
    check::equal(shown_message(message), message);
  }
  check::equal(shown_message(R"({"headers":{"a":"b"},"text":"shown"})"),
               R"({"headers":{"a":"***"},"text":"shown"})");
}

TEST(test_a_setting_is_shown_as_it_is_but_for_what_opens_a_door)
{
  check::equal(without_secrets("{ \"config\":\n {\"handle\": \"s3cret\", \"data\": \"" +
                               std::string(99, 'A') + "\"} }"),
               "{ \"config\":\n {\"handle\": \"***\", \"data\": \"" + std::string(99, 'A') +
                   "\"} }");
  for (const auto *text : {"", "a  b", "{\"open", "\"", "[1, 2", "\"a\\\"b\""})
    check::equal(without_secrets(text), text);
}

TEST(test_what_is_no_json_does_no_harm)
{
  for (const std::string text :
       {"", "\"", "\"\\", "]]]}", "{\"data\":\"AAAA", "{\"handle\":\"s3cret"})
    check::lacks(shown_message(text), "s3cret");
}

TEST_MAIN("shown")
