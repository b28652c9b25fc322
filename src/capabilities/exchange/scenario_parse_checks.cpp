#include <algorithm>
#include <array>

#include "capabilities/exchange/refusal_text.hpp"
#include "capabilities/exchange/scenario_parser.hpp"

namespace astro::exchange {
namespace {

bool at_end(const Words& words) {
    return words.empty() || words.peek() == ",";
}

struct Named {
    std::string_view name;
    CheckKind kind;
};

}  // namespace

Result<void> ScenarioParser::outcomes(Words& words, ScenarioStep& step) {
    if (words.accept("->")) {
        do {
            const std::size_t first = words.place();
            ASTRO_TRY(auto check, outcome(words, step));
            check.subject = words.since(first);
            step.checks.push_back(std::move(check));
        } while (words.accept(","));
    }
    const bool refused =
        std::ranges::find(step.checks, CheckKind::refused, &Check::kind) != step.checks.end();
    if (!refused)
        step.checks.insert(step.checks.begin(), Check{.kind = CheckKind::done,
                                                      .asset = step.asset,
                                                      .subject = "done",
                                                      .expected = "done"});
    return {};
}

Result<Check> ScenarioParser::outcome(Words& words, const ScenarioStep& step) {
    ASTRO_TRY(const auto word, words.take("what comes of it"));
    Check check;
    check.account = step.account;
    if (word == "refused") {
        ASTRO_CHECK(refused(words, step, check));
    } else if (word == "trades") {
        check.kind = CheckKind::trades;
        ASTRO_TRY(const auto size, words.take_decimal(9, "a size"));
        check.expected = decimal_text(size, 9);
        if (words.accept("@")) {
            ASTRO_TRY(check.price, take_price(words, "a price"));
        }
    } else if (word == "rests") {
        check.kind = CheckKind::rests;
        ASTRO_TRY(const auto size, words.take_decimal(9, "a size"));
        check.expected = decimal_text(size, 9);
    } else if (word == "waits") {
        check.kind = CheckKind::waits;
        ASTRO_TRY(const auto price, words.take_decimal(6, "the price it waits for"));
        check.expected = decimal_text(price, 6);
    } else if (word == "closed" || word == "ended") {
        check.kind = word == "closed" ? CheckKind::closed : CheckKind::ended;
        if (check.kind == CheckKind::ended) ASTRO_CHECK(named(words, check));
        ASTRO_TRY(const auto reason, words.take("why it ended"));
        CloseReason known{};
        if (!enum_from_name(reason, known))
            return words.wrong("an order ends for a reason of docs/exchange.md, not " +
                               quoted(reason));
        std::int64_t open = 0;
        if (!at_end(words)) {
            ASTRO_TRY(open, words.take_decimal(9, "the size that did not trade"));
        }
        check.expected = std::string(reason) + " " + decimal_text(open, 9);
    } else if (word == "opens") {
        check.kind = CheckKind::opens;
        ASTRO_TRY(check.expected, size_at_price(words));
    } else if (word == "item") {
        ASTRO_CHECK(item(words, step, check));
    } else if (word == "triggered") {
        check.kind = CheckKind::triggered;
        ASTRO_CHECK(named(words, check));
        check.expected = "triggered";
        if (words.accept("refused")) {
            ASTRO_TRY(const auto code, words.take("a refusal's code"));
            check.expected += " refused " + std::string(code);
        }
    } else {
        return words.wrong(
            "what comes of a command is trades, rests, waits, closed, ended, triggered, item, "
            "opens "
            "or refused, not " +
            quoted(word));
    }
    return check;
}

Result<void> ScenarioParser::refused(Words& words, const ScenarioStep& step, Check& check) {
    check.kind = CheckKind::refused;
    check.needed = check.available = false;
    check.asset = step.asset;
    ASTRO_TRY(const auto code, words.take("a refusal's code"));
    Refusal refusal;
    if (!enum_from_name(code, refusal.code) || !refusal)
        return words.wrong("a refusal has a code of docs/exchange.md, not " + quoted(code));
    const std::int64_t asset_decimals = scenario_.assets[step.asset.value()].decimals;
    const int decimals = refusal_decimals(refusal.code, asset_decimals);
    while (!at_end(words)) {
        ASTRO_TRY(const auto word, words.take("needed= or available="));
        if (word.starts_with("needed=")) {
            ASTRO_TRY(refusal.needed, words.decimal(word.substr(7), decimals, "needed"));
            check.needed = true;
        } else if (word.starts_with("available=")) {
            ASTRO_TRY(refusal.available, words.decimal(word.substr(10), decimals, "available"));
            check.available = true;
        } else {
            return words.wrong("a refusal tells needed= and available=, not " + quoted(word));
        }
    }
    check.expected =
        "refused " + refusal_text(refusal, asset_decimals, check.needed, check.available);
    return {};
}

/// SIZE @ PRICE, or none
Result<std::string> ScenarioParser::size_at_price(Words& words) {
    if (words.accept("none")) return std::string("none");
    ASTRO_TRY(const auto size, words.take_decimal(9, "a size or none"));
    if (!words.accept("@")) return words.wrong_next("after the size comes @ PRICE");
    ASTRO_TRY(const auto price, words.take_decimal(6, "a price"));
    return decimal_text(size, 9) + " @ " + decimal_text(price, 6);
}

/// N done, or N refused CODE …; the first action is 1
Result<void> ScenarioParser::item(Words& words, const ScenarioStep& step, Check& check) {
    ASTRO_TRY(const auto number, words.take_decimal(0, "which action of the batch, from 1"));
    if (number < 1 || number > static_cast<std::int64_t>(step.labels.size()))
        return words.wrong("the batch has actions 1 to " + std::to_string(step.labels.size()));
    ASTRO_TRY(const auto word, words.take("done or refused"));
    if (word == "refused") {
        ASTRO_CHECK(refused(words, step, check));
    } else if (word == "done") {
        check.expected = "done";
    } else {
        return words.wrong("an action of a batch is done or refused, not " + quoted(word));
    }
    check.kind = CheckKind::item;
    check.item = static_cast<std::uint32_t>(number - 1);
    return {};
}

/// ACCOUNT.NAME
Result<void> ScenarioParser::named(Words& words, Check& check) {
    ASTRO_TRY(const auto word, words.take("an order as ACCOUNT.NAME"));
    const auto dot = word.find('.');
    const auto found = accounts_.find(word.substr(0, dot));
    if (dot == word.npos || found == accounts_.end())
        return words.wrong("an order is named ACCOUNT.NAME, after its account and its id=, not " +
                           quoted(word));
    check.account = found->second;
    ASTRO_TRY(const auto name, label(words, word.substr(dot + 1)));
    check.label = name.text();
    return {};
}

Result<void> ScenarioParser::expect(Words& words, ScenarioStep& step) {
    do {
        const std::size_t first = words.place();
        if (words.accept("book")) {
            ASTRO_CHECK(book_check(words, step.checks));
        } else {
            ASTRO_TRY(auto check, expectation(words));
            check.subject = words.since(first);
            step.checks.push_back(std::move(check));
        }
    } while (words.accept(","));
    return {};
}

Result<Check> ScenarioParser::expectation(Words& words) {
    static constexpr std::array kOfMarkets{Named{"interest", CheckKind::interest},
                                           Named{"mark", CheckKind::mark},
                                           Named{"last", CheckKind::last}};
    static constexpr std::array kOfVenue{
        Named{"fees", CheckKind::fees}, Named{"insurance", CheckKind::insurance},
        Named{"treasury", CheckKind::treasury}, Named{"uncovered", CheckKind::uncovered},
        Named{"funding", CheckKind::funding}};
    Check check;
    for (const auto& [name, kind] : kOfMarkets) {
        if (!words.accept(name)) continue;
        check.kind = kind;
        const int decimals = kind == CheckKind::interest ? 9 : 6;
        ASTRO_TRY(check.market, take_market(words));
        ASTRO_TRY(const auto value, words.take_decimal(decimals, name));
        check.expected = decimal_text(value, decimals);
        return check;
    }
    if (words.accept("indicative")) {
        check.kind = CheckKind::indicative;
        ASTRO_TRY(check.market, take_market(words));
        ASTRO_TRY(check.expected, size_at_price(words));
        return check;
    }
    for (const auto& [name, kind] : kOfVenue) {
        if (!words.accept(name)) continue;
        check.kind = kind;
        ASTRO_TRY(const auto value, words.take_decimal(6, "an amount"));
        check.expected = decimal_text(value, 6);
        return check;
    }
    ASTRO_TRY(const bool is_of_votes, governance_check(words, check));
    if (is_of_votes) return check;
    const auto word = words.peek();
    if (!word.empty() && !accounts_.contains(word))
        return words.wrong_next(
            "an expectation begins with book, interest, mark, last, indicative, fees, insurance, "
            "treasury, uncovered, funding, proposal, tally, setting or an account, not " +
            quoted(word));
    ASTRO_CHECK(account_check(words, check));
    return check;
}

Result<void> ScenarioParser::account_check(Words& words, Check& check) {
    static constexpr std::array kOfAccounts{
        Named{"position", CheckKind::position},   Named{"entry", CheckKind::entry},
        Named{"balance", CheckKind::balance},     Named{"equity", CheckKind::equity},
        Named{"free", CheckKind::free},           Named{"needs", CheckKind::needs},
        Named{"maintains", CheckKind::maintains}, Named{"orders", CheckKind::orders},
        Named{"waiting", CheckKind::waiting},     Named{"order", CheckKind::order},
        Named{"waits", CheckKind::waits},         Named{"due", CheckKind::due},
        Named{"stake", CheckKind::stake},         Named{"power", CheckKind::power},
        Named{"insured", CheckKind::insured}};
    ASTRO_TRY(check.account, take_account(words));
    ASTRO_TRY(const auto word, words.take("what is expected of it"));
    const auto found = std::ranges::find(kOfAccounts, word, &Named::name);
    if (found == kOfAccounts.end())
        return words.wrong(
            "of an account one expects its position, entry, balance, equity, free, needs, "
            "maintains, orders, waiting, order, waits, due, stake, power or insured, not " +
            quoted(word));
    check.kind = found->kind;
    if (check.kind == CheckKind::order || check.kind == CheckKind::waits ||
        check.kind == CheckKind::due)
        return order_check(words, check);
    int decimals = 6;
    if (check.kind == CheckKind::position || check.kind == CheckKind::entry) {
        ASTRO_TRY(check.market, take_market(words));
        if (words.accept("long"))
            check.leg = Leg::long_leg;
        else if (words.accept("short"))
            check.leg = Leg::short_leg;
        if (check.kind == CheckKind::position) decimals = 9;
    } else if (check.kind == CheckKind::orders || check.kind == CheckKind::waiting) {
        decimals = 0;
    } else if (check.kind == CheckKind::stake || check.kind == CheckKind::power) {
        ASTRO_TRY(const auto* asset, voting_asset(words));
        check.asset = asset->id;
        decimals = static_cast<int>(asset->settings.decimals);
    }
    ASTRO_TRY(const auto text, words.take("a number"));
    const Words number = words;
    if (check.kind == CheckKind::balance && !at_end(words)) {
        ASTRO_TRY(const auto* asset, take_asset(words));
        check.asset = asset->id;
        decimals = static_cast<int>(asset->settings.decimals);
    }
    ASTRO_TRY(const auto value, number.decimal(text, decimals, word));
    check.expected = decimal_text(value, decimals);
    return {};
}

/// NAME none, NAME SIZE @ PRICE [shown SIZE], or of one that waits NAME PRICE
Result<void> ScenarioParser::order_check(Words& words, Check& check) {
    ASTRO_TRY(const auto word, words.take("an order's name"));
    ASTRO_TRY(const auto name, label(words, word));
    check.label = name.text();
    if (words.accept("none")) {
        check.expected = "none";
        return {};
    }
    if (check.kind == CheckKind::waits || check.kind == CheckKind::due) {
        ASTRO_TRY(const auto price, words.take_decimal(6, "a price"));
        check.expected = decimal_text(price, 6);
        return {};
    }
    ASTRO_TRY(const auto open, words.take_decimal(9, "the open size or none"));
    if (!words.accept("@")) return words.wrong_next("after the size comes @ PRICE");
    ASTRO_TRY(const auto price, words.take_decimal(6, "a price"));
    std::int64_t shown = open;
    if (words.accept("shown")) {
        ASTRO_TRY(shown, words.take_decimal(9, "the size that is shown"));
    }
    check.expected = decimal_text(open, 9) + " @ " + decimal_text(price, 6);
    if (shown != open) check.expected += " shown " + decimal_text(shown, 9);
    return {};
}

Result<void> ScenarioParser::book_check(Words& words, std::vector<Check>& checks) {
    Check check;
    check.kind = CheckKind::book;
    ASTRO_TRY(const auto symbol, words.take("a market"));
    const auto found = markets_.find(symbol);
    if (found == markets_.end()) return words.wrong("there is no market " + quoted(symbol));
    check.market = found->second.id;
    const std::size_t before = checks.size();
    for (;;) {
        const std::string_view name = words.peek();
        if (!words.accept("bid") && !words.accept("ask")) break;
        check.side = name == "bid" ? Side::buy : Side::sell;
        ASTRO_TRY(check.expected, levels(words));
        check.subject = "book " + std::string(symbol) + " " + std::string(name);
        checks.push_back(check);
    }
    if (checks.size() == before)
        return words.wrong_next("of a book one expects bid LEVELS, ask LEVELS or both");
    return {};
}

/// none, or PRICExSIZE from the best on
Result<std::string> ScenarioParser::levels(Words& words) {
    std::string out;
    if (words.accept("none")) return std::string("none");
    while (!at_end(words) && words.peek() != "bid" && words.peek() != "ask") {
        ASTRO_TRY(const auto word, words.take("a level"));
        const auto x = word.find('x');
        if (x == word.npos)
            return words.wrong("a level of a book is PRICExSIZE, such as 99.5x3, not " +
                               quoted(word));
        ASTRO_TRY(const auto price, words.decimal(word.substr(0, x), 6, "a price"));
        ASTRO_TRY(const auto size, words.decimal(word.substr(x + 1), 9, "a size"));
        out += (out.empty() ? "" : " ") + decimal_text(price, 6) + "x" + decimal_text(size, 9);
    }
    if (out.empty()) return words.wrong_next("here come PRICExSIZE or none");
    return out;
}

}  // namespace astro::exchange
