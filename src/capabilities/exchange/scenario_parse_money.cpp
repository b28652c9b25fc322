#include <algorithm>

#include "capabilities/exchange/scenario_parser.hpp"
#include "capabilities/exchange/scenario_settings.hpp"

/// What a scenario says of fees, funds, deposits and withdrawals.
namespace astro::exchange {

/// tier=VOLUME:DISCOUNT:LESS and stake_tier=AMOUNT:DISCOUNT, in ppm.
Result<void> ScenarioParser::tier(const Words& words, std::string_view word) {
    const bool of_stake = word.starts_with("stake_tier=");
    std::string_view text = word.substr(word.find('=') + 1);
    const auto part = [&text] {
        const auto end = std::min(text.find(':'), text.size());
        const auto out = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        return out;
    };
    if (of_stake) {
        StakeTier tier;
        ASTRO_TRY(const auto least,
                  words.decimal(part(), governance::PowerTag::kDecimals, "an amount"));
        tier.stake_min = governance::Power{least};
        ASTRO_TRY(tier.taker_discount_ppm, words.decimal(part(), 0, "a discount in ppm"));
        venue_.stake_tiers.push_back(tier);
    } else {
        FeeTier tier;
        ASTRO_TRY(const auto least, words.decimal(part(), 6, "a volume"));
        tier.volume_min = Quote{least};
        ASTRO_TRY(tier.taker_discount_ppm, words.decimal(part(), 0, "a discount in ppm"));
        if (!text.empty()) {
            ASTRO_TRY(tier.maker_less_ppm, words.decimal(part(), 0, "ppm less for makers"));
        }
        venue_.fee_tiers.push_back(tier);
    }
    return {};
}

Result<void> ScenarioParser::venue(Words& words, ScenarioStep& step) {
    const VenueSettings before = venue_;
    const Words rest = words;
    ++venue_.version;
    while (!words.empty() && words.peek() != "->") {
        ASTRO_TRY(const auto word, words.take("a setting"));
        if (word.starts_with("tier=") || word.starts_with("stake_tier=")) {
            ASTRO_CHECK(tier(words, word));
        } else {
            ASTRO_CHECK(set_field(words, venue_, word));
        }
    }
    if (const auto valid = check_venue(venue_); !valid) return rest.wrong(valid.error().message);
    step.commands.emplace_back(SetVenue{venue_});
    if (will_be_refused(words)) venue_ = before;
    return {};
}

/// treasury pays NAME AMOUNT
Result<void> ScenarioParser::treasury(Words& words, ScenarioStep& step) {
    if (!words.accept("pays")) return words.wrong_next("the treasury pays NAME AMOUNT");
    ASTRO_TRY(step.account, take_account(words));
    ASTRO_TRY(const auto amount, words.take_decimal(6, "an amount"));
    step.commands.emplace_back(PayTreasury{step.account, Quote{amount}, 0});
    return {};
}

/// withdrawal N sent|confirmed|failed|approved|rejected
Result<void> ScenarioParser::withdrawal(Words& words, ScenarioStep& step) {
    ASTRO_TRY(const auto number, words.take_decimal(0, "its number, from 1"));
    const WithdrawalId id{static_cast<std::uint64_t>(number)};
    ASTRO_TRY(const auto word, words.take("what becomes of it"));
    if (word == "approved" || word == "rejected") {
        step.commands.emplace_back(DecideWithdrawal{id, word == "approved"});
    } else if (word == "sent" || word == "confirmed" || word == "failed") {
        ReportWithdrawal report{.withdrawal = id};
        static_cast<void>(enum_from_name(word, report.state));
        step.commands.emplace_back(report);
    } else {
        return words.wrong("a withdrawal is approved, rejected, sent, confirmed or failed, not " +
                           quoted(word));
    }
    return {};
}

/// AMOUNT [ASSET], or cancel N
Result<void> ScenarioParser::request(Words& words, ScenarioStep& step) {
    if (words.accept("cancel")) {
        ASTRO_TRY(const auto number, words.take_decimal(0, "a withdrawal's number"));
        step.commands.emplace_back(
            CancelWithdrawal{step.account, WithdrawalId{static_cast<std::uint64_t>(number)}});
        return {};
    }
    ASTRO_TRY(const auto text, words.take("an amount"));
    const Words at = words;
    const Asset* asset = &assets_.find("USDC")->second;
    if (!words.empty() && words.peek() != "->") {
        ASTRO_TRY(asset, take_asset(words));
    }
    ASTRO_TRY(const auto amount,
              at.decimal(text, static_cast<int>(asset->settings.decimals), "an amount"));
    step.asset = asset->id;
    step.commands.emplace_back(RequestWithdrawal{WithdrawalRequest{.account = step.account,
                                                                   .asset = asset->id,
                                                                   .amount = Amount{amount},
                                                                   .chain = Chain::solana,
                                                                   .address = "scenario"}});
    return {};
}

/// SHARES, cancel or take
Result<void> ScenarioParser::uninsure(Words& words, ScenarioStep& step) {
    if (words.accept("cancel")) {
        step.commands.emplace_back(CancelUnstakeInsurance{step.account});
    } else if (words.accept("take")) {
        step.commands.emplace_back(UnstakeInsurance{step.account});
    } else {
        ASTRO_TRY(const auto shares, words.take_decimal(6, "shares, cancel or take"));
        step.commands.emplace_back(RequestUnstakeInsurance{step.account, shares});
    }
    return {};
}

Result<bool> ScenarioParser::of_money(Words& words, ScenarioStep& step, std::string_view verb) {
    if (verb == "request") {
        ASTRO_CHECK(request(words, step));
    } else if (verb == "refer") {
        ASTRO_TRY(const auto referrer, take_account(words));
        step.commands.emplace_back(SetReferrer{step.account, referrer});
    } else if (verb == "approve") {
        ASTRO_TRY(const auto builder, take_account(words));
        ASTRO_TRY(const auto ppm, words.take_decimal(0, "a fee in ppm"));
        step.commands.emplace_back(ApproveBuilder{step.account, builder, ppm});
    } else if (verb == "insure" || verb == "backstop") {
        ASTRO_TRY(const auto amount, words.take_decimal(6, "an amount"));
        if (verb == "insure")
            step.commands.emplace_back(StakeInsurance{step.account, Quote{amount}});
        else
            step.commands.emplace_back(SetBackstop{step.account, Quote{amount}});
    } else if (verb == "uninsure") {
        ASTRO_CHECK(uninsure(words, step));
    } else {
        return false;
    }
    return true;
}

/// seen=CHAIN:HEIGHT:N, where N stands for a transaction.
Result<Observation> ScenarioParser::observation(Words& words) {
    ASTRO_TRY(const auto word, words.take("seen="));
    const std::string_view text = word.substr(5);
    const auto first = text.find(':'), second = text.rfind(':');
    Observation out;
    std::int64_t number = 0;
    if (first == text.npos || first == second ||
        !enum_from_name(text.substr(0, first), out.chain) || out.chain == Chain::none ||
        !parse_decimal(text.substr(first + 1, second - first - 1), 0, out.height) ||
        !parse_decimal(text.substr(second + 1), 0, number) || number < 0 || number > 255)
        return words.wrong(
            "a deposit is seen=solana:HEIGHT:N or seen=stellar:HEIGHT:N, N up to 255");
    out.transaction.bytes[0] = static_cast<std::uint8_t>(number);
    return out;
}

}  // namespace astro::exchange
