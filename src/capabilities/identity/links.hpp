#pragma once

#include "capabilities/identity/core.hpp"

namespace astro::identity {

struct LinkView {
    std::string kind;  ///< "stellar", "solana", or the provider's
    std::string name;  ///< its address, or the subject at the provider
    TimestampNs created;
};
BOOST_DESCRIBE_STRUCT(LinkView, (), (kind, name, created))

/// What an account is known by elsewhere: a wallet's address on a chain, a subject at an OpenID
/// provider. Each name belongs to one account.
class Links {
  public:
    explicit Links(Core& core) : core_(core) {}

    /// The active user that `name` of `kind` belongs to. "user_inactive" when it is not active.
    Result<std::optional<UserId>> find(store::Writer& w, std::string_view kind,
                                       const std::string& name);
    /// "link_taken" when it belongs to an account already.
    Result<void> add(store::Writer& w, const UserId& user, std::string_view kind,
                     const std::string& name);
    /// All of a user, oldest first.
    [[nodiscard]] Result<std::vector<LinkView>> list(const UserId& user);
    /// "link_unknown" when it is not the user's; "last_sign_in" when nothing else would let him in:
    /// no password, no passkey, no other link.
    Result<void> remove(store::Writer& w, const UserId& user, std::string_view kind,
                        const std::string& name);
    /// An account of a viewer, without address and password, that `name` belongs to.
    Result<UserId> make_user(store::Writer& w, std::string_view kind, const std::string& name);

  private:
    Core& core_;
};

}  // namespace astro::identity
