#include "capabilities/identity/engine/permissions.hpp"

#include <algorithm>

#include "foundation/base/assert.hpp"

namespace astro::identity {
namespace {

constexpr std::string_view kAny = "*";

struct Builtin {
    std::string_view name;
    std::vector<std::string> patterns;
};
const std::vector<Builtin>& builtins() {
    static const std::vector<Builtin> roles = {
        {"viewer", {"*.read"}},
        {"trader", {"*.read", "*.trade", "*.wallet"}},
        {"operator", {"*.read", "*.operate"}},
        {"admin", {"*.*"}},
    };
    return roles;
}

bool is_name(std::string_view text, std::string_view extra) {
    return text.size() >= 2 && text.size() <= 32 && text[0] >= 'a' && text[0] <= 'z' &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      extra.find(c) != extra.npos;
           });
}

bool is_action(std::string_view text) {
    Action unused{};
    return enum_from_name(text, unused);
}

Unexpected bad_permission(std::string_view text) {
    return refusal("bad_permission",
                   "a permission is <capability>.<action>, the action one of "
                   "read, trade, wallet, operate, admin",
                   std::string(text.substr(0, 64)));
}

/// Both halves around the dot; false when there is not exactly one.
bool split(std::string_view text, std::string_view& capability, std::string_view& action) {
    const auto dot = text.find('.');
    if (dot == text.npos || text.find('.', dot + 1) != text.npos) return false;
    capability = text.substr(0, dot);
    action = text.substr(dot + 1);
    return true;
}

}  // namespace

Result<Permission> parse_permission(std::string_view text) {
    std::string_view capability, action;
    Permission out;
    if (!split(text, capability, action) || !is_name(capability, "_") ||
        !enum_from_name(action, out.action))
        return bad_permission(text);
    out.capability = capability;
    return out;
}

std::string to_text(const Permission& permission) {
    return permission.capability + "." + std::string(enum_name(permission.action));
}

Result<void> Grants::add(std::string_view pattern) {
    std::string_view capability, action;
    if (!split(pattern, capability, action) || (capability != kAny && !is_name(capability, "_")) ||
        (action != kAny && !is_action(action)))
        return bad_permission(pattern);
    Pattern added{std::string(capability), std::string(action)};
    const auto at = std::lower_bound(patterns_.begin(), patterns_.end(), added);
    if (at == patterns_.end() || *at != added) patterns_.insert(at, std::move(added));
    return {};
}

void Grants::add(const Grants& other) {
    std::vector<Pattern> all;
    std::set_union(patterns_.begin(), patterns_.end(), other.patterns_.begin(),
                   other.patterns_.end(), std::back_inserter(all));
    patterns_ = std::move(all);
}

bool Grants::allow(const Permission& permission) const {
    const std::string_view action = enum_name(permission.action);
    return std::any_of(patterns_.begin(), patterns_.end(), [&](const Pattern& p) {
        return (p.capability == kAny || p.capability == permission.capability) &&
               (p.action == kAny || p.action == action);
    });
}

std::vector<std::string> Grants::patterns() const {
    std::vector<std::string> out;
    for (const auto& p : patterns_) out.push_back(p.capability + "." + p.action);
    return out;
}

bool scope_covers(Scope scope, Action action) {
    switch (scope) {
        case Scope::read:
            return action == Action::read;
        case Scope::trade:
            return action == Action::trade;
        case Scope::wallet:
            return action == Action::wallet;
        case Scope::admin:
            return action == Action::admin || action == Action::operate;
    }
    return false;
}

bool is_builtin_role(std::string_view name) {
    return std::any_of(builtins().begin(), builtins().end(),
                       [&](const Builtin& role) { return role.name == name; });
}

RoleBook::RoleBook() {
    for (const auto& role : builtins())
        for (const auto& pattern : role.patterns)
            ASTRO_ASSERT(roles_[std::string(role.name)].add(pattern).has_value());
}

Result<void> RoleBook::define(std::string_view name, const std::vector<std::string>& patterns) {
    if (!is_name(name, "_-"))
        return refusal("bad_role_name",
                       "a role's name has 2 to 32 characters of a-z 0-9 _ - and begins with a "
                       "letter",
                       "name");
    if (is_builtin_role(name))
        return conflict("role_builtin", "a built-in role does not change", std::string(name));
    Grants grants;
    for (const auto& pattern : patterns) ASTRO_CHECK(grants.add(pattern));
    roles_.insert_or_assign(std::string(name), std::move(grants));
    return {};
}

Result<void> RoleBook::remove(std::string_view name) {
    if (is_builtin_role(name))
        return conflict("role_builtin", "a built-in role does not go", std::string(name));
    const auto at = roles_.find(name);
    if (at == roles_.end())
        return not_found("role_unknown", "there is no such role", std::string(name.substr(0, 64)));
    roles_.erase(at);
    return {};
}

const Grants* RoleBook::find(std::string_view name) const {
    const auto at = roles_.find(name);
    return at == roles_.end() ? nullptr : &at->second;
}

std::vector<std::string> RoleBook::names() const {
    std::vector<std::string> out;
    for (const auto& [name, grants] : roles_) out.push_back(name);
    return out;
}

Grants RoleBook::grants_of(const std::vector<std::string>& roles) const {
    Grants out;
    for (const auto& role : roles)
        if (const Grants* grants = find(role)) out.add(*grants);
    return out;
}

}  // namespace astro::identity
