#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capabilities/exchange/key_memory.hpp"
#include "capabilities/exchange/snapshot.hpp"

namespace astro::exchange {

/// Whether, when and of what a running venue makes snapshots, and which one its recovery begins
/// with. The journal is kept whole, so that a snapshot only ever saves time. Of one thread.
class Snapshots {
  public:
    /// `every`: commands from one to the next; 0: only when asked.
    Snapshots(std::string directory, std::uint64_t every)
        : directory_(std::move(directory)), every_(every) {}

    struct Recovered {
        std::unique_ptr<Venue> venue;
        journal::Sequence sequence{};  ///< of the last command that it has seen
        std::vector<KeyMemory::Remembered> keys;
    };
    /// The newest one that can be used and has seen nothing behind `not_after`; a damaged one is
    /// passed over, and trouble() says so.
    [[nodiscard]] Result<std::optional<Recovered>> recover(journal::Sequence not_after);

    struct Moment {
        const Venue& venue;
        journal::Sequence sequence;  ///< of the command that was applied last
        const KeyMemory& keys;
    };
    using Done = std::function<void(const Result<void>&)>;
    /// One is made by the next step(), or by that after the one that is under way.
    void ask(Done done) { asked_.push_back(std::move(done)); }
    /// Between two groups: ends what is done and begins what is due; never waits.
    void step(const Moment& moment);
    /// Makes one of this moment and waits for it, unless there is one.
    [[nodiscard]] Result<void> finish(const Moment& moment);

    [[nodiscard]] bool is_under_way() const { return job_.has_value(); }
    [[nodiscard]] journal::Sequence newest() const { return newest_; }
    /// Of the last one that failed or was damaged; empty when all is well.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

  private:
    void begin(const Moment& moment);
    void end();

    const std::string directory_;
    const std::uint64_t every_;
    std::optional<SnapshotJob> job_;
    journal::Sequence begun_{}, newest_{};
    std::vector<Done> asked_, waiting_;  ///< for the next one, for the one that is under way
    std::string trouble_;
};

}  // namespace astro::exchange
