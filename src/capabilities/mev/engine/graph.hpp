#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "chains/solana/activity.hpp"
#include "foundation/base/numbers.hpp"

/// The pools whose reserves are known from their last swap, as a graph of tokens.
///
/// A constant-product pool is known as a whole. Of a concentrated pool only the neighbourhood of
/// its price is: there it behaves like a constant-product pool with the virtual reserves L/√P and
/// L·√P, and `cap_in` keeps a trade so small (a quarter of a per cent of √P) that it stays there.
/// Adding and removing liquidity shows at the next swap only, so what was seen long ago is
/// forgotten.
namespace astro::mev {

struct GraphConfig {
    std::size_t pools_max = 4'096;    ///< the longest unseen make way
    std::uint64_t window_slots = 64;  ///< pools without a swap for longer are left out
};

inline constexpr std::uint8_t kSides[] = {0, 1};

/// A pool's state after its last swap; side 0 and side 1 are its two tokens.
struct Venue {
    solana::Pubkey pool;
    solana::Protocol protocol = solana::Protocol::unknown_amm;
    solana::Pubkey mint[2];
    std::uint64_t reserve[2] = {0, 0};
    std::uint64_t cap_in[2] = {UINT64_MAX, UINT64_MAX};
    std::uint32_t fee_ppm = 0;
    bool exact = false;  ///< from the program's own log
    bool concentrated = false;
    bool known = true;    ///< false once it moved to where we cannot follow
    solana::Position at;  ///< of the swap that left it so
    solana::Signature signature;
};

/// The state a swap leaves behind; none when it is not known well enough to price another trade.
[[nodiscard]] std::optional<Venue> venue_after(const solana::Swap& swap);

/// What `side` → other side gives for `amount_in`: fee taken from the input rounded up, output
/// rounded down, as the programs do. 0 when nothing comes out.
[[nodiscard]] std::uint64_t quote_out(const Venue& venue, int side, std::uint64_t amount_in);

/// One step of a path: into `venue` with the token of `side`.
struct Step {
    std::uint32_t venue = 0;
    std::uint8_t side = 0;
    auto operator<=>(const Step&) const = default;
};

/// Not thread-safe. Order of everything it returns depends only on the blocks seen.
class PoolGraph {
  public:
    explicit PoolGraph(GraphConfig config = {}) : config_(config) {}

    /// Takes in a block; returns the venues it touched, each once, in order of first touch.
    std::vector<std::uint32_t> on_block(const solana::BlockActivity& block);
    void drop_slot(Slot slot);

    [[nodiscard]] const Venue& venue(std::uint32_t id) const { return venues_[id]; }
    [[nodiscard]] std::size_t size() const { return venues_.size(); }
    /// Steps that lead away from `mint`, the pools that moved last first. Stale ones are among
    /// them: ask fresh().
    [[nodiscard]] std::span<const Step> steps_from(const solana::Pubkey& mint) const;
    [[nodiscard]] bool fresh(const Venue& v) const {
        return v.known && v.at.slot.value() + config_.window_slots >= newest_slot_;
    }

  private:
    std::optional<std::uint32_t> take(const solana::Swap& swap);
    void move_to_front(std::uint32_t id);
    void compact();

    GraphConfig config_;
    std::vector<Venue> venues_;
    std::unordered_map<solana::Pubkey, std::uint32_t> id_of_pool_;
    std::unordered_map<solana::Pubkey, std::vector<Step>> steps_;
    std::uint64_t newest_slot_ = 0;
};

}  // namespace astro::mev
