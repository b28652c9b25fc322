#include "capabilities/devnet/engine/application.hpp"

#include <algorithm>

#include "capabilities/devnet/engine/arithmetic.hpp"
#include "capabilities/devnet/engine/entries.hpp"

namespace astro::devnet {

const xdr::AccountEntry* Application::find_account(const xdr::PublicKey& id) const {
    const auto* entry = state.find(account_key(id));
    return entry ? &account_in(*entry) : nullptr;
}

xdr::AccountEntry* Application::change_account(const xdr::PublicKey& id) {
    auto* entry = state.change(account_key(id));
    return entry ? &account_in(*entry) : nullptr;
}

xdr::AccountEntry& Application::need_account(const xdr::PublicKey& id) {
    auto* account = change_account(id);
    ASTRO_ASSERT(account != nullptr);
    return *account;
}

void Application::touch_account(const xdr::PublicKey& id) {
    (void)state.change(account_key(id));
}

bool Application::is_sponsor(const xdr::PublicKey& id) const {
    return std::any_of(sponsorships.begin(), sponsorships.end(),
                       [&](const auto& open) { return open.second == id; });
}

std::optional<xdr::PublicKey> Application::sponsor_for(const xdr::PublicKey& id) const {
    const auto at = sponsorships.find(id.ed25519);
    return at == sponsorships.end() ? std::nullopt : std::optional(at->second);
}

bool add_lumens(Application& app, xdr::AccountEntry& account, std::int64_t delta) {
    if (delta == 0) return true;
    std::int64_t balance = account.balance;
    if (!add_within(balance, delta)) return false;
    const auto promised = liabilities(account);
    if (delta < 0 && balance - reserve_of(account, app.header) < promised.selling) return false;
    if (balance > kAmountMax - promised.buying) return false;
    account.balance = balance;
    return true;
}

void note_sequence_set(const xdr::LedgerHeader& header, xdr::AccountEntry& account) {
    auto& times = need_sequence_times(account);
    times.seq_ledger = header.ledger_seq;
    times.seq_time = header.scp_value.close_time;
}

}  // namespace astro::devnet
