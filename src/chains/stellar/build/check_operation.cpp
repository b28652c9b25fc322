#include <algorithm>
#include <tuple>

#include "chains/stellar/build/check.hpp"
#include "chains/stellar/build/text.hpp"

namespace astro::stellar {
namespace {

using xdr::OperationType;

constexpr std::uint32_t kByteMax = 255, kAccountFlags = 0xF, kTrustFlags = 0x7;
constexpr std::size_t kClaimantsMax = 10;
constexpr int kPredicateDepthMax = 4;
constexpr std::int32_t kPoolFee = 30;

/// Collects nothing: the first rule that is broken is the answer.
class Rules {
  public:
    Rules(const xdr::PublicKey& source, const std::string& where)
        : source_(source), where_(where) {}

    Result<void> operator()(const xdr::CreateAccountOp& op) const {
        if (op.starting_balance < 0) return bad("starting_balance", "is negative");
        return other_than_source(op.destination, "destination", "an account cannot create itself");
    }
    Result<void> operator()(const xdr::PaymentOp& op) const {
        ASTRO_CHECK(asset(op.asset, "asset"));
        return above_zero(op.amount, "amount");
    }
    Result<void> operator()(const xdr::PathPaymentStrictReceiveOp& op) const {
        ASTRO_CHECK(above_zero(op.send_max, "send_max"));
        ASTRO_CHECK(above_zero(op.dest_amount, "dest_amount"));
        return path(op.send_asset, op.dest_asset, op.path);
    }
    Result<void> operator()(const xdr::PathPaymentStrictSendOp& op) const {
        ASTRO_CHECK(above_zero(op.send_amount, "send_amount"));
        ASTRO_CHECK(above_zero(op.dest_min, "dest_min"));
        return path(op.send_asset, op.dest_asset, op.path);
    }
    Result<void> operator()(const xdr::ManageSellOfferOp& op) const {
        return offer(op, op.amount, "amount");
    }
    Result<void> operator()(const xdr::ManageBuyOfferOp& op) const {
        return offer(op, op.buy_amount, "buy_amount");
    }
    Result<void> operator()(const xdr::CreatePassiveSellOfferOp& op) const {
        ASTRO_CHECK(above_zero(op.amount, "amount"));
        return pair(op);
    }
    Result<void> operator()(const xdr::SetOptionsOp& op) const {
        const auto set = op.set_flags.value_or(0), clear = op.clear_flags.value_or(0);
        ASTRO_CHECK(flags(set, clear, kAccountFlags));
        for (const auto& [value, name] : {std::pair{op.master_weight, "master_weight"},
                                          {op.low_threshold, "low_threshold"},
                                          {op.med_threshold, "med_threshold"},
                                          {op.high_threshold, "high_threshold"}})
            if (value.value_or(0) > kByteMax) return bad(name, "is at most 255");
        if (op.home_domain && !is_printable(*op.home_domain))
            return bad("home_domain", "has characters that are not printable ASCII");
        if (op.signer) return signer(*op.signer);
        return {};
    }
    Result<void> operator()(const xdr::ChangeTrustOp& op) const {
        if (op.limit < 0) return bad("limit", "is negative");
        if (const auto* pool = std::get_if<xdr::LiquidityPoolParameters>(&op.line.value))
            return pool_of(*pool);
        if (op.line.type == xdr::AssetType::native) return bad("line", "lumens need no trustline");
        ASTRO_CHECK(asset(to_asset(op.line), "line"));
        return other_than_source(*issuer_of(to_asset(op.line)), "line",
                                 "an issuer needs no trustline for its own asset");
    }
    Result<void> operator()(const xdr::AllowTrustOp& op) const {
        if (op.authorize > 2) return bad("authorize", "is 0, 1 or 2");
        return other_than_source(op.trustor, "trustor", "an issuer has no trustline of its own");
    }
    /// Merging: the only operation whose body is an address.
    Result<void> operator()(const xdr::MuxedAccount& destination) const {
        return other_than_source(account_of(destination), "destination",
                                 "an account cannot be merged into itself");
    }
    Result<void> operator()(const xdr::ManageDataOp& op) const {
        if (op.data_name.empty()) return bad("data_name", "is empty");
        if (!is_printable(op.data_name))
            return bad("data_name", "has characters that are not printable ASCII");
        return {};
    }
    Result<void> operator()(const xdr::BumpSequenceOp& op) const {
        if (op.bump_to < 0) return bad("bump_to", "is negative");
        return {};
    }
    Result<void> operator()(const xdr::CreateClaimableBalanceOp& op) const {
        ASTRO_CHECK(asset(op.asset, "asset"));
        ASTRO_CHECK(above_zero(op.amount, "amount"));
        if (op.claimants.empty() || op.claimants.size() > kClaimantsMax)
            return bad("claimants", "has one to ten claimants");
        for (auto at = op.claimants.begin(); at != op.claimants.end(); ++at) {
            const auto is_same = [&](const auto& other) {
                return other.v0.destination == at->v0.destination;
            };
            if (std::any_of(op.claimants.begin(), at, is_same))
                return bad("claimants", "names an account twice");
            if (!is_valid_predicate(at->v0.predicate, 1))
                return bad("claimants",
                           "has a condition that is empty, negative or more than 4 deep");
        }
        return {};
    }
    Result<void> operator()(const xdr::BeginSponsoringFutureReservesOp& op) const {
        return other_than_source(op.sponsored_id, "sponsored_id",
                                 "an account cannot sponsor itself");
    }
    Result<void> operator()(const xdr::ClawbackOp& op) const {
        ASTRO_CHECK(above_zero(op.amount, "amount"));
        ASTRO_CHECK(own_asset(op.asset, "asset"));
        return other_than_source(account_of(op.from), "from", "an issuer holds none of its asset");
    }
    Result<void> operator()(const xdr::SetTrustLineFlagsOp& op) const {
        ASTRO_CHECK(flags(op.set_flags, op.clear_flags, kTrustFlags));
        ASTRO_CHECK(own_asset(op.asset, "asset"));
        return other_than_source(op.trustor, "trustor", "an issuer has no trustline of its own");
    }
    Result<void> operator()(const xdr::LiquidityPoolDepositOp& op) const {
        ASTRO_CHECK(above_zero(op.max_amount_a, "max_amount_a"));
        ASTRO_CHECK(above_zero(op.max_amount_b, "max_amount_b"));
        ASTRO_CHECK(price(op.min_price, "min_price"));
        ASTRO_CHECK(price(op.max_price, "max_price"));
        if (std::int64_t{op.min_price.n} * op.max_price.d >
            std::int64_t{op.max_price.n} * op.min_price.d)
            return bad("min_price", "is above max_price");
        return {};
    }
    Result<void> operator()(const xdr::LiquidityPoolWithdrawOp& op) const {
        ASTRO_CHECK(above_zero(op.amount, "amount"));
        if (op.min_amount_a < 0) return bad("min_amount_a", "is negative");
        if (op.min_amount_b < 0) return bad("min_amount_b", "is negative");
        return {};
    }
    /// The others have nothing that could be wrong by itself, or leave it to the contract's host.
    template <class Other>
    Result<void> operator()(const Other&) const {
        return {};
    }

  private:
    [[nodiscard]] Unexpected bad(std::string_view field, std::string why) const {
        return refusal("bad_operation", std::move(why), where_ + "." + std::string(field));
    }
    [[nodiscard]] Result<void> above_zero(std::int64_t amount, std::string_view field) const {
        if (amount <= 0) return bad(field, "is not above zero");
        return {};
    }
    [[nodiscard]] Result<void> asset(const xdr::Asset& value, std::string_view field) const {
        if (!is_valid(value))
            return bad(field, "has a code that is not of 1 to 12 letters and digits");
        return {};
    }
    [[nodiscard]] Result<void> own_asset(const xdr::Asset& value, std::string_view field) const {
        ASTRO_CHECK(asset(value, field));
        const auto* issuer = issuer_of(value);
        if (issuer == nullptr || *issuer != source_)
            return bad(field, "is not issued by the operation's source");
        return {};
    }
    [[nodiscard]] Result<void> other_than_source(const xdr::PublicKey& account,
                                                 std::string_view field, std::string why) const {
        if (account == source_) return bad(field, std::move(why));
        return {};
    }
    [[nodiscard]] Result<void> price(const xdr::Price& value, std::string_view field) const {
        if (value.n <= 0 || value.d <= 0) return bad(field, "is not above zero");
        return {};
    }
    [[nodiscard]] Result<void> path(const xdr::Asset& from, const xdr::Asset& to,
                                    const std::vector<xdr::Asset>& between) const {
        ASTRO_CHECK(asset(from, "send_asset"));
        ASTRO_CHECK(asset(to, "dest_asset"));
        for (const auto& hop : between) ASTRO_CHECK(asset(hop, "path"));
        return {};
    }
    template <class Offer>
    [[nodiscard]] Result<void> pair(const Offer& op) const {
        ASTRO_CHECK(asset(op.selling, "selling"));
        ASTRO_CHECK(asset(op.buying, "buying"));
        if (op.selling == op.buying) return bad("buying", "is the asset sold");
        return price(op.price, "price");
    }
    template <class Offer>
    [[nodiscard]] Result<void> offer(const Offer& op, std::int64_t amount,
                                     std::string_view field) const {
        if (amount < 0) return bad(field, "is negative");
        if (op.offer_id < 0) return bad("offer_id", "is negative");
        if (amount == 0 && op.offer_id == 0)
            return bad(field, "is zero, which removes an offer, but none is named");
        return pair(op);
    }
    [[nodiscard]] Result<void> flags(std::uint32_t set, std::uint32_t clear,
                                     std::uint32_t known) const {
        if ((set & ~known) != 0) return bad("set_flags", "has a flag that is not known");
        if ((clear & ~known) != 0) return bad("clear_flags", "has a flag that is not known");
        if ((set & clear) != 0) return bad("set_flags", "sets what clear_flags clears");
        return {};
    }
    [[nodiscard]] Result<void> signer(const xdr::Signer& value) const {
        if (value.weight > kByteMax) return bad("signer.weight", "is at most 255");
        if (value.key == xdr::SignerKey{xdr::SignerKeyType::ed25519, source_.ed25519})
            return bad("signer.key", "is the account's own: its weight is master_weight");
        const auto* signed_payload =
            std::get_if<xdr::SignerKeyEd25519SignedPayload>(&value.key.value);
        if (signed_payload != nullptr && signed_payload->payload.empty())
            return bad("signer.key", "has a payload of no bytes");
        return {};
    }
    [[nodiscard]] Result<void> pool_of(const xdr::LiquidityPoolParameters& pool) const {
        const auto& of = pool.constant_product;
        ASTRO_CHECK(asset(of.asset_a, "line.asset_a"));
        ASTRO_CHECK(asset(of.asset_b, "line.asset_b"));
        if (!is_before(of.asset_a, of.asset_b))
            return bad("line.asset_b", "must come after asset_a, by kind, code and issuer");
        if (of.fee != kPoolFee) return bad("line.fee", "is 30, the only one there is");
        return {};
    }

    static xdr::Asset to_asset(const xdr::ChangeTrustAsset& line) {
        if (const auto* of_four = std::get_if<xdr::AlphaNum4>(&line.value))
            return {line.type, *of_four};
        return {line.type, xdr::arm_of<xdr::AlphaNum12>(line.value)};
    }
    static bool is_before(const xdr::Asset& a, const xdr::Asset& b) {
        if (a.type != b.type || a.type == xdr::AssetType::native) return a.type < b.type;
        return std::tuple(code_of(a), issuer_of(a)->ed25519) <
               std::tuple(code_of(b), issuer_of(b)->ed25519);
    }
    static bool is_printable(std::string_view text) {
        return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
    }
    static bool is_valid_predicate(const xdr::ClaimPredicate& predicate, int depth) {
        using xdr::ClaimPredicateType;
        if (depth > kPredicateDepthMax) return false;
        if (const auto* both = std::get_if<std::vector<xdr::ClaimPredicate>>(&predicate.value))
            return both->size() == 2 && is_valid_predicate((*both)[0], depth + 1) &&
                   is_valid_predicate((*both)[1], depth + 1);
        if (const auto* negated =
                std::get_if<std::optional<xdr::Box<xdr::ClaimPredicate>>>(&predicate.value))
            return negated->has_value() && is_valid_predicate(***negated, depth + 1);
        const auto* time = std::get_if<std::int64_t>(&predicate.value);
        return time == nullptr || *time >= 0;
    }

    const xdr::PublicKey& source_;
    const std::string& where_;
};

}  // namespace

Result<void> check(const xdr::Operation& operation, const xdr::PublicKey& source,
                   const std::string& where) {
    return std::visit(Rules(source, where), operation.body.value);
}

}  // namespace astro::stellar
