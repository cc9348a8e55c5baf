// The signed statement (JWS, RFC 7515, RS256) by which a service account asks for a token.
#pragma once

#include "credentials.hpp"

namespace gemini_live {

// Whether a PEM text is a private RSA key; if not, `why` ends a sentence about it.
bool is_signing_key(const Secret &pem, std::string &why);

// `now` in Unix seconds. Empty if the key cannot sign.
Secret make_assertion(const ServiceAccount &account, const char *scope, gint64 now);

} // namespace gemini_live
