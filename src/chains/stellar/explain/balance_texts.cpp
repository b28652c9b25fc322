#include "chains/stellar/explain/code_text.hpp"

namespace astro::stellar {
namespace {

using xdr::BeginSponsoringFutureReservesResultCode;
using xdr::ClaimClaimableBalanceResultCode;
using xdr::ClawbackClaimableBalanceResultCode;
using xdr::CreateClaimableBalanceResultCode;
using xdr::EndSponsoringFutureReservesResultCode;
using xdr::OperationType;
using xdr::RevokeSponsorshipResultCode;

constexpr CodeText kCreate[] = {
    text_of(CreateClaimableBalanceResultCode::success, "op_success",
            "The claimable balance was created.", ""),
    text_of(CreateClaimableBalanceResultCode::malformed, "op_malformed",
            "The amount, the asset or the claimants are not valid.",
            "Give an amount above zero and one to ten claimants, each once, with conditions at "
            "most four deep."),
    text_of(CreateClaimableBalanceResultCode::low_reserve, "op_low_reserve",
            "The account has too few lumens for the reserve, 0.5 XLM for each claimant.",
            "Add lumens, name fewer claimants, or have the reserve sponsored."),
    text_of(CreateClaimableBalanceResultCode::no_trust, "op_no_trust",
            "The source has no trustline for the asset.",
            "Only an asset that the source holds can be given; check its code and issuer."),
    text_of(CreateClaimableBalanceResultCode::not_authorized, "op_not_authorized",
            "The issuer has not authorized the source to send the asset.",
            "Ask the issuer to authorize the trustline."),
    text_of(CreateClaimableBalanceResultCode::underfunded, "op_underfunded",
            "The source has too little of the asset.", "Give less, or add to the balance."),
};

constexpr CodeText kClaim[] = {
    text_of(ClaimClaimableBalanceResultCode::success, "op_success",
            "The claimable balance was claimed.", ""),
    text_of(ClaimClaimableBalanceResultCode::does_not_exist, "op_does_not_exist",
            "There is no claimable balance of that id.",
            "It was claimed or taken back already, or the id is of another network."),
    text_of(ClaimClaimableBalanceResultCode::cannot_claim, "op_cannot_claim",
            "The source is none of the claimants, or its condition does not hold now.",
            "Check the claimants and when each may claim."),
    text_of(ClaimClaimableBalanceResultCode::line_full, "op_line_full",
            "The trustline of the source cannot hold the balance.", "Raise its limit."),
    text_of(ClaimClaimableBalanceResultCode::no_trust, "op_no_trust",
            "The source has no trustline for the asset.",
            "Add the trustline first, in the same transaction if need be."),
    text_of(ClaimClaimableBalanceResultCode::not_authorized, "op_not_authorized",
            "The issuer has not authorized the source to hold the asset.",
            "Ask the issuer to authorize the trustline."),
    text_of(ClaimClaimableBalanceResultCode::trustline_frozen, "op_trustline_frozen",
            "The trustline is frozen by the network.",
            "Wait; only the network's validators can unfreeze it."),
};

constexpr CodeText kClawback[] = {
    text_of(ClawbackClaimableBalanceResultCode::success, "op_success",
            "The claimable balance was taken back.", ""),
    text_of(ClawbackClaimableBalanceResultCode::does_not_exist, "op_does_not_exist",
            "There is no claimable balance of that id.",
            "It was claimed or taken back already, or the id is of another network."),
    text_of(ClawbackClaimableBalanceResultCode::not_issuer, "op_no_issuer",
            "The source is not the issuer of the balance's asset.",
            "Send the operation from the issuer."),
    text_of(ClawbackClaimableBalanceResultCode::not_clawback_enabled, "op_not_clawback_enabled",
            "The balance does not allow clawback: it came from a trustline that does not.",
            "Nothing can be taken back from this balance."),
};

constexpr CodeText kBegin[] = {
    text_of(BeginSponsoringFutureReservesResultCode::success, "op_success",
            "From here on the reserves of that account are paid by the source.", ""),
    text_of(BeginSponsoringFutureReservesResultCode::malformed, "op_malformed",
            "An account cannot sponsor itself.", "Name another account."),
    text_of(BeginSponsoringFutureReservesResultCode::already_sponsored, "op_already_sponsored",
            "Somebody sponsors that account in this transaction already.",
            "End the first sponsorship before the next begins."),
    text_of(BeginSponsoringFutureReservesResultCode::recursive, "op_recursive",
            "The sponsor is sponsored in this transaction itself, or sponsors its sponsor.",
            "Let an account sponsor that nobody sponsors here."),
};

constexpr CodeText kEnd[] = {
    text_of(EndSponsoringFutureReservesResultCode::success, "op_success", "The sponsorship ended.",
            ""),
    text_of(EndSponsoringFutureReservesResultCode::not_sponsored, "op_not_sponsored",
            "The source of the operation is not sponsored in this transaction.",
            "Send it from the sponsored account, after the operation that begins."),
};

constexpr CodeText kRevoke[] = {
    text_of(RevokeSponsorshipResultCode::success, "op_success",
            "The sponsorship was revoked or handed over.", ""),
    text_of(RevokeSponsorshipResultCode::does_not_exist, "op_does_not_exist",
            "There is no such entry or signer.", "Check what it names."),
    text_of(RevokeSponsorshipResultCode::not_sponsor, "op_not_sponsor",
            "The source does not sponsor the entry, nor owns it unsponsored.",
            "Send it from the present sponsor."),
    text_of(RevokeSponsorshipResultCode::low_reserve, "op_low_reserve",
            "Who is to pay the reserve has too few lumens for it.",
            "Add lumens to that account, or remove the entry."),
    text_of(RevokeSponsorshipResultCode::only_transferable, "op_only_transferable",
            "A claimable balance must have a sponsor, so its sponsorship can only be handed over.",
            "Revoke it within the sponsorship of the next sponsor."),
    text_of(RevokeSponsorshipResultCode::malformed, "op_malformed",
            "The entry named is not one that can be sponsored.", "Check what it names."),
};

const OperationTexts kBalances[] = {
    {OperationType::create_claimable_balance, codes_of<CreateClaimableBalanceResultCode>, kCreate},
    {OperationType::claim_claimable_balance, codes_of<ClaimClaimableBalanceResultCode>, kClaim},
    {OperationType::clawback_claimable_balance, codes_of<ClawbackClaimableBalanceResultCode>,
     kClawback},
    {OperationType::begin_sponsoring_future_reserves,
     codes_of<BeginSponsoringFutureReservesResultCode>, kBegin},
    {OperationType::end_sponsoring_future_reserves, codes_of<EndSponsoringFutureReservesResultCode>,
     kEnd},
    {OperationType::revoke_sponsorship, codes_of<RevokeSponsorshipResultCode>, kRevoke},
};

}  // namespace

std::span<const OperationTexts> balance_texts() {
    return kBalances;
}

}  // namespace astro::stellar
