#include "chains/solana/rpc_messages.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace astro::solana {
namespace {

std::string file(const std::string& name) {
    std::ifstream in(std::string(ASTRO_SOURCE_DIR) + "/" + name, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}
std::string corpus(const std::string& name) {
    return file("src/chains/solana/fuzz_corpus/rpc_messages/" + name);
}

template <class T>
T message(const std::string& name) {
    RpcReader reader;
    std::string text = corpus(name);
    auto read = reader.message(text);
    EXPECT_TRUE(read) << name << ": " << (read ? "" : read.error().text());
    if (!read || !std::holds_alternative<T>(*read)) {
        ADD_FAILURE() << name << " is of another kind";
        return T{};
    }
    return std::get<T>(std::move(read).value());
}

constexpr const char* kBlock = "share/solana/blocks/block_285000037.json";

TEST(BlockHeader, OfARealBlockInEveryEnvelope) {
    const std::string block = file(kBlock);
    ASSERT_GT(block.size(), 2'000'000U);
    const std::vector<std::pair<std::string, std::string>> envelopes = {
        {"", ""},
        {R"({"jsonrpc":"2.0","result":)", R"(,"id":1})"},
        {R"({"jsonrpc":"2.0","id":1,"result":)", " \n }\n"},
        {R"({"slot":285000040,"block":)", "}"},
        {R"({"method":"blockNotification","params":{"result":{"context":{"slot":1},"value":{"slot":285000040,"err":null,"block":)",
         "}},\"subscription\":3}}"}};
    RpcReader reader;
    for (const auto& [before, after] : envelopes) {
        std::string text = before + block + after;
        const auto header = reader.block_header(text);
        ASSERT_TRUE(header) << before << header.error().text();
        EXPECT_EQ(header->parent_slot, Slot{285'000'036});
        EXPECT_EQ(header->blockhash, "HPGE1rkrYqcRpASsdqA2zzetCGa8DD6mCTDus3tei2fN");
        EXPECT_EQ(header->previous_blockhash, "8F6872R127vc7NeWw6mtGgi1DDjPeVkiukcbt7i9iF5d");
        EXPECT_EQ(header->synthetic, "");
        const bool named = before.find("slot\":285") != std::string::npos;
        EXPECT_EQ(header->slot_or_next(), Slot{named ? 285'000'040U : 285'000'037U});
        EXPECT_EQ(header->block, std::string_view(block).substr(0, block.rfind('}') + 1)) << before;
    }
}

TEST(BlockHeader, NoticesATextCutShortAnywhere) {
    const std::string whole = R"({"jsonrpc":"2.0","result":)" +
                              file("share/solana/blocks/chainstorage_block_v2.json") +
                              R"(,"id":1})";
    RpcReader reader;
    for (std::size_t size = 0; size < whole.size(); size += size < 500 ? 1 : 97) {
        std::string text = whole.substr(0, size);
        const auto header = reader.block_header(text);
        ASSERT_FALSE(header) << "cut at " << size;
    }
}

TEST(BlockHeader, SaysWhatIsWrong) {
    RpcReader reader;
    const auto code = [&](std::string text) {
        const auto header = reader.block_header(text);
        return header ? std::string("fine") : std::string(header.error().code);
    };
    EXPECT_EQ(code(R"({"jsonrpc":"2.0","result":null,"id":1})"), "no_block");
    EXPECT_EQ(code(R"({"result":{"blockhash":"b"}})"), "not_a_block");
    EXPECT_EQ(code(R"({"result":{"parentSlot":"7","blockhash":"b"}})"), "wrong_type");
    EXPECT_EQ(code(R"({"result":{"parentSlot":-7,"blockhash":"b"}})"), "wrong_type");
    EXPECT_EQ(code(R"({"result":{"parentSlot":7,"blockhash":5}})"), "wrong_type");
    EXPECT_EQ(code("[1,2]"), "wrong_type");
    EXPECT_EQ(code(R"({"parentSlot":7,"blockhash":"b"} trailing)"), "bad_json");
    EXPECT_EQ(code(""), "bad_json");
}

TEST(Messages, OfEveryKind) {
    const auto slot = message<SlotNotice>("slot.json");
    EXPECT_EQ(slot.slot, Slot{76});
    EXPECT_EQ(slot.parent, Slot{75});
    EXPECT_EQ(slot.root, Slot{44});
    EXPECT_EQ(message<RootNotice>("root.json").root, Slot{42});
    const auto logs = message<LogsNotice>("logs.json");
    EXPECT_EQ(logs.slot, Slot{5'208'469});
    EXPECT_FALSE(logs.failed);
    EXPECT_EQ(logs.signature.substr(0, 5), "5h6xB");
    const auto block = message<BlockNotice>("block.json");
    EXPECT_EQ(block.slot, Slot{112'301'554});
    ASSERT_TRUE(block.header);
    EXPECT_EQ(block.header->parent_slot, Slot{112'301'553});
    const auto broken = message<BlockNotice>("block_error.json");
    EXPECT_FALSE(broken.header);
    EXPECT_EQ(broken.error, "\"BlockStoreError\"");
    const auto subscribed = message<Subscribed>("subscribed.json");
    EXPECT_EQ(subscribed.request_id, 1U);
    EXPECT_EQ(subscribed.subscription, 23'784U);
    const auto refused = message<Refused>("refused.json");
    EXPECT_EQ(refused.code, -32601);
    EXPECT_EQ(refused.message, "Method not found");
}

TEST(Messages, AreReadStrictly) {
    RpcReader reader;
    const auto where = [&](std::string text) {
        const auto read = reader.message(text);
        return read ? std::string("fine") : read.error().where;
    };
    EXPECT_EQ(where(R"({"method":"slotNotification","params":{"result":{"slot":"76"}}})"), "slot");
    EXPECT_EQ(where(R"({"method":"slotNotification","params":{"result":{"slot":76}}})"), "parent");
    EXPECT_EQ(where(R"({"method":"slotNotification","params":[]})"), "slot");
    EXPECT_EQ(where(R"({"method":"logsNotification","params":{"result":{"value":{}}}})"),
              "context.slot");
    EXPECT_EQ(where(R"({"method":"blockNotification","params":{"result":{"value":{}}}})"),
              "value.slot");
    EXPECT_EQ(where(R"({"id":1})"), "result");
    EXPECT_EQ(where(R"({"result":1})"), "id");
    std::string text = R"({"method":"voteNotification","params":{"result":{}}})";
    const auto unknown = reader.message(text);
    ASSERT_TRUE(unknown);
    EXPECT_EQ(std::get<UnknownNotice>(*unknown).method, "voteNotification");
}

RC_GTEST_PROP(Messages, NoBytesAreTooStrange, (std::string tail)) {
    RpcReader reader;
    for (const char* name : {"block.json", "logs.json", "refused.json"}) {
        const std::string whole = corpus(name);
        std::string text = whole.substr(0, whole.size() / 2) + tail;
        (void)reader.message(text);
        (void)reader.block_header(text);
    }
}

TEST(Results, AreOfThePromisedType) {
    RpcReader reader;
    std::string number = R"({"jsonrpc":"2.0","result":254170887,"id":1})";
    EXPECT_EQ(reader.number_result(number).value(), 254'170'887U);
    EXPECT_EQ(reader.text_result(number).error().code, "wrong_type");
    std::string slots = R"({"id":1,"result":[5,6,9]})";
    EXPECT_EQ(reader.slots_result(slots).value(), (std::vector{Slot{5}, Slot{6}, Slot{9}}));
    std::string bad_slots = R"({"id":1,"result":[5,-6]})";
    EXPECT_EQ(reader.slots_result(bad_slots).error().where, "result[]");
    std::string version = R"({"result":{"feature-set":1,"solana-core":"2.0.14"}})";
    EXPECT_EQ(reader.member_result(version, "solana-core").value(), "2.0.14");
    std::string nothing = R"({"result":null})";
    EXPECT_TRUE(reader.null_result(nothing).value());
    std::string no_result = R"({"id":4})";
    EXPECT_EQ(reader.number_result(no_result).error().where, "result");
}

}  // namespace
}  // namespace astro::solana
