// What an engine needs to know, from what the user has set.
#pragma once

#include "engine.hpp"

namespace gemini_live {

// With the contents of files in the place of their names; nothing with `error` set if one cannot be read.
std::optional<Settings> with_files(Settings settings, GError **error);

// Nothing with `error` set (GST_RESOURCE_ERROR) if the settings cannot be used. Reads the files and
// the environment that the settings name. `name` is for the log.
// `added_tools` is the JSON text of an array of further tools, or empty.
std::optional<Engine::Config> make_engine_config(const Settings &settings,
                                                 std::string_view added_tools, const char *name,
                                                 GError **error);

} // namespace gemini_live
