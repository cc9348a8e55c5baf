// Google's credentials: who asks Vertex AI, as a file or the machine says it.
#pragma once

#include "../base/secret.hpp"

#include <glib.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gemini_live {

struct ServiceAccount {
  std::string email, key_id, token_uri;
  Secret private_key; // PEM
};

// What `gcloud auth application-default login` leaves behind.
struct AuthorizedUser {
  std::string client_id, token_uri;
  Secret client_secret, refresh_token;
};

// Of the Google machine that we run on, which knows who we are.
struct MetadataServer {
  std::string host; // may have a port
};

struct Credentials {
  std::variant<ServiceAccount, AuthorizedUser, MetadataServer> who;
  std::string project = {};       // theirs; or empty
  std::string quota_project = {}; // that pays, if it is another; or empty

  bool of_machine() const { return std::holds_alternative<MetadataServer>(who); }
};

// From a file. Nothing with `error` set (GST_RESOURCE_ERROR) if it does not do.
std::optional<Credentials> read_credentials(const std::string &path,
                                            std::vector<std::string> &warnings, GError **error);

// The Application Default Credentials: of the file that GOOGLE_APPLICATION_CREDENTIALS names, else
// of gcloud's own, else of the metadata server, which may turn out not to be there.
std::optional<Credentials> find_default_credentials(std::vector<std::string> &warnings,
                                                    GError **error);

} // namespace gemini_live
