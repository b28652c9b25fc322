#include "chains/stellar/xdr/sources.hpp"

#include <algorithm>

namespace astro::stellar::xdr {
namespace {

const Uint256& key_of(const MuxedAccount& account) {
    if (account.type == CryptoKeyType::muxed_ed25519)
        return arm_of<MuxedAccountMed25519>(account.value).ed25519;
    return arm_of<Uint256>(account.value);
}

void add(std::vector<Uint256>& keys, const Uint256& key) {
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
}

void add(std::vector<Uint256>& keys, const std::vector<Operation>& operations) {
    for (const auto& operation : operations)
        if (operation.source_account) add(keys, key_of(*operation.source_account));
}

}  // namespace

std::vector<DecoratedSignature>& signatures_of(TransactionEnvelope& envelope) {
    return std::visit(
        [](auto& of_version) -> std::vector<DecoratedSignature>& { return of_version.signatures; },
        envelope.value);
}

std::vector<Uint256> sources_of(const TransactionEnvelope& envelope) {
    std::vector<Uint256> out;
    switch (envelope.type) {
        case EnvelopeType::tx_v0: {
            const auto& tx = arm_of<TransactionV0Envelope>(envelope.value).tx;
            add(out, tx.source_account_ed25519);
            add(out, tx.operations);
            break;
        }
        case EnvelopeType::tx: {
            const auto& tx = arm_of<TransactionV1Envelope>(envelope.value).tx;
            add(out, key_of(tx.source_account));
            add(out, tx.operations);
            break;
        }
        default:
            add(out, key_of(arm_of<FeeBumpTransactionEnvelope>(envelope.value).tx.fee_source));
    }
    return out;
}

}  // namespace astro::stellar::xdr
