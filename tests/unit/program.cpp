// Programs that answer calls: what they say, and that each is gone when it is not wanted any more.
#include "check.hpp"

#include "gst/geminilive/tools/program.hpp"
#include "support/rest.hpp"

#include <glib/gstdio.h>

#include <fstream>
#include <string>

#include <sys/stat.h>

using namespace gemini_live;

namespace {

struct Run {
  explicit Run(const std::string &script, const std::string &input = "")
  {
    loop->post([this, script, input] {
      auto started =
          Program::start({"/bin/sh", "-c", script}, input, loop, [this](const auto &how) {
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

// Where a script says that it is so far, `echo >PATH`, or waits, `read line <PATH`.
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

  // Whoever reads there.
  void let_go() const { std::ofstream(path_) << "\n"; }

private:
  const std::string folder_, path_;
};

constexpr std::int64_t kSecond = 1'000'000;

// Of this process, and files in memory.
std::size_t open_pipes()
{
  std::size_t count = 0;
  for (const auto &name : test::folder_entries("/proc/self/fd")) {
    const CharPtr target(g_file_read_link(("/proc/self/fd/" + name).c_str(), nullptr));
    count += target &&
             (g_str_has_prefix(target.get(), "pipe:") || g_str_has_prefix(target.get(), "/memfd:"));
  }
  return count;
}

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

TEST(test_what_a_program_leaves_behind_is_not_waited_for)
{
  const auto before = open_pipes();
  const Signpost may_end;
  // It has both outputs until the test lets it go.
  Run run("read line <" + may_end.path() + " & echo hello");
  run.ended.wait();
  check::equal(run.result.output, "hello\n");
  check::equal(run.result.failure, "");
  check::that(run.is_gone_within(5 * kSecond));
  // GLib may hold on to the process for a moment.
  const auto end = g_get_monotonic_time() + 5 * kSecond;
  while (open_pipes() != before && g_get_monotonic_time() < end)
    g_thread_yield();
  check::equal(open_pipes(), before);
  may_end.let_go();
}

TEST(test_what_is_left_behind_may_go_on_writing)
{
  Run run("yes & kill -0 $!");
  run.ended.wait();
  check::equal(run.result.failure, "");
}

TEST(test_a_long_answer_at_the_end_is_complete)
{
  Run run("head -c 60000 /dev/zero | tr '\\0' x");
  run.ended.wait();
  check::equal(run.result.output, std::string(60'000, 'x'));
}

TEST(test_a_program_reads_its_arguments)
{
  const std::string input(1'000'000, 'x');
  Run run("wc -c; readlink /proc/$$/fd/0", input);
  run.ended.wait();
  // They are nowhere on a disk.
  check::that(run.result.output.starts_with("1000000\n/memfd:"), run.result.output);
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
