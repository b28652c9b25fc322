#include "chains/stellar/explain/code_text.hpp"

namespace astro::stellar {
namespace {

using xdr::LiquidityPoolDepositResultCode;
using xdr::LiquidityPoolWithdrawResultCode;
using xdr::ManageBuyOfferResultCode;
using xdr::ManageSellOfferResultCode;
using xdr::OperationType;

/// Offers to sell and to buy have the same codes under the same numbers.
template <class Code>
constexpr CodeText kOffer[] = {
    text_of(Code::success, "op_success",
            "The offer was taken, placed, changed or removed, as its result says.", ""),
    text_of(Code::malformed, "op_malformed",
            "The amount or the price is not valid, both assets are the same, or an offer that does "
            "not exist yet is to be removed.",
            "Check the amount, the price and the assets; to place an offer give the id 0."),
    text_of(Code::sell_no_trust, "op_sell_no_trust",
            "The account has no trustline for the asset it sells.",
            "Only an asset that the account holds can be sold; check its code and issuer."),
    text_of(Code::buy_no_trust, "op_buy_no_trust",
            "The account has no trustline for the asset it buys.",
            "Add the trustline first, in the same transaction if need be."),
    text_of(Code::sell_not_authorized, "sell_not_authorized",
            "The issuer has not authorized the account to sell the asset.",
            "Ask the issuer to authorize the trustline."),
    text_of(Code::buy_not_authorized, "buy_not_authorized",
            "The issuer has not authorized the account to hold the asset it buys.",
            "Ask the issuer to authorize the trustline."),
    text_of(Code::line_full, "op_line_full",
            "The trustline for the asset bought cannot hold what this offer and the others may "
            "bring.",
            "Raise the trustline's limit, or buy less."),
    text_of(Code::underfunded, "op_underfunded",
            "The account has too little of the asset it sells, less its reserve (lumens) and what "
            "its other offers have promised.",
            "Sell less, add to the balance, or cancel other offers."),
    text_of(Code::cross_self, "op_cross_self", "The offer would take one of the account's own.",
            "Cancel or change the other offer first."),
    text_of(Code::sell_no_issuer, "op_sell_no_issuer",
            "The issuer of the asset sold does not exist.", "Check the asset and the network."),
    text_of(Code::buy_no_issuer, "buy_no_issuer", "The issuer of the asset bought does not exist.",
            "Check the asset and the network."),
    text_of(Code::not_found, "op_offer_not_found", "The account has no offer of that id.",
            "It was taken or removed already, or the id is wrong; give 0 to place a new one."),
    text_of(Code::low_reserve, "op_low_reserve",
            "The account has too few lumens for the reserve of one offer more.",
            "Add 0.5 XLM to the account, or have the reserve sponsored."),
};

constexpr CodeText kDeposit[] = {
    text_of(LiquidityPoolDepositResultCode::success, "op_success",
            "The deposit was made into the pool.", ""),
    text_of(LiquidityPoolDepositResultCode::malformed, "op_malformed",
            "An amount or a price is not above zero, or the lowest price is above the highest.",
            "Check the amounts and the prices."),
    text_of(LiquidityPoolDepositResultCode::no_trust, "op_no_trust",
            "A trustline is missing: for one of the pool's assets or for its shares.",
            "Add the trustlines first; that for the shares counts as two entries."),
    text_of(LiquidityPoolDepositResultCode::not_authorized, "op_not_authorized",
            "The issuer has not authorized the account to send one of the assets.",
            "Ask the issuer to authorize the trustline."),
    text_of(LiquidityPoolDepositResultCode::underfunded, "op_underfunded",
            "The account has too little of one of the assets.",
            "Deposit less, or add to the balance."),
    text_of(LiquidityPoolDepositResultCode::line_full, "op_line_full",
            "The trustline for the pool's shares cannot hold what the deposit brings.",
            "Raise its limit."),
    text_of(LiquidityPoolDepositResultCode::bad_price, "op_bad_price",
            "The pool's price is outside the two prices of the deposit.",
            "Look at the pool again, and widen the prices."),
    text_of(LiquidityPoolDepositResultCode::pool_full, "op_pool_full",
            "The pool cannot hold so much more.", "Deposit less."),
    text_of(LiquidityPoolDepositResultCode::trustline_frozen, "op_trustline_frozen",
            "A trustline that the deposit needs is frozen by the network.",
            "Use other assets; only the network's validators can unfreeze it."),
};

constexpr CodeText kWithdraw[] = {
    text_of(LiquidityPoolWithdrawResultCode::success, "op_success",
            "The withdrawal was made from the pool.", ""),
    text_of(LiquidityPoolWithdrawResultCode::malformed, "op_malformed",
            "The amount of shares is not above zero, or a least amount is negative.",
            "Check the amounts."),
    text_of(LiquidityPoolWithdrawResultCode::no_trust, "op_no_trust",
            "The account has no trustline for the pool's shares or for one of its assets.",
            "Check the pool's id; add the missing trustline."),
    text_of(LiquidityPoolWithdrawResultCode::underfunded, "op_underfunded",
            "The account has fewer shares of the pool than it withdraws.", "Withdraw fewer."),
    text_of(LiquidityPoolWithdrawResultCode::line_full, "op_line_full",
            "A trustline cannot hold what the withdrawal brings.", "Raise its limit."),
    text_of(LiquidityPoolWithdrawResultCode::under_minimum, "op_under_minimum",
            "The withdrawal would bring less of an asset than the least that was asked for.",
            "Look at the pool again, and accept less."),
    text_of(LiquidityPoolWithdrawResultCode::trustline_frozen, "op_trustline_frozen",
            "A trustline that the withdrawal needs is frozen by the network.",
            "Wait; only the network's validators can unfreeze it."),
};

const OperationTexts kTrading[] = {
    {OperationType::manage_sell_offer, codes_of<ManageSellOfferResultCode>,
     kOffer<ManageSellOfferResultCode>},
    {OperationType::create_passive_sell_offer, codes_of<ManageSellOfferResultCode>,
     kOffer<ManageSellOfferResultCode>},
    {OperationType::manage_buy_offer, codes_of<ManageBuyOfferResultCode>,
     kOffer<ManageBuyOfferResultCode>},
    {OperationType::liquidity_pool_deposit, codes_of<LiquidityPoolDepositResultCode>, kDeposit},
    {OperationType::liquidity_pool_withdraw, codes_of<LiquidityPoolWithdrawResultCode>, kWithdraw},
};

}  // namespace

std::span<const OperationTexts> trading_texts() {
    return kTrading;
}

}  // namespace astro::stellar
