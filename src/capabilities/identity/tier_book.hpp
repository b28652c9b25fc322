#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "capabilities/identity/core.hpp"
#include "capabilities/identity/engine/tiers.hpp"
#include "capabilities/identity/many_readers.hpp"

namespace astro::identity {

/// The plans in force: the server's own, whose numbers an administrator may change, and those he
/// made. Thread-safe; what it answers is of memory and waits for no change.
class TierBook {
  public:
    static constexpr std::size_t kTiersMax = 64;

    explicit TierBook(Core& core);
    /// What is stored takes the place of the default of its name.
    Result<void> load();

    /// The server's own first, then the others by name.
    [[nodiscard]] std::shared_ptr<const std::vector<Tier>> all() const { return tiers_.get(); }
    /// Of a name that is not there: the server's least.
    [[nodiscard]] Tier of(std::string_view name) const;

    /// Makes or changes one, from now on. "bad_tier", "too_many_tiers"
    Result<void> put(const std::string& actor, const Tier& tier);
    /// "tier_builtin", "tier_unknown", "tier_in_use"
    Result<void> remove(const std::string& actor, const std::string& name);

  private:
    Core& core_;
    std::mutex changes_;  ///< over a change and what it does to `tiers_`
    ManyReaders<std::vector<Tier>> tiers_;
};

/// "tier_unknown". In the transaction that makes somebody a holder of the tier, so that it cannot
/// be removed meanwhile.
[[nodiscard]] Result<void> check_tier_known(store::Writer& w, const std::string& name);

}  // namespace astro::identity
