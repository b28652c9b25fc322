#include "chains/stellar/explain/code_text.hpp"

namespace astro::stellar {
namespace {

using xdr::AllowTrustResultCode;
using xdr::ChangeTrustResultCode;
using xdr::ClawbackResultCode;
using xdr::OperationType;
using xdr::SetTrustLineFlagsResultCode;

constexpr CodeText kChangeTrust[] = {
    text_of(ChangeTrustResultCode::success, "op_success",
            "The trustline was added, changed or removed.", ""),
    text_of(ChangeTrustResultCode::malformed, "op_malformed",
            "The asset is not one that can be trusted, or the limit is negative.",
            "Name an asset other than lumens, and a limit of 0 or more."),
    text_of(ChangeTrustResultCode::no_issuer, "op_no_issuer",
            "The issuer of the asset does not exist.", "Check the asset and the network."),
    text_of(ChangeTrustResultCode::invalid_limit, "op_invalid_limit",
            "The limit is below what the account holds and its offers may buy.",
            "Give a higher limit; to remove the trustline empty it first, then give 0."),
    text_of(ChangeTrustResultCode::low_reserve, "op_low_reserve",
            "The account has too few lumens for the reserve of one trustline more.",
            "Add 0.5 XLM to the account (1 XLM for a pool's shares), or have the reserve "
            "sponsored."),
    text_of(ChangeTrustResultCode::self_not_allowed, "op_self_not_allowed",
            "An issuer cannot trust its own asset.", "Leave it out: an issuer needs none."),
    text_of(ChangeTrustResultCode::trust_line_missing, "op_trust_line_missing",
            "The trustline for one of the pool's two assets is missing.", "Add that one first."),
    text_of(ChangeTrustResultCode::cannot_delete, "op_cannot_delete",
            "The trustline is needed by a trustline for a pool's shares.",
            "Remove the one for the shares first."),
    text_of(ChangeTrustResultCode::not_auth_maintain_liabilities,
            "op_not_auth_maintain_liabilities",
            "The issuer has not authorized the trustline for one of the pool's two assets.",
            "Ask the issuer to authorize it."),
};

constexpr CodeText kAllowTrust[] = {
    text_of(AllowTrustResultCode::success, "op_success",
            "The trustline's authorization was changed.", ""),
    text_of(AllowTrustResultCode::malformed, "op_malformed",
            "The asset's code or the authorization is not valid.", "Check both."),
    text_of(AllowTrustResultCode::no_trust_line, "op_no_trust",
            "The account has no trustline for the asset.", "It must add one first."),
    text_of(AllowTrustResultCode::trust_not_required, "op_not_required",
            "The issuer does not require authorization, so there is none to give.",
            "Set the issuer's flag authorization required first, or leave the operation out."),
    text_of(AllowTrustResultCode::cant_revoke, "op_cant_revoke",
            "The issuer cannot take authorization away: it is not revocable.",
            "Set the issuer's flag authorization revocable first."),
    text_of(AllowTrustResultCode::self_not_allowed, "op_self_not_allowed",
            "An issuer cannot authorize itself.", "Name another account."),
    text_of(AllowTrustResultCode::low_reserve, "op_low_reserve",
            "Taking authorization away would turn pool shares into claimable balances, for whose "
            "reserve there are too few lumens.",
            "Add lumens to the account that sponsors the trustline."),
};

constexpr CodeText kSetTrustLineFlags[] = {
    text_of(SetTrustLineFlagsResultCode::success, "op_success",
            "The trustline's flags were changed.", ""),
    text_of(SetTrustLineFlagsResultCode::malformed, "op_malformed",
            "The asset is not the source's own, a flag is both set and cleared, or none that "
            "trustlines have.",
            "Send it from the asset's issuer, and name each flag once."),
    text_of(SetTrustLineFlagsResultCode::no_trust_line, "op_no_trust",
            "The account has no trustline for the asset.", "It must add one first."),
    text_of(SetTrustLineFlagsResultCode::cant_revoke, "op_cant_revoke",
            "The issuer cannot take authorization away: it is not revocable.",
            "Set the issuer's flag authorization revocable first."),
    text_of(SetTrustLineFlagsResultCode::invalid_state, "op_invalid_state",
            "The flags would contradict each other afterwards.",
            "Let the trustline be authorized in full, to keep its offers only, or not at all."),
    text_of(SetTrustLineFlagsResultCode::low_reserve, "op_low_reserve",
            "Taking authorization away would turn pool shares into claimable balances, for whose "
            "reserve there are too few lumens.",
            "Add lumens to the account that sponsors the trustline."),
};

constexpr CodeText kClawback[] = {
    text_of(ClawbackResultCode::success, "op_success", "The amount was taken back.", ""),
    text_of(ClawbackResultCode::malformed, "op_malformed",
            "The amount is not above zero, or the asset is not the source's own.",
            "Send it from the asset's issuer, with an amount."),
    text_of(ClawbackResultCode::not_clawback_enabled, "op_not_clawback_enabled",
            "The trustline does not allow clawback: it was made before the issuer's flag.",
            "Nothing can be taken back from this trustline."),
    text_of(ClawbackResultCode::no_trust, "op_no_trust",
            "The account has no trustline for the asset.", "Check the account and the asset."),
    text_of(ClawbackResultCode::underfunded, "op_underfunded",
            "The account has less than that, beside what its offers have promised.",
            "Take less back, or take its authorization away first, which cancels the offers."),
};

const OperationTexts kTrust[] = {
    {OperationType::change_trust, codes_of<ChangeTrustResultCode>, kChangeTrust},
    {OperationType::allow_trust, codes_of<AllowTrustResultCode>, kAllowTrust},
    {OperationType::set_trust_line_flags, codes_of<SetTrustLineFlagsResultCode>,
     kSetTrustLineFlags},
    {OperationType::clawback, codes_of<ClawbackResultCode>, kClawback},
};

}  // namespace

std::span<const OperationTexts> trust_texts() {
    return kTrust;
}

}  // namespace astro::stellar
