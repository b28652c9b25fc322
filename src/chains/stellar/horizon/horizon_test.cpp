/// Horizon's recorded answers, and a client beside a server on loopback that also lies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

#include "chains/stellar/build/builder.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/horizon/client.hpp"
#include "foundation/net/net_test_support.hpp"

namespace astro::stellar {
namespace {

using ::testing::HasSubstr;

constexpr auto kNetwork = "Test SDF Network ; September 2015";

boost::json::value recorded(std::string_view id) {
    std::ifstream in(std::string(ASTRO_SOURCE_DIR) + "/share/stellar/horizon_responses.json",
                     std::ios::binary);
    const auto document = boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
    for (const auto& v : document.at("vectors").as_array())
        if (v.at("id").as_string() == id) return v.at("body");
    ADD_FAILURE() << id;
    return {};
}
std::string record(std::string_view id) {
    return boost::json::serialize(recorded(id).at("_embedded").at("records").at(0));
}

TEST(HorizonDocuments, ARecordedAccountIsReadWhole) {
    const auto account = parse_account_document(record("docs:ListAllAccounts"));
    ASSERT_TRUE(account) << account.error().text();
    EXPECT_EQ(to_text(account->id), "GDI73WJ4SX7LOG3XZDJC3KCK6ED6E5NBYK2JUBQSPBCNNWEG3ZN7T75U");
    EXPECT_EQ(account->sequence, 24739097524306474);
    EXPECT_EQ(account->subentries, 3U);
    EXPECT_EQ(account->flags, 2U);
    ASSERT_GE(account->lines.size(), 2U);
    EXPECT_EQ(code_of(account->lines[0].asset), "EURT");
    EXPECT_EQ(account->lines[0].limit, INT64_MAX);
    EXPECT_TRUE(account->lines[0].is_authorized);
    EXPECT_FALSE(account->requires_memo);

    const auto plain = parse_account_document(record("go:accountsResponse"));
    ASSERT_TRUE(plain) << plain.error().text();
    EXPECT_EQ(plain->balance, 1'008'182'300);
    EXPECT_TRUE(plain->signers.empty());
    EXPECT_EQ(plain->sponsoring, 0U);
}

TEST(HorizonDocuments, ARecordedPageOfLedgersGivesTheFirst) {
    const auto ledger = parse_ledger_page(boost::json::serialize(recorded("docs:ListAllLedgers")));
    ASSERT_TRUE(ledger) << ledger.error().text();
    EXPECT_EQ(ledger->base_fee_stroops, 100U);
    EXPECT_EQ(ledger->base_reserve_stroops, 100'000'000);
}

TEST(HorizonDocuments, WhatIsMissingOrOfAnotherShapeIsNamed) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"account_id", "5"},
        {"sequence", "\"x\""},
        {"subentry_count", "-1"},
        {"balances", "{}"},
        {"balances", "[5]"},
        {"signers", "[{\"key\":\"G\"}]"},
        {"signers", "null"},
        {"balances", "[{\"asset_type\":\"native\"}]"},
        {"num_sponsored", "\"4294967296\""},
    };
    const auto good = boost::json::parse(record("go:accountsResponse"));
    for (const auto& [name, value] : cases) {
        auto bad = good;
        bad.as_object()[name] = boost::json::parse(value);
        const auto read = parse_account_document(boost::json::serialize(bad));
        EXPECT_FALSE(read) << name << " " << value;
        if (name != "balances" && name != "signers") {
            EXPECT_EQ(read.error().where, name);
        }
    }
    for (const auto* text : {"", "[]", "<html>", "{", "{}"}) {
        EXPECT_FALSE(parse_account_document(text));
        EXPECT_FALSE(parse_root_document(text));
        EXPECT_FALSE(parse_ledger_page(text));
    }
}

/// Answers by path; 404 for all else.
class Horizon {
  public:
    Horizon() {
        answers_["/"] = {R"({"horizon_version":"27.0.1","network_passphrase":")" +
                             std::string(kNetwork) + R"("})",
                         200};
        answers_["/ledgers"] = {boost::json::serialize(recorded("docs:ListAllLedgers")), 200};
        server_ = net::test::start_server(
            {}, [this](net::Request request, net::Reply reply) { reply(answer(request.path)); });
    }
    void set(const std::string& path, std::string body, int status = 200,
             std::string type = "application/hal+json; charset=utf-8") {
        const std::lock_guard lock(mutex_);
        answers_[path] = {std::move(body), status};
        type_ = std::move(type);
    }
    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(server_->port());
    }

  private:
    net::Response answer(const std::string& path) {
        const std::lock_guard lock(mutex_);
        net::Response out;
        const auto found = answers_.find(path);
        out.status = found == answers_.end() ? 404 : found->second.second;
        out.body = found == answers_.end() ? "{}" : found->second.first;
        out.headers.set("Content-Type", type_);
        if (out.status == 429) out.headers.set("Retry-After", "7");
        return out;
    }

    std::mutex mutex_;
    std::map<std::string, std::pair<std::string, int>> answers_;
    std::string type_ = "application/hal+json; charset=utf-8";
    std::unique_ptr<net::Server> server_;
};

TEST(HorizonClient, AViewHasTheLedgerAndEveryAccount) {
    Horizon horizon;
    const auto account = parse_account_document(record("go:accountsResponse")).value();
    horizon.set("/accounts/" + to_text(account.id), record("go:accountsResponse"));
    auto client = HorizonClient::connect(horizon.url() + "/", kNetwork);
    ASSERT_TRUE(client) << client.error().text();
    TransactionPlan plan;
    plan.source = to_muxed(account.id);
    plan.without_end = true;
    plan.operations = {
        {std::nullopt,
         {xdr::OperationType::payment, xdr::PaymentOp{to_muxed(xdr::PublicKey{}), {}, 5}}}};
    const auto view = (*client)->view_for(build_transaction(plan).value());
    ASSERT_TRUE(view) << view.error().text();
    EXPECT_EQ(view->base_reserve_stroops, 100'000'000);
    ASSERT_EQ(view->accounts.size(), 2U);
    EXPECT_EQ(view->accounts.at(account.id.ed25519)->balance, account.balance);
    EXPECT_FALSE(view->accounts.at(xdr::Uint256{}));
}

TEST(HorizonClient, AServerOfAnotherNetworkIsRefused) {
    Horizon horizon;
    const auto client =
        HorizonClient::connect(horizon.url(), "Public Global Stellar Network ; September 2015");
    ASSERT_FALSE(client);
    EXPECT_EQ(client.error().code, "wrong_network");
    EXPECT_THAT(client.error().message, HasSubstr(kNetwork));
}

TEST(HorizonClient, WhatIsNoHorizonIsToldApart) {
    Horizon horizon;
    auto client = HorizonClient::connect(horizon.url(), kNetwork);
    ASSERT_TRUE(client);
    horizon.set("/ledgers", "<html>", 200, "text/html");
    EXPECT_EQ((*client)->latest_ledger().error().code, "bad_response");
    horizon.set("/ledgers", "{\"_embedded\":{\"records\":[]}}");
    EXPECT_EQ((*client)->latest_ledger().error().where, "_embedded.records");
    horizon.set("/ledgers", "", 429);
    EXPECT_EQ((*client)->latest_ledger().error().code, "rate_limited");
    EXPECT_EQ((*client)->latest_ledger().error().where, "7");
    horizon.set("/ledgers", R"({"title":"Stale History","detail":"behind"})", 503);
    EXPECT_EQ((*client)->latest_ledger().error().message, "Stale History: behind");
    const auto account = parse_account_document(record("go:accountsResponse")).value();
    horizon.set("/accounts/" + to_text(xdr::PublicKey{}), record("go:accountsResponse"));
    EXPECT_THAT((*client)->account(xdr::PublicKey{}).error().message, HasSubstr("another account"));
    EXPECT_EQ(HorizonClient::connect("ftp://127.0.0.1/", kNetwork).error().code, "bad_url");
}

}  // namespace
}  // namespace astro::stellar
