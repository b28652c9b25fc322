#include "capabilities/identity/documents.hpp"

#include "capabilities/identity/privacy.hpp"
#include "capabilities/identity/service_test_support.hpp"

namespace astro::identity {
namespace {

struct DocumentsTest : ServiceTest {
    static DocumentName layout(std::string name) { return {DocumentKind::layout, std::move(name)}; }
    static DocumentCondition if_match(const std::string& tag) { return {'"' + tag + '"', false}; }

    Documents documents{*core};
    Privacy privacy{*core, documents};
    UserId ada = make_user("ada@example.org");
    UserId bob = make_user("bob@example.org");
};

TEST_F(DocumentsTest, WhatIsPutIsGivenBackToTheByteAndToItsOwnerOnly) {
    const std::string body = R"({ "panels" : [1.50, "ü\u0000"] })";
    const auto saved = documents.put(ada, layout("main desk"), body).value();
    EXPECT_EQ(saved.bytes, static_cast<std::int64_t>(body.size()));
    const auto read = documents.get(ada, layout("main desk")).value();
    EXPECT_EQ(read.body, body);
    EXPECT_EQ(read.view.tag, saved.tag);
    EXPECT_EQ(code(documents.get(bob, layout("main desk"))), "document_unknown");
    EXPECT_EQ(code(documents.get(ada, {DocumentKind::dashboard, "main desk"})), "document_unknown");
    EXPECT_EQ(dump().find("panels"), std::string::npos) << "sealed";
}

TEST_F(DocumentsTest, ListsByKindAndNameWhatIsTheUsers) {
    ASSERT_TRUE(documents.put(ada, layout("b"), "{}"));
    ASSERT_TRUE(documents.put(ada, layout("a"), "{}"));
    ASSERT_TRUE(documents.put(ada, {DocumentKind::dashboard, "z"}, "{}"));
    ASSERT_TRUE(documents.put(bob, layout("bob's"), "{}"));
    const auto names = [&](std::optional<DocumentKind> kind) {
        std::string out;
        for (const auto& view : documents.list(ada, kind).value()) out += view.name + " ";
        return out;
    };
    EXPECT_EQ(names({}), "z a b ");
    EXPECT_EQ(names(DocumentKind::layout), "a b ");
    EXPECT_EQ(names(DocumentKind::setting), "");
}

TEST_F(DocumentsTest, OfTwoWhoChangedTheSameTheSecondIsTold) {
    const auto first = documents.put(ada, layout("main"), "{}").value();
    clock.advance(seconds(5));
    const auto second =
        documents.put(ada, layout("main"), R"({"by":1})", if_match(first.tag)).value();
    EXPECT_NE(second.tag, first.tag);
    EXPECT_EQ(second.created, first.created);
    EXPECT_EQ(second.updated, clock.now());
    EXPECT_EQ(code(documents.put(ada, layout("main"), R"({"by":2})", if_match(first.tag))),
              "document_changed");
    EXPECT_EQ(code(documents.remove(ada, layout("main"), if_match(first.tag))), "document_changed");
    EXPECT_EQ(documents.get(ada, layout("main"))->body, R"({"by":1})");
    const std::string several = '"' + first.tag + "\", W/\"" + second.tag + '"';
    EXPECT_TRUE(documents.put(ada, layout("main"), "{}", {several, false}));
}

TEST_F(DocumentsTest, ATagIsOfOneChangeEvenWhenTheContentComesBack) {
    const auto first = documents.put(ada, layout("main"), "{}").value();
    ASSERT_TRUE(documents.remove(ada, layout("main")));
    EXPECT_EQ(code(documents.put(ada, layout("main"), "{}", if_match(first.tag))),
              "document_changed");
    const auto again = documents.put(ada, layout("main"), "{}").value();
    EXPECT_NE(again.tag, first.tag);
}

TEST_F(DocumentsTest, ConditionsOfBeingThereAtAll) {
    EXPECT_EQ(code(documents.put(ada, layout("main"), "{}", {"*", false})), "document_changed");
    EXPECT_TRUE(documents.put(ada, layout("main"), "{}", {{}, true}));
    EXPECT_EQ(code(documents.put(ada, layout("main"), "{}", {{}, true})), "document_changed");
    EXPECT_TRUE(documents.put(ada, layout("main"), "{}", {"*", false}));
}

TEST_F(DocumentsTest, WhatIsNoBoundedObjectIsRefused) {
    const auto put = [&](const std::string& body) {
        return code(documents.put(ada, layout("main"), body));
    };
    const auto nested = [](std::size_t depth) {
        std::string out;
        for (std::size_t i = 0; i < depth; ++i) out += R"({"a":)";
        return out + "1" + std::string(depth, '}');
    };
    const auto sized = [](std::size_t bytes) {
        return R"({"a":")" + std::string(bytes - 8, 'x') + "\"}";
    };
    EXPECT_EQ(put(""), "bad_json");
    EXPECT_EQ(put("[1]"), "bad_body");
    EXPECT_EQ(put("{} {}"), "bad_json");
    EXPECT_EQ(put(R"({"a":1,"a":2})"), "bad_body") << "what it means would depend on the reader";
    EXPECT_EQ(put(nested(Documents::kDepthMax)), "ok");
    EXPECT_EQ(put(nested(Documents::kDepthMax + 1)), "bad_json");
    EXPECT_EQ(put(sized(Documents::kBytesMax)), "ok");
    EXPECT_EQ(put(sized(Documents::kBytesMax + 1)), "bad_body");
}

TEST_F(DocumentsTest, NamesArePlainAndShort) {
    for (const std::string& bad : {std::string(), std::string("a/b"), std::string(" a"),
                                   std::string("a "), std::string("a\nb"), std::string(65, 'x')})
        EXPECT_EQ(code(documents.put(ada, layout(bad), "{}")), "bad_parameter") << bad;
    for (const std::string& good : {std::string("SOL-PERP:15m"), std::string("größer"),
                                    std::string("'; DROP TABLE x"), std::string(64, 'x')})
        EXPECT_EQ(code(documents.put(ada, layout(good), "{}")), "ok") << good;
}

TEST_F(DocumentsTest, ThereIsAnEndToThem) {
    for (std::int64_t i = 0; i < Documents::kDocumentsMax; ++i)
        ASSERT_TRUE(documents.put(ada, layout("n" + std::to_string(i)), "{}"));
    EXPECT_EQ(code(documents.put(ada, layout("one more"), "{}")), "too_many_documents");
    EXPECT_TRUE(documents.put(ada, layout("n0"), "{}")) << "a change makes no more of them";
    EXPECT_TRUE(documents.put(bob, layout("his"), "{}"));
    ASSERT_TRUE(documents.remove(ada, layout("n0")));
    EXPECT_TRUE(documents.put(ada, layout("one more"), "{}"));
}

TEST_F(DocumentsTest, ALinkIsReadUntilItIsEnded) {
    const DocumentName name{DocumentKind::dashboard, "desk"};
    ASSERT_TRUE(documents.put(ada, name, R"({"v":1})"));
    const auto token = documents.share(ada, name, kCaller).value();
    EXPECT_EQ(last_audit(), "document.shared ok");
    EXPECT_EQ(documents.shared(token)->body, R"({"v":1})");
    ASSERT_TRUE(documents.put(ada, name, R"({"v":2})"));
    EXPECT_EQ(documents.shared(token)->body, R"({"v":2})") << "as it is now";
    EXPECT_TRUE(documents.list(ada, {})->at(0).shared);
    EXPECT_EQ(dump().find(token), std::string::npos) << "only its hash is kept";

    const auto next = documents.share(ada, name, kCaller).value();
    EXPECT_EQ(code(documents.shared(token)), "document_unknown") << "the one before has ended";
    ASSERT_TRUE(documents.unshare(ada, name, kCaller));
    EXPECT_EQ(code(documents.shared(next)), "document_unknown");
    EXPECT_EQ(code(documents.unshare(ada, name, kCaller)), "document_not_shared");
    EXPECT_EQ(code(documents.share(bob, name, kCaller)), "document_unknown");
    EXPECT_EQ(code(documents.shared("")), "document_unknown");
}

TEST_F(DocumentsTest, ALinkEndsWithTheDocumentAndRestsWithItsOwner) {
    ASSERT_TRUE(documents.put(ada, layout("main"), "{}"));
    const auto token = documents.share(ada, layout("main"), kCaller).value();
    ASSERT_TRUE(accounts.set_status("admin", ada, UserStatus::disabled));
    EXPECT_EQ(code(documents.shared(token)), "document_unknown");
    ASSERT_TRUE(accounts.set_status("admin", ada, UserStatus::active));
    EXPECT_EQ(code(documents.shared(token)), "ok");
    ASSERT_TRUE(documents.remove(ada, layout("main")));
    ASSERT_TRUE(documents.put(ada, layout("main"), "{}"));
    EXPECT_EQ(code(documents.shared(token)), "document_unknown") << "another of the same name";
}

TEST_F(DocumentsTest, ExportHasThemAndErasureLeavesNone) {
    ASSERT_TRUE(documents.put(ada, layout("main"), R"({"panels":["book"]})"));
    ASSERT_TRUE(documents.put(bob, layout("main"), "{}"));
    const auto token = documents.share(ada, layout("main"), kCaller).value();
    const auto files = privacy.export_user(ada, kCaller).value();
    EXPECT_NE(files.at("documents.json").find(R"("content":{"panels":["book"]})"),
              std::string::npos);
    EXPECT_EQ(files.at("documents.json").find(token), std::string::npos);
    ASSERT_TRUE(privacy.erase_user(to_text(ada), ada));
    EXPECT_EQ(count("identity_documents"), 1) << "bob's";
    EXPECT_EQ(code(documents.shared(token)), "document_unknown");
    EXPECT_EQ(code(documents.put(ada, layout("main"), "{}")), "user_erased");
}

TEST_F(DocumentsTest, ARowInAnothersPlaceIsNotRead) {
    ASSERT_TRUE(documents.put(ada, layout("main"), R"({"mine":1})"));
    ASSERT_TRUE(documents.put(ada, layout("other"), "{}"));
    ASSERT_TRUE(database->write([](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(
            w.execute("UPDATE identity_documents SET body_sealed = (SELECT body_sealed "
                      "FROM identity_documents WHERE name = 'main') WHERE name = 'other'"));
        return {};
    }));
    EXPECT_TRUE(documents.get(ada, layout("main")));
    EXPECT_FALSE(documents.get(ada, layout("other")));
}

}  // namespace
}  // namespace astro::identity
