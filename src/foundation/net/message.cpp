#include "foundation/net/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "foundation/base/json.hpp"

namespace astro::net {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

struct StatusName {
    int status;
    std::string_view title;
};
constexpr std::array kStatusNames{
    StatusName{100, "Continue"},
    StatusName{101, "Switching Protocols"},
    StatusName{200, "OK"},
    StatusName{201, "Created"},
    StatusName{202, "Accepted"},
    StatusName{204, "No Content"},
    StatusName{206, "Partial Content"},
    StatusName{301, "Moved Permanently"},
    StatusName{302, "Found"},
    StatusName{303, "See Other"},
    StatusName{304, "Not Modified"},
    StatusName{307, "Temporary Redirect"},
    StatusName{308, "Permanent Redirect"},
    StatusName{400, "Bad Request"},
    StatusName{401, "Unauthorized"},
    StatusName{403, "Forbidden"},
    StatusName{404, "Not Found"},
    StatusName{405, "Method Not Allowed"},
    StatusName{406, "Not Acceptable"},
    StatusName{408, "Request Timeout"},
    StatusName{409, "Conflict"},
    StatusName{410, "Gone"},
    StatusName{412, "Precondition Failed"},
    StatusName{413, "Content Too Large"},
    StatusName{414, "URI Too Long"},
    StatusName{415, "Unsupported Media Type"},
    StatusName{416, "Range Not Satisfiable"},
    StatusName{417, "Expectation Failed"},
    StatusName{422, "Unprocessable Content"},
    StatusName{426, "Upgrade Required"},
    StatusName{428, "Precondition Required"},
    StatusName{429, "Too Many Requests"},
    StatusName{431, "Request Header Fields Too Large"},
    StatusName{500, "Internal Server Error"},
    StatusName{501, "Not Implemented"},
    StatusName{502, "Bad Gateway"},
    StatusName{503, "Service Unavailable"},
    StatusName{504, "Gateway Timeout"},
    StatusName{505, "HTTP Version Not Supported"},
};

std::optional<std::string_view> find_pair(
    const std::vector<std::pair<std::string, std::string>>& pairs, std::string_view name) {
    for (const auto& [key, value] : pairs)
        if (key == name) return value;
    return std::nullopt;
}

/// "bad_header" → "Bad header".
std::string title_of_code(std::string_view code) {
    std::string title(code);
    std::replace(title.begin(), title.end(), '_', ' ');
    if (!title.empty() && title[0] >= 'a' && title[0] <= 'z')
        title[0] = static_cast<char>(title[0] - 'a' + 'A');
    return title;
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
    out.append(",\"").append(name).append("\":");
    append_json_string(out, value);
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return x == y || lower(x) == lower(y);
           });
}

void Fields::set(std::string name, std::string value) {
    std::erase_if(fields_, [&](const auto& f) { return equals_ignoring_case(f.first, name); });
    fields_.emplace_back(std::move(name), std::move(value));
}

void Fields::add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
}

std::optional<std::string_view> Fields::find(std::string_view name) const {
    for (const auto& [key, value] : fields_)
        if (equals_ignoring_case(key, name)) return value;
    return std::nullopt;
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
    return find_pair(query, name);
}

std::optional<std::string_view> Request::path_param(std::string_view name) const {
    return find_pair(path_params, name);
}

Response json_response(std::string body, int status) {
    Response response;
    response.status = status;
    response.headers.add("content-type", "application/json");
    response.body = std::move(body);
    return response;
}

std::string status_title(int status) {
    for (const auto& entry : kStatusNames)
        if (entry.status == status) return std::string(entry.title);
    return "Status " + std::to_string(status);
}

Response problem_response(int status, std::string_view code, std::string_view detail,
                          std::string_view where, std::string_view request_id) {
    Response response;
    response.status = status;
    response.headers.add("content-type", "application/problem+json");
    std::string& out = response.body;
    out.append("{\"type\":");
    append_json_string(out, "/docs/errors#" + std::string(code));
    append_member(out, "title", title_of_code(code));
    out.append(",\"status\":").append(std::to_string(status));
    append_member(out, "code", code);
    append_member(out, "detail", detail);
    if (!where.empty()) append_member(out, "where", where);
    if (!request_id.empty()) append_member(out, "request_id", request_id);
    out.push_back('}');
    return response;
}

}  // namespace astro::net
