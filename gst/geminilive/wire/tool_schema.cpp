// What a setup may hold under `tools`.

#include "setup_fields.hpp"

namespace gemini_live {

namespace {

using namespace setup_fields;

constexpr Words kScheduling = {"WHEN_IDLE", "INTERRUPT", "SILENT"};
constexpr Words kBehavior = {"UNSPECIFIED", "BLOCKING", "NON_BLOCKING"};
constexpr Words kRetrievalMode = {"MODE_UNSPECIFIED", "MODE_DYNAMIC"};
constexpr Words kEnvironment = {"ENVIRONMENT_UNSPECIFIED", "ENVIRONMENT_BROWSER",
                                "ENVIRONMENT_MOBILE", "ENVIRONMENT_DESKTOP"};
constexpr Words kPhishing = {
    "PHISH_BLOCK_THRESHOLD_UNSPECIFIED",
    "BLOCK_LOW_AND_ABOVE",
    "BLOCK_MEDIUM_AND_ABOVE",
    "BLOCK_HIGH_AND_ABOVE",
    "BLOCK_HIGHER_AND_ABOVE",
    "BLOCK_VERY_HIGH_AND_ABOVE",
    "BLOCK_ONLY_EXTREMELY_HIGH",
};
constexpr Words kAuth = {
    "AUTH_TYPE_UNSPECIFIED",       "NO_AUTH", "API_KEY_AUTH", "HTTP_BASIC_AUTH",
    "GOOGLE_SERVICE_ACCOUNT_AUTH", "OAUTH",   "OIDC_AUTH",
};
constexpr Words kType = {
    "TYPE_UNSPECIFIED", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL",
};

constexpr SetupField kParametersFields[] = {
    word("type", kType),
    text("format"),
    text("title"),
    text("description"),
    truth("nullable"),
    list(text("enum")),
    schema("items"),
    map(schema("properties")),
    list(text("required")),
    list(text("propertyOrdering")),
    list(schema("anyOf")),
    number("minimum"),
    number("maximum"),
    large_count("minItems"),
    large_count("maxItems"),
    large_count("minLength"),
    large_count("maxLength"),
    large_count("minProperties"),
    large_count("maxProperties"),
    text("pattern"),
    any("example"),
    any("default"),
};

// The SDKs' comment; the public proto says 64.
constexpr TextRule kFunctionName = {
    "^[A-Za-z_][A-Za-z0-9_.:-]{0,127}$",
    "a letter or _ and up to 127 letters, digits, _ . : and -",
};

constexpr SetupField kFunctionFields[] = {
    obeying(kFunctionName, text("name")),
    text("description"),
    schema("parameters"),
    any("parametersJsonSchema"),
    schema("response"),
    any("responseJsonSchema"),
    word("behavior", kBehavior),
    word("x-scheduling", kScheduling), // of answers that do not say; not sent
};

constexpr SetupField kSearchTypesFields[] = {
    message("webSearch", kEmpty),
    message("imageSearch", kEmpty),
};
constexpr SetupMessage kSearchTypes{kSearchTypesFields};

constexpr SetupField kIntervalFields[] = {text("startTime"), text("endTime")};
constexpr SetupMessage kInterval{kIntervalFields};

constexpr SetupField kGoogleSearchFields[] = {
    message("searchTypes", kSearchTypes),
    message("timeRangeFilter", kInterval),
    list(text("excludeDomains")),
    word("blockingConfidence", kPhishing),
};
constexpr SetupMessage kGoogleSearch{kGoogleSearchFields};

constexpr SetupField kDynamicRetrievalFields[] = {
    word("mode", kRetrievalMode),
    number("dynamicThreshold"),
};
constexpr SetupMessage kDynamicRetrieval{kDynamicRetrievalFields};

constexpr SetupField kSearchRetrievalFields[] = {
    message("dynamicRetrievalConfig", kDynamicRetrieval),
};
constexpr SetupMessage kSearchRetrieval{kSearchRetrievalFields};

constexpr SetupField kAuthConfigFields[] = {
    text("apiKey"),
    any("apiKeyConfig"),
    word("authType", kAuth),
    any("googleServiceAccountConfig"),
    any("httpBasicAuthConfig"),
    any("oauthConfig"),
    any("oidcConfig"),
};
constexpr SetupMessage kAuthConfig{kAuthConfigFields};

constexpr SetupField kGroundingTypesFields[] = {any("places"), any("routing")};
constexpr SetupMessage kGroundingTypes{kGroundingTypesFields};

constexpr SetupField kGoogleMapsFields[] = {
    truth("enableWidget"),
    message("groundingTypes", kGroundingTypes),
    message("authConfig", kAuthConfig),
};
constexpr SetupMessage kGoogleMaps{kGoogleMapsFields};

constexpr SetupField kComputerUseFields[] = {
    word("environment", kEnvironment),
    list(text("excludedPredefinedFunctions")),
    truth("enablePromptInjectionDetection"),
    list(text("disabledSafetyPolicies")),
};
constexpr SetupMessage kComputerUse{kComputerUseFields};

constexpr SetupField kFileSearchFields[] = {
    list(text("fileSearchStoreNames")),
    text("metadataFilter"),
    count("topK"),
};
constexpr SetupMessage kFileSearch{kFileSearchFields};

constexpr SetupField kHttpTransportFields[] = {
    text("url"),
    map(text("headers")),
    text("timeout"),
    text("sseReadTimeout"),
    truth("terminateOnClose"),
};
constexpr SetupMessage kHttpTransport{kHttpTransportFields};

constexpr SetupField kMcpServerFields[] = {
    text("name"),
    message("streamableHttpTransport", kHttpTransport),
};
constexpr SetupMessage kMcpServer{kMcpServerFields};

constexpr SetupField kEnterpriseSearchFields[] = {
    list(text("excludeDomains")),
    word("blockingConfidence", kPhishing),
};
constexpr SetupMessage kEnterpriseSearch{kEnterpriseSearchFields};

constexpr SetupField kOtherSearchFields[] = {
    text("apiKey"),
    any("customConfigs"),
    truth("enableDataRetention"),
    truth("enableZeroDataRetention"),
};
constexpr SetupMessage kOtherSearch{kOtherSearchFields};

constexpr SetupField kToolFields[] = {
    list(message("functionDeclarations", function_schema)),
    message("googleSearch", kGoogleSearch),
    message("googleSearchRetrieval", kSearchRetrieval),
    message("codeExecution", kEmpty),
    message("urlContext", kEmpty),
    message("googleMaps", kGoogleMaps),
    message("computerUse", kComputerUse),
    message("fileSearch", kFileSearch),
    list(message("mcpServers", kMcpServer)),
    any("retrieval"),
    message("enterpriseWebSearch", kEnterpriseSearch),
    message("exaAiSearch", kOtherSearch),
    message("parallelAiSearch", kOtherSearch),
};

} // namespace

constexpr SetupMessage tool_schema{kToolFields};
constexpr SetupMessage function_schema{kFunctionFields, "name"};
constexpr SetupMessage parameters_schema{kParametersFields};

} // namespace gemini_live
