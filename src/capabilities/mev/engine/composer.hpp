#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "capabilities/mev/engine/model.hpp"

/// Findings that tell the same story become one.
///
/// An actor's swap (any leg but a victim's) counts in at most one finding. Of two that share one
/// the stronger stands and absorbs the other: realised before attempted, then sandwich before
/// liquidation before arbitrage, then the larger net gain. The absorbed one's id goes to `merged`
/// and a sentence to `reasons`; the confidence is the larger of the two. A swap that is a victim in
/// one finding may be the actor's own in another: being sandwiched does not undo an arbitrage.
/// A finding that comes again under its id (a sandwich that went on in a later block) replaces what
/// it said before and keeps what it had absorbed.
namespace astro::mev {

struct ComposerConfig {
    std::size_t remembered_findings_max = 20'000;
    std::uint64_t window_slots = 64;  ///< how far back a late finding may absorb an earlier one
};

struct Composed {
    std::vector<Finding> findings;        ///< ordered by the place of their last leg
    std::vector<std::string> superseded;  ///< given out before under another id, now absorbed
};

/// Not thread-safe.
class Composer {
  public:
    explicit Composer(ComposerConfig config = {}) : config_(config) {}

    /// `candidates` in any order; the result does not depend on it.
    [[nodiscard]] Composed compose(std::vector<Finding> candidates);
    void drop_slot(Slot slot);

  private:
    /// Where an actor's leg stands; the same for every finding it is part of.
    struct Place {
        Slot slot;
        std::uint32_t tx_index = 0;
        std::uint16_t ix_index = 0;
        std::int16_t inner_index = 0;
        auto operator<=>(const Place&) const = default;
    };
    struct PlaceHash {
        std::size_t operator()(const Place& p) const noexcept;
    };
    /// Orders findings by strength; larger is stronger.
    struct Rank {
        int realised = 0, kind = 0;
        std::int64_t net = 0;
        auto operator<=>(const Rank&) const = default;
    };
    struct Remembered {
        std::string id;
        FindingKind kind = FindingKind::arbitrage;
        Rank rank;
        double confidence = 0;
        std::vector<Place> places;
        std::vector<std::string> merged;
        Slot slot;
        bool standing = true;
    };

    static std::vector<Place> places_of(const Finding& f);
    static Rank rank_of(const Finding& f);
    static void absorb(Finding& f, const std::string& id, FindingKind kind, double confidence);
    [[nodiscard]] std::optional<std::uint64_t> user_of(const Place& p) const;
    [[nodiscard]] bool yields_to_earlier(const Finding& f, const std::vector<Place>& places) const;
    void absorb_earlier(Finding& f, const std::vector<Place>& places,
                        std::vector<std::string>& superseded);
    void settle(Finding f, std::uint64_t batch_begin,
                std::unordered_map<std::uint64_t, std::size_t>& index_of, Composed& out);
    void remember(const Finding& f, std::vector<Place> places);
    void forget_oldest();

    ComposerConfig config_;
    std::deque<Remembered> remembered_;
    std::uint64_t first_number_ = 0;                             ///< of remembered_.front()
    std::unordered_map<Place, std::uint64_t, PlaceHash> users_;  ///< number of the finding
    Slot newest_;
};

}  // namespace astro::mev
