// Data that cannot be reached without its lock.
//
//   Guarded<Queue> queue_;
//   queue_.lock()->push(x);      // locked for this statement
//   auto queue = queue_.lock();  // locked for this scope
//
// No lock is held while calling out, so there is no order of locks to remember.
#pragma once

#include <mutex>

namespace gemini_live {

template <class T>
class Guarded {
public:
  class Access {
  public:
    T *operator->() { return data_; }
    T &operator*() { return *data_; }
    // For std::condition_variable.
    std::unique_lock<std::mutex> &held() { return lock_; }

  private:
    friend class Guarded;
    Access(std::mutex &mutex, T &data) : lock_(mutex), data_(&data) {}
    std::unique_lock<std::mutex> lock_;
    T *data_;
  };

  [[nodiscard]] Access lock() { return Access(mutex_, data_); }
  [[nodiscard]] Access lock() const { return Access(mutex_, data_); }

private:
  mutable std::mutex mutex_;
  mutable T data_;
};

} // namespace gemini_live
