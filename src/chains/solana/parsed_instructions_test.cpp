// jsonParsed against json: a renderer that says what agave's says
// (transaction-status/src/parse_*.rs) turns the real blocks into jsonParsed, and both must read the
// same.
#include "chains/solana/parsed_instructions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "chains/solana/block_json.hpp"
#include "chains/solana/test_data.hpp"

namespace astro::solana {
namespace {

namespace json = boost::json;
using test::share;

constexpr std::string_view kToken = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
constexpr std::string_view kToken2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb";
constexpr std::string_view kSystem = "11111111111111111111111111111111";
constexpr std::string_view kAssociated = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL";

/// One instruction on its way into jsonParsed.
struct Compiled {
    std::string program;
    std::vector<std::string> accounts;
    Bytes data;

    [[nodiscard]] json::value account(std::size_t i) const { return json::value(accounts.at(i)); }
    [[nodiscard]] std::uint64_t u64(std::size_t at) const {
        return load_le<std::uint64_t>(data, at);
    }
    [[nodiscard]] std::string key(std::size_t at) const {
        return to_base58(ByteView(data).subspan(at, 32));
    }
};

json::object named(const Compiled& ix, std::initializer_list<const char*> names) {
    json::object info;
    std::size_t i = 0;
    for (const char* name : names) info[name] = ix.account(i++);
    return info;
}

/// The account that signs, or the multisig account and its signers.
void add_authority(json::object& info, const Compiled& ix, std::size_t at, const char* single,
                   const char* multisig) {
    info[ix.accounts.size() > at + 1 ? multisig : single] = ix.account(at);
    if (ix.accounts.size() <= at + 1) return;
    json::array signers;
    for (std::size_t i = at + 1; i < ix.accounts.size(); ++i) signers.push_back(ix.account(i));
    info["signers"] = signers;
}

json::object token_amount(std::uint64_t amount, int decimals) {
    return {{"amount", std::to_string(amount)},
            {"decimals", decimals},
            {"uiAmount", 0.5},
            {"uiAmountString", "0.5"}};
}

struct Description {
    std::string type;
    json::object info;
};

std::optional<Description> describe_token(const Compiled& ix) {
    if (ix.data.empty()) return {};
    Description d;
    switch (ix.data[0]) {
        case 1:
            return Description{"initializeAccount",
                               named(ix, {"account", "mint", "owner", "rentSysvar"})};
        case 3:
            d = {"transfer", named(ix, {"source", "destination"})};
            d.info["amount"] = std::to_string(ix.u64(1));
            add_authority(d.info, ix, 2, "authority", "multisigAuthority");
            return d;
        case 7:
            d = {"mintTo", named(ix, {"mint", "account"})};
            d.info["amount"] = std::to_string(ix.u64(1));
            add_authority(d.info, ix, 2, "mintAuthority", "multisigMintAuthority");
            return d;
        case 8:
            d = {"burn", named(ix, {"account", "mint"})};
            d.info["amount"] = std::to_string(ix.u64(1));
            add_authority(d.info, ix, 2, "authority", "multisigAuthority");
            return d;
        case 9:
            d = {"closeAccount", named(ix, {"account", "destination"})};
            add_authority(d.info, ix, 2, "owner", "multisigOwner");
            return d;
        case 12:
            d = {"transferChecked", named(ix, {"source", "mint", "destination"})};
            d.info["tokenAmount"] = token_amount(ix.u64(1), ix.data[9]);
            add_authority(d.info, ix, 3, "authority", "multisigAuthority");
            return d;
        case 14:
        case 15:
            d = ix.data[0] == 14 ? Description{"mintToChecked", named(ix, {"mint", "account"})}
                                 : Description{"burnChecked", named(ix, {"account", "mint"})};
            d.info["tokenAmount"] = token_amount(ix.u64(1), ix.data[9]);
            add_authority(d.info, ix, 2, ix.data[0] == 14 ? "mintAuthority" : "authority",
                          ix.data[0] == 14 ? "multisigMintAuthority" : "multisigAuthority");
            return d;
        case 16:
            d = {"initializeAccount2", named(ix, {"account", "mint", "rentSysvar"})};
            d.info["owner"] = ix.key(1);
            return d;
        case 17:
            return Description{"syncNative", named(ix, {"account"})};
        case 18:
            d = {"initializeAccount3", named(ix, {"account", "mint"})};
            d.info["owner"] = ix.key(1);
            return d;
        case 22:
            return Description{"initializeImmutableOwner", named(ix, {"account"})};
        case 26:
            if (ix.data.size() != 19 || ix.data[1] != 1) return {};
            d = {"transferCheckedWithFee", named(ix, {"source", "mint", "destination"})};
            d.info["tokenAmount"] = token_amount(ix.u64(2), ix.data[10]);
            d.info["feeAmount"] = token_amount(ix.u64(11), ix.data[10]);
            add_authority(d.info, ix, 3, "authority", "multisigAuthority");
            return d;
        default:
            return {};
    }
}

std::optional<Description> describe_system(const Compiled& ix) {
    if (ix.data.size() < 4) return {};
    Description d;
    switch (load_le<std::uint32_t>(ix.data, 0)) {
        case 0:
            d = {"createAccount", named(ix, {"source", "newAccount"})};
            d.info["lamports"] = ix.u64(4);
            d.info["space"] = ix.u64(12);
            d.info["owner"] = ix.key(20);
            return d;
        case 1:
            d = {"assign", named(ix, {"account"})};
            d.info["owner"] = ix.key(4);
            return d;
        case 8:
            d = {"allocate", named(ix, {"account"})};
            d.info["space"] = ix.u64(4);
            return d;
        case 2:
            d = {"transfer", named(ix, {"source", "destination"})};
            d.info["lamports"] = ix.u64(4);
            return d;
        case 3: {
            const std::size_t seed = ix.u64(36);
            if ((ix.accounts.size() == 3) != (ix.key(4) != ix.accounts[0])) return {};
            d = {"createAccountWithSeed", named(ix, {"source", "newAccount"})};
            d.info["base"] = ix.key(4);
            d.info["seed"] = std::string(ix.data.begin() + 44,
                                         ix.data.begin() + 44 + static_cast<std::ptrdiff_t>(seed));
            d.info["lamports"] = ix.u64(44 + seed);
            d.info["space"] = ix.u64(52 + seed);
            d.info["owner"] = ix.key(60 + seed);
            return d;
        }
        case 4:
            return Description{"advanceNonce", named(ix, {"nonceAccount", "recentBlockhashesSysvar",
                                                          "nonceAuthority"})};
        case 11: {
            const std::size_t seed = ix.u64(12);
            d = {"transferWithSeed", named(ix, {"source", "sourceBase", "destination"})};
            d.info["lamports"] = ix.u64(4);
            d.info["sourceSeed"] = std::string(
                ix.data.begin() + 20, ix.data.begin() + 20 + static_cast<std::ptrdiff_t>(seed));
            d.info["sourceOwner"] = ix.key(20 + seed);
            return d;
        }
        default:
            return {};
    }
}

std::optional<Description> describe_associated(const Compiled& ix) {
    if (ix.accounts.size() != 6) return {};
    if (!ix.data.empty() && ix.data != Bytes{1}) return {};
    return Description{
        ix.data.empty() ? "create" : "createIdempotent",
        named(ix, {"source", "account", "wallet", "mint", "systemProgram", "tokenProgram"})};
}

/// How often each type was rendered, so that a test can say what it has seen.
using Seen = std::map<std::string, int>;

json::object parsed_form(const Compiled& ix, const json::value& height, Seen& seen) {
    std::optional<Description> d;
    std::string name;
    if (ix.program == kToken || ix.program == kToken2022)
        d = describe_token(ix), name = "spl-token";
    if (ix.program == kSystem) d = describe_system(ix), name = "system";
    if (ix.program == kAssociated)
        d = describe_associated(ix), name = "spl-associated-token-account";
    json::object out{{"programId", ix.program}, {"stackHeight", height}};
    if (d) {
        ++seen[d->type];
        out["program"] = name;
        out["parsed"] = {{"type", d->type}, {"info", d->info}};
    } else {
        out["accounts"] = json::value_from(ix.accounts);
        out["data"] = to_base58(ix.data);
    }
    return out;
}

json::array parsed_list(const json::array& list, const std::vector<std::string>& keys, Seen& seen) {
    json::array out;
    for (const json::value& ix : list) {
        Compiled compiled;
        compiled.program = keys.at(ix.at("programIdIndex").to_number<std::size_t>());
        for (const json::value& a : ix.at("accounts").as_array())
            compiled.accounts.push_back(keys.at(a.to_number<std::size_t>()));
        compiled.data = parse_base58(std::string_view(ix.at("data").as_string())).value();
        out.push_back(parsed_form(compiled, ix.at("stackHeight"), seen));
    }
    return out;
}

/// Rewrites one transaction of a `json` block as `jsonParsed` has it.
void to_json_parsed(json::object& entry, Seen& seen) {
    auto& message = entry.at("transaction").at("message").as_object();
    auto& meta = entry.at("meta").as_object();
    std::vector<std::string> keys;
    json::array key_objects;
    const auto add = [&](const json::array& list, const char* source) {
        for (const json::value& key : list) {
            keys.emplace_back(key.as_string());
            key_objects.push_back(
                {{"pubkey", key}, {"signer", false}, {"source", source}, {"writable", true}});
        }
    };
    add(message.at("accountKeys").as_array(), "transaction");
    add(meta.at("loadedAddresses").at("writable").as_array(), "lookupTable");
    add(meta.at("loadedAddresses").at("readonly").as_array(), "lookupTable");
    message["accountKeys"] = key_objects;
    message.erase("header");
    meta.erase("loadedAddresses");
    message["instructions"] = parsed_list(message.at("instructions").as_array(), keys, seen);
    for (json::value& group : meta.at("innerInstructions").as_array())
        group.as_object()["instructions"] =
            parsed_list(group.at("instructions").as_array(), keys, seen);
}

void expect_same_calls(const Transaction& want, const Transaction& got) {
    EXPECT_EQ(want.signature, got.signature);
    EXPECT_EQ(want.is_vote, got.is_vote);
    EXPECT_EQ(want.keys, got.keys);
    EXPECT_EQ(want.static_key_count, got.static_key_count);
    EXPECT_EQ(want.signature_count, got.signature_count);
    ASSERT_EQ(want.instructions.size(), got.instructions.size());
    for (std::size_t i = 0; i < want.instructions.size(); ++i) {
        SCOPED_TRACE("instruction " + std::to_string(i));
        const Instruction &a = want.instructions[i], &b = got.instructions[i];
        EXPECT_FALSE(b.opaque);
        EXPECT_EQ(want.program_of(a), got.program_of(b));
        EXPECT_EQ(a.outer_index, b.outer_index);
        EXPECT_EQ(a.inner_index, b.inner_index);
        EXPECT_EQ(a.stack_height, b.stack_height);
        ASSERT_EQ(a.accounts_count, b.accounts_count);
        for (std::size_t k = 0; k < a.accounts_count; ++k)
            EXPECT_EQ(*want.account(a, k), *got.account(b, k));
        EXPECT_EQ(to_hex(want.data_of(a)), to_hex(got.data_of(b)));
    }
}

Seen expect_block_survives(const std::string& name) {
    const std::string text = share(name);
    json::value rendered = test::parse(text);
    Seen seen;
    for (json::value& entry : rendered.at("transactions").as_array())
        to_json_parsed(entry.as_object(), seen);
    BlockParser parser;
    const auto want = parser.parse_block(text);
    const auto got = parser.parse_block(json::serialize(rendered));
    EXPECT_TRUE(want && got);
    EXPECT_TRUE(got->skipped.empty());
    EXPECT_EQ(want->transactions.size(), got->transactions.size());
    for (std::size_t i = 0; i < want->transactions.size(); ++i) {
        SCOPED_TRACE("transaction " + std::to_string(i));
        expect_same_calls(want->transactions[i], got->transactions[i]);
    }
    return seen;
}

TEST(JsonParsed, RealBlocksReadTheSame) {
    Seen seen = expect_block_survives("blocks/block_285000037.json");
    for (const auto& [type, count] : expect_block_survives("blocks/block_254170887_part1.json"))
        seen[type] += count;
    for (const char* type :
         {"transfer", "transferChecked", "closeAccount", "createAccount", "createAccountWithSeed",
          "initializeAccount", "initializeAccount3", "initializeImmutableOwner", "syncNative",
          "assign", "allocate", "create", "createIdempotent"})
        EXPECT_GT(seen[type], 0) << type;
}

// ── Types that the real blocks do not have ──────────────────────────────────────────────────────

const std::vector<std::string> kKeys{
    "SysvarC1ock11111111111111111111111111111111", "So11111111111111111111111111111111111111112",
    "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", "SysvarRent111111111111111111111111111111111",
    "Vote111111111111111111111111111111111111111"};

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes out;
    for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
}
Bytes le(std::uint64_t value, std::size_t size = 8) {
    Bytes out;
    for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
    return out;
}
Bytes key_bytes(std::size_t i) {
    return parse_base58(kKeys[i]).value();
}
Bytes text_bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

struct Rebuilt {
    Rebuild result;
    RawInstruction raw;
    Fault fault;
};

Rebuilt rebuild(std::string_view program, const json::value& parsed) {
    JsonDocument document;
    FieldReader fields;
    Rebuilt out;
    const std::string text = json::serialize(parsed);
    const auto root = document.load(text);
    out.result = rebuild_instruction(pubkey_literal(program), root.value(), fields, out.raw);
    out.fault = fields.fault();
    return out;
}

void expect_rebuilt(const Compiled& ix, const char* type) {
    Seen seen;
    const json::object form = parsed_form(ix, nullptr, seen);
    ASSERT_EQ(seen[type], 1) << type;
    const Rebuilt rebuilt = rebuild(ix.program, form.at("parsed"));
    ASSERT_EQ(rebuilt.result, Rebuild::done) << type;
    EXPECT_EQ(to_hex(rebuilt.raw.data), to_hex(ix.data)) << type;
    std::vector<std::string> accounts;
    for (const Pubkey& key : rebuilt.raw.accounts) accounts.push_back(to_text(key));
    EXPECT_EQ(accounts, ix.accounts) << type;
}

TEST(JsonParsed, RareTypesAreRebuilt) {
    const std::string token(kToken), token_2022(kToken2022), system(kSystem);
    const auto first = [](std::size_t n) {
        return std::vector<std::string>(kKeys.begin(), kKeys.begin() + static_cast<long>(n));
    };
    const Bytes amount = le(0xFFFFFFFFFFFFFFFF);
    expect_rebuilt({token, first(3), joined({{3}, amount})}, "transfer");
    expect_rebuilt({token, first(5), joined({{3}, amount})}, "transfer");  // multisig, two signers
    expect_rebuilt({token_2022, first(4), joined({{12}, amount, {9}})}, "transferChecked");
    expect_rebuilt({token_2022, first(4), joined({{26, 1}, le(1000), {6}, le(25)})},
                   "transferCheckedWithFee");
    expect_rebuilt({token, first(3), joined({{7}, amount})}, "mintTo");
    expect_rebuilt({token, first(3), joined({{14}, amount, {2}})}, "mintToChecked");
    expect_rebuilt({token, first(3), joined({{8}, le(1)})}, "burn");
    expect_rebuilt({token, first(5), joined({{15}, le(1), {0}})}, "burnChecked");
    expect_rebuilt({token, first(4), {9}}, "closeAccount");
    expect_rebuilt({token, first(3), joined({{16}, key_bytes(4)})}, "initializeAccount2");
    expect_rebuilt({system, first(3), joined({le(4, 4)})}, "advanceNonce");
    expect_rebuilt(
        {system, first(3), joined({le(11, 4), le(7), le(5), text_bytes("seed\""), key_bytes(2)})},
        "transferWithSeed");
    expect_rebuilt(
        {system, first(3), joined({le(3, 4), key_bytes(2), le(0), le(5), le(165), key_bytes(1)})},
        "createAccountWithSeed");
}

TEST(JsonParsed, WhatIsNotRebuiltIsUnknown) {
    const json::value info{{"source", kKeys[0]}};
    EXPECT_EQ(rebuild(kToken, {{"type", "thawAccount"}, {"info", info}}).result, Rebuild::unknown);
    EXPECT_EQ(rebuild(kToken, {{"type", "transfer"}, {"info", info}}).result, Rebuild::unknown);
    EXPECT_EQ(rebuild(kToken, {{"type", "transfer"}}).result, Rebuild::unknown);
    EXPECT_EQ(rebuild(kToken, "a memo").result, Rebuild::unknown);
    EXPECT_EQ(rebuild(kKeys[4], {{"type", "transfer"}, {"info", info}}).result, Rebuild::unknown);
}

TEST(JsonParsed, WrongTypesAreMalformed) {
    const auto transfer = [](const json::value& amount, const json::value& source) {
        return rebuild(kToken, {{"type", "transfer"},
                                {"info",
                                 {{"source", source},
                                  {"destination", kKeys[1]},
                                  {"authority", kKeys[2]},
                                  {"amount", amount}}}});
    };
    EXPECT_EQ(transfer("5", json::value(kKeys[0])).result, Rebuild::done);
    EXPECT_EQ(transfer("-5", json::value(kKeys[0])).fault.code, "number_out_of_range");
    EXPECT_EQ(transfer("18446744073709551616", json::value(kKeys[0])).fault.code,
              "number_out_of_range");
    EXPECT_EQ(transfer(5, json::value(kKeys[0])).fault.code, "wrong_type");
    EXPECT_EQ(transfer("5", "nokey").fault.code, "bad_pubkey");
    EXPECT_EQ(transfer("5", 7).result, Rebuild::malformed);
    EXPECT_EQ(rebuild(kToken, {{"type", 3}, {"info", {}}}).result, Rebuild::malformed);
}

// ── Real jsonParsed documents ───────────────────────────────────────────────────────────────────

TEST(JsonParsed, RealVotesAreVotes) {
    BlockParser parser;
    const auto block = parser.parse_block(share("blocks/chainstorage_block_v2.json"));
    ASSERT_TRUE(block) << block.error().text();
    ASSERT_EQ(block->transactions.size(), 10U);
    EXPECT_TRUE(block->skipped.empty());
    EXPECT_EQ(std::ranges::count_if(block->transactions, &Transaction::is_vote), 6);
    for (const Transaction& tx : block->transactions)
        EXPECT_TRUE(!tx.is_vote || tx.fee_lamports == 5000U);
    EXPECT_EQ(to_text(*block->leader()), "DDnAqxJVFo2GVTujibHt5cjevHMSE9bo8HJaydHoshdp");
}

TEST(JsonParsed, RealSwapAttempt) {
    BlockParser parser;
    const auto block = parser.parse_block(share("blocks/chainstorage_block_241043141_v2.json"));
    ASSERT_TRUE(block) << block.error().text();
    ASSERT_EQ(block->transactions.size(), 1U);
    const Transaction& tx = block->transactions[0];
    EXPECT_TRUE(tx.failed);
    EXPECT_EQ(tx.error, R"({"InstructionError":[3,"ProgramFailedToComplete"]})");
    EXPECT_EQ(tx.keys.size(), 25U);
    EXPECT_TRUE(tx.balances_consistent);
    // createAccountWithSeed of a wrapped SOL account, as the chain has it.
    const Instruction& create = tx.instructions[0];
    EXPECT_EQ(to_text(tx.program_of(create)), kSystem);
    EXPECT_EQ(to_hex(tx.data_of(create)).substr(0, 8), "03000000");
    EXPECT_EQ(to_text(*tx.account(create, 1)), "9k9M5UZqZwSviDhPyK4QAcxgvCboCY1zMboVb8VMqp7W");
    // getAccountDataSize is the one type that is not rebuilt.
    EXPECT_EQ(std::ranges::count_if(tx.instructions, &Instruction::opaque), 1);
}

TEST(JsonParsed, AKeyTheTransactionHasNotLeavesItOut) {
    json::value block = test::parse(share("blocks/chainstorage_block_241043141_v2.json"));
    auto& ix = block.at("transactions").at(0).at("transaction").at("message").at("instructions");
    ix.at(0).as_object()["programId"] = kKeys[2];
    BlockParser parser;
    const auto parsed = parser.parse_block(json::serialize(block));
    ASSERT_TRUE(parsed);
    ASSERT_EQ(parsed->skipped.size(), 1U);
    EXPECT_EQ(parsed->skipped[0].code, "account_not_in_keys");
}

}  // namespace
}  // namespace astro::solana
