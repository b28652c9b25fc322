#include "capabilities/identity/api.hpp"

/// Changing the key that wraps all keys, while the server runs.
namespace astro::identity {

struct MasterKeyChanged {
    std::int64_t records = 0;  ///< re-wrapped
    std::string note = "Backups from before open with the key of before only.";
};
BOOST_DESCRIBE_STRUCT(MasterKeyChanged, (), (records, note))

void add_master_key_routes(const ApiParts& parts, Routes& routes) {
    routes.push_back(
        {.method = "POST",
         .path = kPrefix + "/master-key/rotate",
         .summary = "Changes the master key in its file and re-wraps all keys; needs a sign-in of "
                    "the last quarter of an hour",
         .answers = {answer_of<MasterKeyChanged>("Changed; the key of before is gone")},
         .refusals = {403, 409},
         .permission = "identity.admin",
         .limit_class = gateway::RouteClass::write,
         // Below what the least plan writes in a minute: else whoever has just written is refused.
         .weight = 50,
         .handler = [parts](const gateway::Call& call) -> Result<net::Response> {
             ASTRO_CHECK(check_recent_proof(parts, call));
             ASTRO_TRY(const auto records, parts.change_master_key(call.caller().user));
             return json_of(MasterKeyChanged{.records = records});
         }});
}

}  // namespace astro::identity
