#include "capabilities/identity/api.hpp"
#include "capabilities/identity/documents.hpp"

/// JSON that pages keep for a user, and the links by which others read it.
namespace astro::identity {

struct DocumentList {
    std::vector<DocumentView> items;
};
BOOST_DESCRIBE_STRUCT(DocumentList, (), (items))

struct ShareToken {
    std::string token;  ///< of /api/v1/identity/shared/{token}; shown once
};
BOOST_DESCRIBE_STRUCT(ShareToken, (), (token))

namespace {

using gateway::Call;
using gateway::RouteClass;
using Answered = Result<net::Response>;

const std::string kDocuments = kPrefix + "/documents";
const std::string kDocument = kDocuments + "/{kind}/{name}";

std::string any_object(SchemaBook&) {
    return R"({"type":"object","description":"As its owner wrote it"})";
}
const JsonDocument kAnyObject{&any_object, R"({"version":1,"panels":[]})"};

gateway::Parameter kind_parameter() {
    return {.name = "kind",
            .summary = "What it is",
            .choices = {"layout", "dashboard", "setting", "drawing"},
            .example = "layout"};
}
gateway::Parameter name_parameter() {
    return {.name = "name",
            .summary = "Its name, percent-encoded",
            .length_max = Documents::kNameBytesMax,
            .check = &check_document_name,
            .example = "main"};
}

DocumentKind kind_of(std::string_view text) {
    DocumentKind kind{};
    const bool known = enum_from_name(text, kind);
    ASTRO_ASSERT(known);  // the parameter's choices have let nothing else through
    return kind;
}
DocumentName name_of(const Call& call) {
    return {kind_of(*call.text("kind")), std::string(*call.text("name"))};
}
DocumentCondition condition_of(const Call& call) {
    DocumentCondition out;
    const auto& headers = call.request().headers;
    if (const auto match = headers.find("if-match")) out.match = std::string(*match);
    out.absent = headers.find("if-none-match") == "*";
    return out;
}

/// A condition that does not hold has a status of its own (RFC 9110, 13.1.1).
Answered changed_or(const Call& call, const Error& error) {
    if (error.code != "document_changed") return Unexpected{error};
    return net::problem_response(412, "document_changed", error.message, error.where,
                                 call.request().request_id);
}

net::Response content(const Call& call, const Document& document) {
    auto out = net::json_response(document.body);
    const std::string tag = '"' + document.view.tag + '"';
    out.headers.set("etag", tag);
    out.headers.set("cache-control", "private, no-cache");
    const auto known = call.request().headers.find("if-none-match");
    if (!known || known->find(tag) == std::string_view::npos) return out;
    out.status = 304;
    out.body.clear();
    return out;
}

Answered get(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(const auto document, parts.service.documents.get(self_of(call), name_of(call)));
    return content(call, document);
}

Answered put(const ApiParts& parts, const Call& call) {
    const auto saved = parts.service.documents.put(self_of(call), name_of(call),
                                                   call.request().body, condition_of(call));
    if (!saved) return changed_or(call, saved.error());
    auto out = json_of(*saved);
    out.headers.set("etag", '"' + saved->tag + '"');
    return out;
}

Answered remove(const ApiParts& parts, const Call& call) {
    const auto removed =
        parts.service.documents.remove(self_of(call), name_of(call), condition_of(call));
    if (!removed) return changed_or(call, removed.error());
    return nothing();
}

void add_own(const ApiParts& parts, Routes& routes) {
    routes.push_back({.path = kDocuments,
                      .summary = "The caller's documents, without their content",
                      .parameters = {kind_parameter()},
                      .answers = {answer_of<DocumentList>("By kind and name")},
                      .permission = std::string(kSelfPermission),
                      .handler = [parts](const Call& call) -> Answered {
                          std::optional<DocumentKind> kind;
                          if (const auto text = call.text("kind")) kind = kind_of(*text);
                          ASTRO_TRY(auto list, parts.service.documents.list(self_of(call), kind));
                          return json_of(DocumentList{std::move(list)});
                      }});
    routes.push_back(
        {.path = kDocument,
         .summary = "One of the caller's documents; its tag is the ETag",
         .parameters = {kind_parameter(), name_parameter()},
         .answers = {{.summary = "The document", .document = kAnyObject},
                     {.status = 304, .summary = "Unchanged since the ETag of If-None-Match"}},
         .permission = std::string(kSelfPermission),
         .handler = [parts](const Call& call) { return get(parts, call); }});
    routes.push_back({.method = "PUT",
                      .path = kDocument,
                      .summary = "Makes or replaces one: a JSON object of at most 64 KiB. With "
                                 "If-Match only what was read is replaced, with If-None-Match: * "
                                 "nothing is",
                      .parameters = {kind_parameter(), name_parameter()},
                      .body = kAnyObject,
                      .answers = {answer_of<DocumentView>("What is kept; its tag is the ETag")},
                      .refusals = {409, 412},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) { return put(parts, call); }});
    routes.push_back({.method = "DELETE",
                      .path = kDocument,
                      .summary = "Deletes one, and with it its link",
                      .parameters = {kind_parameter(), name_parameter()},
                      .answers = {no_content("Deleted")},
                      .refusals = {412},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) { return remove(parts, call); }});
}

void add_links(const ApiParts& parts, Routes& routes) {
    routes.push_back({.method = "POST",
                      .path = kDocument + "/share",
                      .summary = "Makes a link by which everybody reads it, and ends the one "
                                 "before",
                      .parameters = {kind_parameter(), name_parameter()},
                      .answers = {answer_of<ShareToken>("Shown once")},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(auto token,
                                    parts.service.documents.share(self_of(call), name_of(call),
                                                                  caller_of(parts, call)));
                          return json_of(ShareToken{std::move(token)});
                      }});
    routes.push_back({.method = "DELETE",
                      .path = kDocument + "/share",
                      .summary = "Ends its link",
                      .parameters = {kind_parameter(), name_parameter()},
                      .answers = {no_content("Ended")},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_CHECK(parts.service.documents.unshare(self_of(call), name_of(call),
                                                                      caller_of(parts, call)));
                          return nothing();
                      }});
    routes.push_back(
        {.path = kPrefix + "/shared/{token}",
         .summary = "What such a link leads to; everybody may read it",
         .parameters = {{.name = "token",
                         .summary = "Of the link",
                         .length_max = 64,
                         .example = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}},
         .answers = {{.summary = "The document", .document = kAnyObject},
                     {.status = 304, .summary = "Unchanged since the ETag of If-None-Match"}},
         .handler = [parts](const Call& call) -> Answered {
             ASTRO_TRY(const auto document, parts.service.documents.shared(*call.text("token")));
             return content(call, document);
         }});
}

}  // namespace

void add_document_routes(const ApiParts& parts, Routes& routes) {
    add_own(parts, routes);
    add_links(parts, routes);
}

}  // namespace astro::identity
