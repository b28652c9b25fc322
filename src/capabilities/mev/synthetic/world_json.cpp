/// How a node would report a made-up transaction.
#include "capabilities/mev/engine/wording.hpp"
#include "capabilities/mev/synthetic/world.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/json.hpp"

namespace astro::mev::synthetic {
namespace {

/// Writes `separator` between items.
class Items {
  public:
    explicit Items(std::string& out) : out_(out) {}
    std::string& next() {
        if (!first_) out_ += ',';
        first_ = false;
        return out_;
    }

  private:
    std::string& out_;
    bool first_ = true;
};

}  // namespace

void TransactionWriter::write_keys(std::string& out, std::size_t begin, std::size_t end) const {
    Items items(out);
    for (auto i = begin; i < end; ++i) items.next() += "\"" + to_text(keys_[i]) + "\"";
}

void TransactionWriter::write_instruction(std::string& out, const Written& ix) const {
    out += "{\"programIdIndex\":" + std::to_string(index_of(ix.program)) + ",\"accounts\":[";
    Items items(out);
    for (const auto& a : ix.accounts) items.next() += std::to_string(index_of(a));
    out += "],\"data\":\"" + to_base58(ix.data) + "\",\"stackHeight\":";
    out += manner_.stack_heights ? std::to_string(ix.height) : "null";
    out += "}";
}

void TransactionWriter::write_message(std::string& out) const {
    const auto fixed = manner_.lookup_table ? signers_ + programs_ : keys_.size();
    out += "{\"header\":{\"numRequiredSignatures\":" + std::to_string(signers_) +
           ",\"numReadonlySignedAccounts\":0,\"numReadonlyUnsignedAccounts\":" +
           std::to_string(programs_) + "},\"accountKeys\":[";
    write_keys(out, 0, fixed);
    out += "],\"recentBlockhash\":\"" + to_text(keys_.front()) + "\",\"instructions\":[";
    Items items(out);
    for (const auto& ix : instructions_) write_instruction(items.next(), ix.self);
    out += "]";
    if (manner_.lookup_table) {
        out += ",\"addressTableLookups\":[{\"accountKey\":\"" + to_text(keys_.back()) +
               "\",\"readonlyIndexes\":[],\"writableIndexes\":[";
        Items indexes(out);
        for (auto i = fixed; i < keys_.size(); ++i) indexes.next() += std::to_string(i - fixed);
        out += "]}]";
    }
    out += "}";
}

void TransactionWriter::write_balances(std::string& out, bool after) const {
    Items items(out);
    for (const auto& k : keys_) {
        const auto& known = known_.at(k);
        const auto lamports = known.program ? 1
                              : after       ? world_.at(k).lamports
                                            : known.before.lamports;
        items.next() += std::to_string(lamports);
    }
}

void TransactionWriter::write_token_balances(std::string& out, bool after) const {
    Items items(out);
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        const auto& account = after ? world_.at(keys_[i]) : known_.at(keys_[i]).before;
        if (!account.is_token) continue;
        const auto& token = account.token;
        const auto text = decimal_text(static_cast<std::int64_t>(account.amount), token.decimals);
        items.next() += "{\"accountIndex\":" + std::to_string(i) + ",\"mint\":\"" +
                        to_text(token.mint) + "\",\"owner\":\"" + to_text(account.owner) +
                        "\",\"programId\":\"" + to_text(token.program) +
                        "\",\"uiTokenAmount\":{\"amount\":\"" + std::to_string(account.amount) +
                        "\",\"decimals\":" + std::to_string(token.decimals) +
                        ",\"uiAmount\":null,\"uiAmountString\":\"" + text + "\"}}";
    }
}

void TransactionWriter::write_meta(std::string& out, std::uint64_t fee, bool failed) const {
    out += failed ? "{\"err\":{\"InstructionError\":[0,{\"Custom\":6001}]},\"status\":{\"Err\":"
                    "{\"InstructionError\":[0,{\"Custom\":6001}]}}"
                  : "{\"err\":null,\"status\":{\"Ok\":null}";
    out += ",\"fee\":" + std::to_string(fee) + ",\"preBalances\":[";
    write_balances(out, false);
    out += "],\"postBalances\":[";
    write_balances(out, true);
    out += "],\"innerInstructions\":[";
    Items groups(out);
    for (std::size_t i = 0; i < instructions_.size(); ++i) {
        if (instructions_[i].inner.empty()) continue;
        groups.next() += "{\"index\":" + std::to_string(i) + ",\"instructions\":[";
        Items items(out);
        for (const auto& ix : instructions_[i].inner) write_instruction(items.next(), ix);
        out += "]}";
    }
    out += "],\"logMessages\":";
    if (manner_.logs) {
        append_json(out, logs_);
    } else {
        out += "null";
    }
    out += ",\"preTokenBalances\":[";
    write_token_balances(out, false);
    out += "],\"postTokenBalances\":[";
    write_token_balances(out, true);
    out += "],\"rewards\":[],\"loadedAddresses\":{\"writable\":[";
    const auto fixed = manner_.lookup_table ? signers_ + programs_ : keys_.size();
    write_keys(out, fixed, keys_.size());
    out += "],\"readonly\":[]},\"computeUnitsConsumed\":";
    out += std::to_string(45'000 + 1'371 * keys_.size()) + "}";
}

}  // namespace astro::mev::synthetic
