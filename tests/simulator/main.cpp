// The command line of the simulator. Main thread only; the Simulator has its own.
#include "log.hpp"
#include "profile.hpp"
#include "scenario.hpp"
#include "simulator.hpp"

#include <glib-unix.h>
#include <glib.h>

#include <clocale>
#include <cstdio>
#include <iostream>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

namespace {

using gemini_live_simulator::Options;

constexpr int good = 0;
constexpr int failed = 1;
constexpr int misused = 2;

struct Arguments {
  int port = 0;
  gboolean tls = FALSE;
  gboolean log = FALSE;
  char *scenario = nullptr;
  char *profile = nullptr;
  char *api_key = nullptr;
  char *credentials = nullptr;
  char *login = nullptr;

  ~Arguments()
  {
    g_free(scenario);
    g_free(profile);
    g_free(api_key);
    g_free(credentials);
    g_free(login);
  }
};

struct Command {
  Options options;
  std::string credentials, login; // where to write them
  bool log = false;
};

std::string read_file(const char *path)
{
  char *text = nullptr;
  gsize size = 0;
  GError *error = nullptr;
  if (!g_file_get_contents(path, &text, &size, &error)) {
    const std::string message = error->message;
    g_error_free(error);
    throw std::runtime_error(message);
  }
  std::string contents(text, size);
  g_free(text);
  return contents;
}

void write_file(const std::string &path, const std::string &text)
{
  GError *error = nullptr;
  if (g_file_set_contents_full(path.c_str(), text.data(), static_cast<gssize>(text.size()),
                               G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    return;
  const std::string message = error->message;
  g_error_free(error);
  throw std::runtime_error(message);
}

// std::runtime_error with a sentence for the user.
Command parse(int argc, char **argv)
{
  Arguments arguments;
  const GOptionEntry entries[] = {
      {"port", 0, 0, G_OPTION_ARG_INT, &arguments.port,
       "TCP port on 127.0.0.1; 0, the default: any free one", "N"},
      {"tls", 0, 0, G_OPTION_ARG_NONE, &arguments.tls,
       "Speak https with a certificate made for this run; its file is printed as ca-file", nullptr},
      {"scenario", 0, 0, G_OPTION_ARG_FILENAME, &arguments.scenario,
       "What to say and what to break, a JSON file; without it a built-in conversation", "FILE"},
      {"profile", 0, 0, G_OPTION_ARG_STRING, &arguments.profile,
       "gemini-3.8, gemini-3.1, gemini-2.5 or vertex; the scenario's own wins; without any: "
       "gemini-3.8, and vertex for who comes by its path",
       "NAME"},
      {"log", 0, 0, G_OPTION_ARG_NONE, &arguments.log,
       "Print everything that clients do, a JSON object a line", nullptr},
      {"api-key", 0, 0, G_OPTION_ARG_STRING, &arguments.api_key,
       "The only key that is let in; without it every key is", "K"},
      {"credentials", 0, 0, G_OPTION_ARG_FILENAME, &arguments.credentials,
       "Issue access tokens, write the key of a service account that gets them to a file, and let "
       "nobody else in by the path of Vertex AI",
       "FILE"},
      {"login", 0, 0, G_OPTION_ARG_FILENAME, &arguments.login,
       "The same with what a user's login leaves behind", "FILE"},
      {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};
  const std::unique_ptr<GOptionContext, void (*)(GOptionContext *)> context(
      g_option_context_new("- a scripted server that speaks the Gemini Live protocol on loopback"),
      g_option_context_free);
  g_option_context_add_main_entries(context.get(), entries, nullptr);
  GError *error = nullptr;
  if (!g_option_context_parse(context.get(), &argc, &argv, &error)) {
    const std::string message = error->message;
    g_error_free(error);
    throw std::runtime_error(message);
  }
  if (argc > 1)
    throw std::runtime_error(std::string("unexpected argument \"") + argv[1] + "\"");
  if (arguments.port < 0 || arguments.port > 65535)
    throw std::runtime_error("--port wants a number from 0 to 65535");

  Command command;
  command.log = arguments.log;
  Options &options = command.options;
  options.port = static_cast<std::uint16_t>(arguments.port);
  options.tls = arguments.tls;
  if (arguments.profile)
    options.profile = arguments.profile;
  if (arguments.api_key)
    options.api_key = arguments.api_key;
  if (arguments.credentials)
    command.credentials = arguments.credentials;
  if (arguments.login)
    command.login = arguments.login;
  options.issues_tokens = arguments.credentials || arguments.login;
  if (arguments.scenario) {
    options.scenario = read_file(arguments.scenario);
    if (options.scenario.empty())
      throw std::runtime_error(std::string(arguments.scenario) + " is empty");
    gemini_live_simulator::read_scenario(options.scenario);
  }
  if (!options.profile.empty() && !gemini_live_simulator::find_profile(options.profile))
    throw std::runtime_error("there is no profile \"" + options.profile + "\"");
  return command;
}

gboolean quit(gpointer loop)
{
  g_main_loop_quit(static_cast<GMainLoop *>(loop));
  return G_SOURCE_CONTINUE;
}

void announce(const gemini_live_simulator::Simulator &simulator)
{
  std::cout << "listening on " << simulator.url() << '\n';
  if (!simulator.ca_file().empty())
    std::cout << "ca-file " << simulator.ca_file() << '\n';
  std::cout.flush();
}

int serve(const Command &command)
{
  std::mutex printing; // what clients do comes after the announcement
  gemini_live_simulator::Simulator simulator(command.options);
  if (!command.credentials.empty())
    write_file(command.credentials, simulator.service_account());
  if (!command.login.empty())
    write_file(command.login, simulator.authorized_user());
  {
    const std::lock_guard lock(printing);
    if (command.log)
      simulator.on_received([&printing](const gemini_live_simulator::Received &received) {
        const std::lock_guard one_line(printing);
        std::cout << gemini_live_simulator::print(received) << std::endl;
      });
    announce(simulator);
  }

  GMainLoop *loop = g_main_loop_new(nullptr, FALSE);
  const guint on_term = g_unix_signal_add(SIGTERM, quit, loop);
  const guint on_int = g_unix_signal_add(SIGINT, quit, loop);
  g_main_loop_run(loop);
  g_source_remove(on_term);
  g_source_remove(on_int);
  g_main_loop_unref(loop);
  return good;
}

} // namespace

int main(int argc, char **argv)
{
  std::setlocale(LC_ALL, "");
  Command command;
  try {
    command = parse(argc, argv);
  } catch (const std::runtime_error &error) {
    std::cerr << "gemini-live-simulator: " << error.what() << '\n';
    return misused;
  }
  try {
    return serve(command);
  } catch (const std::runtime_error &error) {
    std::cerr << "gemini-live-simulator: " << error.what() << '\n';
    return failed;
  }
}
