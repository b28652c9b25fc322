#include "chains/stellar/explain/code_text.hpp"

namespace astro::stellar {
namespace {

using xdr::OperationType;
using xdr::PathPaymentStrictReceiveResultCode;
using xdr::PathPaymentStrictSendResultCode;
using xdr::PaymentResultCode;

// What the three kinds of payment share.
constexpr std::string_view kMalformed = "An amount is not above zero, or an asset is not valid.";
constexpr std::string_view kMalformedRemedy = "Check the amounts and the assets' codes.";
constexpr std::string_view kUnderfunded =
    "The source has too little of the asset: what it holds, less its reserve (lumens) and what its "
    "offers have promised, is below the amount.";
constexpr std::string_view kUnderfundedRemedy =
    "Send less, add to the balance, or cancel offers that sell the asset.";
constexpr std::string_view kSourceNoTrust = "The source has no trustline for the asset it sends.";
constexpr std::string_view kSourceNoTrustRemedy =
    "Only an asset that the source holds can be sent; check its code and issuer.";
constexpr std::string_view kSourceNotAuthorized =
    "The issuer has not authorized the source to send the asset.";
constexpr std::string_view kSourceNotAuthorizedRemedy =
    "Ask the issuer to authorize the trustline of the source.";
constexpr std::string_view kNoDestination = "The destination account does not exist.";
constexpr std::string_view kNoDestinationRemedy =
    "Create it by a create-account operation with lumens; check the address and the network.";
constexpr std::string_view kNoTrust = "The destination has no trustline for the asset.";
constexpr std::string_view kNoTrustRemedy =
    "The recipient must add a trustline first; or leave the amount to be claimed by a claimable "
    "balance.";
constexpr std::string_view kNotAuthorized =
    "The issuer has not authorized the destination to hold the asset.";
constexpr std::string_view kNotAuthorizedRemedy =
    "The recipient must have its trustline authorized by the issuer.";
constexpr std::string_view kLineFull =
    "The destination's trustline cannot hold so much: its limit, less its balance and what its "
    "offers may buy, is below the amount.";
constexpr std::string_view kLineFullRemedy = "Send less, or have the recipient raise the limit.";
constexpr std::string_view kNoIssuer = "The issuer of an asset does not exist.";
constexpr std::string_view kNoIssuerRemedy = "Check the asset's issuer and the network.";
constexpr std::string_view kTooFewOffers =
    "There are too few offers and pools on the path to change the amount.";
constexpr std::string_view kTooFewOffersRemedy = "Ask for another path, or send less.";
constexpr std::string_view kCrossSelf = "The path would take an offer of the source's own.";
constexpr std::string_view kCrossSelfRemedy = "Cancel that offer, or take another path.";

constexpr CodeText kPayment[] = {
    text_of(PaymentResultCode::success, "op_success", "The payment was made.", ""),
    text_of(PaymentResultCode::malformed, "op_malformed", kMalformed, kMalformedRemedy),
    text_of(PaymentResultCode::underfunded, "op_underfunded", kUnderfunded, kUnderfundedRemedy),
    text_of(PaymentResultCode::src_no_trust, "op_src_no_trust", kSourceNoTrust,
            kSourceNoTrustRemedy),
    text_of(PaymentResultCode::src_not_authorized, "op_src_not_authorized", kSourceNotAuthorized,
            kSourceNotAuthorizedRemedy),
    text_of(PaymentResultCode::no_destination, "op_no_destination", kNoDestination,
            kNoDestinationRemedy),
    text_of(PaymentResultCode::no_trust, "op_no_trust", kNoTrust, kNoTrustRemedy),
    text_of(PaymentResultCode::not_authorized, "op_not_authorized", kNotAuthorized,
            kNotAuthorizedRemedy),
    text_of(PaymentResultCode::line_full, "op_line_full", kLineFull, kLineFullRemedy),
    text_of(PaymentResultCode::no_issuer, "op_no_issuer", kNoIssuer, kNoIssuerRemedy),
};

/// The codes that both kinds of path payment have under the same numbers, and one of their own.
template <class Code>
struct PathTexts {
    CodeText texts[13];

    constexpr PathTexts(CodeText limit)
        : texts{
              text_of(Code::success, "op_success", "The payment was made.", ""),
              text_of(Code::malformed, "op_malformed", kMalformed, kMalformedRemedy),
              text_of(Code::underfunded, "op_underfunded", kUnderfunded, kUnderfundedRemedy),
              text_of(Code::src_no_trust, "op_src_no_trust", kSourceNoTrust, kSourceNoTrustRemedy),
              text_of(Code::src_not_authorized, "op_src_not_authorized", kSourceNotAuthorized,
                      kSourceNotAuthorizedRemedy),
              text_of(Code::no_destination, "op_no_destination", kNoDestination,
                      kNoDestinationRemedy),
              text_of(Code::no_trust, "op_no_trust", kNoTrust, kNoTrustRemedy),
              text_of(Code::not_authorized, "op_not_authorized", kNotAuthorized,
                      kNotAuthorizedRemedy),
              text_of(Code::line_full, "op_line_full", kLineFull, kLineFullRemedy),
              text_of(Code::no_issuer, "op_no_issuer", kNoIssuer, kNoIssuerRemedy),
              text_of(Code::too_few_offers, "op_too_few_offers", kTooFewOffers,
                      kTooFewOffersRemedy),
              text_of(Code::offer_cross_self, "op_cross_self", kCrossSelf, kCrossSelfRemedy),
              limit,
          } {}
};

constexpr PathTexts<PathPaymentStrictReceiveResultCode> kStrictReceive(
    text_of(PathPaymentStrictReceiveResultCode::over_sendmax, "op_over_source_max",
            "The amount to be received would cost more than the most that may be sent.",
            "Ask for the price anew, and allow more to be sent."));
constexpr PathTexts<PathPaymentStrictSendResultCode> kStrictSend(
    text_of(PathPaymentStrictSendResultCode::under_destmin, "op_under_dest_min",
            "The amount sent would bring less than the least that must be received.",
            "Ask for the price anew, and accept less to be received."));

const OperationTexts kPayments[] = {
    {OperationType::payment, codes_of<PaymentResultCode>, kPayment},
    {OperationType::path_payment_strict_receive, codes_of<PathPaymentStrictReceiveResultCode>,
     kStrictReceive.texts},
    {OperationType::path_payment_strict_send, codes_of<PathPaymentStrictSendResultCode>,
     kStrictSend.texts},
};

}  // namespace

std::span<const OperationTexts> payment_texts() {
    return kPayments;
}

}  // namespace astro::stellar
