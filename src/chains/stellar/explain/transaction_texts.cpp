#include "chains/stellar/explain/code_text.hpp"

namespace astro::stellar {
namespace {

using T = xdr::TransactionResultCode;
using O = xdr::OperationResultCode;

constexpr CodeText kTransaction[] = {
    text_of(T::tx_fee_bump_inner_success, "tx_fee_bump_inner_success",
            "The fee bump was applied, and the transaction inside it succeeded.", ""),
    text_of(T::tx_success, "tx_success", "All operations were applied.", ""),
    text_of(T::tx_failed, "tx_failed",
            "An operation failed, so none was applied; the fee was taken and the sequence number "
            "is used up.",
            "Mend the operation that failed, and send a new transaction with the next sequence "
            "number."),
    text_of(T::tx_too_early, "tx_too_early",
            "The transaction is not valid yet: its time or ledger bounds begin later.",
            "Send the same transaction again once the bounds have begun; check this machine's "
            "clock if they should have."),
    text_of(T::tx_too_late, "tx_too_late",
            "The time or ledger bounds of the transaction have passed, so it can never be applied.",
            "Build it anew with later bounds; nothing was paid."),
    text_of(T::tx_missing_operation, "tx_missing_operation", "The transaction has no operation.",
            "Add one to a hundred operations."),
    text_of(T::tx_bad_seq, "tx_bad_seq",
            "The sequence number is not the next one of the source account.",
            "First look whether this very transaction was applied already; only then load the "
            "account's sequence, build the transaction with the next number and sign it anew."),
    text_of(T::tx_bad_auth, "tx_bad_auth",
            "The signatures do not reach the threshold that the transaction needs, or were made "
            "for another network.",
            "Sign with the missing keys, and check the network's passphrase."),
    text_of(T::tx_insufficient_balance, "tx_insufficient_balance",
            "The fee would take the source account below its reserve.",
            "Add lumens to the account, or let another one pay by a fee bump."),
    text_of(T::tx_no_account, "tx_no_source_account", "The source account does not exist.",
            "Fund it by a create-account operation first, and check the network."),
    text_of(T::tx_insufficient_fee, "tx_insufficient_fee",
            "The fee is below what the network asks for at the moment.",
            "Offer more for each operation, as the fee statistics say, or send a fee bump."),
    text_of(T::tx_bad_auth_extra, "tx_bad_auth_extra", "There are signatures that nothing needs.",
            "Take out the signatures of keys that do not sign for a source account."),
    text_of(T::tx_internal_error, "tx_internal_error",
            "The node failed while it applied the transaction.",
            "Send the same transaction again; tell the operator of the node if it stays."),
    text_of(T::tx_not_supported, "tx_not_supported",
            "The network's protocol does not know this kind of transaction.",
            "Leave out what is newer than the protocol of the network."),
    text_of(T::tx_fee_bump_inner_failed, "tx_fee_bump_inner_failed",
            "The fee bump was applied, but the transaction inside it failed.",
            "Mend the inner transaction; its own code says why it failed."),
    text_of(T::tx_bad_sponsorship, "tx_bad_sponsorship",
            "A sponsorship that an operation began was not ended in the same transaction.",
            "Add an end-sponsoring-future-reserves operation of the sponsored account."),
    text_of(T::tx_bad_min_seq_age_or_gap, "tx_bad_min_seq_age_or_gap",
            "The account's sequence number changed too lately for the preconditions of the "
            "transaction (minimum age or ledger gap).",
            "Wait until the age and the gap are reached, and send the same transaction again."),
    text_of(T::tx_malformed, "tx_malformed",
            "The preconditions or the fee of the transaction contradict each other.",
            "Check its bounds, extra signers and fees."),
    text_of(T::tx_soroban_invalid, "tx_soroban_invalid",
            "The resources or the footprint that the contract call declares are not valid.",
            "Simulate the transaction anew, and take the resources and the fee from the answer."),
    text_of(T::tx_frozen_key_accessed, "tx_frozen_key_accessed",
            "The transaction touches a ledger entry that the network has frozen.",
            "Use other entries; only the network's validators can unfreeze this one."),
};

constexpr CodeText kOuter[] = {
    text_of(O::op_inner, "op_inner", "The operation was tried; its own code says how it ended.",
            ""),
    text_of(O::op_bad_auth, "op_bad_auth",
            "The signatures do not reach the threshold that this operation needs of its source.",
            "Sign with more keys of the operation's source account."),
    text_of(O::op_no_account, "op_no_source_account",
            "The source account of the operation does not exist.",
            "Fund it by a create-account operation first, and check the network."),
    text_of(O::op_not_supported, "op_not_supported",
            "The network's protocol does not support this operation.",
            "Leave it out, or use what has taken its place."),
    text_of(O::op_too_many_subentries, "op_too_many_subentries",
            "The account has 1,000 entries (trustlines, offers, signers, data) and can have no "
            "more.",
            "Remove trustlines, offers or data that are no longer used."),
    text_of(O::op_exceeded_work_limit, "op_exceeded_work_limit",
            "The operation would take more offers than the network works through at once.",
            "Trade a smaller amount."),
    text_of(O::op_too_many_sponsoring, "op_too_many_sponsoring",
            "The account sponsors as many reserves as an account can.",
            "Let another account be the sponsor."),
};

}  // namespace

std::span<const CodeText> transaction_texts() {
    return kTransaction;
}

std::span<const CodeText> outer_operation_texts() {
    return kOuter;
}

}  // namespace astro::stellar
