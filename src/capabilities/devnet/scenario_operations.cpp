#include <array>

#include "capabilities/devnet/engine/assets.hpp"
#include "capabilities/devnet/scenario_transaction.hpp"
#include "chains/stellar/build/amount.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/hashes.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/crypto/sha256.hpp"

namespace astro::devnet {
namespace {

using Type = xdr::OperationType;
using Body = Result<xdr::OperationBody>;

Result<xdr::PublicKey> take_account(Words& words) {
    ASTRO_TRY(const auto name, words.take("an account"));
    return Cast::account_of(name);
}

Result<xdr::MuxedAccount> take_address(Words& words) {
    ASTRO_TRY(const auto account, take_account(words));
    return stellar::to_muxed(account);
}

Result<void> need(Words& words, std::string_view word) {
    if (words.accept(word)) return {};
    return words.wrong("'" + std::string(word) + "' comes next");
}

Result<xdr::Price> take_price(Words& words) {
    ASTRO_TRY(const auto word, words.take("a price"));
    if (word == "0") return xdr::Price{0, 1};  // for what the ledger must refuse
    const auto price = stellar::parse_price(word, "price");
    return price ? Result<xdr::Price>(*price) : words.wrong(price.error().text());
}

Body create(Words& words, const Cast&) {
    ASTRO_TRY(const auto to, take_account(words));
    ASTRO_TRY(const auto amount, words.take_amount("lumens"));
    return xdr::OperationBody{Type::create_account, xdr::CreateAccountOp{to, amount}};
}

Body pay(Words& words, const Cast& cast) {
    ASTRO_TRY(const auto to, take_address(words));
    ASTRO_TRY(const auto amount, words.take_amount("an amount"));
    ASTRO_TRY(const auto asset, cast.take_asset(words));
    return xdr::OperationBody{Type::payment, xdr::PaymentOp{to, asset, amount}};
}

/// "path bob 10 EUR max 20 USD via XLM" receives exactly; "path bob 10 USD min 5 EUR" sends
/// exactly.
Body path(Words& words, const Cast& cast) {
    ASTRO_TRY(const auto to, take_address(words));
    ASTRO_TRY(const auto amount, words.take_amount("an amount"));
    ASTRO_TRY(const auto asset, cast.take_asset(words));
    const bool receives = words.accept("max");
    if (!receives) ASTRO_CHECK(need(words, "min"));
    ASTRO_TRY(const auto limit, words.take_amount("the limit"));
    ASTRO_TRY(const auto other, cast.take_asset(words));
    std::vector<xdr::Asset> via;
    if (words.accept("via")) do {
            ASTRO_TRY(auto hop, cast.take_asset(words));
            via.push_back(std::move(hop));
        } while (words.accept("+"));
    if (receives)
        return xdr::OperationBody{
            Type::path_payment_strict_receive,
            xdr::PathPaymentStrictReceiveOp{other, limit, to, asset, amount, std::move(via)}};
    return xdr::OperationBody{
        Type::path_payment_strict_send,
        xdr::PathPaymentStrictSendOp{asset, amount, to, other, limit, std::move(via)}};
}

Result<std::int64_t> offer_id(Words& words, const Cast& cast) {
    const auto name = words.accept_value("offer");
    if (!name) return 0;
    const auto at = cast.offers.find(*name);
    // One that nobody made is one that is not there.
    return at == cast.offers.end() ? 999'999 : at->second;
}

/// "sell 10 USD for EUR at 1.5", "passive 10 USD for EUR at 1.5".
Body sell(Words& words, const Cast& cast, bool is_passive) {
    ASTRO_TRY(const auto amount, words.take_amount("an amount"));
    ASTRO_TRY(const auto selling, cast.take_asset(words));
    ASTRO_CHECK(need(words, "for"));
    ASTRO_TRY(const auto buying, cast.take_asset(words));
    ASTRO_CHECK(need(words, "at"));
    ASTRO_TRY(const auto price, take_price(words));
    ASTRO_TRY(const auto id, offer_id(words, cast));
    if (is_passive)
        return xdr::OperationBody{Type::create_passive_sell_offer,
                                  xdr::CreatePassiveSellOfferOp{selling, buying, amount, price}};
    return xdr::OperationBody{Type::manage_sell_offer,
                              xdr::ManageSellOfferOp{selling, buying, amount, price, id}};
}

/// "buy 10 EUR with USD at 1.5".
Body buy(Words& words, const Cast& cast) {
    ASTRO_TRY(const auto amount, words.take_amount("an amount"));
    ASTRO_TRY(const auto buying, cast.take_asset(words));
    ASTRO_CHECK(need(words, "with"));
    ASTRO_TRY(const auto selling, cast.take_asset(words));
    ASTRO_CHECK(need(words, "at"));
    ASTRO_TRY(const auto price, take_price(words));
    ASTRO_TRY(const auto id, offer_id(words, cast));
    return xdr::OperationBody{Type::manage_buy_offer,
                              xdr::ManageBuyOfferOp{selling, buying, amount, price, id}};
}

/// "trust USD 1000"; "trust XLM/USD 1000" of a pool's shares.
Body trust(Words& words, const Cast& cast) {
    xdr::ChangeTrustOp op;
    if (words.peek().find('/') != std::string_view::npos) {
        ASTRO_TRY(const auto pool, cast.take_pool(words));
        op.line = {xdr::AssetType::pool_share, pool};
    } else {
        ASTRO_TRY(const auto asset, cast.take_asset(words));
        op.line.type = asset.type;
        std::visit([&](const auto& of) { op.line.value = of; }, asset.value);
    }
    ASTRO_TRY(op.limit, words.take_amount("a limit"));
    return xdr::OperationBody{Type::change_trust, std::move(op)};
}

Result<std::uint32_t> flags_of(const Words& words, std::string_view text,
                               std::span<const std::pair<std::string_view, std::uint32_t>> names) {
    std::uint32_t out = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('+'), text.size());
        const auto name = text.substr(0, end);
        bool is_known = false;
        for (const auto& [known, bit] : names)
            if (known == name) out |= bit, is_known = true;
        if (!is_known) return words.wrong("there is no flag of that name");
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

using FlagNames = std::pair<std::string_view, std::uint32_t>;
constexpr std::array<FlagNames, 5> kAccountFlags{
    {{"required", 1}, {"revocable", 2}, {"immutable", 4}, {"clawback", 8}, {"unknown", 16}}};
constexpr std::array<FlagNames, 4> kLineFlags{
    {{"authorized", 1}, {"maintain", 2}, {"clawback", 4}, {"unknown", 8}}};

/// "NAME:WEIGHT", "hash:TEXT:WEIGHT", "tx:HEX…" is made by the caller as "txhash".
Result<xdr::Signer> signer_of(const Words& words, std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return words.wrong("a signer is written NAME:WEIGHT");
    std::int64_t weight = 0;
    for (const char digit : text.substr(colon + 1)) weight = weight * 10 + (digit - '0');
    const auto name = text.substr(0, colon);
    xdr::Signer out;
    out.weight = static_cast<std::uint32_t>(weight);
    if (name.starts_with("hash:")) {
        out.key = {xdr::SignerKeyType::hash_x,
                   xdr::Uint256{crypto::sha256(as_bytes(name.substr(5))).bytes}};
    } else if (name.starts_with("tx:")) {
        ASTRO_TRY(const auto bytes, parse_hex(name.substr(3)));
        xdr::Uint256 hash;
        if (bytes.size() != hash.bytes.size()) return words.wrong("a hash has 64 hex digits");
        std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
        out.key = {xdr::SignerKeyType::pre_auth_tx, hash};
    } else {
        out.key = {xdr::SignerKeyType::ed25519, Cast::account_of(name).ed25519};
    }
    return out;
}

Result<bool> accept_number(Words& words, std::string_view name, std::optional<std::uint32_t>& out) {
    const auto text = words.accept_value(name);
    if (!text) return false;
    std::uint32_t value = 0;
    for (const char digit : *text) {
        if (digit < '0' || digit > '9') return words.wrong("a whole number is wanted");
        value = value * 10 + static_cast<std::uint32_t>(digit - '0');
    }
    out = value;
    return true;
}

/// "options master=1 low=1 med=2 high=3 signer=bob:1 set=required clear=revocable home=x.org".
Body options(Words& words, const Cast&) {
    xdr::SetOptionsOp op;
    for (bool found = true; found;) {
        found = false;
        for (auto [name, to] : {std::pair{"master", &op.master_weight},
                                {"low", &op.low_threshold},
                                {"med", &op.med_threshold},
                                {"high", &op.high_threshold}}) {
            ASTRO_TRY(const bool is_it, accept_number(words, name, *to));
            found = found || is_it;
        }
        if (const auto text = words.accept_value("set")) {
            ASTRO_TRY(op.set_flags, flags_of(words, *text, kAccountFlags));
            found = true;
        } else if (const auto cleared = words.accept_value("clear")) {
            ASTRO_TRY(op.clear_flags, flags_of(words, *cleared, kAccountFlags));
            found = true;
        } else if (const auto signer = words.accept_value("signer")) {
            ASTRO_TRY(op.signer, signer_of(words, *signer));
            found = true;
        } else if (const auto home = words.accept_value("home")) {
            op.home_domain = *home == "TAB" ? "\t" : std::string(*home);
            found = true;
        } else if (const auto to = words.accept_value("inflation")) {
            op.inflation_dest = Cast::account_of(*to);
            found = true;
        }
    }
    return xdr::OperationBody{Type::set_options, std::move(op)};
}

Body allow(Words& words, const Cast& cast) {
    ASTRO_TRY(const auto trustor, take_account(words));
    ASTRO_TRY(const auto asset, cast.take_asset(words));
    ASTRO_TRY(const auto authorize, words.take_number("0, 1 or 2"));
    xdr::AssetCode code;
    code.type = asset.type;
    if (const auto* four = std::get_if<xdr::AlphaNum4>(&asset.value))
        code.value = four->asset_code;
    else if (const auto* twelve = std::get_if<xdr::AlphaNum12>(&asset.value))
        code.value = twelve->asset_code;
    return xdr::OperationBody{
        Type::allow_trust, xdr::AllowTrustOp{trustor, code, static_cast<std::uint32_t>(authorize)}};
}

Body flags(Words& words, const Cast& cast) {
    xdr::SetTrustLineFlagsOp op;
    ASTRO_TRY(op.trustor, take_account(words));
    ASTRO_TRY(op.asset, cast.take_asset(words));
    if (const auto text = words.accept_value("set")) {
        ASTRO_TRY(op.set_flags, flags_of(words, *text, kLineFlags));
    }
    if (const auto text = words.accept_value("clear")) {
        ASTRO_TRY(op.clear_flags, flags_of(words, *text, kLineFlags));
    }
    return xdr::OperationBody{Type::set_trust_line_flags, std::move(op)};
}

Body data(Words& words, const Cast&) {
    ASTRO_TRY(const auto name, words.take("a name"));
    xdr::ManageDataOp op;
    op.data_name = name == "EMPTY" ? "" : std::string(name);
    if (const auto value = words.accept_value("value"))
        op.data_value = Bytes(value->begin(), value->end());
    return xdr::OperationBody{Type::manage_data, std::move(op)};
}

Result<xdr::ClaimPredicate> take_predicate(Words& words) {
    xdr::ClaimPredicate out;
    const bool is_not = words.accept("not");
    if (words.accept("before")) {
        ASTRO_TRY(const auto seconds, words.take_number("seconds"));
        out.type = xdr::ClaimPredicateType::before_relative_time;
        out.value = seconds;
    }
    if (!is_not) return out;
    xdr::ClaimPredicate outer;
    outer.type = xdr::ClaimPredicateType::not_;
    outer.value = std::optional(xdr::Box<xdr::ClaimPredicate>(std::move(out)));
    return outer;
}

/// "balance 10 USD for bob before 60 + carol not before 60".
Body balance(Words& words, const Cast& cast) {
    xdr::CreateClaimableBalanceOp op;
    ASTRO_TRY(op.amount, words.take_amount("an amount"));
    ASTRO_TRY(op.asset, cast.take_asset(words));
    if (words.accept("for")) do {
            xdr::Claimant claimant;
            ASTRO_TRY(claimant.v0.destination, take_account(words));
            ASTRO_TRY(claimant.v0.predicate, take_predicate(words));
            op.claimants.push_back(std::move(claimant));
        } while (words.accept("+"));
    return xdr::OperationBody{Type::create_claimable_balance, std::move(op)};
}

Result<xdr::ClaimableBalanceID> take_balance(Words& words, const Cast& cast) {
    ASTRO_TRY(const auto name, words.take("a balance's name"));
    const auto at = cast.balances.find(name);
    return at == cast.balances.end() ? xdr::ClaimableBalanceID{} : at->second;
}

Body clawback(Words& words, const Cast& cast) {
    if (words.accept("balance")) {
        ASTRO_TRY(const auto id, take_balance(words, cast));
        return xdr::OperationBody{Type::clawback_claimable_balance,
                                  xdr::ClawbackClaimableBalanceOp{id}};
    }
    ASTRO_TRY(const auto from, take_address(words));
    ASTRO_TRY(const auto amount, words.take_amount("an amount"));
    ASTRO_TRY(const auto asset, cast.take_asset(words));
    return xdr::OperationBody{Type::clawback, xdr::ClawbackOp{asset, from, amount}};
}

/// "revoke account bob", "revoke trust bob USD", "revoke offer bob NAME", "revoke data bob NAME",
/// "revoke balance NAME", "revoke signer bob carol".
Body revoke(Words& words, const Cast& cast) {
    using Kind = xdr::LedgerEntryType;
    ASTRO_TRY(const auto what, words.take("account, trust, offer, data, balance or signer"));
    xdr::LedgerKey key;
    if (what == "balance") {
        ASTRO_TRY(const auto id, take_balance(words, cast));
        key = {Kind::claimable_balance, xdr::LedgerKeyClaimableBalance{id}};
    } else {
        ASTRO_TRY(const auto owner, take_account(words));
        if (what == "account") {
            key = {Kind::account, xdr::LedgerKeyAccount{owner}};
        } else if (what == "trust") {
            ASTRO_TRY(const auto asset, cast.take_asset(words));
            xdr::TrustLineAsset of{asset.type, {}};
            std::visit([&](const auto& value) { of.value = value; }, asset.value);
            key = {Kind::trustline, xdr::LedgerKeyTrustLine{owner, of}};
        } else if (what == "offer") {
            ASTRO_TRY(const auto name, words.take("an offer's name"));
            const auto at = cast.offers.find(name);
            key = {Kind::offer,
                   xdr::LedgerKeyOffer{owner, at == cast.offers.end() ? 0 : at->second}};
        } else if (what == "data") {
            ASTRO_TRY(const auto name, words.take("a name"));
            key = {Kind::data, xdr::LedgerKeyData{owner, std::string(name)}};
        } else if (what == "signer") {
            ASTRO_TRY(const auto signer, take_account(words));
            const xdr::SignerKey of{xdr::SignerKeyType::ed25519, signer.ed25519};
            return xdr::OperationBody{
                Type::revoke_sponsorship,
                xdr::RevokeSponsorshipOp{xdr::RevokeSponsorshipType::signer,
                                         xdr::RevokeSponsorshipOpSigner{owner, of}}};
        } else {
            return words.wrong("it is account, trust, offer, data, balance or signer");
        }
    }
    return xdr::OperationBody{
        Type::revoke_sponsorship,
        xdr::RevokeSponsorshipOp{xdr::RevokeSponsorshipType::ledger_entry, std::move(key)}};
}

/// "deposit XLM/USD 10 20 from 1/3 to 2": at most those amounts, in the pool's order, at a price
/// between.
Body deposit(Words& words, const Cast& cast) {
    xdr::LiquidityPoolDepositOp op;
    ASTRO_TRY(const auto pool, cast.take_pool(words));
    op.liquidity_pool_id = stellar::xdr::pool_id(pool);
    ASTRO_TRY(op.max_amount_a, words.take_amount("an amount"));
    ASTRO_TRY(op.max_amount_b, words.take_amount("an amount"));
    op.min_price = {1, 1'000'000};
    op.max_price = {1'000'000, 1};
    if (words.accept("from")) {
        ASTRO_TRY(op.min_price, take_price(words));
        ASTRO_CHECK(need(words, "to"));
        ASTRO_TRY(op.max_price, take_price(words));
    }
    return xdr::OperationBody{Type::liquidity_pool_deposit, op};
}

Body withdraw(Words& words, const Cast& cast) {
    xdr::LiquidityPoolWithdrawOp op;
    ASTRO_TRY(const auto pool, cast.take_pool(words));
    op.liquidity_pool_id = stellar::xdr::pool_id(pool);
    ASTRO_TRY(op.amount, words.take_amount("shares"));
    if (words.accept("min")) {
        ASTRO_TRY(op.min_amount_a, words.take_amount("an amount"));
        ASTRO_TRY(op.min_amount_b, words.take_amount("an amount"));
    }
    return xdr::OperationBody{Type::liquidity_pool_withdraw, op};
}

Body merge(Words& words, const Cast&) {
    ASTRO_TRY(const auto to, take_address(words));
    return xdr::OperationBody{Type::account_merge, to};
}
Body bump(Words& words, const Cast&) {
    ASTRO_TRY(const auto to, words.take_number("a sequence number"));
    return xdr::OperationBody{Type::bump_sequence, xdr::BumpSequenceOp{to}};
}
Body claim(Words& words, const Cast& cast) {
    ASTRO_TRY(const auto id, take_balance(words, cast));
    return xdr::OperationBody{Type::claim_claimable_balance, xdr::ClaimClaimableBalanceOp{id}};
}
Body sponsor(Words& words, const Cast&) {
    ASTRO_TRY(const auto whom, take_account(words));
    return xdr::OperationBody{Type::begin_sponsoring_future_reserves,
                              xdr::BeginSponsoringFutureReservesOp{whom}};
}
Body end(Words&, const Cast&) {
    return xdr::OperationBody{Type::end_sponsoring_future_reserves, std::monostate{}};
}
Body inflation(Words&, const Cast&) {
    return xdr::OperationBody{Type::inflation, std::monostate{}};
}
Body sell_actively(Words& words, const Cast& cast) {
    return sell(words, cast, false);
}
Body sell_passively(Words& words, const Cast& cast) {
    return sell(words, cast, true);
}

using Verb = std::pair<std::string_view, Body (*)(Words&, const Cast&)>;
constexpr std::array<Verb, 21> kVerbs{{
    {"create", create},      {"pay", pay},         {"path", path},
    {"sell", sell_actively}, {"buy", buy},         {"passive", sell_passively},
    {"trust", trust},        {"options", options}, {"allow", allow},
    {"flags", flags},        {"merge", merge},     {"data", data},
    {"bump", bump},          {"balance", balance}, {"claim", claim},
    {"clawback", clawback},  {"sponsor", sponsor}, {"end", end},
    {"revoke", revoke},      {"deposit", deposit}, {"withdraw", withdraw},
}};

}  // namespace

Result<NamedOperation> parse_operation(Words& words, const Cast& cast) {
    NamedOperation out;
    if (words.accept("as")) {
        ASTRO_TRY(const auto source, take_address(words));
        out.operation.source_account = source;
    }
    ASTRO_TRY(const auto name, words.take("an operation"));
    if (name == "inflation") {
        ASTRO_TRY(out.operation.body, inflation(words, cast));
        return out;
    }
    for (const auto& [verb, parse] : kVerbs) {
        if (verb != name) continue;
        ASTRO_TRY(out.operation.body, parse(words, cast));
        if (const auto made = words.accept_value("name")) out.name = *made;
        return out;
    }
    return words.wrong("there is no operation of that name");
}

}  // namespace astro::devnet
