#include "chains/solana/transaction_json.hpp"

#include <algorithm>

#include "chains/solana/stack_heights.hpp"
#include "chains/solana/wire.hpp"

namespace astro::solana {
namespace {

constexpr std::size_t kKeysMax = 256;  // account indexes are bytes on the chain

const Pubkey& vote_program() {
    static const Pubkey key = pubkey_literal("Vote111111111111111111111111111111111111111");
    return key;
}

}  // namespace

bool TransactionReader::read(JsonValue entry, Transaction& out) {
    enum { kTransaction, kMeta, kVersion, kCount };
    static constexpr std::array<std::string_view, kCount> kNames{"transaction", "meta", "version"};
    std::array<JsonValue, kCount> members;
    reset();
    if (!in_.collect(entry, kNames, members)) return false;
    const JsonValue body = members[kTransaction];
    if (!body.present()) return in_.fail("missing_field", "transaction is missing");
    if (!read_version(members[kVersion])) return false;
    if (!(body.is_object() ? read_decoded(body) : read_encoded(body))) return false;
    tx_.is_vote = calls_only_vote();
    if (members[kMeta].has_value() && !read_meta(members[kMeta])) return false;
    if (!finish()) return false;
    out = tx_;
    if (!read_logs(logs_, out)) return false;
    fill_heights_from_logs(out);
    return true;
}

void TransactionReader::reset() {
    tx_.keys.clear();
    tx_.pre_lamports.clear();
    tx_.post_lamports.clear();
    tx_.pre_tokens.clear();
    tx_.post_tokens.clear();
    tx_.instructions.clear();
    tx_.account_pool.clear();
    tx_.data_pool.clear();
    tx_.error.clear();
    tx_.signature = {};
    tx_.signature_count = 0;
    tx_.version = -1;
    tx_.failed = tx_.is_vote = tx_.has_meta = tx_.balances_consistent = false;
    tx_.fee_lamports = tx_.compute_units = 0;
    tx_.static_key_count = 0;
    outer_.clear();
    inner_.clear();
    groups_.clear();
    logs_ = {};
    lookups_.reset();
}

bool TransactionReader::read_version(JsonValue version) {
    if (!version.has_value()) return true;
    if (version.is_string()) {
        if (version.raw_string() == "legacy") return true;
    } else if (version.scalar() == "0") {
        tx_.version = 0;
        return true;
    }
    return in_.fail("unsupported_version", "version is neither \"legacy\" nor 0", version);
}

bool TransactionReader::read_encoded(JsonValue body) {
    if (body.is_string()) return read_wire(body.raw_string(), "base58", body);
    if (!in_.expect_array(body, "transaction")) return false;
    std::array<std::string_view, 2> parts;
    std::size_t count = 0;
    for (const JsonValue part : body.items()) {
        if (count == parts.size()) break;
        if (!in_.text(part, "encoded transaction", parts[count++])) return false;
    }
    if (count != 2) return in_.fail("wrong_type", "transaction is not [text, encoding]", body);
    return read_wire(parts[0], parts[1], body);
}

bool TransactionReader::read_wire(std::string_view text, std::string_view encoding, JsonValue at) {
    if (encoding != "base64" && encoding != "base58")
        return in_.fail(
            "unsupported_encoding",
            "encoding " + std::string(encoding.substr(0, 32)) + " is none of base64, base58", at);
    const auto bytes = encoding == "base64" ? parse_base64(text) : parse_base58(text);
    if (!bytes) return in_.fail("bad_encoding", bytes.error().text(), at);
    const auto lookups = parse_wire_transaction(*bytes, tx_);
    if (!lookups) return in_.fail("bad_wire", lookups.error().text(), at);
    lookups_ = lookups->writable + lookups->readonly;
    for (const Instruction& ix : tx_.instructions) outer_.push_back({ix, {}, at.byte()});
    tx_.instructions.clear();
    return true;
}

bool TransactionReader::calls_only_vote() const {
    if (outer_.empty()) return false;
    return std::all_of(outer_.begin(), outer_.end(), [&](const Pending& p) {
        return p.ix.program_index < tx_.keys.size() &&
               tx_.keys[p.ix.program_index] == vote_program();
    });
}

bool TransactionReader::finish() {
    const std::size_t loaded = tx_.keys.size() - tx_.static_key_count;
    if (lookups_.value_or(loaded) != loaded)
        return in_.fail("lookups_mismatch", "the message looks up " + std::to_string(*lookups_) +
                                                " addresses where " + std::to_string(loaded) +
                                                " are given");
    if (tx_.keys.size() > kKeysMax) return in_.fail("too_many_keys", "more than 256 account keys");
    if (!order_groups() || !flatten()) return false;
    tx_.balances_consistent = tx_.has_meta && tx_.pre_lamports.size() == tx_.keys.size() &&
                              tx_.post_lamports.size() == tx_.keys.size();
    for (const auto* balances : {&tx_.pre_tokens, &tx_.post_tokens})
        for (const TokenBalance& balance : *balances)
            if (balance.account_index >= tx_.keys.size())
                return in_.fail("account_index_out_of_range",
                                "token balance of account " +
                                    std::to_string(balance.account_index) + " of " +
                                    std::to_string(tx_.keys.size()));
    return true;
}

bool TransactionReader::order_groups() {
    const auto by_outer = [](const Group& a, const Group& b) { return a.outer < b.outer; };
    if (!std::is_sorted(groups_.begin(), groups_.end(), by_outer))
        std::sort(groups_.begin(), groups_.end(), by_outer);
    for (std::size_t i = 1; i < groups_.size(); ++i)
        if (groups_[i].outer == groups_[i - 1].outer)
            return in_.fail("duplicate_field", "two lists of inner instructions for index " +
                                                   std::to_string(groups_[i].outer));
    if (!groups_.empty() && groups_.back().outer >= outer_.size())
        return in_.fail("instruction_index_out_of_range",
                        "inner instructions of outer instruction " +
                            std::to_string(groups_.back().outer) + " of " +
                            std::to_string(outer_.size()));
    return true;
}

/// A callee stands one deeper than its caller, so heights start at 2 and rise by at most one. Where
/// they do not, none of the list can be trusted, and 0 says so.
void TransactionReader::normalise_heights(const Group& group) {
    const auto first = inner_.begin() + static_cast<std::ptrdiff_t>(group.begin);
    const auto last = first + static_cast<std::ptrdiff_t>(group.count);
    unsigned previous = 1;
    for (auto p = first; p != last; ++p) {
        const unsigned height = p->ix.stack_height;
        if (height < 2 || height > previous + 1) {
            for (auto q = first; q != last; ++q) q->ix.stack_height = 0;
            return;
        }
        previous = height;
    }
}

bool TransactionReader::flatten() {
    tx_.instructions.reserve(outer_.size() + inner_.size());
    auto group = groups_.begin();
    for (Pending& pending : outer_) {
        if (!emit(pending)) return false;
        if (group == groups_.end() || group->outer != pending.ix.outer_index) continue;
        normalise_heights(*group);
        for (std::size_t i = 0; i < group->count; ++i) {
            Pending& inner = inner_[group->begin + i];
            inner.ix.inner_index = static_cast<std::int16_t>(i);
            if (!emit(inner)) return false;
        }
        ++group;
    }
    return true;
}

/// Checks the instruction's indexes, decodes its data and appends it.
bool TransactionReader::emit(Pending& pending) {
    Instruction& ix = pending.ix;
    const auto accounts = tx_.accounts_of(ix);
    const std::size_t keys = tx_.keys.size();
    const auto top = std::max_element(accounts.begin(), accounts.end());
    if (ix.program_index >= keys || (top != accounts.end() && *top >= keys))
        return in_.fail("account_index_out_of_range",
                        "an instruction names account " +
                            std::to_string(ix.program_index >= keys ? ix.program_index : *top) +
                            " of " + std::to_string(keys) + " at byte " +
                            std::to_string(pending.byte));
    if (tx_.is_vote) {
        ix.data_begin = ix.data_size = 0;
    } else if (!pending.data.empty()) {
        ix.data_begin = static_cast<std::uint32_t>(tx_.data_pool.size());
        if (!decode_base58_append(pending.data, tx_.data_pool))
            return in_.fail("bad_instruction_data", "instruction data is not base58 at byte " +
                                                        std::to_string(pending.byte));
        ix.data_size = static_cast<std::uint32_t>(tx_.data_pool.size() - ix.data_begin);
    }
    tx_.instructions.push_back(ix);
    return true;
}

}  // namespace astro::solana
