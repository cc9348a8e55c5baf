// Writes JSON the way the service does: two spaces a level, a newline at the end, empty objects as
// {}.
//
// Pure: no thread, no clock.
#pragma once

#include "json.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace gemini_live_simulator {

class JsonText {
public:
  JsonText() { open('{'); }

  // A key is needed inside an object and left out inside an array.
  JsonText &object(std::string_view key = {});
  JsonText &array(std::string_view key = {});
  JsonText &end(); // closes the innermost one
  JsonText &string(std::string_view key, std::string_view value);
  JsonText &number(std::string_view key, std::int64_t value);
  JsonText &truth(std::string_view key, bool value = true);
  JsonText &value(std::string_view key, Json json);

  std::string finish(); // closes everything

private:
  void open(char bracket);
  void begin(std::string_view key);
  void quote(std::string_view text);

  std::string text_;
  std::string closing_; // brackets that are still to come
  bool empty_ = true;   // nothing in the innermost one yet
};

} // namespace gemini_live_simulator
