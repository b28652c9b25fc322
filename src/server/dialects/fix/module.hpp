#pragma once

#include <memory>

#include "server/dialects/fix/acceptor.hpp"

namespace astro::fix {

/// FIX 4.4 over the venue (docs/fix.md). Made before the venue's service, so that it hears all of
/// it from where it was told last.
class Module {
  public:
    /// `path`: of its store. `clock` outlives it.
    [[nodiscard]] static Result<std::unique_ptr<Module>> open(store::SqliteOptions store,
                                                              Options options, const Clock& clock);
    /// What the venue's service tells of what it applies.
    [[nodiscard]] exchange::Listener& listener() { return ear_; }
    /// What it has to be told again.
    [[nodiscard]] journal::Sequence wanted_from() const;
    /// From here on there are sessions; all outlive it. "cannot_listen"
    [[nodiscard]] Result<void> attach(const Around& around);
    [[nodiscard]] std::uint16_t port() const { return acceptor_->port(); }
    /// After the venue, which tells it no more. Idempotent.
    void stop();

  private:
    explicit Module(Options options) : options_(std::move(options)) {}

    const Options options_;
    std::unique_ptr<SessionStore> store_;
    VenueEar ear_;
    std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace astro::fix
