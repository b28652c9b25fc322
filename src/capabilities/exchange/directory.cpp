#include "capabilities/exchange/directory.hpp"

#include <mutex>

namespace astro::exchange {

void Directory::add(AccountId account, const Entry& entry) {
    if (accounts_.size() <= account.value()) accounts_.resize(account.value() + std::size_t{1});
    accounts_[account.value()] = entry;
    owners_[entry.owner].push_back(account);
}

void Directory::put(MarketId market, const MarketSettings& settings) {
    if (markets_.size() <= market.value()) markets_.resize(market.value() + std::size_t{1});
    markets_[market.value()] = std::make_shared<const MarketSettings>(settings);
    market_names_[settings.symbol] = market;
}

void Directory::put(AssetId asset, const AssetSettings& settings) {
    if (assets_.size() <= asset.value()) assets_.resize(asset.value() + std::size_t{1});
    assets_[asset.value()] = settings;
    asset_names_[settings.symbol] = asset;
}

void Directory::load(const Venue& venue) {
    const std::unique_lock lock(mutex_);
    accounts_.clear();
    owners_.clear();
    venue_ = std::make_shared<const VenueSettings>(venue.settings());
    for (std::size_t i = 0; i < venue.markets().size(); ++i)
        put(MarketId{static_cast<MarketId::Rep>(i)}, venue.markets()[i].settings);
    for (std::size_t i = 0; i < venue.assets().size(); ++i)
        put(AssetId{static_cast<AssetId::Rep>(i)}, venue.assets()[i].settings);
    for (std::size_t i = 0; i < venue.accounts().size(); ++i)
        add(AccountId{static_cast<AccountId::Rep>(i)},
            {venue.accounts()[i].owner, venue.accounts()[i].isolated});
}

void Directory::on_applied(const Applied& applied) {
    if (applied.replayed) return;  // load() comes after recovery
    for (const Event& event : applied.events) {
        if (const auto* opened = std::get_if<AccountOpened>(&event)) {
            const std::unique_lock lock(mutex_);
            add(opened->account, {opened->owner, opened->isolated});
        } else if (const auto* market = std::get_if<MarketSet>(&event)) {
            const std::unique_lock lock(mutex_);
            put(market->market, *market->settings);
        } else if (const auto* asset = std::get_if<AssetSet>(&event)) {
            const std::unique_lock lock(mutex_);
            put(asset->asset, *asset->settings);
        } else if (const auto* venue = std::get_if<VenueSet>(&event)) {
            const std::unique_lock lock(mutex_);
            venue_ = std::make_shared<const VenueSettings>(*venue->settings);
        }
    }
}

std::optional<MarketId> Directory::market(std::string_view symbol) const {
    const std::shared_lock lock(mutex_);
    const auto at = market_names_.find(symbol);
    return at == market_names_.end() ? std::nullopt : std::optional(at->second);
}

std::optional<AssetId> Directory::asset(std::string_view symbol) const {
    const std::shared_lock lock(mutex_);
    const auto at = asset_names_.find(symbol);
    return at == asset_names_.end() ? std::nullopt : std::optional(at->second);
}

std::string Directory::symbol(MarketId market) const {
    return settings(market)->symbol;
}

std::shared_ptr<const MarketSettings> Directory::settings(MarketId market) const {
    const std::shared_lock lock(mutex_);
    return markets_[market.value()];
}

AssetSettings Directory::asset(AssetId asset) const {
    const std::shared_lock lock(mutex_);
    return assets_[asset.value()];
}

std::shared_ptr<const VenueSettings> Directory::venue() const {
    const std::shared_lock lock(mutex_);
    return venue_;
}

std::optional<Directory::Entry> Directory::account(AccountId account) const {
    const std::shared_lock lock(mutex_);
    return account.value() < accounts_.size() ? std::optional(accounts_[account.value()])
                                              : std::nullopt;
}

std::vector<AccountId> Directory::accounts_of(const OwnerId& owner) const {
    const std::shared_lock lock(mutex_);
    const auto at = owners_.find(owner);
    return at == owners_.end() ? std::vector<AccountId>{} : at->second;
}

}  // namespace astro::exchange
