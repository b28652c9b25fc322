#include <algorithm>

#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/operations/operations.hpp"
#include "capabilities/devnet/engine/operations/results.hpp"
#include "capabilities/devnet/engine/operations/signers.hpp"
#include "chains/stellar/xdr/codec.hpp"

namespace astro::devnet {
namespace {

using Code = xdr::SetOptionsResultCode;

xdr::OperationResult set(Code code) {
    return tried_with<xdr::SetOptionsResult>(xdr::OperationType::set_options, code);
}

/// Each flag, including the immutable one, is fixed once that one is set.
std::optional<Code> set_flags(xdr::AccountEntry& account, const xdr::SetOptionsOp& op) {
    for (const auto& [flags, is_set] : {std::pair{op.clear_flags, false}, {op.set_flags, true}}) {
        if (!flags) continue;
        if (*flags != 0 && account.flags & bits(xdr::AccountFlags::immutable_flag))
            return Code::cant_change;
        account.flags = is_set ? account.flags | *flags : account.flags & ~*flags;
    }
    const bool can_claw_back = account.flags & bits(xdr::AccountFlags::clawback_enabled_flag);
    const bool can_revoke = account.flags & bits(xdr::AccountFlags::revocable_flag);
    if (can_claw_back && !can_revoke) return Code::auth_revocable_required;
    return std::nullopt;
}

void set_thresholds(xdr::AccountEntry& account, const xdr::SetOptionsOp& op) {
    const std::optional<std::uint32_t> values[] = {op.master_weight, op.low_threshold,
                                                   op.med_threshold, op.high_threshold};
    for (std::size_t i = 0; i < 4; ++i)
        if (values[i]) account.thresholds.bytes[i] = static_cast<std::uint8_t>(*values[i]);
}

xdr::OperationResult set_signer(Application& app, xdr::AccountEntry& account,
                                const xdr::Signer& signer) {
    const auto at = find_signer(account, signer.key);
    if (signer.weight == 0) {
        if (at) remove_signer(app, account, *at);
        return set(Code::success);
    }
    if (at) {
        account.signers[*at].weight = signer.weight;
        return set(Code::success);
    }
    if (account.signers.size() == kSignersMax) return set(Code::too_many_signers);
    const auto place = std::find_if(account.signers.begin(), account.signers.end(),
                                    [&](const auto& it) { return is_before(signer.key, it.key); });
    const auto index = place - account.signers.begin();
    account.signers.insert(place, signer);
    if (sponsorships(account)) {
        auto& sponsors = need_sponsorships(account).signer_sponsoring_i_ds;
        sponsors.insert(sponsors.begin() + index, std::nullopt);
    }
    const auto outcome = take_on_signer_reserve(app, account, static_cast<std::size_t>(index));
    return outcome == ReserveOutcome::ok ? set(Code::success)
                                         : reserve_refused(outcome, set(Code::low_reserve));
}

}  // namespace

bool is_before(const xdr::SignerKey& a, const xdr::SignerKey& b) {
    if (a.type != b.type) return a.type < b.type;
    const auto* payload = std::get_if<xdr::SignerKeyEd25519SignedPayload>(&a.value);
    if (!payload) return std::get<xdr::Uint256>(a.value) < std::get<xdr::Uint256>(b.value);
    const auto& other = std::get<xdr::SignerKeyEd25519SignedPayload>(b.value);
    if (payload->ed25519 != other.ed25519) return payload->ed25519 < other.ed25519;
    return payload->payload < other.payload;
}

std::optional<std::size_t> find_signer(const xdr::AccountEntry& account,
                                       const xdr::SignerKey& key) {
    for (std::size_t i = 0; i < account.signers.size(); ++i)
        if (account.signers[i].key == key) return i;
    return std::nullopt;
}

xdr::OperationResult apply(Application& app, const xdr::SetOptionsOp& op) {
    auto& account = app.need_account(app.source);
    if (op.inflation_dest) {
        if (*op.inflation_dest != app.source && !app.find_account(*op.inflation_dest))
            return set(Code::invalid_inflation);
        account.inflation_dest = op.inflation_dest;
    }
    if (const auto code = set_flags(account, op)) return set(*code);
    if (op.home_domain) account.home_domain = *op.home_domain;
    set_thresholds(account, op);
    return op.signer ? set_signer(app, account, *op.signer) : set(Code::success);
}

}  // namespace astro::devnet
