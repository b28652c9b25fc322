#include "chains/stellar/transaction.hpp"

#include <algorithm>

#include "chains/stellar/xdr.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::stellar {
namespace {

// Enumerators of Stellar-transaction.x and Stellar-ledger-entries.x.
constexpr std::uint32_t kEnvelopeTx = 2;
constexpr std::uint32_t kKeyEd25519 = 0, kKeyMuxedEd25519 = 0x100;
constexpr std::uint32_t kConditionNone = 0, kConditionTime = 1;
constexpr std::uint32_t kManageData = 10;
constexpr std::size_t kOperationsMax = 100, kSignaturesMax = 20, kNameMax = 64, kValueMax = 64,
                      kMemoTextMax = 28, kSignatureMax = 64;
constexpr std::size_t kBase64Max = 64U << 10;

Result<AccountId> read_key(XdrReader& in, std::string_view path) {
    ASTRO_TRY(const Bytes bytes, in.fixed(32, path));
    AccountId key;
    std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
    return key;
}

Result<MuxedAccount> read_account(XdrReader& in, std::string_view path) {
    ASTRO_TRY(const std::uint32_t kind, in.u32(path));
    MuxedAccount out;
    if (kind == kKeyMuxedEd25519) {
        ASTRO_TRY(out.id, in.u64(path));
    } else if (kind != kKeyEd25519) {
        return in.malformed(path, "there is no such kind of account");
    }
    ASTRO_TRY(out.account, read_key(in, path));
    return out;
}

void write_account(XdrWriter& out, const MuxedAccount& account) {
    out.u32(account.id ? kKeyMuxedEd25519 : kKeyEd25519);
    if (account.id) out.u64(*account.id);
    out.fixed(account.account.view());
}

Result<std::optional<TimeBounds>> read_conditions(XdrReader& in) {
    constexpr std::string_view kPath = "tx.cond";
    ASTRO_TRY(const std::uint32_t kind, in.u32(kPath));
    if (kind == kConditionNone) return std::optional<TimeBounds>{};
    if (kind != kConditionTime) return in.unsupported(kPath, "a precondition of this kind");
    TimeBounds bounds;
    ASTRO_TRY(bounds.min_s, in.u64("tx.cond.time.min_time"));
    ASTRO_TRY(bounds.max_s, in.u64("tx.cond.time.max_time"));
    return std::optional<TimeBounds>(bounds);
}

Result<crypto::Sha256> read_hash(XdrReader& in, std::string_view path) {
    ASTRO_TRY(const Bytes bytes, in.fixed(32, path));
    crypto::Sha256 out;
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

Result<Memo> read_memo(XdrReader& in) {
    constexpr std::string_view kPath = "tx.memo";
    ASTRO_TRY(const std::uint32_t kind, in.u32(kPath));
    switch (kind) {
        case 0:
            return Memo{MemoNone{}};
        case 1: {
            ASTRO_TRY(std::string text, in.string(kMemoTextMax, kPath));
            return Memo{MemoText{std::move(text)}};
        }
        case 2: {
            ASTRO_TRY(const std::uint64_t id, in.u64(kPath));
            return Memo{MemoId{id}};
        }
        case 3: {
            ASTRO_TRY(const auto hash, read_hash(in, kPath));
            return Memo{MemoHash{hash}};
        }
        case 4: {
            ASTRO_TRY(const auto hash, read_hash(in, kPath));
            return Memo{MemoReturn{hash}};
        }
        default:
            return in.malformed(kPath, "there is no such kind of memo");
    }
}

struct MemoWriter {
    XdrWriter& out;
    void operator()(const MemoNone&) const {}
    void operator()(const MemoText& memo) const { out.string(memo.text); }
    void operator()(const MemoId& memo) const { out.u64(memo.id); }
    void operator()(const MemoHash& memo) const { out.fixed(memo.hash.view()); }
    void operator()(const MemoReturn& memo) const { out.fixed(memo.hash.view()); }
};

Result<Operation> read_operation(XdrReader& in, const std::string& path) {
    Operation out;
    ASTRO_TRY(const bool has_source, in.boolean(path + ".source_account"));
    if (has_source) {
        ASTRO_TRY(out.source, read_account(in, path + ".source_account"));
    }
    ASTRO_TRY(const std::uint32_t type, in.u32(path + ".body"));
    if (type != kManageData)
        return in.unsupported(path + ".body", "an operation of type " + std::to_string(type));
    ManageData data;
    ASTRO_TRY(data.name, in.string(kNameMax, path + ".body.manage_data.data_name"));
    ASTRO_TRY(const bool has_value, in.boolean(path + ".body.manage_data.data_value"));
    if (has_value) {
        ASTRO_TRY(data.value, in.variable(kValueMax, path + ".body.manage_data.data_value"));
    }
    out.body = std::move(data);
    return out;
}

void write_operation(XdrWriter& out, const Operation& operation) {
    out.boolean(operation.source.has_value());
    if (operation.source) write_account(out, *operation.source);
    const auto& data = std::get<ManageData>(operation.body);
    out.u32(kManageData);
    out.string(data.name);
    out.boolean(data.value.has_value());
    if (data.value) out.variable(*data.value);
}

Result<Transaction> read_transaction(XdrReader& in) {
    Transaction out;
    ASTRO_TRY(out.source, read_account(in, "tx.source_account"));
    ASTRO_TRY(out.fee_stroops, in.u32("tx.fee"));
    ASTRO_TRY(out.sequence, in.i64("tx.seq_num"));
    ASTRO_TRY(out.time_bounds, read_conditions(in));
    ASTRO_TRY(out.memo, read_memo(in));
    ASTRO_TRY(const std::size_t count, in.count(kOperationsMax, "tx.operations"));
    for (std::size_t i = 0; i < count; ++i) {
        ASTRO_TRY(auto operation, read_operation(in, "tx.operations[" + std::to_string(i) + "]"));
        out.operations.push_back(std::move(operation));
    }
    ASTRO_TRY(const std::uint32_t extension, in.u32("tx.ext"));
    if (extension != 0) return in.unsupported("tx.ext", "Soroban data");
    return out;
}

void write_transaction(XdrWriter& out, const Transaction& transaction) {
    write_account(out, transaction.source);
    out.u32(transaction.fee_stroops);
    out.i64(transaction.sequence);
    out.u32(transaction.time_bounds ? kConditionTime : kConditionNone);
    if (transaction.time_bounds) {
        out.u64(transaction.time_bounds->min_s);
        out.u64(transaction.time_bounds->max_s);
    }
    out.u32(static_cast<std::uint32_t>(transaction.memo.index()));
    std::visit(MemoWriter{out}, transaction.memo);
    out.u32(static_cast<std::uint32_t>(transaction.operations.size()));
    for (const auto& operation : transaction.operations) write_operation(out, operation);
    out.u32(0);
}

}  // namespace

std::string to_text(const MuxedAccount& account) {
    if (!account.id) return to_text(account.account);
    Bytes payload(account.account.bytes.begin(), account.account.bytes.end());
    for (int shift = 56; shift >= 0; shift -= 8)
        payload.push_back(static_cast<std::uint8_t>(*account.id >> shift));
    return to_strkey(StrKeyKind::muxed_ed25519, payload);
}

Result<MuxedAccount> parse_muxed_account(std::string_view text) {
    ASTRO_TRY(const StrKey key, parse_strkey(text));
    MuxedAccount out;
    if (key.kind == StrKeyKind::muxed_ed25519) {
        std::uint64_t id = 0;
        for (std::size_t i = 32; i < 40; ++i) id = id << 8 | key.payload[i];
        out.id = id;
    } else if (key.kind != StrKeyKind::ed25519_public_key) {
        return refusal("bad_strkey", "an account begins with G or M");
    }
    std::copy_n(key.payload.begin(), 32, out.account.bytes.begin());
    return out;
}

Result<Envelope> parse_envelope(ByteView xdr) {
    XdrReader in(xdr);
    ASTRO_TRY(const std::uint32_t type, in.u32("envelope"));
    if (type != kEnvelopeTx)
        return in.unsupported("envelope", "an envelope of type " + std::to_string(type));
    Envelope out;
    ASTRO_TRY(out.transaction, read_transaction(in));
    ASTRO_TRY(const std::size_t count, in.count(kSignaturesMax, "signatures"));
    for (std::size_t i = 0; i < count; ++i) {
        DecoratedSignature signature;
        ASTRO_TRY(const Bytes hint, in.fixed(4, "signatures.hint"));
        std::copy(hint.begin(), hint.end(), signature.hint.begin());
        ASTRO_TRY(signature.signature, in.variable(kSignatureMax, "signatures.signature"));
        out.signatures.push_back(std::move(signature));
    }
    ASTRO_CHECK(in.end());
    return out;
}

Result<Envelope> parse_envelope_base64(std::string_view text) {
    if (text.size() > kBase64Max)
        return refusal("xdr_malformed", "an envelope has at most 65536 characters of base64");
    ASTRO_TRY(const Bytes bytes, parse_base64(text));
    return parse_envelope(bytes);
}

Bytes to_xdr(const Envelope& envelope) {
    XdrWriter out;
    out.u32(kEnvelopeTx);
    write_transaction(out, envelope.transaction);
    out.u32(static_cast<std::uint32_t>(envelope.signatures.size()));
    for (const auto& signature : envelope.signatures) {
        out.fixed(signature.hint);
        out.variable(signature.signature);
    }
    return out.bytes();
}

std::string to_base64_xdr(const Envelope& envelope) {
    return to_base64(to_xdr(envelope));
}

crypto::Sha256 transaction_hash(const Transaction& transaction,
                                std::string_view network_passphrase) {
    XdrWriter out;
    out.fixed(crypto::sha256(as_bytes(network_passphrase)).view());
    out.u32(kEnvelopeTx);
    write_transaction(out, transaction);
    return crypto::sha256(out.bytes());
}

void sign_envelope(Envelope& envelope, std::string_view network_passphrase,
                   const crypto::Ed25519Key& key) {
    const auto hash = transaction_hash(envelope.transaction, network_passphrase);
    const auto signature = key.sign(hash.view());
    DecoratedSignature out;
    std::copy(key.public_key().bytes.end() - 4, key.public_key().bytes.end(), out.hint.begin());
    out.signature.assign(signature.bytes.begin(), signature.bytes.end());
    envelope.signatures.push_back(std::move(out));
}

bool is_signature_of(const DecoratedSignature& signature, const AccountId& account,
                     const crypto::Sha256& hash) {
    return std::equal(signature.hint.begin(), signature.hint.end(), account.bytes.end() - 4) &&
           crypto::verify_ed25519(account.view(), hash.view(), signature.signature);
}

}  // namespace astro::stellar
