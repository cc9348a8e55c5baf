// Gets an access token for Google's credentials, and the project of the machine if nobody else names
// one: from the process's cache or by HTTP, and only once for all who want the same at a time. Loop
// thread only.
#pragma once

#include "../auth/token.hpp"
#include "../base/loop.hpp"
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

  SignIn(Credentials credentials, bool wants_project, Route route, std::shared_ptr<Loop> loop);
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
  void look_for_token();
  void take_fetched(const Secret &token);
  void end_turn(const Secret &token);
  void use_cached(const Secret &token);
  void send(TokenRequest request, Reply reply);
  void take_token(const HttpReply &reply);
  void take_project(const HttpReply &reply);
  void go_on();
  void fail(ErrorPtr error, bool retryable);
  void finish(Result result);
  void fail(const ConnectionEnd &how);
  ErrorPtr no_machine(const std::string &why) const;
  Asked asked() const;

  const Credentials credentials_;
  const bool wants_project_;
  const Route route_;
  const std::shared_ptr<Loop> loop_;
  Done done_;            // until it is called
  bool is_turn_ = false; // to fetch, which others may wait for
  Result result_;
  std::shared_ptr<HttpCall> call_;
};

// As seen by the clock of this machine, Unix seconds.
gint64 unix_seconds();

} // namespace gemini_live
