#include "server/node/fix.hpp"

#include "server/node/node.hpp"

namespace astro::node {

Result<std::unique_ptr<fix::Module>> open_fix(const Settings& settings, std::string path,
                                              const Clock& clock) {
    const std::string& listen = settings.text("fix.listen");
    if (listen.empty()) return std::unique_ptr<fix::Module>();
    const auto at = parse_listen(listen);
    if (!at) return refusal(at.error().code, at.error().message, "fix.listen");
    const auto size = [&](std::string_view name) {
        return static_cast<std::size_t>(settings.integer(name));
    };
    fix::Options options;
    options.address = at->address;
    options.port = at->port;
    options.name = settings.text("fix.name");
    options.connections_max = size("fix.connections_max");
    options.sessions_max = size("fix.sessions_max");
    options.keep_days = settings.integer("fix.keep_days");
    options.messages_per_second = static_cast<double>(settings.integer("fix.messages_per_second"));
    store::SqliteOptions store{.path = std::move(path), .readers = 1};
    if (settings.text("data.synchronous") == "full")
        store.durability = store::Durability::power_loss;
    return fix::Module::open(std::move(store), std::move(options), clock);
}

std::function<gateway::Admission(const fix::LogonProof&, const net::Request&,
                                 const gateway::Route&)>
logon_check(IdentityPart& part) {
    return [&part](const fix::LogonProof& proof, const net::Request& request,
                   const gateway::Route& route) {
        const auto key = identity::parse_id<identity::ApiKeyId>(proof.key);
        return part.admit_signed({.key = key ? *key : identity::ApiKeyId{},
                                  .timestamp_ms = proof.time_ms,
                                  .payload = proof.text,
                                  .signature = proof.signature,
                                  .deed = "FIX LOGON"},
                                 request, route);
    };
}

}  // namespace astro::node
