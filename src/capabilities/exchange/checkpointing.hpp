#pragma once

#include <memory>
#include <optional>
#include <string>

#include "capabilities/exchange/checkpoints.hpp"
#include "capabilities/exchange/liabilities.hpp"

namespace astro::exchange {

/// When a running venue keeps the hash of its state, and that recovery leads to the same one. Of
/// one thread.
class Checkpointing {
  public:
    /// `every`: commands from one to the next; 0: none.
    [[nodiscard]] static Result<std::unique_ptr<Checkpointing>> open(const std::string& directory,
                                                                     std::uint64_t every);

    /// The next one that is known behind `sequence`; recovery stops there to compare().
    [[nodiscard]] std::optional<journal::Sequence> next_known(journal::Sequence sequence) const;
    /// "state_differs" when the commands have led to another state than they did then.
    [[nodiscard]] Result<void> compare(const Venue& venue, journal::Sequence sequence) const;

    /// Between two groups: keeps what is done and begins what is due; the state is hashed by a
    /// child process, which is not asked again before it has rested 19 times as long as it took.
    void step(const Venue& venue, journal::Sequence sequence, TimestampNs monotonic);
    /// Waits for the one that is under way.
    void finish();
    /// The same, and makes a last one, so that a venue that stands still has published where.
    void finish_with(const Venue& venue, journal::Sequence sequence);
    [[nodiscard]] bool is_under_way() const { return job_.has_value(); }
    /// Why the last one was not kept; empty when all is well.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

  private:
    Checkpointing(CheckpointFile file, crypto::SecretKey key, std::uint64_t every)
        : file_(std::move(file)), key_(std::move(key)), every_(every) {}

    CheckpointFile file_;
    crypto::SecretKey key_;
    std::uint64_t every_;
    journal::Sequence last_{};  ///< of the one that was begun last
    std::optional<CheckpointJob> job_;
    TimestampNs begun_at_{0}, not_before_{0};  ///< monotonic
    std::string trouble_;
};

}  // namespace astro::exchange
