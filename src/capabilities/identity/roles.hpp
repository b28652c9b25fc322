#pragma once

#include <mutex>

#include "capabilities/identity/core.hpp"

namespace astro::identity {

/// Roles and who has them. Thread-safe.
class Roles {
  public:
    explicit Roles(Core& core) : core_(core) {}
    Result<void> load();

    /// Makes or replaces a custom role; see RoleBook::define.
    Result<void> define(const std::string& actor, const std::string& name,
                        const std::vector<std::string>& patterns);
    Result<void> remove(const std::string& actor, const std::string& name);
    [[nodiscard]] RoleBook book() const;

    /// Replaces the user's roles. "role_unknown" names the first that does not exist;
    /// "last_admin" when nobody would be left who may administer.
    Result<void> assign(const std::string& actor, const UserId& user,
                        const std::vector<std::string>& roles);
    /// What the user may do and his tier. "user_inactive" unless he is active.
    [[nodiscard]] Result<Principal> principal_of(const UserId& user);
    [[nodiscard]] Result<std::vector<std::string>> roles_of(const UserId& user);

  private:
    Core& core_;
    mutable std::mutex mutex_;
    RoleBook book_;
};

/// "last_admin" when no active user is left who has the role, though there was one.
[[nodiscard]] Result<std::int64_t> count_admins(store::Writer& w);
[[nodiscard]] Result<void> check_admin_left(store::Writer& w, std::int64_t admins_before);

}  // namespace astro::identity
