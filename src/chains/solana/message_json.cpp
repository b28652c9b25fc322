// The message half of TransactionReader: signatures, keys and instructions of json and jsonParsed.
#include "chains/solana/parsed_instructions.hpp"
#include "chains/solana/transaction_json.hpp"

namespace astro::solana {

bool TransactionReader::read_decoded(JsonValue body) {
    enum { kSignatures, kMessage, kBodyCount };
    static constexpr std::array<std::string_view, kBodyCount> kBody{"signatures", "message"};
    std::array<JsonValue, kBodyCount> parts;
    if (!in_.collect(body, kBody, parts)) return false;
    if (!parts[kMessage].present()) return in_.fail("missing_field", "message is missing");
    enum { kHeader, kKeys, kInstructions, kLookups, kCount };
    static constexpr std::array<std::string_view, kCount> kNames{
        "header", "accountKeys", "instructions", "addressTableLookups"};
    std::array<JsonValue, kCount> members;
    if (!in_.collect(parts[kMessage], kNames, members)) return false;
    if (!read_signatures(parts[kSignatures]) || !read_keys(members[kKeys])) return false;
    if (members[kHeader].has_value() && !read_header(members[kHeader])) return false;
    if (members[kLookups].has_value() && !read_lookups(members[kLookups])) return false;
    if (tx_.signature_count > tx_.static_key_count)
        return in_.fail("signature_count_mismatch", "more signatures than account keys");
    if (!in_.expect_array(members[kInstructions], "instructions")) return false;
    for (const JsonValue value : members[kInstructions].items()) {
        if (outer_.size() > 0xFFFF) return in_.fail("too_many_instructions", "more than 65535");
        Pending& pending = outer_.emplace_back();
        pending.ix.outer_index = static_cast<std::uint16_t>(outer_.size() - 1);
        if (!read_instruction(value, pending)) return false;
        pending.ix.stack_height = 1;
    }
    return true;
}

bool TransactionReader::read_signatures(JsonValue signatures) {
    if (!in_.expect_array(signatures, "signatures")) return false;
    std::size_t count = 0;
    for (const JsonValue value : signatures.items()) {
        if (count++ > 0) continue;
        std::string_view text;
        if (!in_.text(value, "signature", text)) return false;
        if (!decode_base58_fixed(text, tx_.signature.bytes))
            return in_.fail("bad_signature", "a signature is not the base58 of 64 bytes", value);
    }
    if (count == 0 || count > 127)
        return in_.fail("signature_count_mismatch", "the number of signatures is not 1 to 127",
                        signatures);
    tx_.signature_count = static_cast<std::uint8_t>(count);
    return true;
}

bool TransactionReader::read_keys(JsonValue keys) {
    if (!in_.expect_array(keys, "accountKeys")) return false;
    for (const JsonValue value : keys.items()) {
        bool is_static = true;
        if (value.is_object()) {
            if (!read_key_object(value, is_static)) return false;
        } else if (!in_.pubkey(value, "account key", tx_.keys.emplace_back())) {
            return false;
        }
        if (!is_static) continue;
        if (tx_.static_key_count + 1U < tx_.keys.size())
            return in_.fail("wrong_type", "a key of the message behind looked-up ones", value);
        ++tx_.static_key_count;
    }
    if (tx_.keys.empty()) return in_.fail("missing_field", "there are no account keys", keys);
    return true;
}

/// jsonParsed: {"pubkey", "signer", "source", "writable"}; looked-up keys stand in the same list.
bool TransactionReader::read_key_object(JsonValue key, bool& is_static) {
    enum { kPubkey, kSource, kCount };
    static constexpr std::array<std::string_view, kCount> kNames{"pubkey", "source"};
    std::array<JsonValue, kCount> members;
    if (!in_.collect(key, kNames, members)) return false;
    if (members[kSource].has_value()) {
        std::string_view source;
        if (!in_.text(members[kSource], "source", source)) return false;
        is_static = source != "lookupTable";
    }
    return in_.pubkey(members[kPubkey], "account key", tx_.keys.emplace_back());
}

bool TransactionReader::read_header(JsonValue header) {
    static constexpr std::array<std::string_view, 1> kNames{"numRequiredSignatures"};
    std::array<JsonValue, 1> members;
    std::uint64_t required = 0;
    if (!in_.collect(header, kNames, members) ||
        !in_.number(members[0], "numRequiredSignatures", 255, required))
        return false;
    if (required == tx_.signature_count) return true;
    return in_.fail("signature_count_mismatch",
                    std::to_string(tx_.signature_count) + " signatures where the header asks for " +
                        std::to_string(required),
                    header);
}

bool TransactionReader::read_lookups(JsonValue lookups) {
    if (!in_.expect_array(lookups, "addressTableLookups")) return false;
    static constexpr std::array<std::string_view, 2> kNames{"writableIndexes", "readonlyIndexes"};
    lookups_ = 0;
    for (const JsonValue lookup : lookups.items()) {
        std::array<JsonValue, 2> indexes;
        if (!in_.collect(lookup, kNames, indexes)) return false;
        for (const JsonValue list : indexes) {
            if (!in_.expect_array(list, "indexes of a table lookup")) return false;
            *lookups_ += list.size_hint();
        }
    }
    return true;
}

bool TransactionReader::read_instruction(JsonValue value, Pending& out) {
    enum { kProgramIndex, kAccounts, kData, kHeight, kParsed, kProgramId, kCount };
    static constexpr std::array<std::string_view, kCount> kNames{
        "programIdIndex", "accounts", "data", "stackHeight", "parsed", "programId"};
    std::array<JsonValue, kCount> members;
    if (!in_.collect(value, kNames, members)) return false;
    out.byte = value.byte();
    Instruction& ix = out.ix;
    if (members[kHeight].has_value() &&
        !in_.number_as(members[kHeight], "stackHeight", 255, ix.stack_height))
        return false;
    if (members[kProgramIndex].present()) {
        if (!in_.number_as(members[kProgramIndex], "programIdIndex", 0xFFFF, ix.program_index) ||
            !read_compiled_accounts(members[kAccounts], ix))
            return false;
        return in_.text(members[kData], "instruction data", out.data);
    }
    Pubkey program;
    if (!in_.pubkey(members[kProgramId], "programId", program) ||
        !key_index(program, members[kProgramId], ix.program_index))
        return false;
    if (members[kParsed].present()) return read_parsed(members[kParsed], program, ix);
    return read_named_accounts(members[kAccounts], ix) &&
           in_.text(members[kData], "instruction data", out.data);
}

bool TransactionReader::read_compiled_accounts(JsonValue accounts, Instruction& ix) {
    if (!in_.expect_array(accounts, "accounts of an instruction")) return false;
    ix.accounts_begin = static_cast<std::uint32_t>(tx_.account_pool.size());
    for (const JsonValue account : accounts.items())
        if (!in_.number_as(account, "account index", 0xFFFF, tx_.account_pool.emplace_back()))
            return false;
    const std::size_t count = tx_.account_pool.size() - ix.accounts_begin;
    if (count > 0xFFFF) return in_.fail("too_many_accounts", "more than 65535", accounts);
    ix.accounts_count = static_cast<std::uint16_t>(count);
    return true;
}

bool TransactionReader::read_named_accounts(JsonValue accounts, Instruction& ix) {
    if (!in_.expect_array(accounts, "accounts of an instruction")) return false;
    ix.accounts_begin = static_cast<std::uint32_t>(tx_.account_pool.size());
    for (const JsonValue account : accounts.items()) {
        Pubkey key;
        if (!in_.pubkey(account, "account", key) ||
            !key_index(key, account, tx_.account_pool.emplace_back()))
            return false;
    }
    const std::size_t count = tx_.account_pool.size() - ix.accounts_begin;
    if (count > 0xFFFF) return in_.fail("too_many_accounts", "more than 65535", accounts);
    ix.accounts_count = static_cast<std::uint16_t>(count);
    return true;
}

bool TransactionReader::key_index(const Pubkey& key, JsonValue at, std::uint16_t& out) {
    for (std::size_t i = 0; i < tx_.keys.size() && i <= 0xFFFF; ++i)
        if (tx_.keys[i] == key) {
            out = static_cast<std::uint16_t>(i);
            return true;
        }
    return in_.fail("account_not_in_keys", "an instruction names a key the transaction has not",
                    at);
}

bool TransactionReader::read_parsed(JsonValue parsed, const Pubkey& program, Instruction& ix) {
    RawInstruction raw;
    switch (rebuild_instruction(program, parsed, in_, raw)) {
        case Rebuild::malformed:
            return false;
        case Rebuild::unknown:
            ix.opaque = true;
            return true;
        case Rebuild::done:
            break;
    }
    ix.accounts_begin = static_cast<std::uint32_t>(tx_.account_pool.size());
    ix.accounts_count = static_cast<std::uint16_t>(raw.accounts.size());
    for (const Pubkey& key : raw.accounts)
        if (!key_index(key, parsed, tx_.account_pool.emplace_back())) return false;
    ix.data_begin = static_cast<std::uint32_t>(tx_.data_pool.size());
    ix.data_size = static_cast<std::uint32_t>(raw.data.size());
    tx_.data_pool.insert(tx_.data_pool.end(), raw.data.begin(), raw.data.end());
    return true;
}

}  // namespace astro::solana
