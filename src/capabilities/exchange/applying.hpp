#pragma once

#include <memory>
#include <span>
#include <vector>

#include "capabilities/exchange/key_memory.hpp"
#include "capabilities/exchange/service.hpp"

namespace astro::exchange {

/// A command on its way through the journal.
struct Waiting {
    Submission submission;
    Service::Done done{};          ///< may be empty
    journal::Sequence sequence{};  ///< once it is durable
    TimeMs time{};
};

/// What is done with durable commands, live and while recovering: one thread.
class Applying {
  public:
    Applying(std::vector<Listener*> listeners, KeyMemory& keys)
        : listeners_(std::move(listeners)), keys_(keys) {}

    /// Applies them in order; listeners hear of those from `heard_from` on.
    void apply(std::span<Waiting> commands, journal::Sequence heard_from, bool replayed);
    /// Tells each submitter of the last apply(), and those who came with the same key.
    void acknowledge(std::span<Waiting> commands);

    /// In place of an empty one, before anything is applied.
    void begin_with(std::unique_ptr<Venue> venue) { venue_ = std::move(venue); }
    [[nodiscard]] const Venue& venue() const { return *venue_; }
    [[nodiscard]] std::uint64_t refused() const { return refused_; }

  private:
    void apply_one(const Waiting& command, Events& out);

    std::unique_ptr<Venue> venue_ = std::make_unique<Venue>();
    std::vector<Listener*> listeners_;
    KeyMemory& keys_;
    Events events_;
    std::vector<std::shared_ptr<const Events>> outcomes_;
    std::uint64_t refused_ = 0;
};

}  // namespace astro::exchange
