#include "server/dialects/fix/dictionary.hpp"

#include <iterator>

namespace astro {
namespace fix {
namespace {

// clang-format off
const FieldRow kFields[] = {
    // Of the header, the trailer and the session.
    {8, "BeginString", 'S', ""}, {9, "BodyLength", 'L', ""}, {35, "MsgType", 'S', ""},
    {49, "SenderCompID", 'S', ""}, {56, "TargetCompID", 'S', ""}, {34, "MsgSeqNum", 'I', ""},
    {43, "PossDupFlag", 'B', ""}, {97, "PossResend", 'B', ""}, {52, "SendingTime", 'T', ""},
    {122, "OrigSendingTime", 'T', ""}, {50, "SenderSubID", 'S', ""}, {57, "TargetSubID", 'S', ""},
    {115, "OnBehalfOfCompID", 'S', ""}, {128, "DeliverToCompID", 'S', ""},
    {369, "LastMsgSeqNumProcessed", 'I', ""}, {10, "CheckSum", 'S', ""},
    {98, "EncryptMethod", 'I', "0"}, {108, "HeartBtInt", 'I', ""}, {95, "RawDataLength", 'L', ""},
    {96, "RawData", 'D', ""}, {141, "ResetSeqNumFlag", 'B', ""}, {553, "Username", 'S', ""},
    {383, "MaxMessageSize", 'I', ""}, {789, "NextExpectedMsgSeqNum", 'I', ""},
    {464, "TestMessageIndicator", 'B', ""}, {8013, "CancelOrdersOnDisconnect", 'B', ""},
    {112, "TestReqID", 'S', ""}, {7, "BeginSeqNo", 'I', ""}, {16, "EndSeqNo", 'I', ""},
    {123, "GapFillFlag", 'B', ""}, {36, "NewSeqNo", 'I', ""}, {45, "RefSeqNum", 'I', ""},
    {371, "RefTagID", 'I', ""}, {372, "RefMsgType", 'S', ""},
    {373, "SessionRejectReason", 'I', ""}, {58, "Text", 'S', ""},
    {379, "BusinessRejectRefID", 'S', ""}, {380, "BusinessRejectReason", 'I', ""},
    // Of orders.
    {1, "Account", 'S', ""}, {6, "AvgPx", 'Q', ""}, {11, "ClOrdID", 'S', ""},
    {12, "Commission", 'Q', ""}, {13, "CommType", 'C', ""}, {14, "CumQty", 'Q', ""},
    {15, "Currency", 'S', ""}, {17, "ExecID", 'S', ""}, {18, "ExecInst", 'M', "6 E a"},
    {21, "HandlInst", 'C', "1"}, {31, "LastPx", 'Q', ""}, {32, "LastQty", 'Q', ""},
    {37, "OrderID", 'S', ""}, {38, "OrderQty", 'Q', ""}, {39, "OrdStatus", 'C', ""},
    {40, "OrdType", 'C', "1 2 3 4 J P"}, {41, "OrigClOrdID", 'S', ""}, {44, "Price", 'Q', ""},
    {54, "Side", 'C', "1 2"}, {55, "Symbol", 'S', ""}, {59, "TimeInForce", 'C', "1 3 4 6"},
    {60, "TransactTime", 'T', ""}, {99, "StopPx", 'Q', ""}, {102, "CxlRejReason", 'I', ""},
    {103, "OrdRejReason", 'I', ""}, {111, "MaxFloor", 'Q', ""}, {126, "ExpireTime", 'T', ""},
    {150, "ExecType", 'C', ""}, {151, "LeavesQty", 'Q', ""}, {167, "SecurityType", 'S', ""},
    {198, "SecondaryOrderID", 'S', ""}, {211, "PegOffsetValue", 'Q', ""},
    {378, "ExecRestatementReason", 'I', ""}, {434, "CxlRejResponseTo", 'C', ""},
    {479, "CommCurrency", 'S', ""}, {527, "SecondaryExecID", 'S', ""},
    {530, "MassCancelRequestType", 'C', "1 7"}, {531, "MassCancelResponse", 'C', ""},
    {532, "MassCancelRejectReason", 'I', ""}, {533, "TotalAffectedOrders", 'I', ""},
    {584, "MassStatusReqID", 'S', ""}, {585, "MassStatusReqType", 'I', "1 7"},
    {790, "OrdStatusReqID", 'S', ""}, {836, "PegOffsetType", 'I', "1"},
    {851, "LastLiquidityInd", 'I', ""}, {911, "TotNumReports", 'I', ""},
    {912, "LastRptRequested", 'B', ""}, {1028, "ManualOrderIndicator", 'B', ""},
    {7928, "SelfTradeType", 'C', "N O B D"},
    // Of positions.
    {710, "PosReqID", 'S', ""}, {721, "PosMaintRptID", 'S', ""}, {724, "PosReqType", 'I', "0"},
    {727, "TotalNumPosReports", 'I', ""}, {728, "PosReqResult", 'I', ""},
    {715, "ClearingBusinessDate", 'S', ""}, {581, "AccountType", 'I', ""},
    {730, "SettlPrice", 'Q', ""}, {731, "SettlPriceType", 'I', ""}, {734, "PriorSettlPrice", 'Q', ""},
    {702, "NoPositions", 'N', ""}, {703, "PosType", 'S', ""}, {704, "LongQty", 'Q', ""},
    {705, "ShortQty", 'Q', ""}, {453, "NoPartyIDs", 'N', ""}, {448, "PartyID", 'S', ""},
    {447, "PartyIDSource", 'C', ""}, {452, "PartyRole", 'I', ""}, {753, "NoPosAmt", 'N', ""},
    {707, "PosAmtType", 'S', ""}, {708, "PosAmt", 'Q', ""},
    // Of market data.
    {262, "MDReqID", 'S', ""}, {263, "SubscriptionRequestType", 'C', "0 1 2"},
    {264, "MarketDepth", 'I', ""}, {265, "MDUpdateType", 'I', "0 1"},
    {266, "AggregatedBook", 'B', "Y"}, {267, "NoMDEntryTypes", 'N', ""},
    {268, "NoMDEntries", 'N', ""}, {269, "MDEntryType", 'C', "0 1 2"}, {270, "MDEntryPx", 'Q', ""},
    {271, "MDEntrySize", 'Q', ""}, {272, "MDEntryDate", 'S', ""}, {273, "MDEntryTime", 'S', ""},
    {278, "MDEntryID", 'S', ""}, {279, "MDUpdateAction", 'C', ""},
    {281, "MDReqRejReason", 'C', ""}, {146, "NoRelatedSym", 'N', ""},
    {320, "SecurityReqID", 'S', ""}, {322, "SecurityResponseID", 'S', ""},
    {324, "SecurityStatusReqID", 'S', ""}, {326, "SecurityTradingStatus", 'I', ""},
    {559, "SecurityListRequestType", 'I', "0 4"}, {560, "SecurityRequestResult", 'I', ""},
    {393, "TotNoRelatedSym", 'I', ""}, {561, "RoundLot", 'Q', ""}, {562, "MinTradeVol", 'Q', ""},
    {231, "ContractMultiplier", 'Q', ""}, {969, "MinPriceIncrement", 'Q', ""},
    {5796, "MDAggressorSide", 'C', ""},
};

const char kOrderReport[] =
    "37! 17! 150! 39! 54! 151! 14! 6! 11 41 198 527 1 55 38 40 44 99 59 126 18 111 211 836 31 32 12 "
    "13 479 851 103 378 58 60 790 584 911 912 7928";

const MessageRow kMessages[] = {
    {"0", "Heartbeat", "112"},
    {"1", "TestRequest", "112!"},
    {"2", "ResendRequest", "7! 16!"},
    {"3", "Reject", "45! 371 372 373 58"},
    {"4", "SequenceReset", "36! 123"},
    {"5", "Logout", "58"},
    {"A", "Logon", "98! 108! 95 96 141 553 383 789 464 1 8013 58"},
    {"D", "NewOrderSingle",
     "11! 55! 54! 38! 40! 1 44 99 59 126 18 111 60 21 15 58 167 211 836 1028 7928"},
    {"G", "OrderCancelReplaceRequest",
     "11! 41! 55! 54! 40! 38 44 1 37 60 21 15 58 59 99 18 111 126 167 1028"},
    {"F", "OrderCancelRequest", "11! 41! 55! 54! 37 1 38 60 58 167 1028"},
    {"q", "OrderMassCancelRequest", "11! 530! 55 54 1 60 58"},
    {"H", "OrderStatusRequest", "11! 54! 55! 37 790 1"},
    {"AF", "OrderMassStatusRequest", "584! 585! 55 54 1"},
    {"8", "ExecutionReport", kOrderReport},
    {"9", "OrderCancelReject", "37! 11! 41! 39! 434! 1 102 58 60"},
    {"r", "OrderMassCancelReport", "37! 530! 531! 11 532 533 55 54 1 58 60"},
    {"j", "BusinessMessageReject", "372! 380! 45 379 58"},
    {"AN", "RequestForPositions", "710! 724! 1 55 60 263 453 581 715"},
    {"AP", "PositionReport",
     "721! 728! 715! 1! 581! 730! 731! 734! 453! 702 753 710 724 727 55 58 60"},
    {"x", "SecurityListRequest", "320! 559! 55 263"},
    {"y", "SecurityList", "320! 322! 560! 393 146"},
    {"V", "MarketDataRequest", "262! 263! 264! 267! 146! 265 266"},
    {"W", "MarketDataSnapshotFullRefresh", "55! 268! 262 60"},
    {"X", "MarketDataIncrementalRefresh", "268! 262"},
    {"Y", "MarketDataRequestReject", "262! 281 58"},
    {"f", "SecurityStatus", "55! 324 326 58 60"},
};

const GroupRow kGroups[] = {
    {"AN", 453, "448 447 452"},
    {"AP", 453, "448 447 452"},
    {"AP", 702, "703 704 705"},
    {"AP", 753, "707 708 15"},
    {"y", 146, "55 15 167 231 561 562 969"},
    {"V", 267, "269"},
    {"V", 146, "55"},
    {"W", 268, "269 270 271 272 273 278 5796"},
    {"X", 268, "279 269 278 55 270 271 272 273 5796"},
};
// clang-format on

}  // namespace

FieldRows field_rows() {
    return {std::begin(kFields), std::end(kFields)};
}
MessageRows message_rows() {
    return {std::begin(kMessages), std::end(kMessages)};
}
GroupRows group_rows() {
    return {std::begin(kGroups), std::end(kGroups)};
}

}  // namespace fix
}  // namespace astro
