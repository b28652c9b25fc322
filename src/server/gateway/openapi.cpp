#include "server/gateway/openapi.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "server/gateway/document.hpp"

namespace astro::gateway {
namespace {

namespace bj = boost::json;

/// RFC 9457, as net::problem_response writes it.
struct Problem {
    std::string type{"/docs/errors#bad_parameter"}, title{"Bad parameter"};
    int status = 400;
    std::string code{"bad_parameter"}, detail{"must lie in 1 … 500"};
    std::optional<std::string> where{"limit"}, request_id{"01J8Z3K7Q0ZV6W4N5X1Y2M3P4R"};
};
BOOST_DESCRIBE_STRUCT(Problem, (), (type, title, status, code, detail, where, request_id))

struct Refusal {
    int status;
    std::string_view summary;
};
constexpr Refusal kRefusals[] = {
    {400, "A parameter, the body or the request itself is wrong; it says which"},
    {401, "Who calls is not known: no or no valid credentials"},
    {403, "Who calls may not do this"},
    {404, "What the path names is not here"},
    {408, "The body did not arrive in time"},
    {409, "What is here already does not allow it"},
    {412, "It is not what If-Match or If-None-Match say any more"},
    {413, "The body is too large"},
    {415, "The body is not application/json"},
    {422, "Well formed, and refused by what it would do; the numbers say why"},
    {429, "Too many requests; Retry-After says when to come again"},
    {431, "The headers are too large"},
    {500, "A fault of the server; the log has it under the request id"},
    {503, "Not now: a part is down, or the server is stopping"},
};

bj::string_view summary_of_refusal(int status) {
    const auto at = std::ranges::find(kRefusals, status, &Refusal::status);
    ASTRO_ASSERT(at != std::end(kRefusals));
    return {at->summary.data(), at->summary.size()};
}

/// What does not reach the routes, the server refuses in its own way.
bool is_said_by_dialect(int status) {
    return status != 408 && status != 413 && status != 431;
}

bool has_path_parameters(const Route& route) {
    return route.path.find('{') != std::string::npos;
}

std::set<int> refusals_of(const Route& route) {
    std::set<int> out{400, 401, 403, 429, 431, 500, 503};
    if (has_path_parameters(route)) out.insert(404);
    if (route.body) out.insert({408, 413, 415});
    out.insert(route.refusals.begin(), route.refusals.end());
    // An answer of success may have such a status: a health check's 503.
    for (const auto& answer : route.answers) out.erase(answer.status);
    return out;
}

/// "get_mev_opportunities_by_id"; of an alias "get_api_market_tickers".
std::string operation_id(const Route& route) {
    std::string path = route.path;
    for (const std::string_view prefix : {"/api/v1/", "/"})
        if (path.starts_with(prefix)) {
            path.erase(0, prefix.size());
            break;
        }
    std::string out;
    for (const char c : route.method) out.push_back(static_cast<char>(c | 0x20));
    out.push_back('_');
    for (const char c : path) {
        if (c == '{')
            out += "by_";
        else if (c != '}')
            out.push_back(std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_');
    }
    return out;
}

/// The capability: the segment after /api/v1.
std::string tag_of_path(std::string_view path) {
    constexpr std::string_view kBase = "/api/v1/";
    if (!path.starts_with(kBase)) return path.starts_with("/api/") ? "aliases" : "server";
    path.remove_prefix(kBase.size());
    const auto slash = path.find('/');
    return slash == std::string_view::npos ? "server" : std::string(path.substr(0, slash));
}

bj::object parameter_entry(const Parameter& p, const Route& route) {
    const bool in_path = route.path.find("{" + p.name + "}") != std::string::npos;
    bj::object out{{"name", p.name},
                   {"in", in_path ? "path" : "query"},
                   {"required", in_path},
                   {"description", p.summary},
                   {"schema", parameter_schema(p)}};
    if (p.several) {
        out["style"] = "form";
        out["explode"] = false;
    }
    if (!p.example.empty()) out["example"] = parameter_example(p);
    return out;
}

bj::object content_of(const std::string& type, const JsonDocument& document, SchemaBook& book) {
    bj::object media;
    if (document) {
        media["schema"] = bj::parse(document.schema(book));
        media["example"] = bj::parse(document.example);
    } else {
        media["schema"] = bj::object{{"type", "string"}};
    }
    return {{type, std::move(media)}};
}

bj::object response_entry(const Answer& answer, SchemaBook& book) {
    bj::object out{{"description", answer.summary.empty() ? "As asked" : answer.summary}};
    if (answer.document || answer.content_type != "application/json")
        out["content"] = content_of(answer.content_type, answer.document, book);
    return out;
}

bj::object history_header() {
    return {{"X-History-Since",
             bj::object{{"description",
                         "Nothing that was stored before is in the answer: the caller's plan sees "
                         "no further back. Absent when it sees all"},
                        {"schema", bj::object{{"type", "string"}, {"format", "date-time"}}}}}};
}

bj::object responses_of(const Route& route, SchemaBook& book) {
    bj::object out;
    for (const auto& answer : route.answers) {
        auto entry = response_entry(answer, book);
        if (route.history) entry["headers"] = history_header();
        // One status may have several kinds of content.
        auto [at, is_new] = out.emplace(std::to_string(answer.status), entry);
        if (!is_new)
            for (auto& [type, media] : entry["content"].as_object())
                at->value().as_object()["content"].as_object()[type] = media;
    }
    if (route.tagged)
        out["304"] = bj::object{{"description", "Unchanged since the ETag of If-None-Match"}};
    for (const int status : refusals_of(route)) {
        if (route.dialect && is_said_by_dialect(status))
            out[std::to_string(status)] =
                bj::object{{"description", summary_of_refusal(status)},
                           {"content", content_of("application/json", route.dialect->error, book)}};
        else
            out[std::to_string(status)] =
                bj::object{{"$ref", "#/components/responses/" + std::to_string(status)}};
    }
    return out;
}

bj::string_view name_of(RouteClass limit_class) {
    switch (limit_class) {
        case RouteClass::read:
            return "read";
        case RouteClass::write:
            return "write";
        case RouteClass::sign_in:
            break;
    }
    return "sign_in";
}

bj::object operation_of(const Route& route, SchemaBook& book) {
    bj::array parameters;
    for (const auto& p : route.parameters) parameters.push_back(parameter_entry(p, route));
    bj::object out{{"operationId", operation_id(route)},
                   {"summary", route.summary},
                   {"tags", bj::array{tag_of_path(route.path)}},
                   {"x-permission", route.permission},
                   {"x-limit-class", name_of(route.limit_class)},
                   {"x-weight", route.weight},
                   {"x-at-close", route.at_close}};
    const bool open = route.permission == kPublicPermission;
    bj::array security;
    if (open) security.push_back(bj::object{});
    const auto needs = [&] { return open ? bj::array{} : bj::array{bj::value(route.permission)}; };
    security.push_back(bj::object{{"bearer", needs()}});
    security.push_back(bj::object{{"signature", needs()}});
    security.push_back(bj::object{{"cookie", needs()}, {"csrf", needs()}});
    if (route.proof != Proof::own) security.push_back(bj::object{{"binance", needs()}});
    out["security"] = std::move(security);
    if (!parameters.empty()) out["parameters"] = std::move(parameters);
    if (route.body)
        out["requestBody"] = bj::object{
            {"required", true}, {"content", content_of("application/json", route.body, book)}};
    out["responses"] = responses_of(route, book);
    return out;
}

bj::object header_scheme(const char* in, const char* name, const char* description) {
    return {{"type", "apiKey"}, {"in", in}, {"name", name}, {"description", description}};
}

/// How a caller says who he is. OpenAPI has no scheme of signed requests: its key's header stands
/// for all four.
bj::object security_schemes() {
    return {
        {"bearer", bj::object{{"type", "http"},
                              {"scheme", "bearer"},
                              {"description", "An access token, or the secret of an API key"}}},
        {"signature",
         header_scheme("header", "X-Astrolabe-Key",
                       "An API key that signs: its id, with X-Astrolabe-Timestamp (milliseconds), "
                       "X-Astrolabe-Nonce (16 to 64 of A-Z a-z 0-9 - _), X-Astrolabe-Signature "
                       "(Ed25519 or HMAC-SHA-256 in base64url) and, when wanted, "
                       "X-Astrolabe-Window. Signed are seven lines: ASTROLABE-1, the id, the "
                       "timestamp, the nonce, the method, path and query, and the SHA-256 of the "
                       "body in hex")},
        {"cookie", header_scheme("cookie", "__Host-astro_session", "A page that has signed in")},
        {"binance", header_scheme("header", "X-MBX-APIKEY",
                                  "An API key's id, as at Binance: with the parameters timestamp, "
                                  "recvWindow and signature unless the route takes none")},
        {"csrf", header_scheme("header", "X-CSRF-Token",
                               "What a page repeats of its CSRF cookie in all that changes "
                               "something")}};
}

bj::object refusal_components(SchemaBook& book) {
    bj::object out;
    for (const auto& refusal : kRefusals) {
        bj::object entry{
            {"description", bj::string_view(refusal.summary.data(), refusal.summary.size())},
            {"content", content_of("application/problem+json",
                                   {json_document<Problem>().schema, to_json(Problem{})}, book)}};
        if (refusal.status == 429 || refusal.status == 503)
            entry["headers"] = bj::object{
                {"Retry-After", bj::object{{"description", "Seconds to wait"},
                                           {"schema", bj::object{{"type", "integer"}}}}}};
        if (refusal.status == 401)
            entry["headers"] = bj::object{
                {"WWW-Authenticate", bj::object{{"schema", bj::object{{"type", "string"}}}}}};
        out[std::to_string(refusal.status)] = std::move(entry);
    }
    return out;
}

}  // namespace

bj::object parameter_schema(const Parameter& p) {
    bj::object out;
    switch (p.type) {
        case ParameterType::integer:
            out["type"] = "integer";
            if (p.minimum != INT64_MIN) out["minimum"] = p.minimum;
            if (p.maximum != INT64_MAX) out["maximum"] = p.maximum;
            if (p.maximum == INT64_MAX) out["format"] = "int64";
            return out;
        case ParameterType::decimal:
            return {{"type", "number"}};
        case ParameterType::boolean:
            return {{"type", "boolean"}};
        case ParameterType::time:
            return {{"type", "string"}, {"format", "date-time"}};
        case ParameterType::text:
            break;
    }
    out["type"] = "string";
    out["minLength"] = 1;
    out["maxLength"] = p.length_max;
    if (!p.choices.empty()) out["enum"] = bj::array(p.choices.begin(), p.choices.end());
    if (!p.several) return out;
    return {{"type", "array"}, {"minItems", 1}, {"items", std::move(out)}};
}

bj::value parameter_example(const Parameter& p) {
    if (p.type == ParameterType::text || p.type == ParameterType::time) {
        if (!p.several) return bj::value(p.example);
        bj::array out;
        for (const auto part : split_list(p.example))
            out.emplace_back(bj::string_view(part.data(), part.size()));
        return out;
    }
    return bj::parse(p.example);
}

bj::object schema_components(const SchemaBook& book) {
    bj::object out;
    for (const auto& [name, schema] : book.schemas()) out[name] = bj::parse(schema);
    return out;
}

std::string openapi_document(const std::vector<Route>& routes, std::string_view version) {
    SchemaBook book;
    bj::object paths;
    for (const auto& route : routes) {
        auto& path = paths[route.path];
        if (!path.is_object()) path = bj::object{};
        std::string method = route.method;
        for (char& c : method) c = static_cast<char>(c | 0x20);
        path.as_object()[method] = operation_of(route, book);
    }
    bj::object components{{"responses", refusal_components(book)}};
    components["schemas"] = schema_components(book);
    components["securitySchemes"] = security_schemes();
    const bj::object document{
        {"openapi", "3.1.0"},
        {"info", bj::object{{"title", "Astrolabe"},
                            {"version", bj::string_view(version.data(), version.size())},
                            {"description",
                             "Amounts and other 64-bit values are strings; times are ISO 8601 in "
                             "UTC. Every refusal is a problem document (RFC 9457)."}}},
        {"servers", bj::array{bj::object{{"url", "/"}}}},
        {"paths", std::move(paths)},
        {"components", std::move(components)}};
    return bj::serialize(document);
}

Route document_route(std::string path, std::string summary, std::string document) {
    auto text = std::make_shared<const std::string>(std::move(document));
    return {
        .path = std::move(path),
        .summary = std::move(summary),
        .answers = {{.document = {[](SchemaBook&) -> std::string { return R"({"type":"object"})"; },
                                  "{}"}}},
        .blocking = false,
        .tagged = true,
        .handler = [text = std::move(text)](const Call&) -> Result<net::Response> {
            auto response = net::json_response({});
            response.shared_body = text;
            return response;
        }};
}

}  // namespace astro::gateway
