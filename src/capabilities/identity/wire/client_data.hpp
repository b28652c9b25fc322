#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "capabilities/identity/engine/webauthn.hpp"
#include "foundation/base/result.hpp"

namespace astro::identity {

/// The JSON that a browser signs in a WebAuthn ceremony (Level 2 §5.8.1), with the hash of its
/// exact bytes. Members that are added later are ignored. "client_data_malformed".
[[nodiscard]] Result<webauthn::ClientData> parse_client_data(std::string_view json);

}  // namespace astro::identity
