#pragma once

#include <memory>
#include <string>

#include "server/dialects/fix/module.hpp"
#include "server/node/identity.hpp"
#include "server/node/settings.hpp"

namespace astro::node {

/// FIX as the settings want it, its store at `path`; null: it is off. `clock` outlives it.
[[nodiscard]] Result<std::unique_ptr<fix::Module>> open_fix(const Settings& settings,
                                                            std::string path, const Clock& clock);
/// How a Logon is proved: by an API key's signature.
[[nodiscard]] std::function<gateway::Admission(const fix::LogonProof&, const net::Request&,
                                               const gateway::Route&)>
logon_check(IdentityPart& part);

}  // namespace astro::node
