#include "capabilities/identity/audit_log.hpp"

#include <gtest/gtest.h>

#include "capabilities/identity/service_test_support.hpp"

namespace astro::identity {
namespace {

struct AuditLogTest : ServiceTest {
    /// "edited 3", or "" for a whole log.
    std::string verify(const std::vector<SignedAuditHead>& kept = {}) {
        std::string out;
        const auto report = audit.verify(kept).value();
        for (const auto& finding : report.findings)
            out += (out.empty() ? "" : ", ") + std::string(enum_name(finding.fault)) + " " +
                   std::to_string(finding.seq);
        return out;
    }
    void tamper(const std::string& sql) {
        ASSERT_TRUE(database->write([&](store::Writer& w) -> Result<void> {
            ASTRO_CHECK(w.execute(sql));
            return {};
        }));
    }
};

TEST_F(AuditLogTest, TellsEveryAttemptInOrder) {
    make_user("ada@example.org");
    (void)accounts.login("ada@example.org", "wrong", kCaller);
    sign_in("ada@example.org");
    std::string told;
    for (const auto& entry : audit.list(0, 100).value())
        told += entry.action + " " + entry.outcome + "; ";
    EXPECT_EQ(told,
              "signing_key.rotated ok; register ok; email.verified ok; login login_failed; "
              "login ok; ");
    EXPECT_EQ(audit.list(3, 1)->at(0).seq, 4);
    EXPECT_EQ(verify(), "");
}

TEST_F(AuditLogTest, IsReadByWhoWhatAndOutcome) {
    const UserId ada = make_user("ada@example.org");
    (void)accounts.login("ada@example.org", "wrong", kCaller);
    sign_in("ada@example.org");
    const auto numbers = [&](const AuditQuery& query) {
        std::string out;
        for (const auto& entry : audit.find(query).value()) out += std::to_string(entry.seq) + " ";
        return out;
    };
    EXPECT_EQ(numbers({.newest_first = true}), "5 4 3 2 1 ");
    EXPECT_EQ(numbers({.before = 4, .limit = 2, .newest_first = true}), "3 2 ");
    EXPECT_EQ(numbers({.after = 1, .before = 4}), "2 3 ");
    EXPECT_EQ(numbers({.action = "log"}), "4 5 ");
    EXPECT_EQ(numbers({.action = "logi_"}), "") << "letters, not patterns";
    EXPECT_EQ(numbers({.action = "login", .refused_only = true}), "4 ");
    EXPECT_EQ(numbers({.who = "system"}), "1 ");
    EXPECT_EQ(numbers({.who = to_text(ada)}), numbers({.after = 1}));
}

TEST_F(AuditLogTest, FindsWhatWasDoneToTheTable) {
    for (const char* email : {"a@example.org", "b@example.org", "c@example.org"}) make_user(email);
    const auto head = audit.sign().value();
    ASSERT_EQ(verify(), "");
    tamper("UPDATE identity_audit SET outcome = 'ok ' WHERE seq = 3");
    EXPECT_EQ(verify(), "edited 3");
    tamper("DELETE FROM identity_audit WHERE seq = 4");
    EXPECT_EQ(verify(), "edited 3, dropped 4");
    tamper("UPDATE identity_audit SET outcome = 'ok' WHERE seq = 3");
    tamper("DELETE FROM identity_audit WHERE seq >= 4");
    EXPECT_EQ(verify(), "tail_dropped 4");
    tamper("DELETE FROM identity_audit_heads");
    EXPECT_EQ(verify(), "") << "what the server alone can know";
    EXPECT_EQ(verify({head}), "tail_dropped 4") << "what an operator who kept the head knows";
}

TEST_F(AuditLogTest, SwappedEntriesAreFound) {
    make_user("a@example.org");
    tamper("UPDATE identity_audit SET seq = 99 WHERE seq = 2");
    tamper("UPDATE identity_audit SET seq = 2 WHERE seq = 3");
    tamper("UPDATE identity_audit SET seq = 3 WHERE seq = 99");
    EXPECT_NE(verify(), "");
}

TEST_F(AuditLogTest, HeadsTravelAsTextAndOutliveTheirKey) {
    make_user("a@example.org");
    const auto head = audit.sign().value();
    const auto read = parse_head(to_text(head)).value();
    EXPECT_EQ(read.signature, head.signature);
    ASSERT_TRUE(core->rotate_signing_key());
    EXPECT_EQ(verify({read}), "");
    for (const auto& bad : {std::string(), to_text(head) + " x", std::string("1 2 3 4 5")})
        EXPECT_EQ(code(parse_head(bad)), "bad_audit_head");
}

TEST_F(AuditLogTest, ManyPagesAreOneChain) {
    for (int i = 0; i < 2100; ++i)
        ASSERT_TRUE(core->tell({"noise", "system", "", {}, {}, {}}, "ok"));
    EXPECT_EQ(audit.verify()->entries, 2101);
    EXPECT_EQ(verify(), "");
    tamper("DELETE FROM identity_audit WHERE seq = 1001");
    EXPECT_EQ(verify(), "dropped 1001");
}

}  // namespace
}  // namespace astro::identity
