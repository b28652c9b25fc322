#pragma once

#include "capabilities/devnet/scenario_words.hpp"

namespace astro::devnet {

/// An operation, with the name that the line gives to what it makes.
struct NamedOperation {
    xdr::Operation operation;
    std::string name;
};
[[nodiscard]] Result<NamedOperation> parse_operation(Words& words, const Cast& cast);

/// A transaction as a line describes it.
struct Wanted {
    xdr::TransactionV1Envelope envelope;
    std::vector<std::string> signers, preimages;
    std::vector<std::string> names;  ///< for each operation, of what it makes
    std::optional<std::string> fee_payer;
    std::int64_t bump_fee = 0;
};

/// What the line's numbers are counted from.
struct Moment {
    std::uint64_t time_s = 0;
    std::uint32_t ledger = 0;
    std::int64_t sequence = 0;  ///< of the source
};

/// "pay bob 10 XLM and as carol data color value=red by ada + carol fee 200": operations, then
/// settings, up to `->`. Everybody whom it acts for signs, unless it says who.
[[nodiscard]] Result<Wanted> parse_transaction(Words& words, const Cast& cast,
                                               std::string_view source, const Moment& moment);

[[nodiscard]] xdr::TransactionEnvelope signed_envelope(const Wanted& wanted,
                                                       const xdr::Hash& network);

}  // namespace astro::devnet
