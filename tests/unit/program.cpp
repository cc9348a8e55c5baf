// Programs that answer calls: what they say, and that each is gone when it is not wanted any more.
#include "check.hpp"

#include "gst/geminilive/tools/program.hpp"

#include <glib/gstdio.h>

#include <string>

#include <sys/stat.h>

using namespace gemini_live;

namespace {

struct Run {
  explicit Run(const std::string &script)
  {
    loop->post([this, script] {
      auto started = Program::start({"/bin/sh", "-c", script}, "", loop, [this](const auto &how) {
        result = how;
        ended.open();
      });
      program = started;
      begun.open();
    });
    begun.wait();
  }
  void stop()
  {
    check::Gate stopped;
    loop->post([&] {
      if (const auto running = program.lock())
        running->stop();
      stopped.open();
    });
    stopped.wait();
  }
  // Nobody holds it any more, which its loop sees.
  bool is_gone_within(std::int64_t microseconds)
  {
    const auto end = g_get_monotonic_time() + microseconds;
    bool gone = false;
    while (!gone && g_get_monotonic_time() < end) {
      check::Gate looked;
      loop->post([&] {
        gone = program.expired();
        looked.open();
      });
      looked.wait();
    }
    return gone;
  }

  std::shared_ptr<Loop> loop = Loop::acquire();
  std::weak_ptr<Program> program; // loop thread
  check::Gate begun, ended;
  Program::Result result;
};

// Where a script says that it is so far: `echo >PATH`.
class Signpost {
public:
  Signpost()
      : folder_(CharPtr(g_dir_make_tmp("program-XXXXXX", nullptr)).get()),
        path_(folder_ + "/reached")
  {
    check::that(mkfifo(path_.c_str(), 0600) == 0);
  }
  ~Signpost()
  {
    g_unlink(path_.c_str());
    g_rmdir(folder_.c_str());
  }
  const std::string &path() const { return path_; }
  void wait() const
  {
    char *text = nullptr;
    check::that(g_file_get_contents(path_.c_str(), &text, nullptr, nullptr));
    g_free(text);
  }

private:
  const std::string folder_, path_;
};

constexpr std::int64_t kSecond = 1'000'000;

} // namespace

TEST(test_the_output_is_the_answer)
{
  Run run("echo hello; echo there");
  run.ended.wait();
  check::equal(run.result.output, "hello\nthere\n");
  check::equal(run.result.failure, "");
}

TEST(test_what_a_program_started_ends_with_it)
{
  const Signpost started;
  Run run("trap '' TERM; sleep 1000 & echo >" + started.path() + "; sleep 1000");
  started.wait();
  run.stop();
  check::that(run.is_gone_within(5 * kSecond));
}

TEST(test_what_left_the_program_is_not_waited_for)
{
  const Signpost started;
  Run run("setsid sh -c 'echo >" + started.path() + "; sleep 20' & sleep 1000");
  started.wait();
  run.stop();
  check::that(run.is_gone_within(5 * kSecond));
}

TEST(test_output_without_an_end_is_a_failure)
{
  Run run("yes");
  run.ended.wait();
  check::equal(run.result.failure, "the program wrote more than 16 MiB");
  check::that(run.is_gone_within(5 * kSecond));
}

TEST(test_of_complaints_only_the_end_is_kept)
{
  Run run("head -c 40000000 /dev/zero | tr '\\0' x >&2; echo >&2; echo 'that was it' >&2; exit 1");
  run.ended.wait();
  check::equal(run.result.failure, "that was it");
  Run endless("head -c 40000000 /dev/zero | tr '\\0' x >&2; exit 1");
  endless.ended.wait();
  check::that(endless.result.failure.size() <= 65'536);
}

TEST_MAIN("program")
