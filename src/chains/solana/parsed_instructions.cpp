#include "chains/solana/parsed_instructions.hpp"

#include <limits>
#include <span>

namespace astro::solana {
namespace {

/// What follows the tag in an instruction's data, by the member it is taken from.
enum class Arg : std::uint8_t {
    none,
    amount,        // "amount": text → u64
    token_amount,  // "tokenAmount": {amount, decimals} → u64, u8
    fee_amount,    // "feeAmount": {amount, …} → u64
    lamports,      // number → u64
    space,         // number → u64
    owner,         // key
    base,          // key
    source_owner,  // key
    seed,          // text → u64 length, bytes
    source_seed,   // likewise
};

/// Who signs: one key, or a multisig account followed by its signers.
struct Authority {
    std::string_view single, multisig;
};

struct Recipe {
    std::string_view type;
    std::array<std::uint8_t, 4> tag;
    std::size_t tag_size;
    std::array<std::string_view, 6> accounts;
    Authority authority;
    std::array<Arg, 5> args;
};

constexpr Authority kNobody{};
constexpr Authority kAuthority{"authority", "multisigAuthority"};
constexpr Authority kMintAuthority{"mintAuthority", "multisigMintAuthority"};
constexpr Authority kOwner{"owner", "multisigOwner"};

constexpr Recipe kToken[] = {
    {"transfer", {3}, 1, {"source", "destination"}, kAuthority, {Arg::amount}},
    {"transferChecked",
     {12},
     1,
     {"source", "mint", "destination"},
     kAuthority,
     {Arg::token_amount}},
    {"transferCheckedWithFee",
     {26, 1},
     2,
     {"source", "mint", "destination"},
     kAuthority,
     {Arg::token_amount, Arg::fee_amount}},
    {"mintTo", {7}, 1, {"mint", "account"}, kMintAuthority, {Arg::amount}},
    {"mintToChecked", {14}, 1, {"mint", "account"}, kMintAuthority, {Arg::token_amount}},
    {"burn", {8}, 1, {"account", "mint"}, kAuthority, {Arg::amount}},
    {"burnChecked", {15}, 1, {"account", "mint"}, kAuthority, {Arg::token_amount}},
    {"closeAccount", {9}, 1, {"account", "destination"}, kOwner, {}},
    {"initializeAccount", {1}, 1, {"account", "mint", "owner", "rentSysvar"}, kNobody, {}},
    {"initializeAccount2", {16}, 1, {"account", "mint", "rentSysvar"}, kNobody, {Arg::owner}},
    {"initializeAccount3", {18}, 1, {"account", "mint"}, kNobody, {Arg::owner}},
    {"initializeImmutableOwner", {22}, 1, {"account"}, kNobody, {}},
    {"syncNative", {17}, 1, {"account"}, kNobody, {}},
};

constexpr Recipe kSystem[] = {
    {"transfer", {2}, 4, {"source", "destination"}, kNobody, {Arg::lamports}},
    {"createAccount",
     {0},
     4,
     {"source", "newAccount"},
     kNobody,
     {Arg::lamports, Arg::space, Arg::owner}},
    {"assign", {1}, 4, {"account"}, kNobody, {Arg::owner}},
    {"allocate", {8}, 4, {"account"}, kNobody, {Arg::space}},
    {"createAccountWithSeed",
     {3},
     4,
     {"source", "newAccount", "base"},
     kNobody,
     {Arg::base, Arg::seed, Arg::lamports, Arg::space, Arg::owner}},
    {"transferWithSeed",
     {11},
     4,
     {"source", "sourceBase", "destination"},
     kNobody,
     {Arg::lamports, Arg::source_seed, Arg::source_owner}},
    {"advanceNonce",
     {4},
     4,
     {"nonceAccount", "recentBlockhashesSysvar", "nonceAuthority"},
     kNobody,
     {}},
};

constexpr Recipe kAssociatedToken[] = {
    {"create",
     {},
     0,
     {"source", "account", "wallet", "mint", "systemProgram", "tokenProgram"},
     kNobody,
     {}},
    {"createIdempotent",
     {1},
     1,
     {"source", "account", "wallet", "mint", "systemProgram", "tokenProgram"},
     kNobody,
     {}},
};

std::span<const Recipe> recipes_of(const Pubkey& program) {
    static const Pubkey token = pubkey_literal("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
    static const Pubkey token_2022 = pubkey_literal("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
    static const Pubkey system = pubkey_literal("11111111111111111111111111111111");
    static const Pubkey associated = pubkey_literal("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
    if (program == token || program == token_2022) return kToken;
    if (program == system) return kSystem;
    if (program == associated) return kAssociatedToken;
    return {};
}

/// Builds one instruction from the members of `info`.
class Builder {
  public:
    Builder(JsonValue info, FieldReader& in, RawInstruction& out)
        : info_(info), in_(in), out_(out) {}

    Rebuild build(const Recipe& recipe) {
        out_.data.assign(recipe.tag.begin(), recipe.tag.begin() + recipe.tag_size);
        bool good = true;
        for (const std::string_view name : recipe.accounts)
            if (!name.empty()) good = good && add_account(name);
        if (!recipe.authority.single.empty()) good = good && add_authority(recipe.authority);
        for (const Arg arg : recipe.args) good = good && add_arg(arg);
        if (good) return Rebuild::done;
        return missing_ ? Rebuild::unknown : Rebuild::malformed;
    }

  private:
    JsonValue find(JsonValue object, std::string_view name) const {
        for (const JsonField field : object.fields())
            if (field.key == name) return field.value;
        return {};
    }
    /// False, and remembered, when the description lacks the member.
    bool require(JsonValue object, std::string_view name, JsonValue& out) {
        out = find(object, name);
        if (!out.has_value()) missing_ = true;
        return out.has_value();
    }

    bool add_account(std::string_view name) {
        JsonValue value;
        if (!require(info_, name, value) || !in_.pubkey(value, name, out_.accounts.emplace_back()))
            return false;
        // Wallets list the base of a seed only when it is another account than the payer.
        if (name == "base" && out_.accounts.back() == out_.accounts.front())
            out_.accounts.pop_back();
        return true;
    }

    bool add_authority(const Authority& authority) {
        if (find(info_, authority.single).has_value()) return add_account(authority.single);
        JsonValue signers;
        if (!add_account(authority.multisig) || !require(info_, "signers", signers)) return false;
        if (!in_.expect_array(signers, "signers")) return false;
        for (const JsonValue signer : signers.items())
            if (!in_.pubkey(signer, "signer", out_.accounts.emplace_back())) return false;
        return true;
    }

    bool add_arg(Arg arg) {
        switch (arg) {
            case Arg::none:
                return true;
            case Arg::amount:
                return add_amount(info_);
            case Arg::token_amount:
                return add_token_amount();
            case Arg::fee_amount: {
                JsonValue fee;
                return require(info_, "feeAmount", fee) && add_amount(fee);
            }
            case Arg::lamports:
                return add_number("lamports");
            case Arg::space:
                return add_number("space");
            case Arg::owner:
                return add_key("owner");
            case Arg::base:
                return add_key("base");
            case Arg::source_owner:
                return add_key("sourceOwner");
            case Arg::seed:
                return add_text("seed");
            case Arg::source_seed:
                return add_text("sourceSeed");
        }
        return false;
    }

    void put_u64(std::uint64_t value) {
        for (unsigned shift = 0; shift < 64; shift += 8)
            out_.data.push_back(static_cast<std::uint8_t>(value >> shift));
    }

    bool add_amount(JsonValue object) {
        JsonValue value;
        std::uint64_t amount = 0;
        if (!require(object, "amount", value) || !in_.amount_text(value, "amount", amount))
            return false;
        put_u64(amount);
        return true;
    }

    bool add_token_amount() {
        JsonValue token_amount, decimals;
        std::uint8_t places = 0;
        if (!require(info_, "tokenAmount", token_amount) || !add_amount(token_amount) ||
            !require(token_amount, "decimals", decimals) ||
            !in_.number_as(decimals, "decimals", 255, places))
            return false;
        out_.data.push_back(places);
        return true;
    }

    bool add_number(std::string_view name) {
        JsonValue value;
        std::uint64_t number = 0;
        if (!require(info_, name, value) ||
            !in_.number(value, name, std::numeric_limits<std::uint64_t>::max(), number))
            return false;
        put_u64(number);
        return true;
    }

    bool add_key(std::string_view name) {
        JsonValue value;
        Pubkey key;
        if (!require(info_, name, value) || !in_.pubkey(value, name, key)) return false;
        out_.data.insert(out_.data.end(), key.bytes.begin(), key.bytes.end());
        return true;
    }

    bool add_text(std::string_view name) {
        JsonValue value;
        std::string_view raw;
        if (!require(info_, name, value) || !in_.text(value, name, raw)) return false;
        const std::string text = value.string();
        put_u64(text.size());
        out_.data.insert(out_.data.end(), text.begin(), text.end());
        return true;
    }

    JsonValue info_;
    FieldReader& in_;
    RawInstruction& out_;
    bool missing_ = false;
};

}  // namespace

Rebuild rebuild_instruction(const Pubkey& program, JsonValue parsed, FieldReader& in,
                            RawInstruction& out) {
    const auto recipes = recipes_of(program);
    if (recipes.empty() || !parsed.is_object()) return Rebuild::unknown;
    static constexpr std::array<std::string_view, 2> kNames{"type", "info"};
    std::array<JsonValue, 2> members;
    std::string_view type;
    if (!in.collect(parsed, kNames, members) || !in.text(members[0], "type of a parsed one", type))
        return Rebuild::malformed;
    for (const Recipe& recipe : recipes)
        if (recipe.type == type && members[1].present())
            return Builder(members[1], in, out).build(recipe);
    return Rebuild::unknown;
}

}  // namespace astro::solana
