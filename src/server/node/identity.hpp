#pragma once

#include <memory>
#include <string>
#include <vector>

#include "capabilities/identity/access.hpp"
#include "foundation/base/jobs.hpp"
#include "server/node/master_key_keeper.hpp"
#include "server/node/settings.hpp"

namespace astro::node {

/// The identity capability as the program runs it: keys, mail, jobs around its service.
class IdentityPart {
  public:
    /// `store`, migrated, and `clock` outlive it; `folder` is the data directory. The program
    /// listens at `address`, which is where its pages stand unless identity.url says otherwise.
    /// `also` is a master key beside the configured one that may wrap what is kept; how recurring
    /// work went is noted in `jobs`, which outlives it.
    [[nodiscard]] static Result<std::unique_ptr<IdentityPart>> make(
        const Settings& settings, const std::string& folder, const std::string& address,
        store::Store& store, Clock& clock, const crypto::SecretKey* also = nullptr,
        JobBook* jobs = nullptr);
    virtual ~IdentityPart() = default;
    [[nodiscard]] virtual identity::Service& service() = 0;
    [[nodiscard]] virtual MasterKeyKeeper& master_key() = 0;
    [[nodiscard]] virtual std::vector<gateway::Route> routes() = 0;
    [[nodiscard]] virtual std::shared_ptr<gateway::Access> access() = 0;
    /// Who has signed a text of another protocol, which is taken once: what `route` needs and costs
    /// holds for him. Wrong ones count as attempts to sign in from their address.
    [[nodiscard]] virtual gateway::Admission admit_signed(const identity::BinanceSigned& proof,
                                                          const net::Request& request,
                                                          const gateway::Route& route) = 0;
    /// Where the first administrator signs up, once; empty when there is one.
    [[nodiscard]] virtual Result<std::string> admin_link() = 0;
    /// Signs the audit's head and applies retention when a day has passed. Called often.
    virtual Result<void> run_jobs() = 0;
};

}  // namespace astro::node
