// GstCheck for tests of plain C++: comparisons that say what they saw, and waits for other threads.
#pragma once

#include <gst/gst.h>
// GstCheck takes two everyday names: a global called mutex, and a macro called fail.
#define mutex gst_check_mutex
#include <gst/check/gstcheck.h>
#undef mutex
#undef fail

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace check {

using Where = std::source_location;

template <class T>
std::string show(const T &value)
{
  if constexpr (std::is_convertible_v<T, std::string_view>)
    return '"' + std::string(std::string_view(value)) + '"';
  else if constexpr (std::is_same_v<T, bool>)
    return value ? "true" : "false";
  else if constexpr (std::is_enum_v<T>)
    return std::to_string(static_cast<long>(value));
  else
    return std::to_string(value);
}

template <class T>
std::string show(const std::optional<T> &value)
{
  return value ? show(*value) : "nothing";
}

inline std::string show(std::nullopt_t)
{
  return "nothing";
}

template <class T>
inline constexpr bool is_number = std::is_integral_v<T> && !std::is_same_v<T, bool>;

template <class A, class B>
bool is_same(const A &actual, const B &expected)
{
  if constexpr (is_number<A> && is_number<B>)
    return std::cmp_equal(actual, expected);
  else if constexpr (std::is_convertible_v<A, std::string_view> &&
                     std::is_convertible_v<B, std::string_view>)
    return std::string_view(actual) == std::string_view(expected);
  else
    return actual == expected;
}

inline void that(bool condition, std::string_view what, Where where = Where::current())
{
  if (!condition)
    _ck_assert_failed(where.file_name(), static_cast<int>(where.line()), "failed", "%.*s",
                      static_cast<int>(what.size()), what.data());
}

inline void that(bool condition, Where where = Where::current())
{
  that(condition, "this is not so", where);
}

template <class A, class B>
void equal(const A &actual, const B &expected, std::string_view what = "",
           Where where = Where::current())
{
  if (!is_same(actual, expected))
    that(false, std::string(what) + ": " + show(actual) + " instead of " + show(expected), where);
}

inline void contains(std::string_view text, std::string_view part, Where where = Where::current())
{
  that(text.find(part) != std::string_view::npos, show(text) + " lacks " + show(part), where);
}

inline void lacks(std::string_view text, std::string_view part, Where where = Where::current())
{
  that(text.find(part) == std::string_view::npos, show(text) + " has " + show(part), where);
}

// Something another thread waits for, until it is opened.
class Gate {
public:
  void open()
  {
    std::lock_guard lock(mutex_); // until the end: whoever waits may then destroy the gate
    open_ = true;
    changed_.notify_all();
  }
  void wait()
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }
  bool is_open()
  {
    std::lock_guard lock(mutex_);
    return open_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

struct Test {
  const char *name;
  void (*run)(int);
};

inline std::vector<Test> &tests()
{
  static std::vector<Test> all;
  return all;
}

struct Registered {
  Registered(const char *name, void (*run)(int)) { tests().push_back({name, run}); }
};

// For main(). GstCheck runs each test in a process of its own.
inline int run(int argc, char **argv, const char *name)
{
  gst_check_init(&argc, &argv);
  Suite *suite = suite_create(name);
  TCase *cases = tcase_create("general");
  suite_add_tcase(suite, cases);
  for (const auto &test : tests())
    if (_gst_check_run_test_func(test.name))
      _tcase_add_test(cases, test.run, test.name, 0, 0, 0, 1);
  return gst_check_run_suite(suite, name, name);
}

} // namespace check

// TEST(name) { ... } defines a test and adds it to the program's.
#define TEST(name)                                                                                 \
  static void name##_body();                                                                       \
  GST_START_TEST(name)                                                                             \
  {                                                                                                \
    name##_body();                                                                                 \
  }                                                                                                \
  GST_END_TEST static const check::Registered name##_registered(#name, name);                      \
  static void name##_body()

#define TEST_MAIN(name)                                                                            \
  int main(int argc, char **argv)                                                                  \
  {                                                                                                \
    return check::run(argc, argv, name);                                                           \
  }
