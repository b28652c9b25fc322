#include "capabilities/identity/api.hpp"

/// Reading and verifying the audit.
namespace astro::identity {

struct AuditList {
    std::vector<AuditView> items;
};
BOOST_DESCRIBE_STRUCT(AuditList, (), (items))

struct HeadText {
    std::string head;
};
BOOST_DESCRIBE_STRUCT(HeadText, (), (head))

namespace {

using gateway::Call;
using gateway::RouteClass;
using Answered = Result<net::Response>;

const std::string kAdmin = "identity.admin";
constexpr std::int64_t kExportMax = 100'000;

std::vector<gateway::Parameter> page_parameters() {
    return {{.name = "after",
             .type = gateway::ParameterType::integer,
             .summary = "Only entries behind this one [0]",
             .minimum = 0,
             .example = "0"},
            {.name = "limit",
             .type = gateway::ParameterType::integer,
             .summary = "How many at most [100]",
             .minimum = 1,
             .maximum = 1'000,
             .example = "100"}};
}

Answered list_own(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(auto items,
              parts.service.audit.list(call.integer("after").value_or(0),
                                       call.integer("limit").value_or(100), call.caller().user));
    return json_of(AuditList{std::move(items)});
}

std::vector<gateway::Parameter> filter_parameters() {
    auto out = page_parameters();
    out.push_back({.name = "before",
                   .type = gateway::ParameterType::integer,
                   .summary = "Only entries ahead of this one",
                   .minimum = 1,
                   .example = "100"});
    out.push_back({.name = "newest",
                   .type = gateway::ParameterType::boolean,
                   .summary = "true: newest first [false]",
                   .example = "true"});
    out.push_back({.name = "who",
                   .summary = "Only of this actor or subject: an id, a name",
                   .length_max = 128,
                   .example = "system"});
    out.push_back({.name = "action",
                   .summary = "Only actions that begin so",
                   .length_max = 64,
                   .example = "login"});
    out.push_back({.name = "refused",
                   .type = gateway::ParameterType::boolean,
                   .summary = "true: only what was refused [false]",
                   .example = "true"});
    return out;
}

Answered find(const ApiParts& parts, const Call& call) {
    AuditQuery query;
    query.after = call.integer("after").value_or(0);
    query.before = call.integer("before");
    query.limit = call.integer("limit").value_or(100);
    query.newest_first = call.flag("newest").value_or(false);
    if (const auto who = call.text("who")) query.who = *who;
    query.action = call.text("action").value_or("");
    query.refused_only = call.flag("refused").value_or(false);
    ASTRO_TRY(auto items, parts.service.audit.find(query));
    return json_of(AuditList{std::move(items)});
}

/// NDJSON, oldest first.
Answered export_all(const ApiParts& parts, const Call& call) {
    std::int64_t after = call.integer("after").value_or(0);
    net::Response out;
    out.headers.set("content-type", "application/x-ndjson");
    for (std::int64_t count = 0; count < kExportMax;) {
        ASTRO_TRY(const auto page, parts.service.audit.list(after, 1'000));
        if (page.empty()) break;
        for (const auto& entry : page) {
            append_json(out.body, entry);
            out.body.push_back('\n');
        }
        after = page.back().seq;
        count += static_cast<std::int64_t>(page.size());
    }
    return out;
}

}  // namespace

void add_audit_routes(const ApiParts& parts, Routes& routes) {
    routes.push_back({.path = kPrefix + "/audit/mine",
                      .summary = "What was done by the caller and to him, oldest first",
                      .parameters = page_parameters(),
                      .answers = {answer_of<AuditList>("Entries")},
                      .permission = std::string(kSelfPermission),
                      .handler = [parts](const Call& call) { return list_own(parts, call); }});
    routes.push_back({.path = kPrefix + "/audit",
                      .summary = "The audit, oldest first",
                      .parameters = filter_parameters(),
                      .answers = {answer_of<AuditList>("Entries")},
                      .permission = kAdmin,
                      .handler = [parts](const Call& call) { return find(parts, call); }});
    routes.push_back({.path = kPrefix + "/audit/verify",
                      .summary = "Follows the whole chain and names what is wrong with it",
                      .answers = {answer_of<AuditReport>("Findings; none when it is whole")},
                      .permission = kAdmin,
                      .weight = 50,
                      .handler = [parts](const Call&) -> Answered {
                          ASTRO_TRY(const auto report, parts.service.audit.verify());
                          return json_of(report);
                      }});
    routes.push_back(
        {.path = kPrefix + "/audit/export",
         .summary = "The audit as NDJSON, at most 100,000 entries",
         .parameters = {page_parameters().front()},
         .answers = {{.summary = "One entry a line", .content_type = "application/x-ndjson"}},
         .permission = kAdmin,
         .weight = 50,
         .handler = [parts](const Call& call) { return export_all(parts, call); }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/audit/sign",
                      .summary = "Signs the last entry; keep the text elsewhere",
                      .answers = {answer_of<HeadText>("The signed head", 201)},
                      .refusals = {409},
                      .permission = kAdmin,
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call&) -> Answered {
                          ASTRO_TRY(const auto head, parts.service.audit.sign());
                          return json_of(HeadText{to_text(head)}, 201);
                      }});
}

}  // namespace astro::identity
