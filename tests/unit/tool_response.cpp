// What is answered to the model, compared by its meaning.
#include "json_check.hpp"

#include "gst/geminilive/wire/tool_response.hpp"

using namespace gemini_live;
using check::means;

TEST(test_an_answer_is_always_an_object)
{
  const struct {
    const char *given, *sent;
  } kAnswers[] = {
      {R"({"output":"ok"})", R"({"output":"ok"})"},
      {R"({"degrees":21,"sky":["blue"]})", R"({"degrees":21,"sky":["blue"]})"},
      {R"({"error":"out of stock"})", R"({"error":"out of stock"})"},
      {R"({"population":1e17,"wei":100000000000000000000})", R"({"population":1e17,"wei":1e20})"},
      {"21", R"({"output":21})"},
      {R"("sunny")", R"({"output":"sunny"})"},
      {"[1,2]", R"({"output":[1,2]})"},
      {"true", R"({"output":true})"},
      {"It is sunny.\n", R"({"output":"It is sunny.\n"})"},
      {"{broken", R"({"output":"{broken"})"},
      {"{}", R"({"output":"done"})"},
      {"null", R"({"output":"done"})"},
      {"", R"({"output":"done"})"},
      {" \n", R"({"output":"done"})"},
  };
  for (const auto &[given, sent] : kAnswers)
    means(tool_response(given).response, sent);
  means(tool_error("say \"no\"").response, R"({"error":"say \"no\""})");
}

TEST(test_media_go_beside_the_answer)
{
  const auto response = tool_response(R"({"response":{"output":"see image"},
      "parts":[{"inlineData":{"mimeType":"image/jpeg","data":"/9j/4AAQSkZJRgD/2Q=="}}]})");
  means(tool_response_message("call_7", "snapshot", response),
        R"({"toolResponse":{"functionResponses":[{"id":"call_7","name":"snapshot",
            "response":{"output":"see image"},
            "parts":[{"inlineData":{"mimeType":"image/jpeg","data":"/9j/4AAQSkZJRgD/2Q=="}}]}]}})");
  // Other names beside them make it an answer like any other, and so does what are no objects.
  means(tool_response(R"({"parts":["wheel"]})").response, R"({"parts":["wheel"]})");
  means(tool_response(R"({"parts":[1],"price":2})").response, R"({"parts":[1],"price":2})");
}

TEST(test_media_that_would_end_the_session_are_told)
{
  const struct {
    const char *part, *wrong;
  } kFaults[] = {
      {R"({"inlineData":{"mimeType":"image/jpeg","data":"***"}})",
       "Correct [0].inlineData.data in the parts of the answer: it must be base64"},
      {R"({"inlineData":{"mimeType":"application/pdf","data":"AAAA"}})",
       "Correct [0].inlineData.mimeType in the parts of the answer: it must be that of an image or "
       "of plain text, not \"application/pdf\""},
      {R"({"fileData":{"mimeType":"Application/PDF","fileUri":"gs://a/b"}})",
       "Correct [0].fileData.mimeType in the parts of the answer: it must be that of an image or "
       "of plain text, not \"Application/PDF\""},
      {R"({"inline":{}})", "Correct [0].inline in the parts of the answer: there is no such field, "
                           "did you mean \"inlineData\"?"},
  };
  for (const auto &[part, wrong] : kFaults)
    check::equal(tool_response(std::string(R"({"parts":[)") + part + "]}").wrong,
                 std::string(wrong), part);
}

TEST(test_the_examples_of_the_protocol)
{
  means(tool_response_message("function-call-1234567890123456789", "set_light",
                              tool_response(R"({"output":"ok"})")),
        R"({"toolResponse":{"functionResponses":[{"id":"function-call-1234567890123456789",
            "name":"set_light","response":{"output":"ok"}}]}})");
  means(tool_response_message("call_229188", "order", tool_error("out of stock")),
        R"({"toolResponse":{"functionResponses":[{"id":"call_229188","name":"order",
            "response":{"error":"out of stock"}}]}})");
  auto scheduled = tool_response(R"({"output":"done"})");
  scheduled.scheduling = Scheduling::when_idle;
  means(tool_response_message("call_229188", "order", scheduled),
        R"({"toolResponse":{"functionResponses":[{"id":"call_229188","name":"order",
            "response":{"output":"done"},"scheduling":"WHEN_IDLE"}]}})");
  auto part = tool_response(R"({"progress":50})");
  part.scheduling = Scheduling::silent;
  part.will_continue = true;
  means(tool_response_message("call_229188", "order", part),
        R"({"toolResponse":{"functionResponses":[{"id":"call_229188","name":"order",
            "response":{"progress":50},"scheduling":"SILENT","willContinue":true}]}})");
}

TEST(test_a_call_without_an_id_is_answered_without_one)
{
  means(tool_response_message("", "order", tool_error("no")),
        R"({"toolResponse":{"functionResponses":[{"name":"order","response":{"error":"no"}}]}})");
}

TEST_MAIN("tool_response")
