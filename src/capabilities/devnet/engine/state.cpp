#include "capabilities/devnet/engine/state.hpp"

#include <algorithm>

#include "capabilities/devnet/engine/exchange.hpp"
#include "chains/stellar/xdr/codec.hpp"

namespace astro::devnet {
namespace {

using xdr::LedgerEntryType;

template <class T>
std::string text_of(const T& value) {
    xdr::Writer out;
    write(out, value);
    const auto bytes = out.bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string pair_text(const xdr::Asset& selling, const xdr::Asset& buying) {
    xdr::Writer out;
    write(out, selling);
    write(out, buying);
    const auto bytes = out.bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_owned(LedgerEntryType type) {
    return type == LedgerEntryType::offer || type == LedgerEntryType::trustline;
}

BookPlace place_of(const xdr::OfferEntry& offer) {
    return {offer.price, offer.offer_id, offer.seller_id};
}

xdr::LedgerKey ledger_key_of(const xdr::LedgerEntry& entry) {
    const auto& data = entry.data;
    switch (data.type) {
        case LedgerEntryType::account:
            return {data.type,
                    xdr::LedgerKeyAccount{xdr::arm_of<xdr::AccountEntry>(data.value).account_id}};
        case LedgerEntryType::trustline: {
            const auto& line = xdr::arm_of<xdr::TrustLineEntry>(data.value);
            return {data.type, xdr::LedgerKeyTrustLine{line.account_id, line.asset}};
        }
        case LedgerEntryType::offer: {
            const auto& offer = xdr::arm_of<xdr::OfferEntry>(data.value);
            return {data.type, xdr::LedgerKeyOffer{offer.seller_id, offer.offer_id}};
        }
        case LedgerEntryType::data: {
            const auto& item = xdr::arm_of<xdr::DataEntry>(data.value);
            return {data.type, xdr::LedgerKeyData{item.account_id, item.data_name}};
        }
        case LedgerEntryType::claimable_balance:
            return {data.type, xdr::LedgerKeyClaimableBalance{
                                   xdr::arm_of<xdr::ClaimableBalanceEntry>(data.value).balance_id}};
        case LedgerEntryType::liquidity_pool:
            return {data.type,
                    xdr::LedgerKeyLiquidityPool{
                        xdr::arm_of<xdr::LiquidityPoolEntry>(data.value).liquidity_pool_id}};
        default:
            ASTRO_ASSERT(false && "an entry of contracts");
            return {};
    }
}

}  // namespace

Key key_of(const xdr::LedgerKey& key) {
    return text_of(key);
}
Key key_of(const xdr::LedgerEntry& entry) {
    return text_of(ledger_key_of(entry));
}
Key account_key(const xdr::PublicKey& account) {
    return text_of(xdr::LedgerKey{LedgerEntryType::account, xdr::LedgerKeyAccount{account}});
}
Key line_key(const xdr::PublicKey& account, const xdr::TrustLineAsset& asset) {
    return text_of(
        xdr::LedgerKey{LedgerEntryType::trustline, xdr::LedgerKeyTrustLine{account, asset}});
}
Key line_key(const xdr::PublicKey& account, const xdr::Asset& asset) {
    xdr::TrustLineAsset of{.type = asset.type};
    std::visit([&](const auto& value) { of.value = value; }, asset.value);
    return line_key(account, of);
}
Key offer_key(const xdr::PublicKey& seller, std::int64_t offer_id) {
    return text_of(xdr::LedgerKey{LedgerEntryType::offer, xdr::LedgerKeyOffer{seller, offer_id}});
}
Key data_key(const xdr::PublicKey& account, const std::string& name) {
    return text_of(xdr::LedgerKey{LedgerEntryType::data, xdr::LedgerKeyData{account, name}});
}
Key balance_key(const xdr::ClaimableBalanceID& id) {
    return text_of(
        xdr::LedgerKey{LedgerEntryType::claimable_balance, xdr::LedgerKeyClaimableBalance{id}});
}
Key pool_key(const xdr::PoolID& id) {
    return text_of(
        xdr::LedgerKey{LedgerEntryType::liquidity_pool, xdr::LedgerKeyLiquidityPool{id}});
}

bool BookPlace::operator<(const BookPlace& other) const {
    if (is_less(price, other.price)) return true;
    if (is_less(other.price, price)) return false;
    return offer_id < other.offer_id;
}

const xdr::LedgerEntry* State::find(const Key& key) const {
    const auto at = entries_.find(key);
    return at == entries_.end() ? nullptr : &at->second;
}

xdr::LedgerEntry* State::change(const Key& key) {
    const auto at = entries_.find(key);
    if (at == entries_.end()) return nullptr;
    record(key, &at->second);
    at->second.last_modified_ledger_seq = sequence_;
    return &at->second;
}

xdr::LedgerEntry& State::create(xdr::LedgerEntry entry) {
    const Key key = key_of(entry);
    record(key, nullptr);
    entry.last_modified_ledger_seq = sequence_;
    const auto [at, is_new] = entries_.emplace(key, std::move(entry));
    ASTRO_ASSERT(is_new);
    add_to_indexes(key, at->second);
    return at->second;
}

void State::remove(const Key& key) {
    const auto at = entries_.find(key);
    ASTRO_ASSERT(at != entries_.end());
    record(key, &at->second);
    take_from_indexes(key, at->second);
    entries_.erase(at);
}

void State::begin_step() {
    steps_.emplace_back();
}

void State::keep_step() {
    ASTRO_ASSERT(!steps_.empty());
    Step done = std::move(steps_.back());
    steps_.pop_back();
    if (steps_.empty()) return;
    Step& outer = steps_.back();
    for (auto& touched : done.touched)
        if (outer.keys.insert(touched.key).second) outer.touched.push_back(std::move(touched));
}

void State::undo_step() {
    ASTRO_ASSERT(!steps_.empty());
    const Step undone = std::move(steps_.back());
    steps_.pop_back();
    for (const auto& [key, before] : undone.touched) {
        const auto at = entries_.find(key);
        if (at != entries_.end()) take_from_indexes(key, at->second);
        if (before)
            put(key, *before);
        else if (at != entries_.end())
            entries_.erase(at);
    }
}

std::vector<xdr::LedgerEntryChange> State::step_changes() const {
    using xdr::LedgerEntryChangeType;
    ASTRO_ASSERT(!steps_.empty());
    std::vector<xdr::LedgerEntryChange> out;
    for (const auto& [key, before] : steps_.back().touched) {
        const auto* now = find(key);
        if (before) out.push_back({LedgerEntryChangeType::state, *before});
        if (before && now) out.push_back({LedgerEntryChangeType::updated, *now});
        if (before && !now) out.push_back({LedgerEntryChangeType::removed, ledger_key_of(*before)});
        if (!before && now) out.push_back({LedgerEntryChangeType::created, *now});
    }
    return out;
}

const Book* State::book(const xdr::Asset& selling, const xdr::Asset& buying) const {
    const auto at = books_.find(pair_text(selling, buying));
    return at == books_.end() ? nullptr : &at->second;
}

std::vector<Key> State::keys_of(const xdr::PublicKey& account, LedgerEntryType type) const {
    ASTRO_ASSERT(is_owned(type));
    // A key begins with its type and its account.
    Key prefix = account_key(account);
    prefix[3] = static_cast<char>(type);
    std::vector<Key> out;
    for (auto at = owned_.lower_bound(prefix); at != owned_.end() && at->starts_with(prefix); ++at)
        out.push_back(*at);
    return out;
}

std::vector<Key> State::keys() const {
    std::vector<Key> out;
    out.reserve(entries_.size());
    for (const auto& [key, entry] : entries_) out.push_back(key);
    std::sort(out.begin(), out.end());
    return out;
}

void State::record(const Key& key, const xdr::LedgerEntry* before) {
    if (steps_.empty()) return;
    Step& step = steps_.back();
    if (!step.keys.insert(key).second) return;
    step.touched.push_back({key, before ? std::optional(*before) : std::nullopt});
}

void State::put(const Key& key, const xdr::LedgerEntry& entry) {
    auto& place = entries_[key];
    place = entry;
    add_to_indexes(key, place);
}

void State::add_to_indexes(const Key& key, const xdr::LedgerEntry& entry) {
    if (!is_owned(entry.data.type)) return;
    owned_.insert(key);
    if (const auto* offer = std::get_if<xdr::OfferEntry>(&entry.data.value))
        books_[pair_text(offer->selling, offer->buying)].insert(place_of(*offer));
}

void State::take_from_indexes(const Key& key, const xdr::LedgerEntry& entry) {
    if (!is_owned(entry.data.type)) return;
    owned_.erase(key);
    const auto* offer = std::get_if<xdr::OfferEntry>(&entry.data.value);
    if (!offer) return;
    const auto book = books_.find(pair_text(offer->selling, offer->buying));
    ASTRO_ASSERT(book != books_.end());
    const auto erased = book->second.erase(place_of(*offer));
    ASTRO_ASSERT(erased == 1);
    if (book->second.empty()) books_.erase(book);
}

}  // namespace astro::devnet
