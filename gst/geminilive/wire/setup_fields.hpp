// How the tables of the setup's schema are written.
#pragma once

#include "setup_schema.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>

namespace gemini_live::setup_fields {

using Kind = SetupField::Kind;
using Shape = SetupField::Shape;
using Words = const char *const[];

constexpr SetupField text(const char *name)
{
  return {name, Kind::text};
}

constexpr SetupField bytes(const char *name)
{
  return {name, Kind::bytes};
}

constexpr SetupField integer(const char *name)
{
  return {name, Kind::integer};
}

constexpr SetupField number(const char *name)
{
  return {name, Kind::number};
}

constexpr SetupField within(double least, double most, SetupField field)
{
  field.least = least;
  field.most = most;
  return field;
}

// The service's int32 that counts something.
constexpr SetupField count(const char *name)
{
  return within(0, std::numeric_limits<std::int32_t>::max(), integer(name));
}

// The service's int64 that does.
constexpr SetupField large_count(const char *name)
{
  return within(0, static_cast<double>(std::numeric_limits<std::int64_t>::max()), integer(name));
}

constexpr SetupField obeying(const TextRule &rule, SetupField field)
{
  field.rule = &rule;
  return field;
}

constexpr SetupField truth(const char *name)
{
  return {name, Kind::truth};
}

constexpr SetupField any(const char *name)
{
  return {name, Kind::any};
}

constexpr SetupField schema(const char *name)
{
  return {name, Kind::schema};
}

constexpr SetupField message(const char *name, const SetupMessage &type)
{
  return {name, Kind::message, Shape::single, &type};
}

template <std::size_t size>
constexpr SetupField word(const char *name, const char *const (&words)[size])
{
  return {name, Kind::word, Shape::single, nullptr, words};
}

constexpr SetupField list(SetupField field)
{
  field.shape = Shape::list;
  return field;
}

constexpr SetupField map(SetupField field, const TextRule *key_rule = nullptr)
{
  field.shape = Shape::map;
  field.key_rule = key_rule;
  return field;
}

inline constexpr SetupMessage kEmpty{};

} // namespace gemini_live::setup_fields
