#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "capabilities/identity/api_test_support.hpp"
#include "capabilities/identity/mail.hpp"

/// What only an operator asks for: the change of the master key, mails that were not sent.
namespace astro::identity {
namespace {

namespace bj = boost::json;

struct OperatorTest : ApiTest {
    const std::string rotate = kPrefix + "/master-key/rotate";
    gateway::Caller admin = caller_of(make_user("root@example.org"));
};

TEST_F(OperatorTest, TheMasterKeyIsChangedByWhoProvedHimselfJustNow) {
    std::vector<std::string> actors;
    routes = identity_routes({.service = *service,
                              .access = *access,
                              .change_master_key = [&](const std::string& actor) {
                                  actors.push_back(actor);
                                  return Result<std::int64_t>(7);
                              }});
    clock.advance(seconds(900));
    const auto done = call("POST", rotate, {}, admin);
    ASSERT_TRUE(done) << done.error().text();
    EXPECT_EQ(bj::parse(done->text()).at("records").as_int64(), 7);

    clock.advance(seconds(1));
    const auto late = call("POST", rotate, {}, admin);
    EXPECT_EQ(code(late), "proof_too_old");
    EXPECT_EQ(late.error().kind, ErrorKind::forbidden);
    admin.authenticated = clock.now();
    admin.session = "";
    admin.key = "an API key";
    EXPECT_EQ(code(call("POST", rotate, {}, admin)), "session_needed");
    EXPECT_EQ(actors, std::vector<std::string>{admin.user}) << "refused before anything is done";
}

TEST_F(OperatorTest, AKeyThatIsNoFileIsNotChangedHere) {
    const auto refused = call("POST", rotate, {}, admin);
    EXPECT_EQ(code(refused), "master_key_not_a_file");
    EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
    for (const auto& route : routes)
        if (route.path == rotate || route.path.starts_with(kPrefix + "/outbox")) {
            EXPECT_EQ(route.permission, "identity.admin") << route.path;
        }
}

TEST_F(OperatorTest, MailsAreListedAndReadWhereNoneIsSent) {
    std::string folder = (std::filesystem::temp_directory_path() / "astro_api_XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    routes = identity_routes({.service = *service, .access = *access, .outbox = folder});
    OutboxMailer outbox(folder);
    ASSERT_TRUE(outbox.send({"ada@example.org", "Grüße", "line one\n\nline two"}));
    const auto list = call("GET", kPrefix + "/outbox", {}, admin).value();
    const auto mail = bj::parse(list.text()).at("mails").at(0).as_object();
    EXPECT_EQ(mail.at("to").as_string(), "ada@example.org");
    EXPECT_EQ(mail.at("subject").as_string(), "Grüße");
    EXPECT_FALSE(mail.contains("text")) << "links that sign in are read one by one";

    const auto read = [&](const std::string& id) {
        net::Request request;
        request.path_params.emplace_back("mail", id);
        return call("GET", kPrefix + "/outbox/{mail}", request, admin);
    };
    const auto whole = read(std::string(mail.at("id").as_string())).value();
    EXPECT_EQ(bj::parse(whole.text()).at("text").as_string(), "line one\n\nline two");
    for (const std::string id : {"../x", "..", "", "00112233445566778899aabb"})
        EXPECT_EQ(code(read(id)), "mail_unknown") << id;
    std::filesystem::remove_all(folder);
}

TEST_F(OperatorTest, MailThatIsSentIsNotKept) {
    EXPECT_EQ(code(call("GET", kPrefix + "/outbox", {}, admin)), "mail_is_sent");
    EXPECT_EQ(code(call("GET", kPrefix + "/outbox/{mail}", {}, admin)), "mail_is_sent");
}

}  // namespace
}  // namespace astro::identity
