#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>

#include "capabilities/exchange/directory.hpp"
#include "foundation/store/store.hpp"

namespace astro::exchange {

/// How much play money each owner has had today: so much a day of each asset. What earlier runs of
/// the program gave is asked of the tables once. Thread-safe.
class Faucet {
  public:
    /// Both outlive it. A venue whose money is real has none.
    Faucet(store::Store& store, const Directory& directory, bool is_open)
        : store_(store), directory_(directory), is_open_(is_open) {}

    struct Wish {
        OwnerId owner{};
        std::string key{};  ///< of idempotency; what came before under it is not counted again
        AssetId asset{};
        Amount amount{};
    };
    /// Counts it in; whether it was counted. "faucet_closed", "faucet_asset", "faucet_empty".
    [[nodiscard]] Result<bool> take(const Wish& wish, TimestampNs now);
    /// It was counted, and not given after all.
    void give_back(const Wish& wish, TimestampNs now);

  private:
    using Given = std::map<AssetId, std::int64_t>;
    [[nodiscard]] Result<Given> given_by_earlier_runs(const OwnerId& owner, std::int64_t day) const;
    void begin_day(std::int64_t day);

    store::Store& store_;
    const Directory& directory_;
    const bool is_open_;
    std::mutex mutex_;
    std::int64_t day_ = 0;
    std::unordered_map<OwnerId, Given> given_;                ///< today
    std::set<std::pair<OwnerId, std::string>> counted_keys_;  ///< today
};

}  // namespace astro::exchange
