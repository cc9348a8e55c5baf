// Something that happened in a session, by name and fields, as surface for signals, bus messages
// and JSON lines alike. Names and fields are listed in docs/events.md.
#pragma once

#include "../base/glib_ptr.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace gemini_live {

struct JsonText {
  std::string text;
};

using FieldValue = std::variant<bool, std::int64_t, std::uint64_t, std::string, JsonText>;

class Event {
public:
  struct Field {
    const char *name;
    FieldValue value;
    bool secret = false; // not in messages, which GStreamer logs
  };

  explicit Event(const char *name) : name_(name) {}

  Event &add(const char *name, FieldValue value)
  {
    fields_.push_back({name, std::move(value)});
    return *this;
  }
  Event &add_secret(const char *name, FieldValue value)
  {
    fields_.push_back({name, std::move(value), true});
    return *this;
  }
  // What is not known is left out.
  template <class T>
  Event &add(const char *name, const std::optional<T> &value)
  {
    return value ? add(name, FieldValue(*value)) : *this;
  }
  Event &with_error(ErrorPtr error)
  {
    error_ = std::move(error);
    return *this;
  }

  const char *name() const { return name_; }
  bool is(const char *name) const { return g_str_equal(name_, name); }
  const std::vector<Field> &fields() const { return fields_; }
  const GError *error() const { return error_.get(); }

  // The value of a field of that type, else T's default.
  template <class T>
  T get(const char *name) const
  {
    for (const auto &field : fields_)
      if (g_str_equal(field.name, name))
        if (const auto *value = std::get_if<T>(&field.value))
          return *value;
    return {};
  }

private:
  const char *name_;
  std::vector<Field> fields_;
  std::shared_ptr<GError> error_;
};

// In memory, about; in bytes.
std::size_t size_of(const Event &event);

// One JSON object on one line, without the line's end.
std::string event_to_json(const Event &event);

} // namespace gemini_live
