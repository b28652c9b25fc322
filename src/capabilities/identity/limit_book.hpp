#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "capabilities/identity/core.hpp"
#include "capabilities/identity/engine/limit_numbers.hpp"
#include "capabilities/identity/many_readers.hpp"

namespace astro::identity {

/// The limits of addresses in force: those an administrator stored, else those of the
/// configuration. Thread-safe; reading waits for no change.
class LimitBook {
  public:
    LimitBook(Core& core, const LimitNumbers& configured)
        : core_(core), configured_(configured), numbers_(configured) {}
    Result<void> load();

    [[nodiscard]] std::shared_ptr<const LimitNumbers> now() const { return numbers_.get(); }
    /// From now on, and after a restart. "bad_limits"
    Result<void> put(const std::string& actor, const LimitNumbers& numbers);

  private:
    Core& core_;
    const LimitNumbers configured_;
    std::mutex changes_;  ///< over a change and what it does to `numbers_`
    ManyReaders<LimitNumbers> numbers_;
};

}  // namespace astro::identity
