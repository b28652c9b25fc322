#include "foundation/net/jsonrpc_answer.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <ctime>

#include "foundation/base/json.hpp"

namespace astro::net {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t kShownBytes = 80;
constexpr std::size_t kShownSegmentMax = 19;  ///< longer path segments may be a provider's key

/// The top-level members, as far as they were found.
struct Members {
    bool result = false;
    bool id_matches = false;
    bool error = false;
    std::int64_t error_number = 0;
    std::string error_message;
};

/// The beginning of a body that is not JSON-RPC, in one line.
std::string shown(std::string_view body) {
    std::string out(body.substr(0, kShownBytes));
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = ' ';
    return body.empty() ? "an empty body" : "\"" + out + (body.size() > kShownBytes ? "…\"" : "\"");
}

void read_error(ondemand::value value, Members& members) {
    if (value.is_null().value()) return;  // some servers send "error":null beside a result
    members.error = true;
    for (auto field : value.get_object()) {
        const ondemand::raw_json_string key = field.key();
        if (key == "code")
            members.error_number = field.value().get_int64();
        else if (key == "message")
            members.error_message = std::string(std::string_view(field.value().get_string()));
    }
}

void read_members(ondemand::document& document, std::uint64_t id, Members& members) {
    for (auto field : document.get_object()) {
        const ondemand::raw_json_string key = field.key();
        if (key == "error") {
            read_error(field.value(), members);
        } else if (key == "id") {
            std::uint64_t got;
            members.id_matches =
                field.value().get_uint64().get(got) == simdjson::SUCCESS && got == id;
        } else if (key == "result") {
            members.result = true;
        }
    }
}

void skip_space(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

void skip_space_behind(std::string_view& text) {
    const auto last = text.find_last_not_of(" \t\r\n");
    text = text.substr(0, last == text.npos ? 0 : last + 1);
}

bool skip(std::string_view& text, std::string_view token) {
    skip_space(text);
    if (!text.starts_with(token)) return false;
    text.remove_prefix(token.size());
    return true;
}

bool skip_behind(std::string_view& text, std::string_view token) {
    skip_space_behind(text);
    if (!text.ends_with(token)) return false;
    text.remove_suffix(token.size());
    return true;
}

/// Whether `body` is {"jsonrpc":"2.0","result":…,"id":N} in this or another usual order, judged by
/// its two ends: a block has megabytes in between, which its reader will parse anyway. False only
/// means that a closer look is needed.
bool is_plainly_result(std::string_view body, std::uint64_t id) {
    const std::string id_text = std::to_string(id);
    if (!skip(body, "{")) return false;
    bool id_seen = false;
    while (!skip(body, "\"result\"")) {
        if (skip(body, "\"jsonrpc\"")) {
            if (!skip(body, ":") || !skip(body, "\"2.0\"") || !skip(body, ",")) return false;
        } else if (skip(body, "\"id\"")) {
            if (!skip(body, ":") || !skip(body, id_text) || !skip(body, ",")) return false;
            id_seen = true;
        } else {
            return false;
        }
    }
    if (!skip(body, ":") || !skip_behind(body, "}")) return false;
    if (id_seen) return !body.empty();
    return skip_behind(body, id_text) && skip_behind(body, ":") && skip_behind(body, "\"id\"") &&
           skip_behind(body, ",") && !body.empty();
}

}  // namespace

struct AnswerChecker::Parser {
    ondemand::parser parser;
};

AnswerChecker::AnswerChecker() : parser_(std::make_unique<Parser>()) {}
AnswerChecker::~AnswerChecker() = default;
AnswerChecker::AnswerChecker(AnswerChecker&&) noexcept = default;
AnswerChecker& AnswerChecker::operator=(AnswerChecker&&) noexcept = default;

Result<void> AnswerChecker::check(std::string& body, std::uint64_t id) {
    if (is_plainly_result(body, id)) return {};
    Members members;
    body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    try {
        ondemand::document document = parser_->parser.iterate(
            simdjson::padded_string_view(body.data(), body.size(), body.capacity()));
        read_members(document, id, members);
    } catch (const simdjson::simdjson_error& error) {
        return unavailable("bad_response", std::string("not a JSON-RPC answer (") + error.what() +
                                               "): " + shown(body));
    }
    // An error that the node could not attribute has the id null.
    if (members.error)
        return refusal("rpc_error", members.error_message, std::to_string(members.error_number));
    if (!members.result)
        return unavailable("bad_response", "neither a result nor an error: " + shown(body));
    if (!members.id_matches)
        return unavailable("bad_response", "an answer to another request: " + shown(body), "id");
    return {};
}

std::string jsonrpc_request(std::uint64_t id, std::string_view method, std::string_view params) {
    std::string out = R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":)";
    append_json_string(out, method);
    return out.append(R"(,"params":)").append(params).append("}");
}

std::optional<std::int64_t> parse_retry_after(std::string_view value, std::int64_t now_unix) {
    std::int64_t seconds = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, seconds);
    if (error == std::errc{} && stop == end && seconds >= 0) return seconds;
    std::tm date{};
    const std::string text(value);
    const char* rest = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
    if (!rest || *rest != '\0') return std::nullopt;
    return std::max<std::int64_t>(0, ::timegm(&date) - now_unix);
}

std::string displayed_url(const Url& url) {
    std::string out = url.scheme + "://" + url.authority();
    std::string_view path = url.target;
    path = path.substr(0, path.find('?'));
    while (path.size() > 1) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        out.push_back('/');
        out.append(end > kShownSegmentMax ? "***" : path.substr(0, end));
        path.remove_prefix(end);
    }
    return out;
}

}  // namespace astro::net
