#include "server/feeds/replay_rpc.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "chains/solana/block_json.hpp"
#include "chains/solana/rpc.hpp"
#include "server/feeds/cursor.hpp"
#include "server/feeds/renumber.hpp"
#include "server/feeds/replay_node.hpp"

namespace astro::feeds {
namespace {

const std::string kBlocks = std::string(ASTRO_SOURCE_DIR) + "/share/solana/blocks";

struct Ledger {
    SystemClock clock;
    ReplayLedger ledger{2, DurationNs{0}, clock};
    ReplayRpc rpc{ledger, std::string(kMainnetGenesis)};
    Ledger() {
        for (RecordedBlock& block : scan_block_directory(kBlocks).value().blocks)
            ledger.publish(std::move(block));
    }
    std::string ask(const std::string& method, const std::string& params) const {
        return rpc.answer(R"({"jsonrpc":"2.0","id":"a","method":")" + method + R"(","params":)" +
                          params + "}");
    }
};

TEST(ReplayRpc, AnswersLikeANode) {
    const Ledger node;
    EXPECT_EQ(node.ask("getSlot", "[]"), R"({"jsonrpc":"2.0","result":285000037,"id":"a"})");
    EXPECT_EQ(
        node.ask("getGenesisHash", "[]"),
        R"({"jsonrpc":"2.0","result":"5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d","id":"a"})");
    EXPECT_EQ(node.ask("getHealth", "[]"), R"({"jsonrpc":"2.0","result":"ok","id":"a"})");
    EXPECT_EQ(node.ask("getBlocks", "[254170000,254180000]"),
              R"({"jsonrpc":"2.0","result":[254170887],"id":"a"})");
    EXPECT_EQ(node.ask("getBlocksWithLimit", "[241043142,2]"),
              R"({"jsonrpc":"2.0","result":[254170887,270893658],"id":"a"})");
    EXPECT_EQ(
        node.ask("getSlotLeaders", "[254170887,1]"),
        R"({"jsonrpc":"2.0","result":["Ninja1spj6n9t5hVYgF3PdnYz2PLnkt7rvaw3firmjs"],"id":"a"})");
}

TEST(ReplayRpc, ServesBlocksByteForByte) {
    const Ledger node;
    const auto recorded = load_block_file(kBlocks + "/block_285000037.json").value();
    EXPECT_EQ(node.ask("getBlock", "[285000037]"),
              R"({"jsonrpc":"2.0","result":)" + *recorded.json + R"(,"id":"a"})");
    const auto error = [&](const std::string& slot) {
        const std::string answer = node.ask("getBlock", "[" + slot + "]");
        return answer.substr(answer.find("code\":") + 6, 6);
    };
    EXPECT_EQ(error("285000038"), "-32004");
    EXPECT_EQ(error("285000036"), "-32009");
    EXPECT_EQ(error("\"x\""), "-32602");
}

TEST(ReplayRpc, FindsTransactionsInEveryEncoding) {
    const Ledger node;
    solana::BlockParser parser;
    for (const char* name :
         {"block_285000037.json", "block_270893658_base64.json", "chainstorage_block_v2.json"}) {
        const auto recorded = load_block_file(kBlocks + "/" + std::string(name)).value();
        const auto block = parser.parse_block(*recorded.json).value();
        for (const std::size_t index : {std::size_t{0}, block.transactions.size() - 1}) {
            const auto& wanted = block.transactions[index];
            const std::string answer =
                node.ask("getTransaction", "[\"" + to_text(wanted.signature) + "\"]");
            const auto found = parser.parse_transaction(answer);
            ASSERT_TRUE(found) << name << found.error().text() << answer.substr(0, 200);
            EXPECT_EQ(found->slot, recorded.slot);
            EXPECT_EQ(found->transactions.at(0).signature, wanted.signature);
            EXPECT_EQ(found->transactions.at(0).fee_lamports, wanted.fee_lamports);
        }
    }
    const std::string none(88, '1');
    EXPECT_NE(node.ask("getTransaction", "[\"" + none + "\"]").find("-32602"), std::string::npos);
    const std::string other = to_base58(Bytes(64, 7));
    EXPECT_EQ(node.ask("getTransaction", "[\"" + other + "\"]"),
              R"({"jsonrpc":"2.0","result":null,"id":"a"})");
}

TEST(ReplayRpc, StandardErrorsAndBatches) {
    const Ledger node;
    const auto& rpc = node.rpc;
    EXPECT_EQ(rpc.answer("{"),
              R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null})");
    EXPECT_NE(rpc.answer("[]").find("-32600"), std::string::npos);
    EXPECT_NE(rpc.answer(R"({"id":1,"method":"getSlot"})").find("-32600"), std::string::npos);
    EXPECT_NE(rpc.answer(R"({"jsonrpc":"2.0","id":1,"method":"getMagic"})").find("-32601"),
              std::string::npos);
    EXPECT_NE(
        rpc.answer(R"({"jsonrpc":"2.0","id":1,"method":"getBlock","params":{}})").find("-32602"),
        std::string::npos);
    EXPECT_EQ(rpc.answer(R"({"jsonrpc":"2.0","method":"getSlot"})"), "") << "a notification";
    EXPECT_EQ(
        rpc.answer(R"([{"jsonrpc":"2.0","id":1,"method":"getHealth"},
                             {"jsonrpc":"2.0","method":"getHealth"},
                             {"jsonrpc":"2.0","id":[2],"method":"getHealth"},7])"),
        R"([{"jsonrpc":"2.0","result":"ok","id":1},{"jsonrpc":"2.0","result":"ok","id":null},)"
        R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request"},"id":null}])");
}

TEST(ReplayLedger, ForgetsBytesButReadsThemAgainAndSaysWhatIsGone) {
    SystemClock clock;
    ReplayLedger ledger(2, DurationNs{0}, clock);
    const auto original =
        load_block_file(kBlocks + "/chainstorage_block_241043141_v2.json").value();
    for (std::uint64_t slot = 10; slot < 15; ++slot)
        ledger.publish({Slot{slot}, Slot{slot - 1}, "h", "", original.json, "", false});
    EXPECT_EQ(ledger.first_available(), Slot{13});
    EXPECT_EQ(ledger.find(Slot{12}).presence, ReplayLedger::Presence::gone);
    EXPECT_EQ(ledger.find(Slot{13}).presence, ReplayLedger::Presence::here);
    EXPECT_EQ(ledger.count_above(Slot{13}), 1U);

    ReplayLedger files(1, DurationNs{0}, clock);
    for (RecordedBlock& block : scan_block_directory(kBlocks).value().blocks) {
        block.json = load_block_file(block.path)->json;
        files.publish(std::move(block));
    }
    const auto again = files.find(Slot{254'170'887});
    ASSERT_EQ(again.presence, ReplayLedger::Presence::here);
    EXPECT_GT(again.block->json->size(), 2'000'000U) << "of two files for a slot the fuller one";
}

// ---- the typed client against the node ----------------------------------------------------------

struct Served {
    SystemClock clock;
    std::unique_ptr<ReplayNode> node;
    std::unique_ptr<net::JsonRpcClient> client;
    explicit Served(ReplayNodeOptions options = {}) {
        auto files = scan_block_directory(kBlocks).value().blocks;
        node = ReplayNode::start(options, files, make_file_supply(files, files.back().slot), clock)
                   .value();
        net::RetryPolicy policy;
        policy.attempts = 1;
        client = net::JsonRpcClient::make({node->url()}, policy, {}, clock, 1).value();
    }
};

TEST(RpcClient, CallsAreTypedByWhatTheyMean) {
    const Served served;
    solana::RpcClient rpc(*served.client, "confirmed");
    EXPECT_EQ(rpc.get_slot().value(), Slot{285'000'037});
    EXPECT_EQ(rpc.get_genesis_hash().value(), kMainnetGenesis);
    EXPECT_TRUE(rpc.get_health());
    EXPECT_EQ(rpc.get_version().value(), "0.0.0-replay");
    EXPECT_EQ(rpc.get_blocks(Slot{254'000'000}, Slot{254'200'000}).value(),
              std::vector{Slot{254'170'887}});
    EXPECT_EQ(rpc.get_blocks_with_limit(Slot{0}, 1).value(), std::vector{Slot{100'000'000}});
    EXPECT_EQ(rpc.get_first_available_block().value(), Slot{0});
    EXPECT_EQ(to_text(rpc.get_slot_leaders(Slot{254'170'887}, 1).value().at(0)),
              "Ninja1spj6n9t5hVYgF3PdnYz2PLnkt7rvaw3firmjs");
    EXPECT_EQ(rpc.get_slot_leaders(Slot{254'170'887}, 2).error().where, "-32602");

    auto found = rpc.get_block(Slot{285'000'037}).value();
    EXPECT_EQ(found.outcome, solana::BlockOutcome::found);
    EXPECT_EQ(rpc.reader().block_header(found.json)->parent_slot, Slot{285'000'036});
    EXPECT_EQ(rpc.get_block(Slot{285'000'036})->outcome, solana::BlockOutcome::skipped);
    EXPECT_EQ(rpc.get_block(Slot{285'000'038})->outcome, solana::BlockOutcome::not_yet);
    EXPECT_EQ(rpc.get_transaction(to_base58(Bytes(64, 7))).error().code, "transaction_not_found");
}

TEST(RpcClient, KnowsWhatErrorsMean) {
    const auto outcome = [](const char* code, const char* message) {
        return solana::block_outcome({ErrorKind::refusal, "rpc_error", message, code});
    };
    EXPECT_EQ(outcome("-32007", "")->outcome, solana::BlockOutcome::skipped);
    EXPECT_EQ(outcome("-32009", "")->outcome, solana::BlockOutcome::skipped);
    EXPECT_EQ(outcome("-32004", "")->outcome, solana::BlockOutcome::not_yet);
    EXPECT_EQ(outcome("-32014", "")->outcome, solana::BlockOutcome::not_yet);
    EXPECT_EQ(outcome("-32005", "")->outcome, solana::BlockOutcome::node_behind);
    const auto gone = outcome("-32001",
                              "Block 5 cleaned up, does not exist on node. First available block: "
                              "250000000");
    EXPECT_EQ(gone->outcome, solana::BlockOutcome::cleaned_up);
    EXPECT_EQ(gone->first_available, Slot{250'000'000});
    EXPECT_EQ(outcome("-32001", "gone")->first_available, Slot{0});
    EXPECT_FALSE(outcome("-32015", ""));
    EXPECT_FALSE(outcome("", ""));
    EXPECT_FALSE(solana::block_outcome({ErrorKind::unavailable, "unavailable", "", "-32007"}));
}

TEST(ReplayNode, SpeaksSubscriptionsAndUnsubscribes) {
    const Served served;
    auto socket =
        net::WebSocketClient::connect(net::parse_url(served.node->websocket_url()).value()).value();
    solana::RpcReader reader;
    const auto ask = [&](const std::string& text) {
        EXPECT_TRUE(socket->send(text));
        auto answer = socket->receive(astro::seconds(10)).value().value();
        return reader.message(answer).value();
    };
    EXPECT_EQ(std::get<solana::Subscribed>(ask(solana::slot_subscribe_request(1))).subscription,
              1U);
    EXPECT_EQ(std::get<solana::Subscribed>(ask(solana::root_subscribe_request(2))).request_id, 2U);
    EXPECT_EQ(std::get<solana::Subscribed>(ask(solana::block_subscribe_request(3, "confirmed")))
                  .subscription,
              3U);
    EXPECT_EQ(std::get<solana::Subscribed>(
                  ask(solana::logs_subscribe_request(
                      4, "T1pyyaTNZsKv2WcRAB8oVnk93mLReJVSMNjaFMhMMeZ", "confirmed")))
                  .subscription,
              4U);
    const auto unsubscribe = [](int id) {
        return R"({"jsonrpc":"2.0","id":9,"method":"slotUnsubscribe","params":[)" +
               std::to_string(id) + "]}";
    };
    EXPECT_TRUE(std::holds_alternative<solana::UnknownNotice>(ask(unsubscribe(1))));
    EXPECT_EQ(std::get<solana::Refused>(ask(unsubscribe(1))).code, -32602);
    EXPECT_EQ(std::get<solana::Refused>(
                  ask(R"({"jsonrpc":"2.0","id":5,"method":"logsSubscribe","params":[7]})"))
                  .code,
              -32602);
}

TEST(ReplayNode, AnswersHealthAndRefusesOtherMethods) {
    const Served served;
    auto http = net::HttpClient::make(net::parse_url(served.node->url()).value()).value();
    net::Request health;
    health.target = "/health";
    EXPECT_EQ(http->request(health)->text(), "ok");
    health.target = "/other";
    EXPECT_EQ(http->request(health)->status, 405);
}

// ---- copies -------------------------------------------------------------------------------------

TEST(Renumber, ACopyDiffersInPlaceAndSignaturesOnly) {
    solana::BlockParser parser;
    for (const char* name :
         {"block_285000037.json", "block_270893658_base64.json", "chainstorage_block_v2.json"}) {
        const auto recorded = load_block_file(kBlocks + "/" + std::string(name)).value();
        const NewPlace place{
            Slot{300'000'900}, Slot{300'000'899}, made_hash(900, 1), made_hash(899, 1), 5, 42};
        const auto copy = renumbered_copy(*recorded.json, recorded.slot, place);
        ASSERT_TRUE(copy) << name << copy.error().text();
        const auto before = parser.parse_block(*recorded.json).value();
        const auto parsed = parser.parse_block(*copy);
        ASSERT_TRUE(parsed) << name << parsed.error().text();
        const auto& after = *parsed;
        EXPECT_EQ(after.slot, place.slot);
        EXPECT_EQ(after.parent_slot, place.parent);
        EXPECT_EQ(to_text(after.blockhash), place.blockhash);
        EXPECT_EQ(to_text(after.previous_blockhash), place.previous_blockhash);
        EXPECT_EQ(after.synthetic,
                  "renumbered copy of block " + std::to_string(recorded.slot.value()));
        ASSERT_EQ(after.transactions.size(), before.transactions.size());
        std::set<solana::Signature> signatures;
        for (std::size_t i = 0; i < after.transactions.size(); ++i) {
            const auto &a = after.transactions[i], &b = before.transactions[i];
            EXPECT_NE(a.signature, b.signature) << name << " " << i;
            signatures.insert(a.signature);
            EXPECT_EQ(a.keys, b.keys);
            EXPECT_EQ(a.data_pool, b.data_pool);
            EXPECT_EQ(a.post_lamports, b.post_lamports);
        }
        EXPECT_EQ(signatures.size(), after.transactions.size());
    }
}

TEST(Renumber, RefusesWhatIsNoBlock) {
    EXPECT_FALSE(renumbered_copy("[1]", Slot{1}, {}));
    EXPECT_FALSE(renumbered_copy("{", Slot{1}, {}));
    EXPECT_FALSE(renumbered_copy(
        R"({"transactions":[{"transaction":["AAAA","base64"]},{"transaction":["//8=","base64"]}]})",
        Slot{1}, {}));
    EXPECT_EQ(
        renumbered_copy(R"({"transactions":[{"transaction":{"signatures":["abc"]}}]})", Slot{1}, {})
            .error()
            .code,
        "bad_signature");
    EXPECT_EQ(
        renumbered_copy(R"({"blockHeight":5})", Slot{10}, {Slot{4}, Slot{3}, "", ""}).error().code,
        "bad_place");
}

TEST(Cursor, SurvivesItsText) {
    const Cursor cursor{Slot{285'000'037}, "HPGE1rkr", "5eykt4Us"};
    EXPECT_EQ(to_text(cursor), R"({"slot":285000037,"blockhash":"HPGE1rkr","genesis":"5eykt4Us"})");
    const auto read = parse_cursor(to_text(cursor));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->slot, cursor.slot);
    EXPECT_EQ(read->blockhash, cursor.blockhash);
    EXPECT_EQ(read->genesis, cursor.genesis);
    EXPECT_EQ(parse_cursor(R"({"slot":5,"blockhash":"h"})")->slot, Slot{5});
    for (const char* bad : {"", "7", "{}", R"({"slot":-1})", R"({"slot":"5"})", R"({"slot":5)"})
        EXPECT_EQ(parse_cursor(bad).error().code, "bad_cursor") << bad;
}

}  // namespace
}  // namespace astro::feeds
