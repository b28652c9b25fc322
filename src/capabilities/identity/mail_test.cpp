#include "capabilities/identity/mail.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "capabilities/identity/outbox_sender.hpp"
#include "foundation/base/child_test_support.hpp"

namespace astro::identity {
namespace {

namespace fs = std::filesystem;

struct MailTest : testing::Test {
    MailTest() {
        std::string pattern = (fs::temp_directory_path() / "astro_mail_XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    ~MailTest() override { fs::remove_all(folder); }
    std::vector<std::string> files() const {
        std::vector<std::string> out;
        for (const auto& entry : fs::directory_iterator(folder))
            out.push_back(entry.path().extension());
        std::ranges::sort(out);
        return out;
    }
    /// Waits until the sender has told that many times.
    std::vector<std::string> told(std::size_t count) {
        std::unique_lock lock(mutex);
        EXPECT_TRUE(
            changed.wait_for(lock, std::chrono::seconds(30), [&] { return log.size() >= count; }));
        return log;
    }
    SenderOptions options(const std::string& port) {
        SenderOptions out;
        out.folder = folder;
        out.server.url = "smtp://127.0.0.1:" + port;
        out.server.require_tls = false;
        out.from = "venue@astro.example";
        out.pause = milliseconds(10);
        out.tell = [this](std::string_view event, const std::string&) {
            const std::lock_guard lock(mutex);
            log.emplace_back(event);
            changed.notify_all();
        };
        return out;
    }

    std::string folder;
    SystemClock clock;
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> log;
    const std::string server = ASTRO_SOURCE_DIR "/src/foundation/net/smtp_test_server.py";
};

TEST_F(MailTest, TheOutboxIsSentAndEmptied) {
    test::Child mail_server({ASTRO_PYTHON, server});
    OutboxMailer before(folder);
    ASSERT_TRUE(before.send({"ada@example.org", "from before\nBcc: x@y.example", "Hello."}));
    OutboxSender sender(options(mail_server.line()), clock);
    const std::string first = mail_server.line();
    EXPECT_NE(first.find(R"("to": ["ada@example.org"])"), std::string::npos) << first;
    EXPECT_NE(first.find(R"(Subject: from beforeBcc: x@y.example\r\n)"), std::string::npos);
    EXPECT_NE(first.find(R"(From: venue@astro.example\r\nDate: )"), std::string::npos);
    EXPECT_NE(first.find(R"(@astro.example>\r\nTo: ada@example.org\r\n)"), std::string::npos);
    OutboxMailer mailer(folder, [&] { sender.wake(); });
    ASSERT_TRUE(mailer.send({"bob@example.org", "Grüße", "Hello."}));
    EXPECT_NE(mail_server.line().find("Subject: =?utf-8?B?R3LDvMOfZQ==?="), std::string::npos);
    EXPECT_EQ(told(2), (std::vector<std::string>{"mail_sent", "mail_sent"}));
    EXPECT_EQ(files(), std::vector<std::string>{});
}

TEST_F(MailTest, WhatIsRefusedIsPutAsideAndWhatWaitsIsTriedAgain) {
    test::Child mail_server({ASTRO_PYTHON, server});
    OutboxMailer mailer(folder);
    ASSERT_TRUE(mailer.send({"gone@example.org", "a", "b"}));
    ASSERT_TRUE(mailer.send({"busy@example.org", "a", "b"}));
    {
        OutboxSender sender(options(mail_server.line()), clock);
        const auto events = told(4);
        EXPECT_EQ(std::ranges::count(events, "mail_refused"), 1);
        EXPECT_GE(std::ranges::count(events, "mail_waits"), 3);
    }
    EXPECT_EQ(files(), (std::vector<std::string>{".eml", ".refused"}));
    auto impatient = options("1");
    impatient.give_up = DurationNs{0};
    const std::size_t before = log.size();
    OutboxSender sender(impatient, clock);
    EXPECT_EQ(told(before + 1).back(), "mail_refused");
}

}  // namespace
}  // namespace astro::identity
