#include "capabilities/exchange/equity_sampler.hpp"

#include "capabilities/exchange/engine/account_risk.hpp"

namespace astro::exchange {
namespace {

constexpr std::int64_t kHourMs = 60 * kMinuteMs;

}  // namespace

void EquitySampler::look(const Applied& applied, std::vector<EquityRecord>& out) {
    if (interval_ms_ == 0) return;
    const std::int64_t slice = applied.time.value() / (interval_ms_ / kSlices);
    if (slice_ == slice) return;
    const std::size_t accounts = applied.venue.accounts().size();
    last_.resize(accounts);
    if (!slice_ || slice - *slice_ >= kSlices) {
        for (std::size_t i = 0; i < accounts; ++i) take(applied, i, out);
    } else {
        for (std::int64_t passed = *slice_ + 1; passed <= slice; ++passed)
            for (auto i = static_cast<std::size_t>(passed % kSlices); i < accounts; i += kSlices)
                take(applied, i, out);
    }
    slice_ = slice;
}

void EquitySampler::take(const Applied& applied, std::size_t number,
                         std::vector<EquityRecord>& out) {
    const Venue& venue = applied.venue;
    const Account& account = venue.accounts()[number];
    const AccountId id{static_cast<AccountId::Rep>(number)};
    const auto standing = standing_of(venue.margin_context(), id, account);
    const std::int64_t bucket = applied.time.value() / interval_ms_ * interval_ms_;
    const bool same = account.positions.size() == 0 && standing.equity == last_[number];
    if (same && (standing.equity == Quote{0} || bucket % kHourMs != 0)) return;
    last_[number] = standing.equity;
    Exposure exposure;
    add_exposure(venue.margin_context(), account, exposure);
    out.push_back({id, TimeMs{bucket}, applied.time, standing.equity, exposure.gross, exposure.net,
                   standing.collateral, standing.requirement});
}

}  // namespace astro::exchange
