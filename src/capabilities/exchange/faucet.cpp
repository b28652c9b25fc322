#include "capabilities/exchange/faucet.hpp"

#include <array>

#include "capabilities/exchange/queries.hpp"

namespace astro::exchange {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

struct DailyPart {
    std::string_view symbol;
    std::int64_t whole;
};
constexpr std::array kDaily{DailyPart{"USDC", 100'000}, DailyPart{"SOL", 500},
                            DailyPart{"XLM", 100'000},  DailyPart{"BTC", 1},
                            DailyPart{"ETH", 20},       DailyPart{"ASTRO", 5'000}};

std::int64_t day_of(TimestampNs time) {
    return time.value() / (kDayMs * milliseconds(1).value());
}

std::int64_t daily(const AssetSettings& asset) {
    for (const auto& part : kDaily) {
        if (part.symbol != asset.symbol) continue;
        std::int64_t out = part.whole;
        for (std::int64_t i = 0; i < asset.decimals; ++i) out *= 10;
        return out;
    }
    return 0;
}

}  // namespace

void Faucet::begin_day(std::int64_t day) {
    if (day_ == day) return;
    day_ = day;
    given_.clear();
    counted_keys_.clear();
}

Result<Faucet::Given> Faucet::given_by_earlier_runs(const OwnerId& owner, std::int64_t day) const {
    Given out;
    HistoryQuery query{.accounts = directory_.accounts_of(owner),
                       .from = TimeMs{day * kDayMs},
                       .limit = kHistoryLimitMax};
    if (query.accounts.empty()) return out;
    ASTRO_TRY(const auto page, transfers_of(store_, query));
    for (const auto& transfer : page.items)
        if (transfer.reason == BalanceReason::deposit)
            out[transfer.asset] += transfer.amount.value();
    return out;
}

Result<bool> Faucet::take(const Wish& wish, TimestampNs now) {
    if (!is_open_) return conflict("faucet_closed", "this venue has no play money");
    const AssetSettings settings = directory_.asset(wish.asset);
    const auto text = [&](std::int64_t amount) {
        return decimal_text(amount, static_cast<int>(settings.decimals));
    };
    const std::int64_t most = daily(settings);
    if (most == 0) return refusal("faucet_asset", "there is no play money of this asset", "asset");
    const std::scoped_lock lock(mutex_);
    begin_day(day_of(now));
    if (!wish.key.empty() && counted_keys_.contains({wish.owner, wish.key})) return false;
    auto at = given_.find(wish.owner);
    if (at == given_.end()) {
        ASTRO_TRY(auto given, given_by_earlier_runs(wish.owner, day_));
        at = given_.emplace(wish.owner, std::move(given)).first;
    }
    const std::int64_t left = std::max<std::int64_t>(most - at->second[wish.asset], 0);
    if (wish.amount.value() > left)
        return limited("faucet_empty",
                       "of " + text(most) + " " + settings.symbol + " a day you can have " +
                           text(left) + " more today",
                       "amount");
    at->second[wish.asset] += wish.amount.value();
    if (!wish.key.empty()) counted_keys_.emplace(wish.owner, wish.key);
    return true;
}

void Faucet::give_back(const Wish& wish, TimestampNs now) {
    const std::scoped_lock lock(mutex_);
    begin_day(day_of(now));
    counted_keys_.erase({wish.owner, wish.key});
    if (const auto at = given_.find(wish.owner); at != given_.end())
        at->second[wish.asset] -= wish.amount.value();
}

}  // namespace astro::exchange
