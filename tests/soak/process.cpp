#include "process.hpp"

#include "support/rest.hpp"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace soak {

namespace {

constexpr std::size_t kMaxGrowth = 1024 * 1024;

std::size_t resident_bytes()
{
  unsigned long pages = 0;
  FILE *file = std::fopen("/proc/self/statm", "r");
  if (!file || std::fscanf(file, "%*u %lu", &pages) != 1)
    g_error("no memory statistics");
  std::fclose(file);
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// The first line it says is `listening on URL`.
std::string read_url(int descriptor)
{
  FILE *out = fdopen(descriptor, "r");
  char url[256] = "";
  if (std::fscanf(out, "listening on %255s", url) != 1)
    g_error("the simulator does not start");
  std::fclose(out);
  return url;
}

} // namespace

Server::Server(const char *program, const char *scenario)
{
  GError *error = nullptr;
  char *folder = g_dir_make_tmp("soak-XXXXXX", &error);
  g_assert_no_error(error);
  folder_ = folder;
  g_free(folder);
  file_ = folder_ + "/scenario.json";
  g_file_set_contents(file_.c_str(), scenario, -1, &error);
  g_assert_no_error(error);
  std::string name = program;
  char *arguments[] = {name.data(), const_cast<char *>("--scenario"), file_.data(), nullptr};
  int out = -1;
  // It ends with us, however we end.
  const auto setup = [](gpointer) { prctl(PR_SET_PDEATHSIG, SIGTERM); };
  g_spawn_async_with_pipes(nullptr, arguments, nullptr, G_SPAWN_DO_NOT_REAP_CHILD, setup, nullptr,
                           &pid_, nullptr, &out, nullptr, &error);
  g_assert_no_error(error);
  url_ = read_url(out);
}

Server::~Server()
{
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  g_remove(file_.c_str());
  g_rmdir(folder_.c_str());
}

int times()
{
  const char *text = g_getenv("SOAK_TIMES");
  return text ? std::max(1, std::atoi(text)) : 1;
}

Holdings Holdings::at_rest(bool conversing)
{
  test::rest(conversing);
  malloc_trim(0);
  return {test::folder_entries("/proc/self/fd").size(),
          test::folder_entries("/proc/self/task").size(), resident_bytes()};
}

bool same(const Holdings &before, const Holdings &after)
{
  std::printf("descriptors %zu, then %zu; threads %zu, then %zu; memory %zu KiB, then %zu KiB\n",
              before.descriptors, after.descriptors, before.threads, after.threads,
              before.resident / 1024, after.resident / 1024);
  return after.descriptors <= before.descriptors && after.threads <= before.threads &&
         after.resident < before.resident + kMaxGrowth;
}

} // namespace soak
