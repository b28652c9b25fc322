#pragma once

#include <memory>

#include "server/cli/console.hpp"
#include "server/node/data_directory.hpp"
#include "server/node/identity.hpp"
#include "server/node/serve.hpp"

namespace astro::cli {

/// The identity service over a data directory, without a server. Reading may happen while one runs;
/// changes need the directory for themselves, since a running server remembers rights and keys.
struct IdentityData {
    std::unique_ptr<node::DataDirectory> lock;
    SystemClock clock;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<node::IdentityPart> part;
    identity::Service& service() { return part->service(); }
};

/// "no_data", "data_in_use". `also` is a master key beside the configured one.
[[nodiscard]] Result<std::unique_ptr<IdentityData>> open_identity(
    const node::ServeArguments& arguments, bool to_change, const crypto::SecretKey* also = nullptr);

[[nodiscard]] ExitCode refuse(const Error& error);
[[nodiscard]] ExitCode ended(const Output& out);

}  // namespace astro::cli
