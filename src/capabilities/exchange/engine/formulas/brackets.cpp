#include "capabilities/exchange/engine/formulas/brackets.hpp"

#include <algorithm>
#include <string>

namespace astro::exchange::formulas {
namespace {

Unexpected bad(std::size_t index, const std::string& message) {
    const auto name = "bracket " + std::to_string(index + 1);
    return refusal("bad_brackets", name + " " + message, name);
}

Result<void> check_one(const MarginBracket& b, std::size_t index) {
    if (b.to <= b.from) return bad(index, "ends above where it begins");
    if (b.maintenance_ppm < 1 || b.maintenance_ppm > kPpmOne)
        return bad(index, "has a maintenance rate from 1 to 1000000 ppm");
    if (b.leverage_max < 1 || b.leverage_max > 1'000)
        return bad(index, "has a leverage from 1 to 1000");
    if (b.leverage_max * b.maintenance_ppm > kPpmOne)
        return bad(index, "has an initial margin (1 / leverage) of at least the maintenance rate");
    return {};
}

Result<void> check_step(const MarginBracket& before, const MarginBracket& b, std::size_t index) {
    if (b.from != before.to)
        return bad(index, "begins where the one before ends, at " + to_text(before.to));
    if (b.maintenance_ppm <= before.maintenance_ppm)
        return bad(index, "has a higher maintenance rate than the one before");
    if (b.leverage_max > before.leverage_max)
        return bad(index, "has no higher leverage than the one before");
    const Int128 step =
        static_cast<Int128>(b.from.value()) * (b.maintenance_ppm - before.maintenance_ppm);
    if (step % kPpmOne != 0)
        return bad(index, "begins at a notional for which cum is a whole number of 0.000001");
    const Int128 cum = before.cum.value() + step / kPpmOne;
    if (cum != b.cum.value())
        return bad(index, "has cum " + to_text(Quote{saturate64(cum)}) +
                              ", so that the requirement does not jump");
    return {};
}

}  // namespace

Result<void> check_brackets(std::span<const MarginBracket> brackets) {
    if (brackets.empty()) return refusal("bad_brackets", "at least one bracket is needed");
    if (brackets.front().from != Quote{0} || brackets.front().cum != Quote{0})
        return bad(0, "begins at 0 with cum 0");
    for (std::size_t i = 0; i < brackets.size(); ++i) {
        ASTRO_CHECK(check_one(brackets[i], i));
        if (i > 0) ASTRO_CHECK(check_step(brackets[i - 1], brackets[i], i));
    }
    return {};
}

const MarginBracket& bracket_of(std::span<const MarginBracket> brackets, Quote notional) {
    const auto above = std::ranges::upper_bound(brackets, notional, {}, &MarginBracket::from);
    return *std::prev(above);
}

Quote bracket_maintenance(std::span<const MarginBracket> brackets, Quote notional) {
    const MarginBracket& b = bracket_of(brackets, notional);
    const Int128 exact = static_cast<Int128>(notional.value()) * b.maintenance_ppm;
    return Quote{saturate64(div_round(exact, kPpmOne, Rounding::ceil))} - b.cum;
}

Quote bracket_initial(std::span<const MarginBracket> brackets, Quote notional,
                      std::int64_t leverage) {
    const auto used =
        std::clamp<std::int64_t>(leverage, 1, bracket_of(brackets, notional).leverage_max);
    return Quote{saturate64(div_round(notional.value(), used, Rounding::ceil))};
}

}  // namespace astro::exchange::formulas
