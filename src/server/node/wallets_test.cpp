#include "server/node/wallets.hpp"

#include <algorithm>

#include "capabilities/identity/http_test_support.hpp"

namespace astro::node {
namespace {

struct Wallets : identity::HttpTest {
    Wallets() {
        auto all = identity::migrations();
        for (auto& migration : wallets::migrations()) all.push_back(std::move(migration));
        EXPECT_TRUE(database->migrate(all));
    }

    /// Watches an address in this user's name.
    std::string watch(const identity::UserId& user) {
        auto routes = part.routes();
        const auto route = std::ranges::find_if(
            routes, [](const auto& each) { return each.path.ends_with("/watch-only"); });
        net::Request request;
        request.body = R"({"name":"Friend","chain":"stellar","address":)"
                       R"("GDRXE2BQUC3AZNPVFSCEZ76NJ3WWL25FYFK6RGZGIEKWE4SOOHSUJUJ6"})";
        gateway::Caller caller;
        caller.user = to_text(user);
        return code(route->handler(gateway::Call(request, caller)));
    }

    WalletsPart part{*database, clock, *service};
};

TEST_F(Wallets, StandInTheAuditAndInTheExportAndGoWithTheirOwner) {
    const auto ada = make_user("ada@example.org"), bob = make_user("bob@example.org");
    EXPECT_EQ(watch(ada), "ok");
    EXPECT_EQ(last_audit(), "wallet.watched ok");
    EXPECT_EQ(watch(ada), "wallet_known");
    EXPECT_EQ(last_audit(), "wallet.watched wallet_known");
    EXPECT_EQ(watch(bob), "ok");

    const auto kept = service->privacy.export_user(ada, identity::kCaller).value();
    EXPECT_NE(kept.at("wallets.json").find("GDRXE2BQUC3A"), std::string::npos);
    EXPECT_NE(kept.at("wallets.json").find(to_text(ada)), std::string::npos);
    EXPECT_EQ(kept.at("wallets.json").find(to_text(bob)), std::string::npos);

    EXPECT_TRUE(service->privacy.erase_user(to_text(ada), ada));
    EXPECT_EQ(count("wallets_wallets"), 1);
    EXPECT_EQ(count("wallets_wallets WHERE user_id = '" + to_text(bob) + "'"), 1);
}

}  // namespace
}  // namespace astro::node
