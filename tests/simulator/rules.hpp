// What a service is known to refuse of messages that are well formed.
//
// The code and the reason are those that were seen; where only the code is known, the reason is the
// one that the service gives for anything. Pure: no thread, no clock.
#pragma once

#include "access.hpp"
#include "client_message.hpp"
#include "profile.hpp"

#include <optional>

namespace gemini_live_simulator {

std::optional<Refusal> refuse(const Setup &setup, const Access &access, const Profile &profile);

// `seeding`: what historyConfig asked for is still to come; `running`: something was said before.
std::optional<Refusal> refuse(const ClientContent &content, bool seeding, bool running,
                              const Profile &profile);

std::optional<Refusal> refuse(const RealtimeInput &input, const Setup &setup,
                              const Profile &profile);
std::optional<Refusal> refuse(const ToolResponse &response, const Profile &profile);
std::optional<Refusal> refuse(const ContextUpdate &update, const Profile &profile);

// The reason for a connection whose handle stands for a session of another model.
Refusal foreign_handle();

} // namespace gemini_live_simulator
