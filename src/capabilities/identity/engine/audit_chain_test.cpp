#include "capabilities/identity/engine/audit_chain.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::identity {
namespace {

const crypto::Ed25519Key kServer = crypto::Ed25519Key::from_seed(crypto::SecretKey{Bytes(32, 9)});
const std::vector<std::pair<std::string, crypto::Ed25519Public>> kKeys = {
    {"k1", kServer.public_key()}};

std::vector<AuditEntry> log_of(int count) {
    std::vector<AuditEntry> log;
    AuditHead head;
    for (int i = 1; i <= count; ++i)
        log.push_back(
            append_entry(head, {from_unix_seconds(1'700'000'000 + i), "u" + std::to_string(i),
                                "login", "s", "ok", "{}", Bytes(3, 7)}));
    return log;
}

/// The findings in short: "edited 3, dropped 5".
std::string verify(const std::vector<AuditEntry>& log,
                   const std::vector<SignedAuditHead>& heads = {}) {
    AuditVerifier verifier(heads, kKeys);
    for (const auto& entry : log) verifier.next(entry);
    std::string out;
    for (const auto& finding : verifier.finish())
        out += (out.empty() ? "" : ", ") + std::string(enum_name(finding.fault)) + " " +
               std::to_string(finding.seq);
    return out;
}

SignedAuditHead head_at(const AuditEntry& entry) {
    return sign_head({entry.seq, entry.hash}, from_unix_seconds(1'700'001'000), "k1", kServer);
}

TEST(AuditChain, AWholeLogHasNoFindings) {
    EXPECT_EQ(verify({}), "");
    EXPECT_EQ(verify(log_of(1)), "");
    const auto log = log_of(20);
    EXPECT_EQ(verify(log, {head_at(log[4]), head_at(log[19])}), "");
}

TEST(AuditChain, NamesTheEditedEntryWhateverFieldWasEdited) {
    const auto edits = {
        +[](AuditEvent& e) { e.actor += "x"; },
        +[](AuditEvent& e) { e.action = "logout"; },
        +[](AuditEvent& e) { e.subject = ""; },
        +[](AuditEvent& e) { e.outcome = "refused"; },
        +[](AuditEvent& e) { e.detail = "{ }"; },
        +[](AuditEvent& e) { e.sealed.pop_back(); },
        +[](AuditEvent& e) { e.time = e.time + seconds(1); },
        // The same bytes in other fields: lengths are hashed too.
        +[](AuditEvent& e) { e.actor += e.action[0], e.action.erase(0, 1); },
    };
    for (const auto edit : edits) {
        auto log = log_of(9);
        edit(log[2].event);
        EXPECT_EQ(verify(log), "edited 3");
    }
}

TEST(AuditChain, AnEditWithItsOwnHashMadeAnewIsSeenByItsSuccessor) {
    auto log = log_of(9);
    log[2].event.actor = "someone else";
    log[2].hash = hash_entry(3, log[2].event, log[2].previous_hash);
    EXPECT_EQ(verify(log), "edited 3");
}

TEST(AuditChain, NamesDroppedEntries) {
    auto log = log_of(9);
    log.erase(log.begin() + 3);
    EXPECT_EQ(verify(log), "dropped 4");
    log.erase(log.begin() + 3);
    EXPECT_EQ(verify(log), "dropped 4");
    log.erase(log.begin());
    EXPECT_EQ(verify(log), "dropped 1, dropped 4");
}

TEST(AuditChain, NamesReorderedAndRepeatedEntries) {
    auto log = log_of(9);
    std::swap(log[3], log[4]);
    EXPECT_EQ(verify(log), "reordered 4");
    log = log_of(9);
    log.insert(log.begin() + 5, log[1]);
    EXPECT_EQ(verify(log), "reordered 2");
}

TEST(AuditChain, ASignedHeadFindsACutTailAndARewrittenLog) {
    auto log = log_of(9);
    const auto head = head_at(log[6]);
    log.resize(5);
    EXPECT_EQ(verify(log), "") << "a chain alone cannot know";
    EXPECT_EQ(verify(log, {head}), "tail_dropped 6");
    AuditHead other;
    std::vector<AuditEntry> rewritten;
    for (int i = 0; i < 9; ++i) rewritten.push_back(append_entry(other, {}));
    EXPECT_EQ(verify(rewritten, {head}), "rewritten 7");
}

TEST(AuditChain, AHeadOfAnotherKeyIsAFindingAndProvesNothing) {
    const auto log = log_of(3);
    auto head = head_at(log[1]);
    head.head.seq = 3;
    EXPECT_EQ(verify(log, {head}), "bad_head 3");
    head = head_at(log[1]);
    head.kid = "k2";
    EXPECT_EQ(verify(log, {head}), "bad_head 2");
}

RC_GTEST_PROP(AuditChainProperty, AnySingleTamperingIsFound, ()) {
    auto log = log_of(*rc::gen::inRange(2, 30));
    const auto heads = std::vector{head_at(log.back())};
    const auto at = *rc::gen::inRange<std::size_t>(0, log.size());
    switch (*rc::gen::inRange(0, 4)) {
        case 0:
            log[at].event.actor += "!";
            break;
        case 1:
            log.erase(log.begin() + static_cast<std::ptrdiff_t>(at));
            break;
        case 2:
            std::swap(log[at], log[(at + 1) % log.size()]);
            break;
        default:
            log[at].hash.bytes[at % 32] ^= 1;
    }
    RC_ASSERT(!verify(log, heads).empty());
}

}  // namespace
}  // namespace astro::identity
