#include "capabilities/devnet/engine/holding.hpp"

#include <algorithm>

#include "capabilities/devnet/engine/arithmetic.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/exchange.hpp"
#include "chains/stellar/build/text.hpp"

namespace astro::devnet {
namespace {

xdr::Liabilities& need(xdr::LedgerEntry& entry) {
    return entry.data.type == xdr::LedgerEntryType::account ? need_liabilities(account_in(entry))
                                                            : need_liabilities(line_in(entry));
}

}  // namespace

bool is_issuer(const xdr::PublicKey& account, const xdr::Asset& asset) {
    const auto* issuer = stellar::issuer_of(asset);
    return issuer && *issuer == account;
}

Holding::Holding(Application& app, Kind kind, const xdr::LedgerEntry* entry,
                 xdr::LedgerEntry* changes)
    : app_(&app), kind_(entry || kind == Kind::issuer ? kind : Kind::none), changes_(changes) {
    if (kind_ == Kind::lumens) account_ = &account_in(*entry);
    if (kind_ == Kind::line) line_ = &line_in(*entry);
}

Holding Holding::of(Application& app, const xdr::PublicKey& account, const xdr::Asset& asset) {
    if (devnet::is_issuer(account, asset)) return {app, Kind::issuer, nullptr, nullptr};
    const Key key = is_native(asset) ? account_key(account) : line_key(account, asset);
    auto* entry = app.state.change(key);
    return {app, is_native(asset) ? Kind::lumens : Kind::line, entry, entry};
}

Holding Holding::look(Application& app, const xdr::PublicKey& account, const xdr::Asset& asset) {
    if (devnet::is_issuer(account, asset)) return {app, Kind::issuer, nullptr, nullptr};
    const Key key = is_native(asset) ? account_key(account) : line_key(account, asset);
    return {app, is_native(asset) ? Kind::lumens : Kind::line, app.state.find(key), nullptr};
}

bool Holding::is_authorized() const {
    return kind_ != Kind::line || devnet::is_authorized(*line_);
}

std::int64_t Holding::balance() const {
    if (kind_ == Kind::none) return 0;
    if (kind_ == Kind::issuer) return kAmountMax;
    return kind_ == Kind::lumens ? account_->balance : line_->balance;
}

std::int64_t Holding::available() const {
    if (kind_ == Kind::lumens) return devnet::available(*account_, app_->header);
    if (kind_ == Kind::line) return line_->balance - liabilities(*line_).selling;
    return balance();
}

std::int64_t Holding::room() const {
    switch (kind_) {
        case Kind::none:
            return 0;
        case Kind::lumens:
            return kAmountMax - account_->balance - liabilities(*account_).buying;
        case Kind::line:
            return line_->limit - line_->balance - liabilities(*line_).buying;
        case Kind::issuer:
            break;
    }
    return kAmountMax;
}

std::int64_t Holding::can_sell() const {
    if (kind_ == Kind::line && !may_keep_offers(*line_)) return 0;
    return std::max<std::int64_t>(available(), 0);
}

std::int64_t Holding::can_buy() const {
    return std::max<std::int64_t>(room(), 0);
}

bool Holding::add(std::int64_t delta) {
    ASTRO_ASSERT(kind_ != Kind::none);
    if (kind_ == Kind::issuer || delta == 0) return true;
    ASTRO_ASSERT(changes_ != nullptr);
    if (kind_ == Kind::lumens) return add_lumens(*app_, account_in(*changes_), delta);
    ASTRO_ASSERT(may_keep_offers(*line_));
    return add_unasked(delta);
}

bool Holding::add_unasked(std::int64_t delta) {
    ASTRO_ASSERT(kind_ == Kind::line && changes_);
    const auto promised = liabilities(*line_);
    std::int64_t balance = line_->balance;
    if (!add_within(balance, delta, line_->limit)) return false;
    if (balance < promised.selling || balance > line_->limit - promised.buying) return false;
    line_in(*changes_).balance = balance;
    return true;
}

bool Holding::add_buying_liabilities(std::int64_t delta) {
    ASTRO_ASSERT(kind_ != Kind::none);
    if (kind_ == Kind::issuer || delta == 0) return true;
    std::int64_t buying =
        kind_ == Kind::lumens ? liabilities(*account_).buying : liabilities(*line_).buying;
    const std::int64_t most =
        kind_ == Kind::lumens ? kAmountMax - account_->balance : line_->limit - line_->balance;
    if (!add_within(buying, delta, most)) return false;
    need(*changes_).buying = buying;
    return true;
}

bool Holding::add_selling_liabilities(std::int64_t delta) {
    ASTRO_ASSERT(kind_ != Kind::none);
    if (kind_ == Kind::issuer || delta == 0) return true;
    std::int64_t selling =
        kind_ == Kind::lumens ? liabilities(*account_).selling : liabilities(*line_).selling;
    const std::int64_t most = kind_ == Kind::lumens
                                  ? account_->balance - reserve_of(*account_, app_->header)
                                  : line_->balance;
    if (most < 0 || !add_within(selling, delta, most)) return false;
    need(*changes_).selling = selling;
    return true;
}

namespace {

void add_liabilities(Application& app, const xdr::OfferEntry& offer, std::int64_t sign) {
    const auto promised = liabilities_of(offer.price, offer.amount);
    const bool buying = Holding::of(app, offer.seller_id, offer.buying)
                            .add_buying_liabilities(sign * promised.buying);
    const bool selling = Holding::of(app, offer.seller_id, offer.selling)
                             .add_selling_liabilities(sign * promised.selling);
    ASTRO_ASSERT(buying && selling);
}

}  // namespace

void acquire_liabilities(Application& app, const xdr::OfferEntry& offer) {
    add_liabilities(app, offer, 1);
}

void release_liabilities(Application& app, const xdr::OfferEntry& offer) {
    add_liabilities(app, offer, -1);
}

}  // namespace astro::devnet
