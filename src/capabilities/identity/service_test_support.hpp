#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <mutex>

#include "capabilities/identity/accounts.hpp"
#include "capabilities/identity/audit_log.hpp"
#include "capabilities/identity/rows.hpp"
#include "foundation/crypto/crypto_test_support.hpp"
#include "foundation/crypto/one_time_code.hpp"

namespace astro::identity {

/// Keeps what would have been sent.
class KeptMail final : public Mailer {
  public:
    Result<void> send(const Mail& mail) override {
        mails.push_back(mail);
        return {};
    }
    /// What stands after "#" in the last mail.
    [[nodiscard]] std::string last_token() const {
        const std::string& text = mails.back().text;
        const auto start = text.find('#') + 1;
        return text.substr(start, text.find_first_of(" \n", start) - start);
    }
    std::vector<Mail> mails;
};

/// Cheap hashes, counted.
class CountingHasher final : public PasswordHasher {
  public:
    explicit CountingHasher(crypto::Random& random) : inner_({64, 1}, random) {}
    Result<std::string> hash(std::string_view password) override {
        ++hashes;
        return inner_.hash(password);
    }
    bool verify(std::string_view hash, std::string_view password) override {
        ++verifications;
        return inner_.verify(hash, password);
    }
    [[nodiscard]] bool needs_rehash(std::string_view hash) const override {
        return inner_.needs_rehash(hash);
    }
    int hashes = 0, verifications = 0;

  private:
    Argon2Hasher inner_;
};

inline const std::string kPassword = "turnip violin marshal eight";
inline const Caller kCaller{"203.0.113.7", "test browser"};

struct ServiceTest : testing::Test {
    ServiceTest() { EXPECT_TRUE(roles.load()); }
    static Settings settings() {
        Settings s;
        s.issuer = "https://astro.example";
        return s;
    }
    UserId make_user(const std::string& email) {
        EXPECT_TRUE(accounts.register_user(email, kPassword, kCaller));
        return accounts.verify_email(mailer.last_token(), kCaller).value();
    }
    TokenPair sign_in(const std::string& email) {
        return accounts.login(email, kPassword, kCaller).value().tokens.value();
    }
    template <class T>
    static std::string code(const Result<T>& result) {
        return result ? "ok" : std::string(result.error().code);
    }
    std::int64_t count(const std::string& from) {
        return store::to_int(database->query("SELECT COUNT(*) FROM " + from).value()[0][0]);
    }
    /// Everything that stands in the database, as one text.
    std::string dump() {
        std::string out;
        const auto tables =
            database->query("SELECT name FROM sqlite_master WHERE type = 'table'").value();
        for (const auto& table : tables)
            for (const auto& row :
                 database->query("SELECT * FROM " + store::to_string(table[0])).value())
                for (const auto& value : row)
                    if (const auto* text = std::get_if<std::string>(&value)) out += *text + "\n";
        return out;
    }
    /// Action and outcome of the last entry: "login ok".
    std::string last_audit() {
        const auto rows = database
                              ->query(
                                  "SELECT action, outcome FROM identity_audit ORDER BY seq "
                                  "DESC LIMIT 1")
                              .value();
        return store::to_string(rows[0][0]) + " " + store::to_string(rows[0][1]);
    }
    std::string totp_code(const TotpEnrolment& enrolment, std::int64_t steps_ahead = 0) const {
        return crypto::one_time_code(
            parse_base32(enrolment.secret_base32).value(),
            static_cast<std::uint64_t>(clock.now().value() / 30'000'000'000 + steps_ahead), 6);
    }

    std::unique_ptr<store::Store> database =
        store::open_sqlite({.path = ":memory:", .readers = 1}).value();
    VirtualClock clock{from_unix_seconds(1'760'000'000)};
    crypto::SystemRandom random;
    KeptMail mailer;
    CountingHasher hasher{random};
    crypto::SecretKey master = random.secret_key();
    std::unique_ptr<Core> core = open_core();
    Roles roles{*core};
    Sessions sessions{*core, roles};
    Accounts accounts{*core, sessions};
    AuditLog audit{*core};

    std::unique_ptr<Core> open_core() {
        EXPECT_TRUE(database->migrate(migrations()));
        return Core::open({*database, clock, random, mailer, hasher}, settings(),
                          crypto::MasterKeys(master))
            .value();
    }
};

}  // namespace astro::identity
