#include <algorithm>
#include <array>

#include "capabilities/exchange/scenario_parser.hpp"
#include "capabilities/exchange/scenario_settings.hpp"

namespace astro::exchange {
namespace {

constexpr std::size_t kAccountsMax = 1'000, kMarketsMax = 100;
constexpr TimeMs kTimeMax{1'700'000'000'000 + 30 * 86'400'000LL};
/// No asset's deposits are worth more, so that no account's sum leaves 64 bits.
constexpr std::int64_t kAssetValueMax = 100'000'000'000;
constexpr std::array<std::string_view, 12> kVerbs{"market",     "asset", "account",  "index",
                                                  "price",      "time",  "expect",   "settle",
                                                  "governance", "venue", "treasury", "withdrawal"};

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 20 && text.front() >= 'a' && text.front() <= 'z' &&
           std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

}  // namespace

std::string_view field_of(std::string_view name) {
    struct Short {
        std::string_view name, field;
    };
    static constexpr std::array kShort{Short{"tick", "tick_size"},
                                       Short{"lot", "lot_size"},
                                       Short{"initial", "initial_margin_bps"},
                                       Short{"maintenance", "maintenance_margin_bps"},
                                       Short{"imf", "imf_factor_ppm"},
                                       Short{"maker", "maker_fee_ppm"},
                                       Short{"taker", "taker_fee_ppm"},
                                       Short{"band", "price_band_bps"}};
    const auto found = std::ranges::find(kShort, name, &Short::name);
    return found == kShort.end() ? name : found->field;
}

bool read_brackets(std::string_view text, std::vector<formulas::MarginBracket>& out) {
    out.clear();
    while (!text.empty()) {
        const auto end = std::min(text.find('/'), text.size());
        const std::string_view one = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto first = one.find(':'), second = one.rfind(':');
        formulas::MarginBracket bracket;
        bracket.to = kNotionalMax;
        if (first == one.npos || first == second ||
            !from_text(one.substr(0, first), bracket.from) ||
            !parse_decimal(one.substr(first + 1, second - first - 1), 0, bracket.maintenance_ppm) ||
            !parse_decimal(one.substr(second + 1), 0, bracket.leverage_max))
            return false;
        if (!out.empty()) {
            out.back().to = bracket.from;
            const Int128 step = static_cast<Int128>(bracket.from.value()) *
                                (bracket.maintenance_ppm - out.back().maintenance_ppm) / 1'000'000;
            bracket.cum = out.back().cum + Quote{formulas::saturate64(step)};
        }
        out.push_back(bracket);
    }
    return true;
}

bool will_be_refused(Words words) {
    while (!words.empty())
        if (const auto word = words.peek(); words.accept(word) && word == "refused") return true;
    return false;
}

ScenarioParser::ScenarioParser() {
    AssetSettings usdc{.symbol = "USDC", .decimals = 6};
    usdc.initial_weight_bps = usdc.maintenance_weight_bps = 10'000;
    assets_["USDC"] = {kUsdc, usdc, Price{kQuoteUnit}};
    scenario_.assets.push_back(usdc);
    ScenarioStep first;
    first.time = time_;
    first.commands.emplace_back(SetAsset{usdc});
    scenario_.steps.push_back(std::move(first));
}

Result<void> ScenarioParser::line(Words words) {
    if (words.empty()) return {};
    ScenarioStep step;
    step.line = words.line();
    if (words.accept("expect")) {
        step.time = time_;
        ASTRO_CHECK(expect(words, step));
    } else {
        ASTRO_CHECK(command(words, step));
        step.time = time_;
        ASTRO_CHECK(outcomes(words, step));
    }
    commands_ += step.commands.size();
    if (commands_ > kScenarioCommandsMax)
        return words.wrong("a scenario has at most " + std::to_string(kScenarioCommandsMax) +
                           " commands");
    scenario_.steps.push_back(std::move(step));
    return words.end();
}

Result<void> ScenarioParser::command(Words& words, ScenarioStep& step) {
    if (words.accept("market")) return market(words, step);
    if (words.accept("asset")) return asset(words, step);
    if (words.accept("account")) return account(words, step);
    if (words.accept("index")) return index(words, step);
    if (words.accept("price")) return price(words, step);
    if (words.accept("time")) return time(words, step);
    if (words.accept("settle")) return settle(words, step);
    if (words.accept("governance")) return set_governance(words, step);
    if (words.accept("venue")) return venue(words, step);
    if (words.accept("treasury")) return treasury(words, step);
    if (words.accept("withdrawal")) return withdrawal(words, step);
    return of_account(words, step);
}

Result<void> ScenarioParser::market(Words& words, ScenarioStep& step) {
    ASTRO_TRY(const auto symbol, words.take("a market's symbol, such as SOL-PERP"));
    const auto known = markets_.find(symbol);
    Listed listed;
    if (known != markets_.end()) {
        listed = known->second;
    } else {
        if (markets_.size() == kMarketsMax)
            return words.wrong("a scenario has at most " + std::to_string(kMarketsMax) +
                               " markets");
        listed.settings = market_settings(symbol);
        listed.id = MarketId{static_cast<std::uint16_t>(markets_.size())};
    }
    const Words rest = words;
    while (!words.empty() && words.peek() != "->") {
        ASTRO_TRY(const auto word, words.take("a setting"));
        ASTRO_CHECK(set_field(words, listed.settings, word));
    }
    if (const auto valid = check_market(listed.settings); !valid)
        return rest.wrong(valid.error().message);
    step.commands.emplace_back(SetMarket{listed.settings});
    if (!will_be_refused(words)) markets_[std::string(symbol)] = std::move(listed);
    return {};
}

MarketSettings ScenarioParser::market_settings(std::string_view symbol) const {
    if (const auto known = markets_.find(symbol); known != markets_.end())
        return known->second.settings;
    const auto& defaults = default_markets();
    const auto found = std::ranges::find(defaults, symbol, &MarketSettings::symbol);
    MarketSettings out = found == defaults.end() ? defaults.front() : *found;
    out.symbol = std::string(symbol);
    out.base_asset = std::string(symbol.substr(0, symbol.find("-PERP")));
    return out;
}

Result<void> ScenarioParser::asset(Words& words, ScenarioStep& step) {
    ASTRO_TRY(const auto symbol, words.take("a collateral's symbol, such as SOL"));
    const auto known = assets_.find(symbol);
    Asset listed;
    if (known != assets_.end()) {
        listed = known->second;
    } else {
        if (assets_.size() == kAssetsMax)
            return words.wrong("a scenario has at most " + std::to_string(kAssetsMax) + " assets");
        listed.id = AssetId{static_cast<std::uint8_t>(assets_.size())};
        listed.settings.symbol = std::string(symbol);
        listed.settings.deposit_cap = Amount{1'000'000 * kBaseUnit};
        if (symbol == kGovernanceAsset) listed.settings = default_governance_asset();
    }
    const Words rest = words;
    while (!words.empty() && words.peek() != "->") {
        ASTRO_TRY(const auto word, words.take("a setting"));
        ASTRO_CHECK(set_field(words, listed.settings, word));
    }
    if (const auto valid = check_asset(listed.settings); !valid)
        return rest.wrong(valid.error().message);
    step.commands.emplace_back(SetAsset{listed.settings});
    if (will_be_refused(words)) return {};
    if (known != assets_.end() && known->second.settings.decimals != listed.settings.decimals)
        return rest.wrong("decimals of a collateral stay as they are");
    listed.price = listed.id == kUsdc ? listed.price : Price{0};
    if (known == assets_.end()) scenario_.assets.push_back(listed.settings);
    scenario_.assets[listed.id.value()] = listed.settings;
    assets_[std::string(symbol)] = std::move(listed);
    return {};
}

Result<void> ScenarioParser::account(Words& words, ScenarioStep& step) {
    ASTRO_TRY(const auto name, words.take("an account's name"));
    if (!is_name(name) || std::ranges::find(kVerbs, name) != kVerbs.end())
        return words.wrong(
            "an account's name is 1 to 20 of a-z, 0-9 and _, begins with a letter "
            "and is no command, unlike " +
            quoted(name));
    if (accounts_.contains(name)) return words.wrong("there is an account " + quoted(name));
    if (accounts_.size() == kAccountsMax)
        return words.wrong("a scenario has at most " + std::to_string(kAccountsMax) + " accounts");
    const AccountId id{static_cast<std::uint32_t>(accounts_.size())};
    std::string owner(name);
    OpenAccount open;
    std::optional<Amount> deposit;
    while (!words.empty() && words.peek() != "->") {
        ASTRO_TRY(const auto word, words.take("an option"));
        if (word.starts_with("owner=")) {
            owner = word.substr(6);
            if (!is_name(owner)) return words.wrong("an owner is named as an account is");
        } else if (word.starts_with("isolated=")) {
            const auto found = markets_.find(word.substr(9));
            if (found == markets_.end()) return words.wrong("there is no such market yet");
            open.isolated = found->second.id;
        } else {
            ASTRO_TRY(const auto amount, words.decimal(word, 6, "a deposit of USDC"));
            if (deposit) return words.wrong("there is a deposit already");
            deposit = Amount{amount};
        }
    }
    const auto [at, is_new] = owners_.emplace(owner, OwnerId{});
    if (is_new) {
        at->second.bytes[0] = static_cast<std::uint8_t>(owners_.size());
        at->second.bytes[1] = static_cast<std::uint8_t>(owners_.size() >> 8);
    }
    open.owner = at->second;
    accounts_[std::string(name)] = id;
    step.account = id;
    step.commands.emplace_back(open);
    if (deposit) step.commands.emplace_back(Deposit{id, kUsdc, *deposit, {}});
    return {};
}

Result<void> ScenarioParser::index(Words& words, ScenarioStep& step) {
    SetIndexPrice index;
    ASTRO_TRY(index.market, take_market(words));
    ASTRO_TRY(index.index, take_price(words, "a price"));
    while (!words.empty() && words.peek() != "->") {
        ASTRO_TRY(const auto word, words.take("an option"));
        const auto value = word.substr(std::min(word.find('=') + 1, word.size()));
        if (word.starts_with("confidence=") || word.starts_with("reference=")) {
            ASTRO_TRY(const auto price, words.decimal(value, 6, "a price"));
            (word.front() == 'c' ? index.confidence : index.reference) = Price{price};
        } else if (word.starts_with("age=")) {
            ASTRO_TRY(const auto ms, words.duration("+" + std::string(value)));
            index.published = TimeMs{time_.value() - ms};
        } else if (word == "few_sources") {
            index.sources_suffice = false;
        } else {
            return words.wrong(
                "a price of the oracle has confidence=, reference=, age= or few_sources, not " +
                quoted(word));
        }
    }
    step.commands.emplace_back(index);
    return {};
}

Result<void> ScenarioParser::price(Words& words, ScenarioStep& step) {
    ASTRO_TRY(Asset* const asset, take_asset(words));
    ASTRO_TRY(const auto price, take_price(words, "a price"));
    Int128 unit = 1;
    for (std::int64_t i = 0; i < asset->settings.decimals; ++i) unit *= 10;
    if (static_cast<Int128>(asset->settings.deposit_cap.value()) * price.value() / unit >
        static_cast<Int128>(kAssetValueMax) * kQuoteUnit)
        return words.wrong("the price times deposit_cap of the collateral is at most " +
                           std::to_string(kAssetValueMax) + " USDC; lower deposit_cap");
    asset->price = price;
    step.commands.emplace_back(SetAssetPrice{asset->id, price});
    return {};
}

Result<void> ScenarioParser::time(Words& words, ScenarioStep& step) {
    ASTRO_TRY(const auto text, words.take("a time from now, such as +5s"));
    ASTRO_TRY(time_, later(words, text));
    step.commands.emplace_back(Tick{});
    return {};
}

Result<void> ScenarioParser::settle(Words& words, ScenarioStep& step) {
    SettleMarket settle;
    ASTRO_TRY(settle.market, take_market(words));
    if (!words.empty() && words.peek() != "->") {
        ASTRO_TRY(settle.price, take_price(words, "a price"));
    }
    step.commands.emplace_back(settle);
    return {};
}

Result<void> ScenarioParser::of_account(Words& words, ScenarioStep& step) {
    ASTRO_TRY(step.account, take_account(words));
    ASTRO_TRY(const auto verb, words.take("what the account does"));
    if (verb == "buy") return order(words, step, Side::buy);
    if (verb == "sell") return order(words, step, Side::sell);
    if (verb == "cancel") return cancel(words, step);
    if (verb == "amend") return amend(words, step);
    if (verb == "batch") return batch(words, step);
    if (verb == "fill") return fill(words, step);
    if (verb == "deposit" || verb == "withdraw" || verb == "transfer")
        return money(words, step, verb);
    if (verb == "leverage") return leverage(words, step);
    if (verb == "deadman") return dead_man(words, step);
    if (verb == "stake" || verb == "unstake") return stake(words, step, verb);
    if (verb == "delegate") return delegate(words, step);
    if (verb == "propose") return propose(words, step);
    if (verb == "vote") return vote(words, step);
    if (verb == "veto" || verb == "retract" || verb == "execute")
        return about_proposal(words, step, verb);
    if (verb == "settle") {
        step.commands.emplace_back(SettleFunding{step.account});
        step.commands.emplace_back(SettleInterest{step.account});
        return {};
    }
    ASTRO_TRY(const bool known, of_money(words, step, verb));
    if (known) return {};
    return words.wrong(
        "an account does buy, sell, cancel, amend, batch, fill, deposit, withdraw, request, "
        "transfer, leverage, deadman, settle, stake, unstake, delegate, propose, vote, veto, "
        "retract, execute, refer, approve, insure, uninsure or backstop, not " +
        quoted(verb));
}

Result<void> ScenarioParser::money(Words& words, ScenarioStep& step, std::string_view verb) {
    AccountId to{};
    if (verb == "transfer") {
        ASTRO_TRY(to, take_account(words));
    }
    ASTRO_TRY(const auto text, words.take("an amount"));
    const Words at = words;
    const Asset* asset = &assets_.find("USDC")->second;
    if (!words.empty() && words.peek() != "->" && !words.peek().starts_with("seen=")) {
        ASTRO_TRY(asset, take_asset(words));
    }
    ASTRO_TRY(const auto amount,
              at.decimal(text, static_cast<int>(asset->settings.decimals), "an amount"));
    step.asset = asset->id;
    if (verb == "deposit") {
        Deposit deposit{step.account, asset->id, Amount{amount}, {}};
        if (words.peek().starts_with("seen=")) {
            ASTRO_TRY(deposit.observation, observation(words));
        }
        step.commands.emplace_back(deposit);
    }
    if (verb == "withdraw")
        step.commands.emplace_back(Withdraw{step.account, asset->id, Amount{amount}});
    if (verb == "transfer")
        step.commands.emplace_back(Transfer{step.account, to, asset->id, Amount{amount}});
    return {};
}

Result<void> ScenarioParser::leverage(Words& words, ScenarioStep& step) {
    ASTRO_TRY(const auto market, take_market(words));
    ASTRO_TRY(const auto bps, words.take_decimal(0, "the initial margin in basis points"));
    step.commands.emplace_back(SetLeverage{step.account, market, bps});
    return {};
}

Result<void> ScenarioParser::dead_man(Words& words, ScenarioStep& step) {
    ASTRO_TRY(const auto text, words.take("off or a time from now, such as +10s"));
    TimeMs at{0};
    if (text != "off") {
        ASTRO_TRY(at, later(words, text));
    }
    step.commands.emplace_back(SetDeadMan{step.account, at});
    return {};
}

Result<AccountId> ScenarioParser::take_account(Words& words) {
    ASTRO_TRY(const auto name, words.take("an account"));
    const auto found = accounts_.find(name);
    if (found == accounts_.end())
        return words.wrong(quoted(name) +
                           " is neither a command nor an account; open it before: "
                           "account NAME DEPOSIT");
    return found->second;
}

Result<MarketId> ScenarioParser::take_market(Words& words) {
    ASTRO_TRY(const auto symbol, words.take("a market"));
    const auto found = markets_.find(symbol);
    if (found == markets_.end())
        return words.wrong("there is no market " + quoted(symbol) + "; list it before: market " +
                           "SYMBOL");
    return found->second.id;
}

Result<ScenarioParser::Asset*> ScenarioParser::take_asset(Words& words) {
    ASTRO_TRY(const auto symbol, words.take("a collateral"));
    const auto found = assets_.find(symbol);
    if (found == assets_.end())
        return words.wrong("there is no collateral " + quoted(symbol) +
                           "; list it before: asset SYMBOL");
    return &found->second;
}

Result<Price> ScenarioParser::take_price(Words& words, std::string_view name) {
    ASTRO_TRY(const auto value, words.take_decimal(6, name));
    return Price{value};
}

Result<TimeMs> ScenarioParser::later(const Words& words, std::string_view text) const {
    ASTRO_TRY(const auto ms, words.duration(text));
    const TimeMs out{time_.value() + ms};
    if (out > kTimeMax) return words.wrong("a scenario lasts at most 30 days");
    return out;
}

Result<Scenario> parse_scenario(std::string_view text) {
    if (text.size() > kScenarioBytesMax)
        return refusal("bad_scenario",
                       "a scenario has at most " + std::to_string(kScenarioBytesMax) + " bytes",
                       "1:1");
    ScenarioParser parser;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        ASTRO_TRY(auto words, Words::of(line, number));
        ASTRO_CHECK(parser.line(std::move(words)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::move(parser).finish();
}

}  // namespace astro::exchange
