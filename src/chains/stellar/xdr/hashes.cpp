#include "chains/stellar/xdr/hashes.hpp"

namespace astro::stellar::xdr {
namespace {

template <class T>
T sha256_of(ByteView bytes) {
    return {crypto::sha256(bytes).bytes};
}

template <class T>
Hash hash_of_xdr(const T& value) {
    Writer out;
    write(out, value);
    return sha256_of<Hash>(out.bytes());
}

HashIDPreimage without_address(const SorobanAddressCredentials& credentials,
                               const SorobanAuthorizedInvocation& invocation, const Hash& network) {
    HashIDPreimageSorobanAuthorization out;
    out.network_id = network;
    out.nonce = credentials.nonce;
    out.signature_expiration_ledger = credentials.signature_expiration_ledger;
    out.invocation = invocation;
    return {EnvelopeType::soroban_authorization, std::move(out)};
}

HashIDPreimage with_address(const SorobanAddressCredentials& credentials,
                            const SorobanAuthorizedInvocation& invocation, const Hash& network) {
    HashIDPreimageSorobanAuthorizationWithAddress out;
    out.network_id = network;
    out.nonce = credentials.nonce;
    out.signature_expiration_ledger = credentials.signature_expiration_ledger;
    out.address = credentials.address;
    out.invocation = invocation;
    return {EnvelopeType::soroban_authorization_with_address, std::move(out)};
}

}  // namespace

Hash network_id(std::string_view passphrase) {
    return sha256_of<Hash>(as_bytes(passphrase));
}

Hash transaction_hash(const TransactionEnvelope& envelope, const Hash& network, Writer& scratch) {
    scratch.clear();
    scratch.fixed(network.bytes);
    switch (envelope.type) {
        case EnvelopeType::tx_v0:
            // Its optional time bounds are written as preconditions of none or of time are; what
            // version 1 has before it is the kind of the source's key.
            write(scratch, EnvelopeType::tx);
            write(scratch, CryptoKeyType::ed25519);
            write(scratch, arm_of<TransactionV0Envelope>(envelope.value).tx);
            break;
        case EnvelopeType::tx:
            write(scratch, EnvelopeType::tx);
            write(scratch, arm_of<TransactionV1Envelope>(envelope.value).tx);
            break;
        default:
            write(scratch, EnvelopeType::tx_fee_bump);
            write(scratch, arm_of<FeeBumpTransactionEnvelope>(envelope.value).tx);
    }
    return sha256_of<Hash>(scratch.bytes());
}

Hash transaction_hash(const TransactionEnvelope& envelope, const Hash& network) {
    Writer scratch;
    return transaction_hash(envelope, network, scratch);
}

Hash ledger_hash(const LedgerHeader& header) {
    return hash_of_xdr(header);
}

Hash hash_of(const HashIDPreimage& preimage) {
    return hash_of_xdr(preimage);
}

PoolID pool_id(const LiquidityPoolParameters& parameters) {
    return {hash_of_xdr(parameters).bytes};
}

ContractID contract_id(const ContractIDPreimage& preimage, const Hash& network) {
    HashIDPreimageContractID inner;
    inner.network_id = network;
    inner.contract_id_preimage = preimage;
    return {hash_of({EnvelopeType::contract_id, std::move(inner)}).bytes};
}

ContractID asset_contract(const Asset& asset, const Hash& network) {
    return contract_id({ContractIDPreimageType::asset, asset}, network);
}

ClaimableBalanceID claimable_balance_id(const PublicKey& source, std::int64_t sequence,
                                        std::uint32_t operation_index) {
    HashIDPreimageOperationID inner;
    inner.source_account = source;
    inner.seq_num = sequence;
    inner.op_num = operation_index;
    return {hash_of({EnvelopeType::op_id, std::move(inner)})};
}

std::optional<HashIDPreimage> authorization_preimage(const SorobanAuthorizationEntry& entry,
                                                     const Hash& network) {
    const auto& credentials = entry.credentials;
    switch (credentials.type) {
        case SorobanCredentialsType::source_account:
            return std::nullopt;
        case SorobanCredentialsType::address:
            return without_address(arm_of<SorobanAddressCredentials>(credentials.value),
                                   entry.root_invocation, network);
        case SorobanCredentialsType::address_v2:
            return with_address(arm_of<SorobanAddressCredentials>(credentials.value),
                                entry.root_invocation, network);
        default:
            return with_address(arm_of<SorobanAddressCredentialsWithDelegates>(credentials.value)
                                    .address_credentials,
                                entry.root_invocation, network);
    }
}

}  // namespace astro::stellar::xdr
