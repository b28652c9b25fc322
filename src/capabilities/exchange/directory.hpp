#pragma once

#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "capabilities/exchange/service.hpp"

namespace astro::exchange {

/// Names for numbers, and whose an account is: what a request needs to know before it becomes a
/// command, without asking the applying thread. Thread-safe.
class Directory final : public Listener {
  public:
    struct Entry {
        OwnerId owner{};
        std::optional<MarketId> isolated{};
    };

    /// All that there is. Before anything is asked.
    void load(const Venue& venue);
    void on_applied(const Applied& applied) override;
    void on_group_end(const Venue&) override {}

    [[nodiscard]] std::optional<MarketId> market(std::string_view symbol) const;
    [[nodiscard]] std::optional<AssetId> asset(std::string_view symbol) const;
    /// Of a market that exists.
    [[nodiscard]] std::string symbol(MarketId market) const;
    [[nodiscard]] std::shared_ptr<const MarketSettings> settings(MarketId market) const;
    /// Of an asset that exists.
    [[nodiscard]] AssetSettings asset(AssetId asset) const;
    /// What holds for the whole venue.
    [[nodiscard]] std::shared_ptr<const VenueSettings> venue() const;
    [[nodiscard]] std::optional<Entry> account(AccountId account) const;
    /// Oldest first.
    [[nodiscard]] std::vector<AccountId> accounts_of(const OwnerId& owner) const;

  private:
    void add(AccountId account, const Entry& entry);
    void put(MarketId market, const MarketSettings& settings);
    void put(AssetId asset, const AssetSettings& settings);

    mutable std::shared_mutex mutex_;
    std::vector<std::shared_ptr<const MarketSettings>> markets_;
    std::vector<AssetSettings> assets_;
    std::shared_ptr<const VenueSettings> venue_;
    std::map<std::string, MarketId, std::less<>> market_names_;
    std::map<std::string, AssetId, std::less<>> asset_names_;
    std::vector<Entry> accounts_;
    std::unordered_map<OwnerId, std::vector<AccountId>> owners_;
};

}  // namespace astro::exchange
