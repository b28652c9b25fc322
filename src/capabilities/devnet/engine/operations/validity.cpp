#include <algorithm>
#include <set>

#include "capabilities/devnet/engine/assets.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/holding.hpp"
#include "capabilities/devnet/engine/operations/operations.hpp"
#include "capabilities/devnet/engine/operations/results.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/codec.hpp"

namespace astro::devnet {
namespace {

using Type = xdr::OperationType;
using Malformed = std::optional<xdr::OperationResult>;
using stellar::account_of;
using stellar::is_valid;

constexpr std::uint32_t kAccountFlags = 0xF, kByteMax = 255;
constexpr int kPredicateDepthMax = 4;
constexpr std::int32_t kPoolFeeBps = 30;

/// "malformed" of that kind of result, if it is.
template <class R>
Malformed malformed_if(bool is_so, Type type) {
    if (!is_so) return std::nullopt;
    return tried_with<R>(type, decltype(R::code)::malformed);
}

bool are_valid(const std::vector<xdr::Asset>& assets) {
    return std::all_of(assets.begin(), assets.end(), [](const auto& it) { return is_valid(it); });
}

bool is_price(const xdr::Price& price) {
    return price.n > 0 && price.d > 0;
}

template <class R, class Op>
Malformed offer(const Op& op, std::int64_t amount, std::int64_t offer_id, Type type) {
    return malformed_if<R>(!is_valid(op.selling) || !is_valid(op.buying) ||
                               op.selling == op.buying || amount < 0 || !is_price(op.price) ||
                               offer_id < 0 || (offer_id == 0 && amount == 0),
                           type);
}

Malformed set_options(const xdr::SetOptionsOp& op, const xdr::PublicKey& source) {
    using Code = xdr::SetOptionsResultCode;
    const auto wrong = [](Code code) {
        return tried_with<xdr::SetOptionsResult>(Type::set_options, code);
    };
    const auto set = op.set_flags.value_or(0), clear = op.clear_flags.value_or(0);
    if ((set | clear) & ~kAccountFlags) return wrong(Code::unknown_flag);
    if (set & clear) return wrong(Code::bad_flags);
    for (const auto& value :
         {op.master_weight, op.low_threshold, op.med_threshold, op.high_threshold})
        if (value.value_or(0) > kByteMax) return wrong(Code::threshold_out_of_range);
    if (op.signer) {
        const auto& key = op.signer->key;
        const auto* payload = std::get_if<xdr::SignerKeyEd25519SignedPayload>(&key.value);
        const bool is_self = key.type == xdr::SignerKeyType::ed25519 &&
                             std::get<xdr::Uint256>(key.value) == source.ed25519;
        if (is_self || op.signer->weight > kByteMax || (payload && payload->payload.empty()))
            return wrong(Code::bad_signer);
    }
    if (op.home_domain && !is_printable(*op.home_domain)) return wrong(Code::invalid_home_domain);
    return std::nullopt;
}

bool is_valid_pool(const xdr::LiquidityPoolParameters& pool) {
    const auto& of = pool.constant_product;
    return is_valid(of.asset_a) && is_valid(of.asset_b) && is_before(of.asset_a, of.asset_b) &&
           of.fee == kPoolFeeBps;
}

bool is_valid_line(const xdr::ChangeTrustOp& op, const xdr::PublicKey& source) {
    if (op.limit < 0) return false;
    if (const auto* pool = std::get_if<xdr::LiquidityPoolParameters>(&op.line.value))
        return is_valid_pool(*pool);
    const auto asset = asset_of(op.line);
    return !is_native(asset) && is_valid(asset) && !is_issuer(source, asset);
}

bool is_valid(const xdr::ClaimPredicate& predicate, int depth) {
    using Kind = xdr::ClaimPredicateType;
    if (depth > kPredicateDepthMax) return false;
    switch (predicate.type) {
        case Kind::unconditional:
            return true;
        case Kind::and_:
        case Kind::or_: {
            const auto& both = std::get<std::vector<xdr::ClaimPredicate>>(predicate.value);
            return both.size() == 2 && is_valid(both[0], depth + 1) && is_valid(both[1], depth + 1);
        }
        case Kind::not_: {
            const auto& of =
                std::get<std::optional<xdr::Box<xdr::ClaimPredicate>>>(predicate.value);
            return of && is_valid(**of, depth + 1);
        }
        default:
            return std::get<std::int64_t>(predicate.value) >= 0;
    }
}

bool is_valid_balance(const xdr::CreateClaimableBalanceOp& op) {
    if (!is_valid(op.asset) || op.amount <= 0 || op.claimants.empty()) return false;
    std::set<xdr::Uint256> seen;
    return std::all_of(op.claimants.begin(), op.claimants.end(), [&](const auto& claimant) {
        return seen.insert(claimant.v0.destination.ed25519).second &&
               is_valid(claimant.v0.predicate, 1);
    });
}

/// What a sponsorship can be about, if there were such an entry.
bool is_sponsorable(const xdr::LedgerKey& key) {
    if (const auto* line = std::get_if<xdr::LedgerKeyTrustLine>(&key.value)) {
        if (line->asset.type == xdr::AssetType::pool_share) return true;
        const auto asset = asset_of(line->asset);
        return !is_native(asset) && is_valid(asset) && !is_issuer(line->account_id, asset);
    }
    if (const auto* offer = std::get_if<xdr::LedgerKeyOffer>(&key.value))
        return offer->offer_id > 0;
    if (const auto* data = std::get_if<xdr::LedgerKeyData>(&key.value))
        return !data->data_name.empty() && is_printable(data->data_name);
    return key.type == xdr::LedgerEntryType::account ||
           key.type == xdr::LedgerEntryType::claimable_balance;
}

bool is_valid_flags(const xdr::SetTrustLineFlagsOp& op, const xdr::PublicKey& source) {
    const bool sets_both = (op.set_flags & kTrustAuthorization) == kTrustAuthorization;
    return !is_native(op.asset) && is_valid(op.asset) && is_issuer(source, op.asset) &&
           op.trustor != source && (op.set_flags & op.clear_flags) == 0 &&
           (op.set_flags & ~kTrustAuthorization) == 0 && !sets_both &&
           (op.clear_flags & ~kTrustFlags) == 0;
}

bool is_valid_deposit(const xdr::LiquidityPoolDepositOp& op) {
    return op.max_amount_a > 0 && op.max_amount_b > 0 && is_price(op.min_price) &&
           is_price(op.max_price) &&
           std::int64_t{op.min_price.n} * op.max_price.d <=
               std::int64_t{op.min_price.d} * op.max_price.n;
}

/// The rules of each kind.
struct Rules {
    Type type;
    const xdr::PublicKey& source;

    Malformed operator()(const xdr::CreateAccountOp& op) const {
        return malformed_if<xdr::CreateAccountResult>(
            op.starting_balance < 0 || op.destination == source, type);
    }
    Malformed operator()(const xdr::PaymentOp& op) const {
        return malformed_if<xdr::PaymentResult>(op.amount <= 0 || !is_valid(op.asset), type);
    }
    Malformed operator()(const xdr::PathPaymentStrictReceiveOp& op) const {
        return malformed_if<xdr::PathPaymentStrictReceiveResult>(
            op.dest_amount <= 0 || op.send_max <= 0 || !is_valid(op.send_asset) ||
                !is_valid(op.dest_asset) || !are_valid(op.path),
            type);
    }
    Malformed operator()(const xdr::PathPaymentStrictSendOp& op) const {
        return malformed_if<xdr::PathPaymentStrictSendResult>(
            op.send_amount <= 0 || op.dest_min <= 0 || !is_valid(op.send_asset) ||
                !is_valid(op.dest_asset) || !are_valid(op.path),
            type);
    }
    Malformed operator()(const xdr::ManageSellOfferOp& op) const {
        return offer<xdr::ManageSellOfferResult>(op, op.amount, op.offer_id, type);
    }
    Malformed operator()(const xdr::ManageBuyOfferOp& op) const {
        return offer<xdr::ManageBuyOfferResult>(op, op.buy_amount, op.offer_id, type);
    }
    Malformed operator()(const xdr::CreatePassiveSellOfferOp& op) const {
        return offer<xdr::ManageSellOfferResult>(op, op.amount, 0, type);
    }
    Malformed operator()(const xdr::SetOptionsOp& op) const { return set_options(op, source); }
    Malformed operator()(const xdr::ChangeTrustOp& op) const {
        return malformed_if<xdr::ChangeTrustResult>(!is_valid_line(op, source), type);
    }
    Malformed operator()(const xdr::AllowTrustOp& op) const {
        return malformed_if<xdr::AllowTrustResult>(
            op.authorize > bits(xdr::TrustLineFlags::authorized_to_maintain_liabilities_flag) ||
                !is_valid(asset_of(op.asset, source)) || op.trustor == source,
            type);
    }
    /// A merge, by its destination.
    Malformed operator()(const xdr::MuxedAccount& destination) const {
        return malformed_if<xdr::AccountMergeResult>(account_of(destination) == source, type);
    }
    Malformed operator()(const xdr::ManageDataOp& op) const {
        if (!op.data_name.empty() && is_printable(op.data_name)) return std::nullopt;
        return tried_with<xdr::ManageDataResult>(type, xdr::ManageDataResultCode::invalid_name);
    }
    Malformed operator()(const xdr::BumpSequenceOp& op) const {
        if (op.bump_to >= 0) return std::nullopt;
        return tried_with<xdr::BumpSequenceResult>(type, xdr::BumpSequenceResultCode::bad_seq);
    }
    Malformed operator()(const xdr::CreateClaimableBalanceOp& op) const {
        return malformed_if<xdr::CreateClaimableBalanceResult>(!is_valid_balance(op), type);
    }
    Malformed operator()(const xdr::BeginSponsoringFutureReservesOp& op) const {
        return malformed_if<xdr::BeginSponsoringFutureReservesResult>(op.sponsored_id == source,
                                                                      type);
    }
    Malformed operator()(const xdr::RevokeSponsorshipOp& op) const {
        const auto* key = std::get_if<xdr::LedgerKey>(&op.value);
        return malformed_if<xdr::RevokeSponsorshipResult>(key && !is_sponsorable(*key), type);
    }
    Malformed operator()(const xdr::ClawbackOp& op) const {
        return malformed_if<xdr::ClawbackResult>(account_of(op.from) == source || op.amount < 1 ||
                                                     is_native(op.asset) || !is_valid(op.asset) ||
                                                     !is_issuer(source, op.asset),
                                                 type);
    }
    Malformed operator()(const xdr::SetTrustLineFlagsOp& op) const {
        return malformed_if<xdr::SetTrustLineFlagsResult>(!is_valid_flags(op, source), type);
    }
    Malformed operator()(const xdr::LiquidityPoolDepositOp& op) const {
        return malformed_if<xdr::LiquidityPoolDepositResult>(!is_valid_deposit(op), type);
    }
    Malformed operator()(const xdr::LiquidityPoolWithdrawOp& op) const {
        return malformed_if<xdr::LiquidityPoolWithdrawResult>(
            op.amount <= 0 || op.min_amount_a < 0 || op.min_amount_b < 0, type);
    }
    /// Claims and what ends: nothing to be wrong about.
    template <class Other>
    Malformed operator()(const Other&) const {
        return std::nullopt;
    }
};

}  // namespace

std::optional<xdr::OperationResult> find_malformed(const xdr::OperationBody& body,
                                                   const xdr::PublicKey& source) {
    return std::visit(Rules{body.type, source}, body.value);
}

bool is_printable(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace astro::devnet
