#pragma once

#include "capabilities/identity/core.hpp"

namespace astro::identity {

/// An entry as it is shown and exported. Personal parts stand in the clear only for the one whose
/// key is asked for.
struct AuditView {
    std::int64_t seq = 0;
    TimestampNs time;
    std::string actor;
    std::string action;
    std::string subject;
    std::string outcome;
    std::string detail;  ///< JSON
    std::string hash;    ///< hex
};
BOOST_DESCRIBE_STRUCT(AuditView, (), (seq, time, actor, action, subject, outcome, detail, hash))

struct AuditReport {
    std::int64_t entries = 0;
    std::int64_t signed_heads = 0;
    std::vector<AuditFinding> findings;  ///< empty: the log is whole
};
BOOST_DESCRIBE_STRUCT(AuditReport, (), (entries, signed_heads, findings))

/// Which entries to show.
struct AuditQuery {
    std::int64_t after = 0;                ///< only entries behind this one
    std::optional<std::int64_t> before{};  ///< only entries ahead of this one
    std::int64_t limit = 100;              ///< at most 1000
    bool newest_first = false;
    std::optional<std::string> who{};  ///< the actor or the subject
    std::string action{};              ///< how the action begins: "login"; empty: any
    bool refused_only = false;
};

/// Reading, signing and verifying the chain that Core::act() writes. Thread-safe.
class AuditLog {
  public:
    explicit AuditLog(Core& core) : core_(core) {}

    [[nodiscard]] Result<std::vector<AuditView>> find(const AuditQuery& query);
    /// Entries after `after`, oldest first, at most 1000; of one subject or actor when it is named.
    [[nodiscard]] Result<std::vector<AuditView>> list(std::int64_t after, std::int64_t limit,
                                                      const std::optional<std::string>& who = {});
    /// Signs the last entry by the server's key; daily, by a job. The head is also to be kept
    /// elsewhere. Nothing is signed while the log is empty ("audit_empty").
    Result<SignedAuditHead> sign();
    /// Follows the whole log, in pages, against all signed heads and those given.
    [[nodiscard]] Result<AuditReport> verify(const std::vector<SignedAuditHead>& kept = {});

  private:
    [[nodiscard]] Result<std::vector<SignedAuditHead>> heads();
    Core& core_;
};

/// A head as text, for keeping elsewhere, and back: "<seq> <hash> <time ns> <kid> <signature>".
[[nodiscard]] std::string to_text(const SignedAuditHead& head);
[[nodiscard]] Result<SignedAuditHead> parse_head(std::string_view text);

}  // namespace astro::identity
