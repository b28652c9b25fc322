#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/numbers.hpp"
#include "foundation/base/result.hpp"

/// A real block as text, cut at its transactions, so that a block with other neighbours is written
/// by copying pieces and not by building three megabytes of JSON anew.
namespace astro::mev::synthetic {

class BlockText {
  public:
    /// Takes a getBlock result, bare or inside {"result": …} or {"block": …}. Refusal "not_a_block"
    /// when no list of transactions is found; the byte is named.
    static Result<BlockText> cut(std::string text);

    [[nodiscard]] std::size_t size() const { return transactions_.size(); }
    [[nodiscard]] Slot slot() const { return slot_; }
    [[nodiscard]] std::int64_t time_seconds() const { return time_; }
    /// Rewards as they stand, "[]" when there are none.
    [[nodiscard]] std::string_view rewards() const { return rewards_; }

    /// Appends one transaction; with a salt its signature is another, still a valid one.
    void append(std::string& out, std::size_t index, std::uint64_t salt) const;

  private:
    struct Piece {
        std::size_t begin = 0, end = 0;
        std::size_t signature = 0;  ///< of the first signature's text; 0 = none found
    };
    [[nodiscard]] std::string_view member(std::string_view name) const;

    std::string text_;
    std::vector<Piece> transactions_;
    std::size_t head_end_ = 0, tail_begin_ = 0;
    Slot slot_;
    std::int64_t time_ = 0;
    std::string rewards_ = "[]";
};

/// The members of a block besides its transactions.
struct BlockHead {
    Slot slot, parent;
    std::string blockhash, previous_blockhash, rewards = "[]", synthetic;
    std::int64_t time_seconds = 0;
};

/// Opens a block: everything up to and with the '[' of the transactions; close with "]}".
void append_head(std::string& out, const BlockHead& head);

}  // namespace astro::mev::synthetic
