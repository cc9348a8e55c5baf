// A session whose service calls functions when the test says so, and what is answered to it.
#pragma once

#include "session.hpp"
#include "stats.hpp"

#include <json-glib/json-glib.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace test {

// A session whose service does what the test says.
struct Tools : Session {
  using Kind = gemini_live_simulator::Received::Kind;

  Tools(std::initializer_list<std::pair<const char *, const char *>> settings = {})
  {
    for (const auto &[name, value] : settings)
      gst_util_set_object_arg(G_OBJECT(object), name, value);
    watch_events();
  }

  // A handler of these calls that tells the log and returns `taken`.
  void take(const char *signal = "tool-call", gboolean taken = TRUE)
  {
    struct Taker {
      Log *log;
      gboolean taken;
    };
    g_signal_connect_data(
        object, signal,
        G_CALLBACK(+[](GObject *, const char *id, const char *name, const char *args,
                       Taker *taker) -> gboolean {
          taker->log->add(std::string("call ") + id + " " + name + " " + args);
          return taker->taken;
        }),
        new Taker{&log, taken},
        [](gpointer taker, GClosure *) { delete static_cast<Taker *>(taker); }, GConnectFlags{});
  }

  // The call ends its turn, as it does with models that do not wait for the answer.
  void call(const std::string &id = "a", const std::string &name = "look")
  {
    call_within_a_turn(id, name);
    complete_turn();
  }
  void call_within_a_turn(const std::string &id = "a", const std::string &name = "look")
  {
    server.send(R"({"toolCall":{"functionCalls":[{"id":")" + id + R"(","name":")" + name +
                R"(","args":{"at":"sky"}}]}})");
  }
  void complete_turn() { server.send(R"({"serverContent":{"turnComplete":true}})"); }
  // Until it is taken.
  void wait_call(const std::string &id = "a", const std::string &name = "look")
  {
    log.wait_for("call " + id + " " + name + R"( {"at":"sky"})");
  }
  // What was answered to the model so far, each as `id response`.
  std::vector<std::string> answers() const
  {
    std::vector<std::string> all;
    for (const auto &one : server.received())
      if (one.kind == Kind::tool_response)
        all.push_back(shown(one.json));
    return all;
  }
  void wait_answers(std::vector<std::string> expected) const
  {
    fail_unless(server.wait_for([&](const auto &all) {
      return std::count_if(all.begin(), all.end(), [](const auto &one) {
               return one.kind == Kind::tool_response;
             }) >= static_cast<std::ptrdiff_t>(expected.size());
    }));
    auto got = answers();
    std::sort(got.begin(), got.end());
    std::sort(expected.begin(), expected.end());
    for (std::size_t i = 0; i < expected.size(); i++)
      fail_unless(got[i] == expected[i], "%s instead of %s", got[i].c_str(), expected[i].c_str());
    fail_unless(got.size() == expected.size());
  }
  // So many answers had been sent when this could say something.
  void expect_answers(std::size_t count) const
  {
    const auto is_text = [](const auto &one) { return one.kind == Kind::text; };
    fail_unless(gst_gemini_live_session_send_text(object, "still here", nullptr));
    fail_unless(server.wait_for(
        [&](const auto &all) { return std::any_of(all.begin(), all.end(), is_text); }));
    const auto all = server.received();
    const auto sent =
        std::count_if(all.begin(), std::find_if(all.begin(), all.end(), is_text),
                      [](const auto &one) { return one.kind == Kind::tool_response; });
    assert_equals_uint64(static_cast<std::size_t>(sent), count);
  }
  bool respond(const char *id, const char *response)
  {
    GError *error = nullptr;
    const bool sent = gst_gemini_live_session_send_tool_response(object, id, response, &error);
    fail_unless(sent == (error == nullptr));
    why = error ? error->message : "";
    g_clear_error(&error);
    return sent;
  }

  guint64 count(const char *name) const { return stat_of(object, name); }

  static std::string shown(const std::string &json)
  {
    JsonNode *root = json_from_string(json.c_str(), nullptr);
    JsonObject *response = json_array_get_object_element(
        json_object_get_array_member(
            json_object_get_object_member(json_node_get_object(root), "toolResponse"),
            "functionResponses"),
        0);
    g_autofree gchar *text = json_to_string(json_object_get_member(response, "response"), FALSE);
    std::string result = json_object_get_string_member_with_default(response, "id", "(none)");
    result += std::string(" ") + text;
    if (const char *scheduling =
            json_object_get_string_member_with_default(response, "scheduling", nullptr))
      result += std::string(" ") + scheduling;
    if (json_object_get_boolean_member_with_default(response, "willContinue", FALSE))
      result += " and more";
    json_node_unref(root);
    return result;
  }

  std::string why; // the last response was refused
};

// One whose calls are all taken, and answered when the test says so.
struct Taken : Tools {
  Taken(std::initializer_list<std::pair<const char *, const char *>> settings = {})
      : Tools(settings)
  {
    take();
    open();
  }
};

} // namespace test
