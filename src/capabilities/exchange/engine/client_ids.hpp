#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <vector>

#include "capabilities/exchange/engine/model.hpp"

namespace astro::exchange {

/// The clients' own names of orders that rest: unique within an account.
class ClientIds {
  public:
    ClientIds() : places_(0, Hash{&entries_}, Same{&entries_}) {}
    ClientIds(const ClientIds&) = delete;
    ClientIds& operator=(const ClientIds&) = delete;

    /// 1 + the place; the name must not be there.
    std::uint32_t add(AccountId account, const ClientId& name, OrderId order) {
        std::uint32_t place = free_;
        if (place == kNone) {
            place = static_cast<std::uint32_t>(entries_.size());
            entries_.emplace_back();
        } else {
            free_ = entries_[place].next_free;
        }
        entries_[place] = {{account, name}, order, kNone};
        places_.insert(place);
        return place + 1;
    }
    void remove(std::uint32_t id) {
        const std::uint32_t place = id - 1;
        places_.erase(place);
        entries_[place].next_free = free_;
        free_ = place;
    }
    /// The order of that name; id 0 when there is none.
    [[nodiscard]] OrderId find(AccountId account, const ClientId& name) const {
        const auto found = places_.find(Key{account, name});
        return found == places_.end() ? OrderId{0} : entries_[*found].order;
    }
    [[nodiscard]] const ClientId& name(std::uint32_t id) const { return entries_[id - 1].key.name; }

  private:
    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;
    struct Key {
        AccountId account;
        ClientId name;
        bool operator==(const Key&) const = default;
    };
    struct Entry {
        Key key;
        OrderId order;
        std::uint32_t next_free = kNone;
    };
    using Entries = std::vector<Entry>;
    struct Hash {
        using is_transparent = void;
        const Entries* entries;
        std::size_t operator()(const Key& key) const {
            return std::hash<std::string_view>{}(key.name.text()) ^
                   (key.account.value() * 0x9E3779B97F4A7C15ULL);
        }
        std::size_t operator()(std::uint32_t place) const { return (*this)((*entries)[place].key); }
    };
    struct Same {
        using is_transparent = void;
        const Entries* entries;
        bool operator()(std::uint32_t a, std::uint32_t b) const { return a == b; }
        bool operator()(const Key& a, std::uint32_t b) const { return a == (*entries)[b].key; }
        bool operator()(std::uint32_t a, const Key& b) const { return (*entries)[a].key == b; }
    };

    Entries entries_;
    std::uint32_t free_ = kNone;
    boost::unordered_flat_set<std::uint32_t, Hash, Same> places_;
};

}  // namespace astro::exchange
