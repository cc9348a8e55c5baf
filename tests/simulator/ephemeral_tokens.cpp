// Minting, and the merge of two setups.
#include "ephemeral_tokens.hpp"

#include "client_schema.hpp"
#include "glib.hpp"
#include "json_text.hpp"

namespace gemini_live_simulator {
namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t usual_life = 1800 * second;
constexpr std::int64_t usual_start = 60 * second;
constexpr std::int64_t longest = 20 * 3600 * second;

HttpReply refusal(unsigned code, const char *status, const std::string &message)
{
  return {code, JsonText()
                    .object("error")
                    .number("code", code)
                    .string("message", message)
                    .string("status", status)
                    .finish()};
}

std::int64_t time_of(Json value, std::int64_t usual)
{
  if (!value.exists())
    return usual;
  GDateTime *time = g_date_time_new_from_iso8601(value.string().c_str(), nullptr);
  const auto at = g_date_time_to_unix(time) * second + g_date_time_get_microsecond(time);
  g_date_time_unref(time);
  return at;
}

std::vector<std::string> split(const std::string &text, const char *at)
{
  char **pieces = g_strsplit(text.c_str(), at, -1);
  std::vector<std::string> all(pieces, pieces + g_strv_length(pieces));
  g_strfreev(pieces);
  return all;
}

// As a client spelt it.
std::string spelling(JsonObject *object, const std::string &camel_case)
{
  const auto snake = snake_case(camel_case);
  return json_object_has_member(object, snake.c_str()) ? snake : camel_case;
}

JsonNode *member(JsonObject *object, const std::string &camel_case)
{
  return object ? json_object_get_member(object, spelling(object, camel_case).c_str()) : nullptr;
}

JsonObject *object_in(JsonNode *node)
{
  return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : nullptr;
}

// The object of that name, made if there is none.
JsonObject *open_object(JsonObject *parent, const std::string &name)
{
  if (JsonObject *there = object_in(member(parent, name)))
    return there;
  json_object_set_object_member(parent, name.c_str(), json_object_new());
  return object_in(member(parent, name));
}

// A field that only the client set is unset by it.
void freeze(JsonObject *client, JsonObject *token, std::vector<std::string> path)
{
  while (path.size() > 1) {
    client = open_object(client, path.front());
    token = object_in(member(token, path.front()));
    path.erase(path.begin());
  }
  JsonNode *value = member(token, path.front());
  json_object_remove_member(client, spelling(client, path.front()).c_str());
  if (value)
    json_object_set_member(client, path.front().c_str(), json_node_copy(value));
}

ObjectPtr<JsonParser> parse(const std::string &text)
{
  ObjectPtr<JsonParser> parser(json_parser_new());
  json_parser_load_from_data(parser.get(), text.data(), static_cast<gssize>(text.size()), nullptr);
  return parser;
}

JsonObject *root_of(const ObjectPtr<JsonParser> &parser)
{
  return object_in(json_parser_get_root(parser.get()));
}

// Without a word of it a token's conversation is in text.
void set_usual_modality(JsonObject *setup)
{
  JsonObject *config = open_object(setup, "generationConfig");
  if (member(config, "responseModalities"))
    return;
  JsonArray *modalities = json_array_new();
  json_array_add_string_element(modalities, "TEXT");
  json_object_set_array_member(config, "responseModalities", modalities);
}

// A handle is no setting: it is the client's own.
void keep_handle(JsonObject *setup, JsonNode *handle)
{
  if (handle)
    json_object_set_member(open_object(setup, "sessionResumption"), "handle",
                           json_node_copy(handle));
}

} // namespace

EphemeralToken::EphemeralToken(Json request, std::int64_t now)
    : expires_(time_of(request.field("expireTime"), now + usual_life)),
      last_start_(time_of(request.field("newSessionExpireTime"), now + usual_start)),
      most_(request.field("uses").exists()
                ? static_cast<std::uint64_t>(request.field("uses").number())
                : 1)
{
  const Json setup = request.field("bidiGenerateContentSetup");
  if (const auto mask = request.field("fieldMask").string(); !mask.empty())
    fields_ = split(mask, ",");
  if (setup.exists())
    setup_ = CharPtr(json_to_string(setup.node(), FALSE)).get();
  else if (fields_)
    setup_ = "{}";
}

std::optional<std::string> EphemeralToken::fault(std::int64_t now) const
{
  if (expires_ >= now + longest || last_start_ >= now + longest)
    return "Maximum lifetime is 20h.";
  return std::nullopt;
}

std::optional<Refusal> EphemeralToken::refuse(bool resumes, std::int64_t now) const
{
  if (now >= expires_ || (!resumes && now >= last_start_))
    return Refusal{1011, "Token has expired"};
  if (!resumes && most_ != 0 && conversations_ >= most_)
    return Refusal{1011, "Token has been used too many times"};
  return std::nullopt;
}

std::string EphemeralToken::constrain(const std::string &setup_message) const
{
  if (setup_.empty())
    return setup_message;
  const auto message = parse(setup_message), token = parse(setup_);
  JsonObject *setup = object_in(member(root_of(message), "setup"));
  JsonNode *handle = member(object_in(member(setup, "sessionResumption")), "handle");
  const std::unique_ptr<JsonNode, void (*)(JsonNode *)> kept(
      handle ? json_node_copy(handle) : nullptr, [](JsonNode *node) {
        if (node)
          json_node_unref(node);
      });
  if (fields_)
    for (const auto &field : *fields_)
      freeze(setup, root_of(token), split(field, "."));
  else
    setup = root_of(token);
  keep_handle(setup, kept.get());
  set_usual_modality(setup);
  if (!fields_)
    json_object_set_object_member(root_of(message), "setup", json_object_ref(setup));
  return CharPtr(json_to_string(json_parser_get_root(message.get()), FALSE)).get();
}

HttpReply EphemeralTokens::mint(const Access &caller, std::string_view body, std::int64_t now)
{
  if (const auto refused = refuse_caller(caller, api_key_))
    return caller.has_key ? refusal(400, "INVALID_ARGUMENT", refused->reason)
                          : refusal(403, "PERMISSION_DENIED", refused->reason);
  const auto document = JsonDocument::parse(body.empty() ? "{}" : body);
  if (!document || !document->root().is_object())
    return refusal(400, "INVALID_ARGUMENT", "Invalid JSON payload received. Unexpected token.");
  auto fault = token_schema_error(document->root());
  if (fault)
    return refusal(400, "INVALID_ARGUMENT", *fault);
  EphemeralToken token(document->root(), now);
  if ((fault = token.fault(now)))
    return refusal(400, "INVALID_ARGUMENT", *fault);
  const auto name = std::string("auth_tokens/") + CharPtr(g_uuid_string_random()).get();
  tokens_.emplace(name, std::move(token));
  return {200, JsonText().string("name", name).finish()};
}

EphemeralToken *EphemeralTokens::find(const std::string &name)
{
  const auto found = tokens_.find(name);
  return found == tokens_.end() ? nullptr : &found->second;
}

} // namespace gemini_live_simulator
