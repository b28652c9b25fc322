#pragma once

#include <optional>
#include <string>
#include <vector>

#include "foundation/base/bytes.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/time.hpp"
#include "foundation/crypto/ed25519.hpp"
#include "foundation/crypto/sha256.hpp"

/// The audit log as a chain: each entry's hash covers its fields and the hash before it.
///
///     entry n-1 ── hash ──▶ entry n (previous_hash, fields) ── hash ──▶ entry n+1
///
/// An edited, dropped or reordered entry breaks the chain where it stands. Whoever rewrites all
/// that follows is found out by the head, which the server's key signs daily and which an operator
/// keeps elsewhere. Personal data stands in `sealed` under the user's own key, so that erasing the
/// key erases the data and not the chain.
namespace astro::identity {

struct AuditEvent {
    TimestampNs time;
    std::string actor;    ///< user id, "system", "anonymous"
    std::string action;   ///< "login.failed", "key.created"
    std::string subject;  ///< what it was done to: an id
    std::string outcome;  ///< "ok", or the code of the refusal
    std::string detail;   ///< JSON, never personal, never secret
    Bytes sealed;         ///< personal detail (address, IP) under the user's key; may be empty
};

struct AuditEntry {
    std::int64_t seq = 0;  ///< 1, 2, 3, …
    AuditEvent event;
    crypto::Sha256 previous_hash;  ///< zero for the first
    crypto::Sha256 hash;
};

/// What the next entry continues: nothing yet, or the last entry.
struct AuditHead {
    std::int64_t seq = 0;
    crypto::Sha256 hash;
};

struct SignedAuditHead {
    AuditHead head;
    TimestampNs time;
    std::string kid;  ///< the server key's id
    crypto::Ed25519Signature signature;
};

/// What is wrong at an entry.
enum class AuditFault {
    edited,        ///< its fields do not give its hash, or its successor remembers another
    dropped,       ///< entries before it are missing
    reordered,     ///< it stands after a later one, or twice
    tail_dropped,  ///< the log ends before a signed head
    rewritten,     ///< a signed head names another hash for it
    bad_head,      ///< a head's signature is not the server's
};
BOOST_DESCRIBE_ENUM(AuditFault, edited, dropped, reordered, tail_dropped, rewritten, bad_head)

struct AuditFinding {
    AuditFault fault = AuditFault::edited;
    std::int64_t seq = 0;  ///< the entry (for dropped: the first missing one)
    std::string text;
};
BOOST_DESCRIBE_STRUCT(AuditFinding, (), (fault, seq, text))

[[nodiscard]] crypto::Sha256 hash_entry(std::int64_t seq, const AuditEvent& event,
                                        const crypto::Sha256& previous_hash);
/// The entry that continues `head`; moves the head onto it.
[[nodiscard]] AuditEntry append_entry(AuditHead& head, AuditEvent event);

[[nodiscard]] SignedAuditHead sign_head(const AuditHead& head, TimestampNs time, std::string kid,
                                        const crypto::Ed25519Key& key);
[[nodiscard]] bool verify_head(const SignedAuditHead& head, const crypto::Ed25519Public& key);

/// Follows the log in the order it is stored, entry by entry, so that it need not fit in memory.
class AuditVerifier {
  public:
    /// Heads to hold the log against; `keys` are the server's, by kid. Heads whose signature is not
    /// theirs are findings, and not used.
    AuditVerifier(const std::vector<SignedAuditHead>& heads,
                  const std::vector<std::pair<std::string, crypto::Ed25519Public>>& keys);
    void next(const AuditEntry& entry);
    /// After the last entry. All findings, by entry; empty when the log is whole.
    [[nodiscard]] std::vector<AuditFinding> finish();

  private:
    void check_place(const AuditEntry& entry);
    void check_heads(const AuditEntry& entry);
    void found_late(std::int64_t seq);
    void find(AuditFault fault, std::int64_t seq, std::string text);

    std::vector<SignedAuditHead> heads_;  ///< good ones, by seq
    std::vector<AuditFinding> findings_;
    std::optional<AuditEntry> last_;
    std::vector<std::pair<std::int64_t, std::int64_t>> missing_;  ///< first and last, not seen yet
    std::int64_t highest_ = 0;
};

}  // namespace astro::identity
