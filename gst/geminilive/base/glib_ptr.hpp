// Owners for what GLib hands out, so that ownership is visible in the type.
#pragma once

#include <gio/gio.h>

#include <memory>

namespace gemini_live {

template <auto release>
struct Release {
  template <class T>
  void operator()(T *pointer) const
  {
    release(pointer);
  }
};

using BytesPtr = std::unique_ptr<GBytes, Release<g_bytes_unref>>;
using CharPtr = std::unique_ptr<char, Release<g_free>>;
using ErrorPtr = std::unique_ptr<GError, Release<g_error_free>>;
using UriPtr = std::unique_ptr<GUri, Release<g_uri_unref>>;

// Owns one reference to a GObject.
template <class T>
using ObjectPtr = std::unique_ptr<T, Release<g_object_unref>>;

} // namespace gemini_live
