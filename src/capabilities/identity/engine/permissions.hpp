#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"

/// Who may do what. A route needs one permission, "<capability>.<action>", for example
/// "exchange.trade"; a role is a set of patterns in which "*" stands for any of a half.
///
///     viewer    *.read
///     trader    *.read  *.trade  *.wallet
///     operator  *.read  *.operate
///     admin     *.*
///
/// Nothing is allowed that no pattern allows. An API key narrows its owner's grants to its scopes.
namespace astro::identity {

enum class Action {
    read,     ///< see
    trade,    ///< orders, bundles, rules that act
    wallet,   ///< move or sign away value
    operate,  ///< market settings, feeds, jobs
    admin,    ///< users, roles, keys of others, limits, audit
};
BOOST_DESCRIBE_ENUM(Action, read, trade, wallet, operate, admin)

struct Permission {
    std::string capability;
    Action action = Action::read;
    auto operator<=>(const Permission&) const = default;
};

/// "exchange.trade"; refuses wildcards and unknown actions ("bad_permission").
[[nodiscard]] Result<Permission> parse_permission(std::string_view text);
[[nodiscard]] std::string to_text(const Permission& permission);

/// Patterns of permissions, as written in roles.
class Grants {
  public:
    /// Adds "exchange.*", "*.read", …; "bad_permission" when it is none.
    Result<void> add(std::string_view pattern);
    void add(const Grants& other);
    [[nodiscard]] bool allow(const Permission& permission) const;
    [[nodiscard]] std::vector<std::string> patterns() const;

  private:
    struct Pattern {
        std::string capability, action;  ///< "*" for any
        auto operator<=>(const Pattern&) const = default;
    };
    std::vector<Pattern> patterns_;  ///< sorted, each once
};

/// What an API key was made for; a subset of what its owner may do.
enum class Scope { read, trade, wallet, admin };
BOOST_DESCRIBE_ENUM(Scope, read, trade, wallet, admin)
[[nodiscard]] bool scope_covers(Scope scope, Action action);

/// The four built-in roles and those an administrator made.
class RoleBook {
  public:
    RoleBook();
    /// "bad_role_name" ([a-z][a-z0-9_-]{1,31}), "role_builtin", "bad_permission".
    Result<void> define(std::string_view name, const std::vector<std::string>& patterns);
    /// "role_builtin", "role_unknown".
    Result<void> remove(std::string_view name);
    [[nodiscard]] const Grants* find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> names() const;
    /// Of all roles together; names that are no roles (any more) grant nothing.
    [[nodiscard]] Grants grants_of(const std::vector<std::string>& roles) const;

  private:
    std::map<std::string, Grants, std::less<>> roles_;
};

[[nodiscard]] bool is_builtin_role(std::string_view name);

}  // namespace astro::identity
