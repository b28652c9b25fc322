#include <algorithm>

#include "capabilities/exchange/engine/venue_state.hpp"

/// Of the venue's state: owners, funds, deposits and withdrawals.
namespace astro::exchange {
namespace {

constexpr std::int64_t kMoneyMax = std::int64_t{1} << 60, kVolumeMax = std::int64_t{1} << 58,
                       kTimeMax = std::int64_t{1} << 53;
constexpr std::int64_t kDayMs = 86'400'000, kPpm = 1'000'000;

bool is_money(std::int64_t value) {
    return value >= 0 && value <= kMoneyMax;
}
bool is_time(TimeMs time) {
    return time >= TimeMs{0} && time <= TimeMs{kTimeMax};
}
Unexpected bad(std::string message, std::string_view what = {}, std::uint64_t number = 0) {
    return refusal("bad_state", std::move(message),
                   what.empty() ? std::string() : std::string(what) + " " + std::to_string(number));
}

}  // namespace

void VenueState::save_money(StateWriter& io, const Venue& venue) {
    for (const auto& owner : venue.owner_states_) io(owner);
    for (const auto& account : venue.accounts_)
        io(account.fees.epoch == venue.fee_epoch_, account.fees.day, account.fees.volume_today);
    for (const auto& account : venue.accounts_) {
        io(static_cast<std::uint32_t>(account.interest.size()));
        for (const auto& mark : account.interest) io(mark.asset, mark.index);
    }
    io(venue.backstops_);
    for (const auto& held : venue.held_) io(held);
    io(venue.insurance_stakes_);
    io(static_cast<std::uint32_t>(venue.deposit_log_.chains.size()));
    for (const auto& [chain, log] : venue.deposit_log_.chains) {
        io(chain, log.floor, static_cast<std::uint32_t>(log.seen.size()));
        for (const auto& seen : log.seen) io(seen);
    }
    io(static_cast<std::uint32_t>(venue.withdrawals_.size()));
    for (const auto& [id, withdrawal] : venue.withdrawals_) io(withdrawal);
}

class MoneyLoader {
  public:
    MoneyLoader(Venue& venue, StateReader& io) : venue_(venue), io_(io) {}

    Result<void> load() {
        if (!check_venue(venue_.settings_)) return bad("has venue settings that cannot be");
        if (!is_time(venue_.next_revenue_) || !is_money(venue_.insurance_.total) ||
            !is_money(venue_.insurance_.users) || !is_money(venue_.insurance_.rebases))
            return bad("has shares that cannot be");
        venue_.day_ = venue_.now_.value() / kDayMs;
        ASTRO_CHECK(owners());
        ASTRO_CHECK(rates());
        ASTRO_CHECK(interest());
        ASTRO_CHECK(backstops());
        venue_.held_.resize(venue_.assets_.size());
        for (auto& held : venue_.held_) {
            if (!io_(held)) return io_.error();
            if (!is_money(held.pending.value())) return bad("holds more than is counted");
        }
        ASTRO_CHECK(stakes());
        ASTRO_CHECK(deposits());
        return withdrawals();
    }

  private:
    Result<void> owners() {
        for (std::uint32_t o = 0; o < venue_.owner_states_.size(); ++o) {
            Owner& owner = venue_.owner_states_[o];
            if (!io_(owner)) return io_.error();
            const auto is_builder = [&](const BuilderLimit& b) {
                return venue_.has(b.builder) && b.fee_max_ppm > 0 && b.fee_max_ppm <= kPpm;
            };
            const auto is_volume = [](Quote v) { return v >= Quote{0} && v <= Quote{kVolumeMax}; };
            if (owner.builders.size() > kBuildersMax ||
                !std::ranges::all_of(owner.builders, is_builder) ||
                !std::ranges::all_of(owner.volume.volumes, is_volume) || owner.volume.newest < 0 ||
                owner.volume.newest > venue_.day_ ||
                (owner.referrer && !venue_.has(*owner.referrer)) ||
                !is_money(owner.staked.value()) || owner.withdrawal_day < 0 ||
                owner.withdrawal_day > venue_.day_ || !is_money(owner.withdrawn.value()))
                return bad("cannot be", "owner", o);
        }
        return {};
    }

    /// Looked up again where they had been: whether they were is part of the state, since looking
    /// them up counts the day's volume.
    Result<void> rates() {
        std::vector<bool> current(venue_.accounts_.size());
        for (std::uint32_t a = 0; a < venue_.accounts_.size(); ++a) {
            FeeRates& fees = venue_.accounts_[a].fees;
            bool is_current = false;
            if (!io_(is_current, fees.day, fees.volume_today)) return io_.error();
            if (fees.day < 0 || fees.day > venue_.day_ || fees.volume_today < Quote{0} ||
                fees.volume_today > Quote{kVolumeMax} || (is_current && fees.day != venue_.day_))
                return bad("has a volume that cannot be", "account", a);
            current[a] = is_current;
        }
        for (std::uint32_t a = 0; a < venue_.accounts_.size(); ++a) {
            if (!current[a]) continue;
            Account& account = venue_.accounts_[a];
            FeeRates rates =
                fee_rates(venue_.settings_, venue_.owner_states_[account.owner_index], venue_.day_);
            rates.epoch = venue_.fee_epoch_;
            rates.day = account.fees.day;
            rates.volume_today = account.fees.volume_today;
            account.fees = rates;
        }
        return {};
    }

    Result<void> interest() {
        constexpr Int128 kIndexMax = static_cast<Int128>(kInterestUnit) * 1'000;
        venue_.interest_second_ = venue_.now_.value() / 1'000;
        const auto is_index = [](Int128 index) { return index >= 0 && index <= kIndexMax; };
        for (const auto& asset : venue_.assets_) {
            const Interest& i = asset.interest;
            if (!is_index(i.deposit_index) || !is_index(i.borrow_index) || i.dust < 0 ||
                i.dust >= kInterestUnit || i.second < 0 || i.second > venue_.interest_second_ ||
                i.pool.value() < -kMoneyMax || i.pool.value() > kMoneyMax)
                return bad("has interest that cannot be");
        }
        for (std::uint32_t a = 0; a < venue_.accounts_.size(); ++a) {
            Account& account = venue_.accounts_[a];
            std::size_t count = 0;
            if (!io_.count(1, count)) return io_.error();
            for (std::size_t k = 0; k < count; ++k) {
                InterestMark mark;
                if (!io_(mark.asset, mark.index)) return io_.error();
                if (mark.asset.value() >= venue_.assets_.size() || !is_index(mark.index) ||
                    account.interest_mark(mark.asset) != nullptr)
                    return bad("has interest that cannot be", "account", a);
                account.interest.push_back(mark);
            }
            for (std::size_t i = 0; i < venue_.assets_.size(); ++i) {
                Collateral& asset = venue_.assets_[i];
                if (!asset.settings.borrow_enabled) continue;
                asset.interest.replace(Amount{0}, account.balances[i],
                                       asset.settings.interest_free);
            }
            venue_.list_borrower(AccountId{a});
        }
        return {};
    }

    Result<void> backstops() {
        if (!io_(venue_.backstops_)) return io_.error();
        std::set<AccountId> known;
        for (const auto& backstop : venue_.backstops_)
            if (!venue_.has(backstop.account) || !known.insert(backstop.account).second ||
                backstop.notional_max <= Quote{0} || backstop.notional_max > kNotionalMax ||
                known.size() > kBackstopsMax)
                return bad("has a backstop that cannot be", "account", backstop.account.value());
        return {};
    }

    Result<void> stakes() {
        if (!io_(venue_.insurance_stakes_)) return io_.error();
        for (const auto& [account, stake] : venue_.insurance_stakes_)
            if (!venue_.has(account) || !is_money(stake.shares) || !is_money(stake.requested) ||
                stake.requested > stake.shares || !is_money(stake.requested_value.value()) ||
                !is_time(stake.requested_at) || stake.rebases < 0 ||
                stake.rebases > venue_.insurance_.rebases)
                return bad("has a stake that cannot be", "account", account.value());
        return {};
    }

    Result<void> deposits() {
        std::size_t chains = 0;
        if (!io_.count(1, chains)) return io_.error();
        Chain previous = Chain::none;
        for (std::size_t i = 0; i < chains; ++i) {
            Chain chain{};
            std::int64_t floor = 0;
            std::size_t count = 0;
            if (!io_(chain, floor) || !io_.count(sizeof(ChainTransaction), count))
                return io_.error();
            if (chain <= previous || floor < -1 || count > DepositLog::kKeptMax)
                return bad("has deposits that cannot be");
            previous = chain;
            auto& log = venue_.deposit_log_.chains[chain];
            log.floor = floor;
            for (std::size_t k = 0; k < count; ++k) {
                Observation seen;
                if (!io_(seen)) return io_.error();
                if (seen.chain != chain || seen.height <= floor ||
                    (!log.seen.empty() && seen <= *log.seen.rbegin()))
                    return bad("has observations out of order");
                log.seen.insert(log.seen.end(), seen);
            }
        }
        return {};
    }

    Result<void> withdrawals() {
        std::size_t count = 0;
        if (!io_.count(1, count)) return io_.error();
        if (count > kWithdrawalsMax) return bad("has too many withdrawals");
        WithdrawalId previous{0};
        for (std::size_t i = 0; i < count; ++i) {
            Withdrawal w;
            if (!io_(w)) return io_.error();
            if (w.id <= previous || w.id > venue_.last_withdrawal_ || !venue_.has(w.account) ||
                w.asset.value() >= venue_.assets_.size() || w.amount <= Amount{0} ||
                !is_money(w.amount.value()) || !is_money(w.value.value()) ||
                w.state > WithdrawalState::sent || !is_time(w.requested) || !is_time(w.ready_at) ||
                (w.state == WithdrawalState::held && w.ready_at <= venue_.now_) || w.day < 0 ||
                w.day > venue_.day_ || w.address.size() > kAddressMax || w.memo.size() > kMemoMax)
                return bad("cannot be", "withdrawal", w.id.value());
            previous = w.id;
            Owner& owner = venue_.owner_states_[venue_.of(w.account).owner_index];
            ++owner.withdrawals_open;
            if (w.state == WithdrawalState::held) venue_.delayed_.emplace(w.ready_at, w.id);
            venue_.withdrawals_.emplace(w.id, std::move(w));
        }
        return {};
    }

    Venue& venue_;
    StateReader& io_;
};

Result<void> VenueState::load_money(StateReader& io, Venue& venue) {
    return MoneyLoader(venue, io).load();
}

}  // namespace astro::exchange
