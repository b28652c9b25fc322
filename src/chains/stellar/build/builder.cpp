#include "chains/stellar/build/builder.hpp"

#include <algorithm>
#include <limits>

#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/sources.hpp"
#include "foundation/base/numbers.hpp"
#include "foundation/crypto/sha256.hpp"

namespace astro::stellar {
namespace {

constexpr std::size_t kPreimageBytesMax = 64;

Unexpected bad(std::string where, std::string why) {
    return refusal("bad_transaction", std::move(why), std::move(where));
}

xdr::Preconditions shortest(const xdr::PreconditionsV2& conditions) {
    auto only_time = xdr::PreconditionsV2{};
    only_time.time_bounds = conditions.time_bounds;
    if (conditions != only_time) return {xdr::PreconditionType::v2, conditions};
    if (conditions.time_bounds) return {xdr::PreconditionType::time, *conditions.time_bounds};
    return {};
}

/// 32 bits, with the resources of a contract call.
Result<std::uint32_t> fee_of(const TransactionPlan& plan) {
    if (plan.fee_per_operation_stroops < kBaseFeeStroops)
        return bad("fee", "is below 100 stroops for each operation");
    auto fee = std::uint64_t{plan.fee_per_operation_stroops} * plan.operations.size();
    if (plan.resources) {
        if (plan.resources->resource_fee < 0) return bad("ext.resource_fee", "is negative");
        fee += static_cast<std::uint64_t>(plan.resources->resource_fee);
    }
    if (fee > std::numeric_limits<std::uint32_t>::max())
        return bad("fee", "is more than 4294967295 stroops, the most a transaction can pay");
    return static_cast<std::uint32_t>(fee);
}

bool has_muxed_destination(const xdr::Operation& operation) {
    const auto is_muxed = [](const xdr::MuxedAccount& address) {
        return address.type == xdr::CryptoKeyType::muxed_ed25519;
    };
    const auto& body = operation.body.value;
    if (const auto* op = std::get_if<xdr::PaymentOp>(&body)) return is_muxed(op->destination);
    if (const auto* op = std::get_if<xdr::PathPaymentStrictReceiveOp>(&body))
        return is_muxed(op->destination);
    if (const auto* op = std::get_if<xdr::PathPaymentStrictSendOp>(&body))
        return is_muxed(op->destination);
    const auto* merged_into = std::get_if<xdr::MuxedAccount>(&body);
    return merged_into != nullptr && is_muxed(*merged_into);
}

/// What the network would take, but no careful sender means.
Result<void> check_sense(const TransactionPlan& plan) {
    const auto& times = plan.conditions.time_bounds;
    if (!plan.without_end && (!times || times->max_time == 0))
        return bad("cond.time_bounds",
                   "has no end, so that it might be applied at any time later; give it one");
    if (plan.memo.type != xdr::MemoType::none &&
        std::ranges::any_of(plan.operations, has_muxed_destination))
        return bad("memo", "stands beside an address M…, which says already whose the payment is");
    return {};
}

/// What a contract call pays for its resources, beside what it offers to be included.
std::int64_t resource_fee_of(const xdr::Transaction& transaction) {
    const auto* resources = std::get_if<xdr::SorobanTransactionData>(&transaction.ext.value);
    return resources == nullptr ? 0 : std::max<std::int64_t>(resources->resource_fee, 0);
}

/// ceil(a / b) for what is not negative.
std::int64_t divided_up(std::int64_t a, std::int64_t b) {
    return a / b + (a % b != 0 ? 1 : 0);
}

Result<void> add(xdr::TransactionEnvelope& envelope, xdr::DecoratedSignature signature) {
    auto& signatures = xdr::signatures_of(envelope);
    if (std::ranges::find(signatures, signature) != signatures.end())
        return refusal("signed_already", "has this signature already", "signatures");
    if (signatures.size() >= xdr::kSignaturesMax)
        return refusal("too_many_signatures", "has 20 signatures already", "signatures");
    signatures.push_back(std::move(signature));
    return {};
}

xdr::SignatureHint last_four(ByteView bytes) {
    xdr::SignatureHint out;
    const auto tail = bytes.subspan(bytes.size() - std::min<std::size_t>(bytes.size(), 4));
    std::ranges::copy(tail, out.bytes.begin());
    return out;
}

}  // namespace

Result<xdr::TransactionEnvelope> build_transaction(const TransactionPlan& plan) {
    xdr::Transaction out;
    out.source_account = plan.source;
    out.seq_num = plan.sequence;
    out.cond = shortest(plan.conditions);
    out.memo = plan.memo;
    out.operations = plan.operations;
    if (plan.resources) {
        out.ext.v = 1;
        out.ext.value = *plan.resources;
    }
    ASTRO_CHECK(check(out));
    ASTRO_CHECK(check_sense(plan));
    ASTRO_TRY(out.fee, fee_of(plan));
    return xdr::TransactionEnvelope{xdr::EnvelopeType::tx,
                                    xdr::TransactionV1Envelope{std::move(out), {}}};
}

Result<xdr::TransactionEnvelope> build_fee_bump(const xdr::TransactionEnvelope& inner,
                                                const xdr::MuxedAccount& payer,
                                                std::int64_t fee_per_operation_stroops) {
    const auto* envelope = std::get_if<xdr::TransactionV1Envelope>(&inner.value);
    if (envelope == nullptr)
        return bad("inner_tx", "is not a transaction of version 1, which alone can be bumped");
    if (envelope->signatures.empty()) return bad("inner_tx", "is not signed");
    const auto operations = static_cast<std::int64_t>(envelope->tx.operations.size());
    if (operations == 0) return bad("inner_tx.operations", "has none");
    const auto resources = resource_fee_of(envelope->tx);
    const auto least = std::max<std::int64_t>(
        kBaseFeeStroops,
        divided_up(std::max<std::int64_t>(envelope->tx.fee - resources, 0), operations));
    if (fee_per_operation_stroops < least)
        return bad("fee", "is below " + std::to_string(least) +
                              " stroops for each operation, which the inner transaction offers");
    const auto inclusion = checked_mul(fee_per_operation_stroops, operations + 1);
    const auto fee = inclusion ? checked_add(*inclusion, resources) : std::nullopt;
    if (!fee) return bad("fee", "is more than can be paid");
    xdr::FeeBumpTransaction out;
    out.fee_source = payer;
    out.fee = *fee;
    out.inner_tx.v1 = *envelope;
    return xdr::TransactionEnvelope{xdr::EnvelopeType::tx_fee_bump,
                                    xdr::FeeBumpTransactionEnvelope{std::move(out), {}}};
}

Result<void> sign(xdr::TransactionEnvelope& envelope, const xdr::Hash& hash,
                  const crypto::Ed25519Key& key) {
    const auto made = key.sign(hash.view());
    return add(envelope,
               {last_four(key.public_key().view()), Bytes(made.bytes.begin(), made.bytes.end())});
}

Result<void> sign_with_preimage(xdr::TransactionEnvelope& envelope, ByteView preimage) {
    if (preimage.size() > kPreimageBytesMax)
        return bad("signatures", "a preimage has at most 64 bytes");
    return add(envelope, {last_four(crypto::sha256(preimage).view()),
                          Bytes(preimage.begin(), preimage.end())});
}

Result<void> sign_payload(xdr::TransactionEnvelope& envelope, ByteView payload,
                          const crypto::Ed25519Key& key) {
    if (payload.empty() || payload.size() > kPreimageBytesMax)
        return bad("signatures", "a payload has 1 to 64 bytes");
    // CAP-40: the hint is that of the key, changed by the payload's last bytes.
    auto hint = last_four(key.public_key().view());
    const auto of_payload = last_four(payload);
    for (std::size_t i = 0; i < hint.bytes.size(); ++i)
        hint.bytes[i] = static_cast<std::uint8_t>(hint.bytes[i] ^ of_payload.bytes[i]);
    const auto made = key.sign(payload);
    return add(envelope, {hint, Bytes(made.bytes.begin(), made.bytes.end())});
}

bool is_signature_of(const xdr::DecoratedSignature& signature, ByteView key,
                     const xdr::Hash& hash) {
    return signature.hint == last_four(key) &&
           crypto::verify_ed25519(key, hash.view(), signature.signature);
}

}  // namespace astro::stellar
