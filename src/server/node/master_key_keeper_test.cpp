#include "server/node/master_key_keeper.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "capabilities/identity/rows.hpp"
#include "capabilities/identity/service_test_support.hpp"
#include "foundation/crypto/hmac.hpp"

namespace astro::node {
namespace {

namespace fs = std::filesystem;
namespace id = identity;

/// A data directory with a secret of every kind, over which programs come and go.
struct KeeperTest : testing::Test {
    struct Program {
        std::unique_ptr<store::Store> store;
        std::unique_ptr<MasterKeyKeeper> keeper;
        std::unique_ptr<id::Service> service;
    };

    KeeperTest() {
        std::string pattern = (fs::temp_directory_path() / "astro_keeper_XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        auto program = start().value();
        auto& accounts = program.service->accounts;
        EXPECT_TRUE(accounts.register_user("ada@example.org", id::kPassword, id::kCaller));
        ada = accounts.verify_email(mailer.last_token(), id::kCaller).value();
        token = login(program).tokens.value().access_token;
        enrolment = accounts.begin_totp(ada).value();
        EXPECT_TRUE(accounts.confirm_totp(ada, totp(), id::kCaller));
        key = program.service->api_keys
                  .create(ada, {"bot", id::ApiKeyKind::hmac, "", {"read"}, {}, {}}, id::kCaller)
                  .value();
        jwks = program.service->jwks();
    }
    ~KeeperTest() override { fs::remove_all(folder); }

    Result<Program> start(const MasterKeySource& source) {
        Program out;
        ASTRO_TRY(out.store, store::open_sqlite({.path = folder + "/astrolabe.db", .readers = 1}));
        ASTRO_CHECK(out.store->migrate(id::migrations()));
        out.keeper = std::make_unique<MasterKeyKeeper>(source, random);
        ASTRO_TRY(auto masters, out.keeper->load());
        id::ServiceSettings settings;
        settings.identity.issuer = "https://astro.example";
        ASTRO_TRY(out.service, id::Service::open({*out.store, clock, random, mailer, hasher},
                                                 settings, std::move(masters)));
        return out;
    }
    Result<Program> start() { return start({.file = file()}); }
    std::string file() const { return folder + "/master.key"; }
    std::string next_file() const { return next_key_file(file()); }

    id::LoginAnswer login(Program& program) {
        return program.service->accounts.login("ada@example.org", id::kPassword, id::kCaller)
            .value();
    }
    std::string totp() const {
        return crypto::one_time_code(
            parse_base32(enrolment.secret_base32).value(),
            static_cast<std::uint64_t>(clock.now().value() / 30'000'000'000), 6);
    }
    Result<id::Principal> call_signed(Program& program) {
        id::SignedRequest request{
            key.key.id,       clock.now().value() / 1'000'000, to_hex(random.bytes(12)), "GET",
            "/api/v1/status", crypto::sha256(Bytes{})};
        const auto tag = crypto::hmac_sha256(parse_base64url(key.secret).value(),
                                             as_bytes(id::canonical_text(request)));
        return program.service->api_keys.authenticate_signed(request, to_base64url(tag.view()),
                                                             5'000, "");
    }
    /// What does not open; empty when everything does.
    std::string closed(Program& program) {
        clock.advance(seconds(30));  // a one-time code serves once
        std::string out;
        const auto look = [&](const char* what, bool opens) {
            if (!opens) out += std::string(what) + " ";
        };
        look("address", program.service->accounts.get(ada).value().email == "ada@example.org");
        look("session", program.service->sessions.authenticate(token).has_value());
        look("signing key", program.service->jwks() == jwks);
        look("HMAC secret", call_signed(program).has_value());
        look("TOTP", program.service->accounts
                         .finish_login(*login(program).second_factor_ticket, totp(), id::kCaller)
                         .has_value());
        look("audit", program.service->audit.verify().value().findings.empty());
        return out;
    }
    std::string key_text() {
        std::ifstream in(file());
        return {std::istreambuf_iterator<char>(in), {}};
    }
    template <class T>
    static std::string code(const Result<T>& result) {
        return result ? "ok" : std::string(result.error().code);
    }

    std::string folder;
    VirtualClock clock{from_unix_seconds(1'760'000'010)};
    crypto::SystemRandom random;
    id::KeptMail mailer;
    id::CountingHasher hasher{random};
    id::UserId ada;
    std::string token, jwks;
    id::TotpEnrolment enrolment;
    id::CreatedApiKey key;
};

TEST_F(KeeperTest, AChangeLeavesTheNextKeyAloneInTheFile) {
    auto program = start().value();
    const std::string before = key_text();
    const auto records = program.keeper->change(*program.service, "root", clock.now());
    ASSERT_TRUE(records) << records.error().text();
    EXPECT_GE(*records, 4) << "secrets of the server, signing key, HMAC secret, user's key";
    EXPECT_NE(key_text(), before);
    EXPECT_FALSE(fs::exists(next_file()));
    struct stat state{};
    ASSERT_EQ(::stat(file().c_str(), &state), 0);
    EXPECT_EQ(state.st_mode & 0777U, 0600U);
    EXPECT_EQ(closed(program), "") << "the program that changed it";
    program.keeper->forget_when_due(*program.service, clock.now() + seconds(60));
    EXPECT_EQ(closed(program), "") << "the key of before is needed by nothing";
    auto next = start().value();
    EXPECT_EQ(closed(next), "") << "the program after it";
    const auto old = crypto::SecretKey{parse_base64(before.substr(0, 44)).value()};
    EXPECT_FALSE(id::is_wrapped_by(*next.store, old).value());
}

/// What a change does, up to a step; the program then ends without a word.
class KeeperCrash : public KeeperTest, public testing::WithParamInterface<int> {
  public:
    void change_until(int step) {
        auto program = start().value();
        if (step == 1) std::ofstream(next_file() + ".part") << "half a k";
        if (step < 2) return;
        const auto next = begin_key_change(file(), random).value();
        if (step < 3) return;
        if (step == 3) {  // inside of the re-wrapping, whose transaction is then undone
            const auto undone = program.store->write([&](store::Writer& w) -> Result<void> {
                ASTRO_CHECK(w.execute("UPDATE identity_users SET wrapped_key = ''", {}));
                return refusal("ended", "ended");
            });
            EXPECT_FALSE(undone);
            return;
        }
        ASSERT_TRUE(program.service->rotate_master_key(next));
        if (step < 5) return;
        ASSERT_TRUE(end_key_change(file()));
    }
};

TEST_P(KeeperCrash, LosesNothingAndIsFinishedByTheNextProgram) {
    change_until(GetParam());
    {
        auto reader = start().value();
        EXPECT_EQ(closed(reader), "") << "a command that only reads";
    }
    {
        auto program = start().value();
        ASSERT_TRUE(program.keeper->finish(*program.service, clock.now()));
        EXPECT_EQ(closed(program), "");
        EXPECT_FALSE(fs::exists(next_file()));
        const auto kept = read_key_file(file()).value();
        ASSERT_TRUE(kept);
        EXPECT_TRUE(id::is_wrapped_by(*program.store, *kept).value());
    }
    auto later = start().value();
    EXPECT_EQ(closed(later), "");
    ASSERT_TRUE(later.keeper->change(*later.service, "root", clock.now()))
        << "and it can be changed again";
    EXPECT_EQ(closed(later), "");
}

constexpr const char* kSteps[] = {
    "before", "next_key_half_written", "next_key_written", "rewrapping", "rewrapped", "ended"};
INSTANTIATE_TEST_SUITE_P(Steps, KeeperCrash, testing::Range(0, 6),
                         [](const auto& step) { return std::string(kSteps[step.param]); });

TEST_F(KeeperTest, ANextKeyWithoutThePresentOneIsNoReasonToMakeOne) {
    ASSERT_TRUE(begin_key_change(file(), random));
    fs::rename(file(), file() + ".away");
    const auto lost = start();
    EXPECT_EQ(code(lost), "master_key");
    EXPECT_FALSE(fs::exists(file())) << "a new key would hide what is missing";
    fs::rename(file() + ".away", file());
    EXPECT_TRUE(start());
}

TEST_F(KeeperTest, AKeyOfElsewhereIsChangedToOneOfElsewhere) {
    auto by_file = start().value();
    const auto next = random.secret_key();
    EXPECT_EQ(code(by_file.keeper->change_to(*by_file.service, next, "root")),
              "master_key_is_a_file");
    const std::string text = key_text().substr(0, 44);
    auto program = start({.text = text}).value();
    EXPECT_EQ(code(program.keeper->change(*program.service, "root", clock.now())),
              "master_key_not_a_file");
    ASSERT_TRUE(program.keeper->change_to(*program.service, next, "root"));
    EXPECT_EQ(code(start({.text = text})), "master_key_missing");
    auto after = start({.text = to_base64(next.view())}).value();
    EXPECT_EQ(closed(after), "");
}

TEST_F(KeeperTest, AFileThatCannotBeWrittenChangesNothing) {
    auto program = start().value();
    fs::create_directory(next_file() + ".part");  // the place where the next key is written
    std::ofstream(next_file() + ".part/occupied") << "x";
    EXPECT_EQ(code(program.keeper->change(*program.service, "root", clock.now())), "master_key");
    EXPECT_EQ(closed(program), "");
    const auto entries = program.service->audit.find({.newest_first = true, .action = "admin."});
    ASSERT_FALSE(entries->empty());
    EXPECT_EQ(entries->at(0).outcome, "master_key") << "the attempt is told";
    auto next = start().value();
    EXPECT_EQ(closed(next), "");
}

}  // namespace
}  // namespace astro::node
