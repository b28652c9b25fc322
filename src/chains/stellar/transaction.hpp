#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "chains/stellar/strkey.hpp"
#include "foundation/base/result.hpp"
#include "foundation/crypto/ed25519.hpp"
#include "foundation/crypto/sha256.hpp"

/// Transactions of envelope version 1 (TransactionEnvelope of Stellar-transaction.x), as far as web
/// authentication needs them: preconditions none or time bounds, manage-data operations. All else
/// is refused as "xdr_unsupported" with the path to the field. A further operation is one
/// alternative of OperationBody and one case in transaction.cpp.
namespace astro::stellar {

inline constexpr std::string_view kPublicNetwork = "Public Global Stellar Network ; September 2015";
inline constexpr std::string_view kTestNetwork = "Test SDF Network ; September 2015";

/// An account, or one of the virtual accounts behind it.
struct MuxedAccount {
    AccountId account;
    std::optional<std::uint64_t> id;
    bool operator==(const MuxedAccount&) const = default;
};
/// "G…" or "M…".
[[nodiscard]] std::string to_text(const MuxedAccount& account);
[[nodiscard]] Result<MuxedAccount> parse_muxed_account(std::string_view text);

struct TimeBounds {
    std::uint64_t min_s = 0;
    std::uint64_t max_s = 0;  ///< 0: without end
    bool operator==(const TimeBounds&) const = default;
};

struct MemoNone {
    bool operator==(const MemoNone&) const = default;
};
struct MemoText {
    std::string text;  ///< at most 28 bytes, any
    bool operator==(const MemoText&) const = default;
};
struct MemoId {
    std::uint64_t id = 0;
    bool operator==(const MemoId&) const = default;
};
struct MemoHash {
    crypto::Sha256 hash;
    bool operator==(const MemoHash&) const = default;
};
struct MemoReturn {
    crypto::Sha256 hash;
    bool operator==(const MemoReturn&) const = default;
};
/// In the order of their numbers in XDR.
using Memo = std::variant<MemoNone, MemoText, MemoId, MemoHash, MemoReturn>;

struct ManageData {
    std::string name;            ///< at most 64 bytes
    std::optional<Bytes> value;  ///< at most 64 bytes; absent deletes
    bool operator==(const ManageData&) const = default;
};
using OperationBody = std::variant<ManageData>;

struct Operation {
    std::optional<MuxedAccount> source;  ///< absent: the transaction's
    OperationBody body;
    bool operator==(const Operation&) const = default;
};

struct Transaction {
    MuxedAccount source;
    std::uint32_t fee_stroops = 0;
    std::int64_t sequence = 0;
    std::optional<TimeBounds> time_bounds;
    Memo memo;
    std::vector<Operation> operations;  ///< at most 100
    bool operator==(const Transaction&) const = default;
};

struct DecoratedSignature {
    std::array<std::uint8_t, 4> hint{};  ///< last bytes of the key
    Bytes signature;                     ///< at most 64 bytes
    bool operator==(const DecoratedSignature&) const = default;
};

struct Envelope {
    Transaction transaction;
    std::vector<DecoratedSignature> signatures;  ///< at most 20
    bool operator==(const Envelope&) const = default;
};

[[nodiscard]] Result<Envelope> parse_envelope(ByteView xdr);
/// Base64 of at most 64 kB.
[[nodiscard]] Result<Envelope> parse_envelope_base64(std::string_view text);
[[nodiscard]] Bytes to_xdr(const Envelope& envelope);
[[nodiscard]] std::string to_base64_xdr(const Envelope& envelope);

/// What is signed: it differs from network to network.
[[nodiscard]] crypto::Sha256 transaction_hash(const Transaction& transaction,
                                              std::string_view network_passphrase);

void sign_envelope(Envelope& envelope, std::string_view network_passphrase,
                   const crypto::Ed25519Key& key);
/// Whether the signature is the account's own, made over `hash`.
[[nodiscard]] bool is_signature_of(const DecoratedSignature& signature, const AccountId& account,
                                   const crypto::Sha256& hash);

}  // namespace astro::stellar
