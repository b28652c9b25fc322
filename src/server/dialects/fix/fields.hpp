#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/time_ms.hpp"

namespace astro::fix {

/// Numbers of fields, under FIX's names.
namespace tag {
inline constexpr int kAccount = 1, kAvgPx = 6, kClOrdId = 11, kCommission = 12, kCommType = 13,
                     kCumQty = 14, kCurrency = 15, kExecId = 17, kExecInst = 18, kLastPx = 31,
                     kLastQty = 32, kMsgSeqNum = 34, kMsgType = 35, kOrderId = 37, kOrderQty = 38,
                     kOrdStatus = 39, kOrdType = 40, kOrigClOrdId = 41, kPossDup = 43, kPrice = 44,
                     kRefSeqNum = 45, kSender = 49, kSendingTime = 52, kSide = 54, kSymbol = 55,
                     kTarget = 56, kText = 58, kTimeInForce = 59, kTransactTime = 60, kRawData = 96,
                     kRawDataLength = 95, kPossResend = 97, kStopPx = 99, kCxlRejReason = 102,
                     kOrdRejReason = 103, kMaxFloor = 111, kExpireTime = 126, kNoRelatedSym = 146,
                     kExecType = 150, kLeavesQty = 151, kSecurityType = 167,
                     kSecondaryOrderId = 198, kPegOffsetValue = 211, kContractMultiplier = 231,
                     kMdReqId = 262, kSubscription = 263, kMarketDepth = 264, kMdUpdateType = 265,
                     kNoMdEntries = 268, kMdEntryType = 269, kMdEntryPx = 270, kMdEntrySize = 271,
                     kMdEntryDate = 272, kMdEntryTime = 273, kMdEntryId = 278,
                     kMdUpdateAction = 279, kMdReqRejReason = 281, kSecurityReqId = 320,
                     kSecurityResponseId = 322, kRefMsgType = 372, kRestatement = 378,
                     kBusinessRefId = 379, kBusinessReason = 380, kTotNoRelatedSym = 393,
                     kCxlRejResponseTo = 434, kCommCurrency = 479, kSecondaryExecId = 527,
                     kMassCancelType = 530, kMassCancelResponse = 531, kMassCancelReason = 532,
                     kTotalAffected = 533, kUsername = 553, kSecurityListType = 559,
                     kSecurityResult = 560, kRoundLot = 561, kMinTradeVol = 562,
                     kMassStatusId = 584, kMassStatusType = 585, kPosReqId = 710,
                     kStatusReqId = 790, kPegOffsetType = 836, kLastLiquidity = 851,
                     kTotNumReports = 911, kLastReport = 912, kMinPriceIncrement = 969,
                     kAggressorSide = 5796, kSelfTrade = 7928, kCancelOnDisconnect = 8013;
}  // namespace tag

/// The fields of a message in their order. Views into the text, which outlives it.
class Fields {
  public:
    /// What is no field is left out: who parses for the session has refused it before.
    explicit Fields(std::string_view message);
    /// The first of that number.
    [[nodiscard]] std::optional<std::string_view> find(int tag) const;
    [[nodiscard]] std::string_view text(int tag) const { return find(tag).value_or(""); }
    [[nodiscard]] bool is(int tag, std::string_view value) const { return find(tag) == value; }
    /// A whole number; nothing when it is none.
    [[nodiscard]] std::optional<int> number(int tag) const;
    /// Of a group's entries, all that have the number, in order.
    [[nodiscard]] std::vector<std::string_view> all(int tag) const;

  private:
    struct Field {
        int tag;
        std::string_view value;
    };
    std::vector<Field> fields_;
};

/// Writes the fields of a message one after the other.
class Body {
  public:
    /// What cannot stand in a field becomes a space.
    Body& put(int tag, std::string_view value);
    Body& put(int tag, std::int64_t value) {
        return put(tag, std::string_view(std::to_string(value)));
    }
    Body& put(int tag, char value) { return put(tag, std::string_view(&value, 1)); }
    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    std::string text_;
};

/// "20261130-02:13:49.123"
[[nodiscard]] std::string utc_text(TimeMs time);
/// With or without a part of a second.
[[nodiscard]] std::optional<TimeMs> parse_utc(std::string_view text);

}  // namespace astro::fix
