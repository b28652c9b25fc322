#include "capabilities/governance/engine/model.hpp"

#include <optional>
#include <string>

namespace astro::governance {
namespace {

constexpr std::int64_t kPpm = 1'000'000;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kAmountMax = kPowerMax.value();

struct Range {
    std::string_view field;
    std::int64_t value, least, most;
    int decimals = 0;
};

Unexpected bad(std::string_view field, const std::string& message) {
    return refusal("bad_governance", std::string(field) + " " + message, std::string(field));
}

Power part_of(Power total, std::int64_t ppm) {
    const Int128 product = static_cast<Int128>(total.value()) * ppm;
    return Power{static_cast<std::int64_t>((product + kPpm - 1) / kPpm)};
}

}  // namespace

bool from_text(std::string_view text, PersonId& out) {
    const auto bytes = parse_hex(text);
    if (!bytes || bytes->size() != PersonId::kSize) return false;
    std::ranges::copy(*bytes, out.bytes.begin());
    return true;
}

Result<void> check_settings(const Settings& s) {
    for (const Range& range : {
             Range{"quorum_ppm", s.quorum_ppm, 1, kPpm},
             Range{"threshold_ppm", s.threshold_ppm, 1, kPpm},
             Range{"voting_ms", s.voting_ms, 1'000, 30 * kDayMs},
             Range{"timelock_ms", s.timelock_ms, 0, 30 * kDayMs},
             Range{"expiry_ms", s.expiry_ms, 1'000, 90 * kDayMs},
             Range{"cooldown_ms", s.cooldown_ms, s.voting_ms, 90 * kDayMs},
             Range{"deposit", s.deposit.value(), 0, kAmountMax, PowerTag::kDecimals},
             Range{"proposer_power_min", s.proposer_power_min.value(), 1, kAmountMax,
                   PowerTag::kDecimals},
             Range{"vetoes", s.vetoes, 2, static_cast<std::int64_t>(kGuardiansMax)},
         })
        if (range.value < range.least || range.value > range.most)
            return bad(range.field, "is from " + decimal_text(range.least, range.decimals) +
                                        " to " + decimal_text(range.most, range.decimals) +
                                        ", not " + decimal_text(range.value, range.decimals));
    auto guardians = s.guardians;
    std::ranges::sort(guardians);
    if (std::ranges::adjacent_find(guardians) != guardians.end())
        return bad("guardians", "names each person once");
    if (guardians.size() > kGuardiansMax)
        return bad("guardians", "are at most " + std::to_string(kGuardiansMax));
    if (!guardians.empty() && guardians.size() < static_cast<std::size_t>(s.vetoes))
        return bad("guardians", "are none or at least " + std::to_string(s.vetoes) +
                                    ", as many as a veto takes");
    return {};
}

Terms terms_of(const Settings& settings, Power total, TimeMs now) {
    const TimeMs ends{now.value() + settings.voting_ms};
    const TimeMs executable{ends.value() + settings.timelock_ms};
    return {.total = total,
            .quorum = part_of(total, settings.quorum_ppm),
            .threshold = part_of(total, settings.threshold_ppm),
            .voting_ends = ends,
            .executable = executable,
            .expires = TimeMs{executable.value() + settings.expiry_ms},
            .deposit = settings.deposit,
            .vetoes = settings.vetoes};
}

Verdict verdict_of(const Terms& terms, const Tally& tally) {
    if (tally.sum() < terms.quorum) return Verdict::below_quorum;
    if (tally.in_favour < terms.threshold) return Verdict::below_threshold;
    if (tally.in_favour <= tally.against) return Verdict::not_ahead;
    return Verdict::accepted;
}

}  // namespace astro::governance
