#include "capabilities/identity/engine/permissions.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::identity {
namespace {

bool may(const RoleBook& book, const std::vector<std::string>& roles, const char* permission) {
    return book.grants_of(roles).allow(parse_permission(permission).value());
}

TEST(Permissions, BuiltInRolesAllowWhatTheirTableSays) {
    const RoleBook book;
    struct Row {
        const char* role;
        const char* permission;
        bool allowed;
    };
    const Row rows[] = {
        {"viewer", "mev.read", true},          {"viewer", "exchange.trade", false},
        {"trader", "exchange.trade", true},    {"trader", "wallets.wallet", true},
        {"trader", "market.operate", false},   {"operator", "market.operate", true},
        {"operator", "exchange.trade", false}, {"operator", "identity.admin", false},
        {"admin", "identity.admin", true},     {"admin", "exchange.trade", true},
        {"nobody", "mev.read", false},
    };
    for (const auto& row : rows)
        EXPECT_EQ(may(book, {row.role}, row.permission), row.allowed)
            << row.role << " " << row.permission;
    EXPECT_FALSE(may(book, {}, "mev.read"));
}

TEST(Permissions, CustomRolesAreSetsOfPatterns) {
    RoleBook book;
    ASSERT_TRUE(book.define("desk", {"exchange.*", "mev.read"}));
    EXPECT_TRUE(may(book, {"desk"}, "exchange.trade"));
    EXPECT_FALSE(may(book, {"desk"}, "mev.operate"));
    EXPECT_TRUE(may(book, {"desk", "operator"}, "mev.operate"));
    EXPECT_EQ(book.find("desk")->patterns(), (std::vector<std::string>{"exchange.*", "mev.read"}));
    ASSERT_TRUE(book.remove("desk"));
    EXPECT_FALSE(may(book, {"desk"}, "exchange.trade"));
}

TEST(Permissions, SaysWhyARoleIsRefused) {
    RoleBook book;
    EXPECT_EQ(book.define("admin", {"*.read"}).error().code, "role_builtin");
    EXPECT_EQ(book.define("A", {"*.read"}).error().code, "bad_role_name");
    EXPECT_EQ(book.define("desk'; DROP", {"*.read"}).error().code, "bad_role_name");
    for (const char* bad :
         {"", "read", "*", "mev.", ".read", "mev.fly", "a.b.c", "Mev.read", "m*.read"})
        EXPECT_EQ(book.define("desk", {bad}).error().code, "bad_permission") << bad;
    EXPECT_EQ(book.find("desk"), nullptr);
    EXPECT_EQ(book.remove("viewer").error().code, "role_builtin");
    EXPECT_EQ(book.remove("desk").error().code, "role_unknown");
}

TEST(Permissions, ARouteCannotNeedAWildcard) {
    for (const char* bad : {"*.read", "mev.*", "*.*"}) EXPECT_FALSE(parse_permission(bad)) << bad;
    EXPECT_EQ(to_text(parse_permission("mev.read").value()), "mev.read");
}

TEST(Permissions, ScopesCoverTheirActionsOnly) {
    EXPECT_TRUE(scope_covers(Scope::trade, Action::trade));
    EXPECT_FALSE(scope_covers(Scope::trade, Action::wallet));
    EXPECT_FALSE(scope_covers(Scope::read, Action::admin));
    EXPECT_TRUE(scope_covers(Scope::admin, Action::operate));
}

RC_GTEST_PROP(PermissionsProperty, MoreRolesNeverAllowLess, ()) {
    const std::vector<std::string> names = {"viewer", "trader", "operator", "admin"};
    const RoleBook book;
    auto roles = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(names));
    const Permission needed{*rc::gen::element<std::string>("mev", "exchange", "identity"),
                            *rc::gen::element(Action::read, Action::trade, Action::admin)};
    const bool before = book.grants_of(roles).allow(needed);
    roles.push_back(*rc::gen::elementOf(names));
    RC_ASSERT(!before || book.grants_of(roles).allow(needed));
}

}  // namespace
}  // namespace astro::identity
