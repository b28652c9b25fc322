#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "chains/solana/json_fields.hpp"
#include "chains/solana/model.hpp"

namespace astro::solana {

/// Reads one entry of a block's transactions (or a getTransaction result): {"transaction", "meta",
/// "version"} in encodings json, jsonParsed, base64 and base58. Keeps its scratch between calls;
/// not thread-safe.
///
/// Of vote transactions only the head is read (signature, keys, fee, lamports, compute units,
/// error): their instructions keep programs and accounts but no data, logs and token balances stay
/// empty.
class TransactionReader {
  public:
    explicit TransactionReader(FieldReader& fields) : in_(fields) {}

    /// False when the entry is malformed; the reason is then in the field reader's fault, and `out`
    /// is unspecified.
    [[nodiscard]] bool read(JsonValue entry, Transaction& out);

  private:
    /// An instruction whose base58 data waits until it is known to be wanted.
    struct Pending {
        Instruction ix;
        std::string_view data;
        std::size_t byte = 0;
    };
    /// The instructions called by one outer one: a slice of inner_.
    struct Group {
        std::uint16_t outer = 0;
        std::size_t begin = 0, count = 0;
    };

    void reset();
    bool read_version(JsonValue version);
    bool read_encoded(JsonValue body);
    bool read_wire(std::string_view text, std::string_view encoding, JsonValue at);
    bool read_decoded(JsonValue body);
    bool read_signatures(JsonValue signatures);
    bool read_keys(JsonValue keys);
    bool read_key_object(JsonValue key, bool& is_static);
    bool read_header(JsonValue header);
    bool read_lookups(JsonValue lookups);
    bool read_instruction(JsonValue value, Pending& out);
    bool read_compiled_accounts(JsonValue accounts, Instruction& ix);
    bool read_named_accounts(JsonValue accounts, Instruction& ix);
    bool read_parsed(JsonValue parsed, const Pubkey& program, Instruction& ix);
    bool key_index(const Pubkey& key, JsonValue at, std::uint16_t& out);
    bool read_meta(JsonValue meta);
    bool read_loaded(JsonValue loaded);
    bool read_error(JsonValue error);
    bool read_lamports(JsonValue values, std::vector<std::uint64_t>& out);
    bool read_token_balances(JsonValue values, std::vector<TokenBalance>& out);
    bool read_token_balance(JsonValue value, TokenBalance& out);
    bool read_inner(JsonValue groups);
    bool read_inner_group(JsonValue group);
    bool read_logs(JsonValue logs, Transaction& out);

    bool calls_only_vote() const;
    bool order_groups();
    void normalise_heights(const Group& group);
    bool emit(Pending& pending);
    bool flatten();
    bool finish();

    FieldReader& in_;
    Transaction tx_;  ///< scratch: copied out at its exact size
    std::vector<Pending> outer_, inner_;
    std::vector<Group> groups_;
    JsonValue logs_;
    std::optional<std::size_t> lookups_;  ///< addresses taken from tables, when the message says so
};

}  // namespace astro::solana
