#include "capabilities/devnet/engine/arithmetic.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/operations/operations.hpp"
#include "capabilities/devnet/engine/operations/results.hpp"

namespace astro::devnet {
namespace {

using Type = xdr::OperationType;
using Create = xdr::CreateAccountResultCode;
using Merge = xdr::AccountMergeResultCode;
using Data = xdr::ManageDataResultCode;

xdr::OperationResult created(Create code) {
    return tried_with<xdr::CreateAccountResult>(Type::create_account, code);
}
xdr::OperationResult merged(Merge code) {
    return tried_with<xdr::AccountMergeResult>(Type::account_merge, code);
}
xdr::OperationResult managed(Data code) {
    return tried_with<xdr::ManageDataResult>(Type::manage_data, code);
}

/// Whether a number of the account would come again if it were made anew in this ledger.
bool is_sequence_too_far(const Application& app, const xdr::AccountEntry& account) {
    std::int64_t highest = account.seq_num;
    const auto at = app.sequences_in_ledger.find(account.account_id.ed25519);
    if (at != app.sequences_in_ledger.end()) highest = std::max(highest, at->second);
    return highest >= first_sequence(app.header);
}

}  // namespace

xdr::OperationResult apply(Application& app, const xdr::CreateAccountOp& op) {
    if (app.find_account(op.destination)) return created(Create::already_exist);
    xdr::AccountEntry account;
    account.account_id = op.destination;
    account.balance = op.starting_balance;
    account.seq_num = first_sequence(app.header);
    account.thresholds.bytes[0] = 1;
    auto entry = to_entry(std::move(account));
    const auto outcome = take_on_reserve(app, entry, op.destination);
    if (outcome != ReserveOutcome::ok)
        return reserve_refused(outcome, created(Create::low_reserve));
    auto& source = app.need_account(app.source);
    if (available(source, app.header) < op.starting_balance) return created(Create::underfunded);
    const bool is_paid = add_lumens(app, source, -op.starting_balance);
    ASTRO_ASSERT(is_paid);
    app.state.create(std::move(entry));
    return created(Create::success);
}

xdr::OperationResult apply_merge(Application& app, const xdr::PublicKey& destination) {
    auto* other = app.change_account(destination);
    if (!other) return merged(Merge::no_account);
    const Key key = account_key(app.source);
    auto& entry = *app.state.change(key);
    auto& source = account_in(entry);
    if (source.flags & bits(xdr::AccountFlags::immutable_flag)) return merged(Merge::immutable_set);
    if (source.num_sub_entries != source.signers.size()) return merged(Merge::has_sub_entries);
    if (is_sequence_too_far(app, source)) return merged(Merge::seqnum_too_far);
    const auto* counts = sponsorships(source);
    if (app.is_sponsor(app.source) || (counts && counts->num_sponsoring != 0))
        return merged(Merge::is_sponsor);
    while (!source.signers.empty()) remove_signer(app, source, source.signers.size() - 1);
    const std::int64_t balance = source.balance;
    if (!add_lumens(app, *other, balance)) return merged(Merge::dest_full);
    give_back_reserve(app, entry, app.source);
    app.state.remove(key);
    return tried(Type::account_merge, xdr::AccountMergeResult{Merge::success, balance});
}

xdr::OperationResult apply(Application& app, const xdr::ManageDataOp& op) {
    const Key key = data_key(app.source, op.data_name);
    auto* there = app.state.change(key);
    if (!op.data_value) {
        if (!there) return managed(Data::name_not_found);
        give_back_reserve(app, *there, app.source);
        app.state.remove(key);
    } else if (there) {
        std::get<xdr::DataEntry>(there->data.value).data_value = *op.data_value;
    } else {
        auto entry = to_entry(xdr::DataEntry{app.source, op.data_name, *op.data_value, {}});
        const auto outcome = take_on_reserve(app, entry, app.source);
        if (outcome != ReserveOutcome::ok)
            return reserve_refused(outcome, managed(Data::low_reserve));
        app.state.create(std::move(entry));
    }
    return managed(Data::success);
}

xdr::OperationResult apply(Application& app, const xdr::BumpSequenceOp& op) {
    auto& source = app.need_account(app.source);
    note_sequence_set(app.header, source);
    source.seq_num = std::max(source.seq_num, op.bump_to);
    return tried(Type::bump_sequence, xdr::BumpSequenceResult{});
}

}  // namespace astro::devnet
