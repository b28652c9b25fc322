#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "chains/stellar/xdr/ledger.hpp"

/// What the ledger holds, and how changes to it are taken back.
namespace astro::devnet {

namespace xdr = stellar::xdr;

/// The XDR of a LedgerKey: equal keys are equal texts, and an account's entries of one kind follow
/// each other.
using Key = std::string;

[[nodiscard]] Key key_of(const xdr::LedgerKey& key);
[[nodiscard]] Key key_of(const xdr::LedgerEntry& entry);
[[nodiscard]] Key account_key(const xdr::PublicKey& account);
[[nodiscard]] Key line_key(const xdr::PublicKey& account, const xdr::TrustLineAsset& asset);
[[nodiscard]] Key line_key(const xdr::PublicKey& account, const xdr::Asset& asset);
[[nodiscard]] Key offer_key(const xdr::PublicKey& seller, std::int64_t offer_id);
[[nodiscard]] Key data_key(const xdr::PublicKey& account, const std::string& name);
[[nodiscard]] Key balance_key(const xdr::ClaimableBalanceID& id);
[[nodiscard]] Key pool_key(const xdr::PoolID& id);

/// Where an offer stands among those that sell the same for the same: the best price first, then
/// the oldest.
struct BookPlace {
    xdr::Price price;
    std::int64_t offer_id = 0;
    xdr::PublicKey seller;
    bool operator<(const BookPlace& other) const;
};
using Book = std::set<BookPlace>;

/// The entries of the ledger. Changes are made inside steps that nest; the innermost open step can
/// be taken back or becomes part of the one around it. References to entries stay good until the
/// entry is removed or its creation taken back.
class State {
  public:
    [[nodiscard]] const xdr::LedgerEntry* find(const Key& key) const;
    /// To be changed, which is recorded; nullptr when there is none. Of an offer only the amount
    /// and the sponsor may change.
    [[nodiscard]] xdr::LedgerEntry* change(const Key& key);
    /// There is none of that key.
    xdr::LedgerEntry& create(xdr::LedgerEntry entry);
    /// There is one of that key.
    void remove(const Key& key);

    void begin_step();
    void keep_step();
    void undo_step();
    /// Of the open step, in the order of first touches, as metas have them: created, state and
    /// updated, or state and removed.
    [[nodiscard]] std::vector<xdr::LedgerEntryChange> step_changes() const;

    /// What changed entries are stamped with.
    void set_sequence(std::uint32_t ledger) { sequence_ = ledger; }

    /// nullptr when nobody sells it for that.
    [[nodiscard]] const Book* book(const xdr::Asset& selling, const xdr::Asset& buying) const;
    /// The keys of an account's offers or trustlines, in order.
    [[nodiscard]] std::vector<Key> keys_of(const xdr::PublicKey& account,
                                           xdr::LedgerEntryType type) const;
    /// All keys, in order.
    [[nodiscard]] std::vector<Key> keys() const;
    [[nodiscard]] std::size_t size() const { return entries_.size(); }

  private:
    struct Touched {
        Key key;
        std::optional<xdr::LedgerEntry> before;
    };
    struct Step {
        std::vector<Touched> touched;
        std::unordered_set<Key> keys;
    };

    void record(const Key& key, const xdr::LedgerEntry* before);
    void put(const Key& key, const xdr::LedgerEntry& entry);
    void add_to_indexes(const Key& key, const xdr::LedgerEntry& entry);
    void take_from_indexes(const Key& key, const xdr::LedgerEntry& entry);

    std::unordered_map<Key, xdr::LedgerEntry> entries_;
    std::set<Key> owned_;                ///< keys of offers and trustlines
    std::map<std::string, Book> books_;  ///< by what is sold and bought
    std::vector<Step> steps_;
    std::uint32_t sequence_ = 0;
};

}  // namespace astro::devnet
