// Gets an access token for Google's credentials, and the project of the machine if nobody else names
// one: from the process's cache or by HTTP. Loop thread only.
#pragma once

#include "../auth/token.hpp"
#include "../net/http.hpp"
#include "../net/verdict.hpp"

#include <functional>
#include <memory>
#include <string>

namespace gemini_live {

class SignIn : public std::enable_shared_from_this<SignIn> {
public:
  struct Result {
    Secret token;
    bool was_cached = false;
    std::string project = {}; // if it was asked for
    ErrorPtr error = {};      // then there is no token
    bool retryable = false;
  };
  using Done = std::function<void(Result)>;

  SignIn(Credentials credentials, bool wants_project, Route route, std::shared_ptr<void> loop);
  ~SignIn() { abandon(); }

  // `done` may be called at once, and no more after abandon().
  void start(Done done);
  void abandon();

  // What there is to say if no answer has come for so long.
  ErrorPtr timed_out(double seconds) const;

  // Whom it asks, for the user.
  std::string whom() const;

private:
  using Reply = void (SignIn::*)(const HttpReply &);
  void send(TokenRequest request, Reply reply);
  void take_token(const HttpReply &reply);
  void take_project(const HttpReply &reply);
  void go_on();
  void fail(ErrorPtr error, bool retryable);
  void fail(const ConnectionEnd &how);
  ErrorPtr no_machine(const std::string &why) const;
  Asked asked() const;

  const Credentials credentials_;
  const bool wants_project_;
  const Route route_;
  const std::shared_ptr<void> loop_;
  Done done_;
  Result result_;
  std::shared_ptr<HttpCall> call_;
};

// As seen by the clock of this machine, Unix seconds.
gint64 unix_seconds();

} // namespace gemini_live
