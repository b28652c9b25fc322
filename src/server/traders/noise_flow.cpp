#include "server/traders/noise_flow.hpp"

#include <algorithm>
#include <cmath>

namespace astro::traders {
namespace {

constexpr double kNsPerMinute = 60e9;
constexpr std::size_t kSeenMax = 1'024;
/// A move of so much over the lookback makes a trader with an opinion nearly sure.
constexpr double kSureMove = 0.002;

}  // namespace

NoiseTrader::NoiseTrader(NoiseSettings settings) : settings_(settings), random_(settings.seed) {
    static_cast<void>(uniform());  // seeds that are near to each other begin alike
}

/// splitmix64
double NoiseTrader::uniform() {
    random_ += 0x9E3779B97F4A7C15;
    std::uint64_t z = random_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

void NoiseTrader::see(Price price, TimestampNs now) {
    if (price <= Price{0}) return;
    seen_.emplace_back(now, price);
    while (seen_.size() > kSeenMax || now - seen_.front().first > settings_.lookback)
        seen_.pop_front();
}

double NoiseTrader::chance_to_buy(Base position) const {
    const double price = static_cast<double>(seen_.back().second.value());
    const double rise = price / static_cast<double>(seen_.front().second.value()) - 1;
    double lean = 0;
    if (settings_.style == NoiseStyle::momentum) lean = rise / kSureMove;
    if (settings_.style == NoiseStyle::reverting) lean = -rise / kSureMove;
    // Whoever has much of it would rather sell.
    const double held = static_cast<double>(position.value()) / exchange::kBaseUnit * price /
                        exchange::kQuoteUnit / static_cast<double>(settings_.position_usd_max);
    return std::clamp(0.5 + 0.4 * std::clamp(lean, -1.0, 1.0) - 0.5 * held, 0.0, 1.0);
}

/// Log-normal: many small ones, few large ones.
Base NoiseTrader::random_size() {
    const double u = std::max(uniform(), 1e-12), v = uniform();
    const double normal = std::sqrt(-2 * std::log(u)) * std::cos(2 * M_PI * v);
    constexpr double kSigma = 0.8;
    const double usd =
        static_cast<double>(settings_.size_usd) * std::exp(kSigma * normal - kSigma * kSigma / 2);
    const double most = static_cast<double>(settings_.position_usd_max) / 2;
    const double price = static_cast<double>(seen_.back().second.value()) / exchange::kQuoteUnit;
    return Base{static_cast<std::int64_t>(std::min(usd, most) / price * exchange::kBaseUnit)};
}

std::optional<NoiseAction> NoiseTrader::act(TimestampNs now, Base position, std::size_t resting) {
    const auto wait_ns = -std::log(1 - uniform()) / settings_.per_minute * kNsPerMinute;
    const bool first = due_ == TimestampNs{};
    if (!first && now < due_) return std::nullopt;
    due_ = now + DurationNs{static_cast<std::int64_t>(std::min(wait_ns, 60 * kNsPerMinute))};
    if (first || seen_.empty()) return std::nullopt;
    const double what = uniform();
    NoiseAction out;
    out.side = uniform() < chance_to_buy(position) ? Side::buy : Side::sell;
    out.size = random_size();
    if (what < settings_.market_share) return out;
    if (resting > 0 && what < settings_.market_share + settings_.cancel_share) {
        out.kind = NoiseAction::Kind::cancel;
        return out;
    }
    out.kind = NoiseAction::Kind::limit;
    const auto away =
        static_cast<std::int64_t>(uniform() * static_cast<double>(settings_.depth_bps) * 1e-4 *
                                  static_cast<double>(seen_.back().second.value()));
    out.price = Price{seen_.back().second.value() + (out.side == Side::buy ? -away : away)};
    return out;
}

}  // namespace astro::traders
