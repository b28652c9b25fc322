#include "capabilities/identity/outbox.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "capabilities/identity/mail.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::identity {
namespace {

namespace fs = std::filesystem;

struct Folder {
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "astro_outbox_XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    /// As if it had been written then; its id.
    std::string add(const std::string& subject, std::int64_t seconds) {
        std::set<fs::path> before;
        for (const auto& entry : fs::directory_iterator(path)) before.insert(entry.path());
        EXPECT_TRUE(OutboxMailer(path).send({"ada@example.org", subject, "Hello."}));
        for (const auto& entry : fs::directory_iterator(path)) {
            if (before.contains(entry.path())) continue;
            const timespec times[2] = {{seconds, 0}, {seconds, 0}};
            EXPECT_EQ(::utimensat(AT_FDCWD, entry.path().c_str(), times, 0), 0);
            return entry.path().stem();
        }
        return "";
    }
    std::string path;
};

std::string code(const Result<OutboxText>& result) {
    return result ? "ok" : std::string(result.error().code);
}

std::string subjects(const std::vector<OutboxMail>& mails) {
    std::string out;
    for (const auto& mail : mails) out += mail.subject + " ";
    return out;
}

TEST(Outbox, ListsTheNewestFirst) {
    Folder folder;
    EXPECT_TRUE(list_outbox(folder.path, 10)->empty());
    folder.add("second", 200);
    folder.add("third", 300);
    const std::string first = folder.add("first", 100);
    const auto all = list_outbox(folder.path, 10).value();
    EXPECT_EQ(subjects(all), "third second first ");
    EXPECT_EQ(subjects(list_outbox(folder.path, 2).value()), "third second ");
    EXPECT_EQ(all[2].id, first);
    EXPECT_EQ(all[2].to, "ada@example.org");
    EXPECT_EQ(all[2].time, from_unix_seconds(100));
    EXPECT_EQ(list_outbox(folder.path + "/none", 10).error().code, "outbox_unavailable");
}

TEST(Outbox, OnlyWholeMailsOfTheFolderAreRead) {
    Folder folder;
    const std::string id = folder.add("hello", 100), outside = folder.path + "/../astro_secret";
    const auto whole = read_outbox(folder.path, id);
    ASSERT_TRUE(whole) << whole.error().text();
    EXPECT_EQ(whole->text, "Hello.");
    EXPECT_EQ(whole->subject, "hello");

    const std::string link(24, 'a'), pipe(24, 'b'), directory(24, 'c'), unfinished(24, 'd');
    fs::create_symlink("/etc/hostname", folder.path + "/" + link + ".eml");
    ASSERT_EQ(::mkfifo((folder.path + "/" + pipe + ".eml").c_str(), 0600), 0);
    fs::create_directory(folder.path + "/" + directory + ".eml");
    std::ofstream(folder.path + "/" + unfinished) << "To: x\n\n";
    std::ofstream(folder.path + "/notes.eml") << "To: x\n\n";
    for (const std::string& wrong :
         {link, pipe, directory, unfinished, std::string("notes"), std::string(""),
          std::string("../") + id, std::string("../../../../etc/hostname"),
          std::string("/etc/hostname"), id + "\0", id + ".eml", id.substr(1), std::string(24, 'A'),
          std::string(24, '.')})
        EXPECT_EQ(code(read_outbox(folder.path, wrong)), wrong == id ? "ok" : "mail_unknown")
            << wrong;
    EXPECT_EQ(code(read_outbox(folder.path, id + std::string(1, '\0'))), "mail_unknown");
    EXPECT_EQ(subjects(list_outbox(folder.path, 10).value()), "hello ");
}

/// Text that a mail may hold: its line breaks are its own, its bytes are UTF-8.
std::string as_text(const std::vector<unsigned>& codes) {
    std::string out;
    for (const unsigned code : codes) {
        const unsigned c = code % 0x800;
        if (c < 0x80) {
            out += static_cast<char>(c);
        } else {
            out += static_cast<char>(0xC0 | (c >> 6));
            out += static_cast<char>(0x80 | (c & 0x3F));
        }
    }
    return out;
}

RC_GTEST_PROP(OutboxMail, WhatWasWrittenIsRead,
              (const std::vector<unsigned>& subject, const std::vector<unsigned>& text)) {
    const Folder folder;
    const Mail mail{"ada@example.org", as_text(subject), as_text(text)};
    RC_ASSERT(OutboxMailer(folder.path).send(mail).has_value());
    const auto listed = list_outbox(folder.path, 10).value();
    RC_ASSERT(listed.size() == 1);
    const auto read = read_outbox(folder.path, listed[0].id).value();
    std::string one_line = mail.subject;
    std::erase_if(one_line, [](char c) { return c == '\r' || c == '\n'; });
    RC_ASSERT(read.subject == one_line);
    RC_ASSERT(read.text == mail.text);
    RC_ASSERT(read.to == mail.to);
}

RC_GTEST_PROP(OutboxMail, AnyBytesGiveReadableParts, (const std::string& bytes)) {
    const std::string headed =
        "To: " + bytes + "\nSubject: =?utf-8?B?" + to_base64(as_bytes(bytes)) + "?=\n\n" + bytes;
    for (const std::string& message : {bytes, headed}) {
        const auto parts = parse_mail(message);
        RC_ASSERT(is_utf8(parts.to) && is_utf8(parts.subject) && is_utf8(parts.text));
    }
}

TEST(OutboxMail, ACutCharacterIsLeftOut) {
    const std::string text = "Gr\xC3\xBC\xC3\x9F";
    EXPECT_EQ(parse_mail("To: a\n\n" + text).text, text);
    EXPECT_EQ(parse_mail("To: a\n\n" + text.substr(0, 5)).text, "Gr\xC3\xBC");
    EXPECT_EQ(parse_mail("To: a\n\n\xFF\xFF\xFF\xFF\xFF").text, "\xEF\xBF\xBD");
    EXPECT_EQ(parse_mail("Subject: =?utf-8?B?no base64?=\n\n").subject, "=?utf-8?B?no base64?=");
    EXPECT_EQ(parse_mail("Subject: =?utf-8?B?=").subject, "=?utf-8?B?=") << "begin and end overlap";
}

}  // namespace
}  // namespace astro::identity
