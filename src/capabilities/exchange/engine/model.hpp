#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "capabilities/exchange/engine/order_pool.hpp"
#include "capabilities/exchange/engine/units.hpp"
#include "foundation/base/binary.hpp"
#include "foundation/base/bytes.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/time_ms.hpp"

/// Names and kinds that commands, events and state have in common.
namespace astro::exchange {

using astro::TimeMs;

struct AccountTag : astro::tags::Number<std::uint32_t, false, JsonForm::number> {};
struct MarketTag : astro::tags::Number<std::uint16_t, false, JsonForm::number> {};
struct AssetTag : astro::tags::Number<std::uint8_t, false, JsonForm::number> {};
struct OrderIdTag : astro::tags::Number<std::uint64_t, false, JsonForm::string> {};
struct TradeIdTag : astro::tags::Number<std::uint64_t, false, JsonForm::string> {};
struct AmountTag : astro::tags::Number<std::int64_t, true, JsonForm::string> {};

using AccountId = Strong<AccountTag>;  ///< dense, from 0: an account, or a sub-account of a user
using MarketId = Strong<MarketTag>;    ///< dense, from 0, in the order of listing
using AssetId = Strong<AssetTag>;      ///< dense, from 0: a collateral
/// Grows with each order that is accepted and is never used again. The low bits say where it rests,
/// so that nothing has to be searched: see order_id().
using OrderId = Strong<OrderIdTag>;
using TradeId = Strong<TradeIdTag>;  ///< from 1, in the order of trades of the whole venue
using Amount = Strong<AmountTag>;    ///< of a collateral, in its smallest unit

inline constexpr AssetId kUsdc{0};  ///< what everything is settled in; its unit is Quote
inline constexpr std::size_t kAssetsMax = 16;

/// Whose an account is: an id of the identity capability.
struct OwnerTag {};
using OwnerId = FixedBytes<OwnerTag, 16>;
[[nodiscard]] inline std::string to_text(const OwnerId& id) {
    return to_hex(id.view());
}

/// A client's own name of an order: up to 36 characters, so that a UUID fits. Empty: none.
class ClientId {
  public:
    static constexpr std::size_t kSizeMax = 36;

    constexpr ClientId() = default;
    /// Cuts what is longer; check_client_id() has refused it before.
    explicit ClientId(std::string_view text) {
        size_ = static_cast<std::uint8_t>(text.size() < kSizeMax ? text.size() : kSizeMax);
        for (std::size_t i = 0; i < size_; ++i) text_[i] = text[i];
    }
    [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    bool operator==(const ClientId&) const = default;

  private:
    std::array<char, kSizeMax> text_{};
    std::uint8_t size_ = 0;
};
[[nodiscard]] inline std::string to_text(const ClientId& id) {
    return std::string(id.text());
}
/// 1 to 36 of A-Z a-z 0-9 . _ : / -
[[nodiscard]] bool from_text(std::string_view text, ClientId& out);

}  // namespace astro::exchange

/// One byte, the count of characters, then those.
template <>
struct astro::BinaryForm<astro::exchange::ClientId> {
    using ClientId = exchange::ClientId;
    static constexpr bool kFixed = false;
    static constexpr std::size_t kSizeMin = 1;
    static std::size_t size(const ClientId& id) { return 1 + id.text().size(); }
    static std::uint8_t* put(std::uint8_t* p, const ClientId& id) {
        *p++ = static_cast<std::uint8_t>(id.text().size());
        return std::copy(id.text().begin(), id.text().end(), p);
    }
    static bool get(BinaryReader& reader, ClientId& out) {
        std::uint8_t count = 0;
        if (!reader.read(count)) return false;
        if (count > ClientId::kSizeMax) return reader.fail_back("is longer than any client id", 1);
        if (count > reader.left()) return reader.fail_back("has a length beyond its end", 1);
        out = ClientId({reinterpret_cast<const char*>(reader.take(count)), count});
        return true;
    }
};

namespace astro::exchange {

BOOST_DESCRIBE_ENUM(Side, buy, sell)

/// Which position of a market an order is for: the one of net mode, or one of the two of hedge
/// mode.
enum class Leg : std::uint8_t { net, long_leg, short_leg };
BOOST_DESCRIBE_ENUM(Leg, net, long_leg, short_leg)

enum class OrderType : std::uint8_t { limit, market };
BOOST_DESCRIBE_ENUM(OrderType, limit, market)

enum class TimeInForce : std::uint8_t {
    gtc,  ///< until it is cancelled
    gtt,  ///< until a time
    ioc,  ///< what does not trade at once is cancelled
    fok   ///< all of it trades at once, or nothing
};
BOOST_DESCRIBE_ENUM(TimeInForce, gtc, gtt, ioc, fok)

enum class PostOnly : std::uint8_t {
    no,
    reject,  ///< refused when it would trade at once
    slide    ///< its price goes to the last one at which it would not
};
BOOST_DESCRIBE_ENUM(PostOnly, no, reject, slide)

/// What happens when an order meets another of the same owner.
enum class SelfTrade : std::uint8_t { cancel_newest, cancel_oldest, cancel_both, decrement };
BOOST_DESCRIBE_ENUM(SelfTrade, cancel_newest, cancel_oldest, cancel_both, decrement)

inline constexpr int kSlotBits = 24;
/// Orders that wait for a price have the slots from here on.
inline constexpr OrderSlot kFirstConditional = 0xC0'0000;
inline constexpr std::size_t kRestingMax = kFirstConditional;  ///< of the venue
[[nodiscard]] constexpr OrderId order_id(std::uint64_t count, OrderSlot slot) {
    return OrderId{count << kSlotBits | slot};
}
[[nodiscard]] constexpr OrderSlot slot_in(OrderId order) {
    return static_cast<OrderSlot>(order.value() & ((1U << kSlotBits) - 1));
}

[[nodiscard]] constexpr std::int64_t sign_of(Side side) {
    return side == Side::buy ? 1 : -1;
}

}  // namespace astro::exchange
