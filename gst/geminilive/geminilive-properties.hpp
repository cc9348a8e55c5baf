// The settings table as GObject properties, on the session and on every element alike.
#pragma once

#include "wire/settings.hpp"

namespace gemini_live {

// The property of a setting has the id `first_id` + its index.
void install_setting_properties(GObjectClass *klass, guint first_id);

// Nothing if the id is none of theirs.
std::optional<Setting> setting_of(guint id, guint first_id);

void set_setting(Settings &settings, Setting key, const GValue *value);
void get_setting(const Settings &settings, Setting key, GValue *value);

} // namespace gemini_live
