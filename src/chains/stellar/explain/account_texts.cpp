#include "chains/stellar/explain/code_text.hpp"

namespace astro::stellar {
namespace {

using xdr::AccountMergeResultCode;
using xdr::BumpSequenceResultCode;
using xdr::CreateAccountResultCode;
using xdr::InflationResultCode;
using xdr::ManageDataResultCode;
using xdr::OperationType;
using xdr::SetOptionsResultCode;

constexpr CodeText kCreateAccount[] = {
    text_of(CreateAccountResultCode::success, "op_success", "The account was created.", ""),
    text_of(CreateAccountResultCode::malformed, "op_malformed",
            "The starting balance is negative, or the account would create itself.",
            "Give a starting balance, and a destination that is not the source."),
    text_of(CreateAccountResultCode::underfunded, "op_underfunded",
            "The source has too few lumens above its reserve for the starting balance.",
            "Lower the starting balance, or add lumens to the source."),
    text_of(CreateAccountResultCode::low_reserve, "op_low_reserve",
            "The starting balance is below the reserve of a new account.",
            "Start with 1 XLM at least, or sponsor the account's reserve."),
    text_of(CreateAccountResultCode::already_exist, "op_already_exists",
            "The destination account exists already.", "Pay it by a payment operation."),
};

constexpr CodeText kSetOptions[] = {
    text_of(SetOptionsResultCode::success, "op_success", "The account's options were set.", ""),
    text_of(SetOptionsResultCode::low_reserve, "op_low_reserve",
            "The account has too few lumens for the reserve of one signer more.",
            "Add 0.5 XLM to the account, or have the reserve sponsored."),
    text_of(SetOptionsResultCode::too_many_signers, "op_too_many_signers",
            "The account has 20 signers, and can have no more.", "Remove a signer first."),
    text_of(SetOptionsResultCode::bad_flags, "op_bad_flags",
            "The flags contradict each other: one is both set and cleared, or the set is not "
            "allowed together.",
            "Set or clear each flag once."),
    text_of(SetOptionsResultCode::invalid_inflation, "op_invalid_inflation",
            "The inflation destination does not exist.", "Leave it out: there is no inflation."),
    text_of(SetOptionsResultCode::cant_change, "op_cant_change",
            "The account's flags are immutable, so they can no longer be changed.",
            "Issue from another account."),
    text_of(SetOptionsResultCode::unknown_flag, "op_unknown_flag",
            "A flag is none that accounts have.",
            "Use authorization required (1), revocable (2), immutable (4) and clawback (8)."),
    text_of(SetOptionsResultCode::threshold_out_of_range, "op_threshold_out_of_range",
            "A threshold or the master key's weight is not from 0 to 255.",
            "Give a number from 0 to 255."),
    text_of(SetOptionsResultCode::bad_signer, "op_bad_signer",
            "The signer is the account's own master key, or its weight is above 255.",
            "Change the master key by its own weight, and other signers by theirs."),
    text_of(SetOptionsResultCode::invalid_home_domain, "op_invalid_home_domain",
            "The home domain is not a text of printable ASCII.",
            "Give a domain name of at most 32 characters."),
    text_of(SetOptionsResultCode::auth_revocable_required, "op_auth_revocable_required",
            "Clawback needs revocable authorization.",
            "Set the revocable flag in the same operation."),
};

constexpr CodeText kAccountMerge[] = {
    text_of(AccountMergeResultCode::success, "op_success", "The account was merged and is gone.",
            ""),
    text_of(AccountMergeResultCode::malformed, "op_malformed",
            "An account cannot be merged into itself.", "Name another destination."),
    text_of(AccountMergeResultCode::no_account, "op_no_account",
            "The destination account does not exist.", "Create it, or name another."),
    text_of(AccountMergeResultCode::immutable_set, "op_immutable_set",
            "The account is immutable, so it cannot be removed.", "Pay its lumens out instead."),
    text_of(AccountMergeResultCode::has_sub_entries, "op_has_sub_entries",
            "The account still has trustlines, offers or data.",
            "Remove them first, in the same transaction if need be."),
    text_of(AccountMergeResultCode::seqnum_too_far, "op_seq_num_too_far",
            "The account's sequence number is too far ahead for it to be created again later.",
            "Wait until the ledger's number has passed it, or keep the account."),
    text_of(AccountMergeResultCode::dest_full, "op_dest_full",
            "The destination cannot hold so many lumens more.", "Name another destination."),
    text_of(AccountMergeResultCode::is_sponsor, "op_is_sponsor",
            "The account pays the reserves of others.",
            "Revoke its sponsorships, or hand them over, first."),
};

constexpr CodeText kInflation[] = {
    text_of(InflationResultCode::success, "op_success", "Inflation was paid out.", ""),
    text_of(InflationResultCode::not_time, "op_not_time", "There is no inflation any more.",
            "Leave the operation out."),
};

constexpr CodeText kManageData[] = {
    text_of(ManageDataResultCode::success, "op_success", "The data entry was set or removed.", ""),
    text_of(ManageDataResultCode::not_supported_yet, "op_not_supported_yet",
            "The network's protocol has no data entries yet.", "Use a newer network."),
    text_of(ManageDataResultCode::name_not_found, "op_data_name_not_found",
            "There is no data entry of that name to remove.", "Check the name."),
    text_of(ManageDataResultCode::low_reserve, "op_low_reserve",
            "The account has too few lumens for the reserve of one entry more.",
            "Add 0.5 XLM to the account, or have the reserve sponsored."),
    text_of(ManageDataResultCode::invalid_name, "op_data_invalid_name",
            "The name is empty or not a text of printable ASCII.",
            "Give a name of 1 to 64 printable ASCII characters."),
};

constexpr CodeText kBumpSequence[] = {
    text_of(BumpSequenceResultCode::success, "op_success",
            "The sequence number is now that number, or was higher already.", ""),
    text_of(BumpSequenceResultCode::bad_seq, "op_bad_seq",
            "The sequence number to bump to is negative.", "Give a number of 0 or more."),
};

const OperationTexts kAccount[] = {
    {OperationType::create_account, codes_of<CreateAccountResultCode>, kCreateAccount},
    {OperationType::set_options, codes_of<SetOptionsResultCode>, kSetOptions},
    {OperationType::account_merge, codes_of<AccountMergeResultCode>, kAccountMerge},
    {OperationType::inflation, codes_of<InflationResultCode>, kInflation},
    {OperationType::manage_data, codes_of<ManageDataResultCode>, kManageData},
    {OperationType::bump_sequence, codes_of<BumpSequenceResultCode>, kBumpSequence},
};

}  // namespace

std::span<const OperationTexts> account_texts() {
    return kAccount;
}

}  // namespace astro::stellar
