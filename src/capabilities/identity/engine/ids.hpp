#pragma once

#include <algorithm>
#include <concepts>
#include <string>
#include <string_view>

#include "foundation/base/bytes.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/result.hpp"
#include "foundation/crypto/random.hpp"

namespace astro::identity {

/// Sixteen random bytes that name something; 32 hex digits in text.
struct IdTag {};
template <class Tag>
using Id = FixedBytes<Tag, 16>;

struct UserIdTag : IdTag {};
struct SessionIdTag : IdTag {};
struct ApiKeyIdTag : IdTag {};
using UserId = Id<UserIdTag>;
using SessionId = Id<SessionIdTag>;
using ApiKeyId = Id<ApiKeyIdTag>;

template <std::derived_from<IdTag> Tag>
[[nodiscard]] std::string to_text(const Id<Tag>& id) {
    return to_hex(id.view());
}

template <class AnyId>
[[nodiscard]] Result<AnyId> parse_id(std::string_view text) {
    const auto bytes = parse_hex(text);
    if (text.size() != 2 * AnyId::kSize || !bytes)
        return refusal("bad_id", "an id has 32 hexadecimal digits");
    // One text, one id: capitals would name the same thing twice.
    if (text.find_first_of("ABCDEF") != text.npos)
        return refusal("bad_id", "an id is written in lower case");
    AnyId id;
    std::copy(bytes->begin(), bytes->end(), id.bytes.begin());
    return id;
}

template <class AnyId>
[[nodiscard]] AnyId make_id(crypto::Random& random) {
    AnyId id;
    random.fill(id.bytes);
    return id;
}

}  // namespace astro::identity
