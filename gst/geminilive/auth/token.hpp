// How credentials become an access token: the requests to make, and what the replies say. Pure; who
// sends them is the engine.
#pragma once

#include "../base/glib_ptr.hpp"
#include "../base/header_list.hpp"
#include "credentials.hpp"

#include <string_view>

namespace gemini_live {

struct TokenRequest {
  std::string url;
  HeaderList headers = {};
  Secret form = {}; // to POST; if it is empty, GET
};

struct TokenReply {
  unsigned status = 0; // of HTTP
  Secret body;
  std::string metadata_flavor;     // the header by which Google's machines are known
  std::optional<gint64> date = {}; // Unix seconds at the server
};

struct AccessToken {
  Secret text;
  gint64 expires; // Unix seconds
};

// What came of a request, or why nothing did (GST_RESOURCE_ERROR).
template <class T>
struct TokenResult {
  std::optional<T> value = {};
  ErrorPtr error = {};
  bool retryable = false;
};

// `now` in Unix seconds.
TokenRequest make_token_request(const Credentials &credentials, gint64 now);
TokenResult<AccessToken> read_token(const Credentials &credentials, const TokenReply &reply,
                                    gint64 now);

TokenRequest make_project_request(const MetadataServer &server);
TokenResult<std::string> read_project(const MetadataServer &server, const TokenReply &reply);

// Whom the request for a token goes to; no secret.
std::string token_url(const Credentials &credentials);

// It becomes part of resource names.
bool is_project_name(std::string_view name);

// The same if tokens of one are good for the other; holds no secret.
std::string identity_of(const Credentials &credentials);

} // namespace gemini_live
