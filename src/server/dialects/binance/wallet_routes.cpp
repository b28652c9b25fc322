#include "foundation/base/json.hpp"
#include "server/dialects/binance/account_model.hpp"
#include "server/dialects/binance/market_model.hpp"

/// The little of Binance's wallet API that programs for its futures ask for.
namespace astro::binance {

struct Coin {
    std::string coin{}, name{};
    bool depositAllEnable = true, withdrawAllEnable = true, trading = true, isLegalMoney = false;
    std::string free{"0"}, locked{"0"}, freeze{"0"}, withdrawing{"0"}, ipoing{"0"}, ipoable{"0"},
        storage{"0"};
    std::vector<std::string> networkList{};
};
BOOST_DESCRIBE_STRUCT(Coin, (),
                      (coin, name, depositAllEnable, withdrawAllEnable, trading, isLegalMoney, free,
                       locked, freeze, withdrawing, ipoing, ipoable, storage, networkList))
struct SystemStatus {
    std::int64_t status = 0;
    std::string msg{"normal"};
};
BOOST_DESCRIBE_STRUCT(SystemStatus, (), (status, msg))

namespace {

Answered coins(const Around& around, const Form&, const Call& call) {
    const auto account = account_of(around, call);
    std::vector<Coin> out;
    if (account)
        for (const auto& balance : account_now(around, *account).view.balances)
            out.push_back({.coin = balance.asset, .name = balance.asset, .free = balance.amount});
    else
        out.push_back({.coin = "USDC", .name = "USDC"});
    return json_answer(out);
}

}  // namespace

std::vector<Route> wallet_routes(const Around& around) {
    std::vector<Route> out;
    out.push_back(own_route(around, "/sapi/v1/capital/config/getall", "Collaterals and balances",
                            {}, json_document<std::vector<Coin>>(), coins));
    out.push_back(own_route(around, "/sapi/v1/margin/allPairs",
                            "There is no margin trading of spot", {},
                            json_document<std::vector<Nothing>>(),
                            [](const Around&, const Form&, const Call&) -> Answered {
                                return json_answer(std::vector<Nothing>{});
                            }));
    out.push_back(public_route(around, "/sapi/v1/system/status", "That the server answers", {},
                               json_document<SystemStatus>(),
                               [](const Around&, const Form&, const Call&) -> Answered {
                                   return json_answer(SystemStatus{});
                               }));
    out.back().blocking = false;
    return out;
}

}  // namespace astro::binance
