// Programs that answer calls, and what becomes of them.

#include "support/pipeline.hpp"
#include "support/text_file.hpp"
#include "support/tool_talk.hpp"

#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using test::Tools;

// A program for tool-command, which goes with the test.
struct Script : test::TextFile {
  explicit Script(const std::string &body) : TextFile("#!/bin/sh\n" + body + "\n")
  {
    g_chmod(path(), 0700);
  }
  const char *path() const { return TextFile::path().c_str(); }
};

// The program is in the current directory.
class BesideScript {
public:
  explicit BesideScript(const Script &script) : name_(g_path_get_basename(script.path()))
  {
    g_autofree char *folder = g_path_get_dirname(script.path());
    fail_unless(g_chdir(folder) == 0);
  }
  ~BesideScript()
  {
    g_chdir(before_);
    g_free(before_);
    g_free(name_);
  }
  BesideScript(const BesideScript &) = delete;
  BesideScript &operator=(const BesideScript &) = delete;
  const char *name() const { return name_; }

private:
  char *const before_ = g_get_current_dir();
  char *const name_;
};

// What a program says of itself to the test, by a pipe that is closed when the last one that has it is
// gone.
class Witness {
public:
  Witness() { fail_unless(mkfifo(path_.c_str(), 0600) == 0); }
  ~Witness()
  {
    g_remove(path_.c_str());
    g_rmdir(folder_.c_str());
  }
  // For the program: its descriptor 3.
  std::string open() const { return "exec 3>" + path_ + "; "; }
  // Whether a program comes or not.
  void listen()
  {
    const int writer = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
    fail_unless(writer >= 0);
    said_.open(path_);
    ::close(writer);
  }
  // Waits for the program, too.
  void wait_for(const std::string &expected)
  {
    if (!said_.is_open())
      said_.open(path_);
    std::string line;
    fail_unless(std::getline(said_, line) && line == expected, "%s", line.c_str());
  }
  void wait_end()
  {
    std::string line;
    fail_unless(!std::getline(said_, line), "%s", line.c_str());
  }

private:
  static std::string make_folder()
  {
    g_autofree char *folder = g_dir_make_tmp("tool-XXXXXX", nullptr);
    fail_unless(folder != nullptr);
    return folder;
  }

  const std::string folder_ = make_folder();
  const std::string path_ = folder_ + "/said";
  std::ifstream said_;
};

// A program that has been called and ends when it must.
struct Running {
  explicit Running(const std::string &body = "echo started >&3; exec sleep 1000")
      : script(witness.open() + body), talk{{"tool-command", script.path()}}
  {
    talk.open();
    talk.call();
    witness.wait_for("started");
  }

  Witness witness;
  const Script script;
  Tools talk;
};

} // namespace

GST_START_TEST(test_a_program_answers)
{
  const Script script(R"sh(case $1 in
    look) printf '{"name":"%s","args":%s,"key":"%s"}' "$1" "$(cat)" "$GOOGLE_API_KEY$GEMINI_API_KEY" ;;
    unread) echo plain words ;;
    fail) echo first >&2; echo "the blinds are down" >&2; exit 3 ;;
    mute) exit 4 ;;
    crash) kill -s SEGV $$ ;;
  esac)sh");
  g_setenv("GOOGLE_API_KEY", "s3cret", TRUE);
  g_setenv("GEMINI_API_KEY", "s3cret", TRUE);
  Tools talk{{"tool-command", script.path()}};
  talk.open();
  for (const char *name : {"look", "unread", "fail", "mute", "crash"})
    talk.call(name, name);
  talk.wait_answers({R"(look {"name":"look","args":{"at":"sky"},"key":""})",
                     R"(unread {"output":"plain words\n"})",
                     R"(fail {"error":"the blinds are down"})",
                     R"(mute {"error":"the program ended with status 4"})",
                     R"(crash {"error":"the program was ended by signal 11"})"});
}
GST_END_TEST;

GST_START_TEST(test_a_program_that_is_not_there_is_an_error)
{
  Tools talk{{"tool-command", "/no/such/program"}};
  talk.open();
  talk.call();
  talk.wait_answers({"a {\"error\":\"Failed to execute child process “/no/such/program” "
                     "(No such file or directory)\"}"});
}
GST_END_TEST;

GST_START_TEST(test_a_name_is_a_path_in_the_current_directory)
{
  const Script script("echo here");
  const BesideScript beside(script);
  Tools talk{{"tool-command", beside.name()}};
  talk.open();
  talk.call();
  talk.wait_answers({R"(a {"output":"here\n"})"});
}
GST_END_TEST;

GST_START_TEST(test_a_name_is_not_looked_for_in_the_path)
{
  Tools talk{{"tool-command", "cat"}};
  talk.open();
  talk.call();
  talk.wait_answers({"a {\"error\":\"Failed to execute child process “./cat” "
                     "(No such file or directory)\"}"});
}
GST_END_TEST;

namespace {

// The warning on the bus of a session in which two calls come.
std::string only_warning(const std::string &command, const std::function<void()> &before_calls = {})
{
  gemini_live_simulator::Simulator server({.scenario = R"({"turns":[]})"});
  test::Pipeline pipeline("appsrc name=in ! geminilivetextsink name=sink api-key=k base-url=" +
                          server.url());
  g_object_set(pipeline["sink"], "tool-command", command.c_str(), nullptr);
  std::vector<std::string> warnings;
  const auto wait_for_count = [&](const char *name, unsigned count) {
    gst_message_unref(pipeline.wait([&](GstMessage *message) {
      if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) {
        GError *error = nullptr;
        gst_message_parse_warning(message, &error, nullptr);
        fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS));
        warnings.emplace_back(error->message);
        g_error_free(error);
      }
      return gst_message_has_name(message, name) && --count == 0;
    }));
  };
  pipeline.play();
  wait_for_count("geminilive/resumption", 1);
  if (before_calls)
    before_calls();
  server.send(R"({"toolCall":{"functionCalls":[{"id":"a","name":"f"},{"id":"b","name":"f"}]}})");
  wait_for_count("geminilive/tool-result", 2);
  fail_unless(warnings.size() == 1, "%zu warnings", warnings.size());
  return warnings[0];
}

} // namespace

GST_START_TEST(test_the_user_is_warned_of_a_program_that_is_not_there)
{
  const auto warning = only_warning("/no/such/program --with arguments");
  fail_unless(warning == "Set tool-command to the path of a program, without arguments: there is "
                         "no program '/no/such/program --with arguments'",
              "%s", warning.c_str());
}
GST_END_TEST;

GST_START_TEST(test_the_user_is_warned_of_a_name_that_is_only_in_the_path)
{
  const auto warning = only_warning("cat");
  fail_unless(warning.ends_with(": there is no program 'cat'"), "%s", warning.c_str());
}
GST_END_TEST;

GST_START_TEST(test_the_user_is_not_warned_of_a_program_of_the_current_directory)
{
  const Script script("echo here");
  const BesideScript beside(script);
  // The only warning comes when it has gone.
  const auto warning = only_warning(beside.name(), [&] { g_remove(script.path()); });
  fail_unless(warning.find("Failed to execute") != std::string::npos, "%s", warning.c_str());
}
GST_END_TEST;

GST_START_TEST(test_the_user_is_warned_of_a_file_that_is_no_program)
{
  const Script script("echo never");
  g_chmod(script.path(), 0600);
  const auto warning = only_warning(script.path());
  const auto end = std::string("'") + script.path() + "' is not executable";
  fail_unless(warning.ends_with(end), "%s", warning.c_str());
}
GST_END_TEST;

GST_START_TEST(test_the_user_is_warned_of_a_program_that_is_gone)
{
  const Script script("echo never");
  const auto warning = only_warning(script.path(), [&] { g_remove(script.path()); });
  fail_unless(warning.find(script.path()) != std::string::npos, "%s", warning.c_str());
}
GST_END_TEST;

GST_START_TEST(test_a_cancelled_program_is_ended)
{
  // It says what happens to it, and lives on when it is asked to end.
  Running program("trap 'echo asked >&3' TERM; echo started >&3; "
                  "while :; do sleep 0.05 3>&-; done");
  program.talk.server.send(R"({"toolCallCancellation":{"ids":["a"]}})");
  program.witness.wait_for("asked");
  program.witness.wait_end();
  program.talk.expect_answers(0);
}
GST_END_TEST;

GST_START_TEST(test_what_a_program_started_ends_with_it)
{
  Running program("(echo started >&3; exec sleep 1000) & wait");
  program.talk.server.send(R"({"toolCallCancellation":{"ids":["a"]}})");
  program.witness.wait_end();
}
GST_END_TEST;

GST_START_TEST(test_a_program_has_the_time_of_its_call)
{
  Witness witness;
  witness.listen(); // that may be over before the program has begun
  const Script script(witness.open() + "exec sleep 1000");
  Tools talk{{"tool-command", script.path()}, {"tool-timeout", "200000000"}};
  talk.open();
  talk.call();
  talk.wait_answers({R"(a {"error":"no answer within 0.2 s"})"});
  witness.wait_end();
}
GST_END_TEST;

GST_START_TEST(test_closing_ends_programs)
{
  Running program;
  gst_gemini_live_session_close(program.talk.object);
  program.witness.wait_end();
}
GST_END_TEST;

GST_START_TEST(test_an_answer_of_somebody_else_ends_the_program)
{
  Running program;
  fail_unless(program.talk.respond("a", "1"));
  program.witness.wait_end();
  program.talk.wait_answers({R"(a {"output":1})"});
}
GST_END_TEST;

GST_START_TEST(test_a_program_that_does_not_stop_writing_is_ended)
{
  const Script script("exec yes");
  Tools talk{{"tool-command", script.path()}};
  talk.open();
  talk.call();
  talk.wait_answers({R"(a {"error":"the program wrote more than 16 MiB"})"});
}
GST_END_TEST;

GST_START_TEST(test_what_a_program_writes_may_be_long)
{
  // A megabyte on each output, which no pipe holds.
  const Script script("head -c 1000000 /dev/zero | tr '\\0' e >&2; echo >&2; echo at last >&2; "
                      "head -c 1000000 /dev/zero | tr '\\0' x; [ \"$1\" = look ]");
  Tools talk{{"tool-command", script.path()}};
  talk.open();
  talk.call("a", "look");
  talk.call("b", "other");
  talk.wait_answers(
      {"a {\"output\":\"" + std::string(1'000'000, 'x') + "\"}", R"(b {"error":"at last"})"});
}
GST_END_TEST;

GST_START_TEST(test_handlers_come_before_programs)
{
  const Script script("echo program");
  Tools talk{{"tool-command", script.path()}};
  talk.take("tool-call::mine");
  talk.open();
  talk.call("a", "mine");
  talk.wait_call("a", "mine");
  talk.call("b", "other");
  talk.wait_answers({R"(b {"output":"program\n"})"});
}
GST_END_TEST;

static Suite *tool_programs_suite(void)
{
  Suite *suite = suite_create("tool_programs");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, test_a_program_answers);
  tcase_add_test(tests, test_a_program_that_is_not_there_is_an_error);
  tcase_add_test(tests, test_the_user_is_warned_of_a_program_that_is_not_there);
  tcase_add_test(tests, test_a_name_is_a_path_in_the_current_directory);
  tcase_add_test(tests, test_a_name_is_not_looked_for_in_the_path);
  tcase_add_test(tests, test_the_user_is_warned_of_a_name_that_is_only_in_the_path);
  tcase_add_test(tests, test_the_user_is_not_warned_of_a_program_of_the_current_directory);
  tcase_add_test(tests, test_the_user_is_warned_of_a_file_that_is_no_program);
  tcase_add_test(tests, test_the_user_is_warned_of_a_program_that_is_gone);
  tcase_add_test(tests, test_a_cancelled_program_is_ended);
  tcase_add_test(tests, test_what_a_program_started_ends_with_it);
  tcase_add_test(tests, test_a_program_has_the_time_of_its_call);
  tcase_add_test(tests, test_closing_ends_programs);
  tcase_add_test(tests, test_an_answer_of_somebody_else_ends_the_program);
  tcase_add_test(tests, test_a_program_that_does_not_stop_writing_is_ended);
  tcase_add_test(tests, test_what_a_program_writes_may_be_long);
  tcase_add_test(tests, test_handlers_come_before_programs);
  return suite;
}

GST_CHECK_MAIN(tool_programs)
