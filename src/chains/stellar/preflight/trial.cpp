#include "chains/stellar/preflight/trial.hpp"

#include <algorithm>
#include <limits>

#include "chains/stellar/build/text.hpp"

namespace astro::stellar {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::uint32_t kSubentriesMax = 1000;

bool is_native(const xdr::Asset& asset) {
    return asset.type == xdr::AssetType::native;
}

std::string lumens(std::int64_t stroops) {
    return to_text(Stroops(stroops)) + " XLM";
}

}  // namespace

const TrustLine* line_of(const AccountView& account, const xdr::Asset& asset) {
    const auto found = std::ranges::find(account.lines, asset, &TrustLine::asset);
    return found == account.lines.end() ? nullptr : &*found;
}

TrustLine* line_of(AccountView& account, const xdr::Asset& asset) {
    return const_cast<TrustLine*>(line_of(static_cast<const AccountView&>(account), asset));
}

bool is_issuer(const AccountView& account, const xdr::Asset& asset) {
    const auto* issuer = issuer_of(asset);
    return issuer != nullptr && *issuer == account.id;
}

std::string amount_text(std::int64_t stroops, const xdr::Asset& asset) {
    return to_text(Stroops(stroops)) + " " + code_of(asset);
}

void Trial::fail(std::string code, std::string reason, std::string remedy) {
    report_.findings.push_back({operation_, std::move(code), std::move(reason), std::move(remedy)});
}

void Trial::leave_open(std::string what) {
    report_.not_checked.push_back({operation_.value_or(0), std::move(what)});
}

Trial::Presence Trial::presence(const xdr::PublicKey& id) const {
    auto found = changed_.find(id.ed25519);
    if (found == changed_.end()) {
        found = view_.accounts.find(id.ed25519);
        if (found == view_.accounts.end()) return Presence::not_looked_up;
    }
    return found->second ? Presence::there : Presence::absent;
}

AccountView* Trial::account(const xdr::PublicKey& id) {
    const auto known = view_.accounts.find(id.ed25519);
    if (!changed_.contains(id.ed25519) && known != view_.accounts.end()) changed_.insert(*known);
    const auto found = changed_.find(id.ed25519);
    return found == changed_.end() || !found->second ? nullptr : &*found->second;
}

AccountView* Trial::source(const xdr::PublicKey& id) {
    auto* out = account(id);
    if (out != nullptr) return out;
    if (presence(id) == Presence::absent)
        fail("op_no_source_account", "The account " + to_text(id) + " does not exist.",
             "Create it first, and check the network.");
    else
        leave_open("the account " + to_text(id) + " was not looked up");
    return nullptr;
}

std::int64_t Trial::reserve_of(const AccountView& account) const {
    const std::int64_t units =
        std::int64_t{2} + account.subentries + account.sponsoring - account.sponsored;
    return units * view_.base_reserve_stroops;
}

std::int64_t Trial::available_lumens(const AccountView& account) const {
    return account.balance - account.selling_liabilities - reserve_of(account);
}

std::optional<std::int64_t> Trial::available(const AccountView& account,
                                             const xdr::Asset& asset) const {
    if (is_native(asset)) return available_lumens(account);
    if (is_issuer(account, asset)) return kMost;
    const auto* line = line_of(account, asset);
    if (line == nullptr) return std::nullopt;
    return line->balance - line->selling_liabilities;
}

bool Trial::debit(AccountView& account, const xdr::Asset& asset, std::int64_t amount) {
    const auto can_send = available(account, asset);
    const auto* line = line_of(account, asset);
    if (!can_send) {
        fail("op_src_no_trust",
             to_text(account.id) + " has no trustline for " + to_text(asset) + ".",
             "Only an asset that the account holds can be sent; check its code and issuer.");
        return false;
    }
    if (line != nullptr && !line->is_authorized) {
        fail("op_src_not_authorized",
             "The issuer has not authorized " + to_text(account.id) + " to send " + code_of(asset) +
                 ".",
             "Ask the issuer to authorize the trustline.");
        return false;
    }
    if (*can_send < amount) {
        const auto held = is_native(asset) ? account.balance : line->balance;
        const auto promised =
            is_native(asset) ? account.selling_liabilities : line->selling_liabilities;
        auto reason = "Sending " + amount_text(amount, asset) + " needs " +
                      amount_text(amount - std::max<std::int64_t>(*can_send, 0), asset) +
                      " more: of " + amount_text(held, asset);
        if (is_native(asset)) reason += ", " + lumens(reserve_of(account)) + " are the reserve";
        if (promised > 0) reason += ", " + amount_text(promised, asset) + " are in offers";
        fail("op_underfunded", reason + ".", "Send less, add to the balance, or cancel offers.");
        return false;
    }
    if (is_native(asset))
        account.balance -= amount;
    else if (!is_issuer(account, asset))
        line_of(account, asset)->balance -= amount;
    return true;
}

bool Trial::credit(AccountView& account, const xdr::Asset& asset, std::int64_t amount) {
    if (is_issuer(account, asset)) return true;
    auto* line = is_native(asset) ? nullptr : line_of(account, asset);
    if (!is_native(asset) && line == nullptr) {
        fail("op_no_trust", to_text(account.id) + " has no trustline for " + to_text(asset) + ".",
             "The recipient must add a trustline first; or leave the amount to be claimed by a "
             "claimable balance.");
        return false;
    }
    if (line != nullptr && !line->is_authorized) {
        fail("op_not_authorized",
             "The issuer has not authorized " + to_text(account.id) + " to hold " + code_of(asset) +
                 ".",
             "The recipient must have its trustline authorized by the issuer.");
        return false;
    }
    auto& balance = line == nullptr ? account.balance : line->balance;
    const auto room = line == nullptr ? kMost - balance - account.buying_liabilities
                                      : line->limit - balance - line->buying_liabilities;
    if (room < amount) {
        fail("op_line_full",
             to_text(account.id) + " can take " +
                 amount_text(std::max<std::int64_t>(room, 0), asset) + " more, not " +
                 amount_text(amount, asset) + ": its limit, less what it holds and what its " +
                 "offers may buy, leaves no room.",
             "Send less, or have the recipient raise the limit.");
        return false;
    }
    balance += amount;
    return true;
}

bool Trial::covers_reserve(const AccountView& payer, std::uint32_t units, std::string_view what) {
    const auto more = std::int64_t{units} * view_.base_reserve_stroops;
    const auto short_by = more - available_lumens(payer);
    if (short_by <= 0) return true;
    fail("op_low_reserve",
         "The reserve of " + to_text(payer.id) + " is short by " + lumens(short_by) + ": " +
             std::string(what) + " needs " + lumens(more) + ", and " +
             lumens(std::max<std::int64_t>(available_lumens(payer), 0)) + " of its " +
             lumens(payer.balance) + " are free.",
         "Add " + lumens(short_by) + " to the account, or have the reserve sponsored.");
    return false;
}

bool Trial::add_entries(AccountView& account, std::uint32_t count, std::string_view what) {
    if (account.subentries + count > kSubentriesMax) {
        fail("op_too_many_subentries", to_text(account.id) + " has 1,000 entries already.",
             "Remove trustlines, offers or data that are no longer used.");
        return false;
    }
    const auto* sponsor_id = sponsor_of({account.id.ed25519});
    if (sponsor_id == nullptr) {
        if (!covers_reserve(account, count, what)) return false;
    } else {
        auto* sponsor = source({*sponsor_id});
        if (sponsor != nullptr) {
            if (!covers_reserve(*sponsor, count, what)) return false;
            sponsor->sponsoring += count;
        }
        account.sponsored += count;
    }
    account.subentries += count;
    return true;
}

void Trial::remove_entries(AccountView& account, std::uint32_t count) {
    account.subentries -= std::min(account.subentries, count);
    if (account.sponsored < count) return;
    account.sponsored -= count;
    leave_open("whether the account or a sponsor of its entries gets the reserve back");
}

bool Trial::add_sponsored(AccountView& of, std::uint32_t count, std::string_view what) {
    const auto* sponsor_id = sponsor_of(of.id);
    auto* payer = sponsor_id == nullptr ? &of : source({*sponsor_id});
    if (payer == nullptr) return true;
    if (!covers_reserve(*payer, count, what)) return false;
    payer->sponsoring += count;
    return true;
}

void Trial::create(AccountView account) {
    changed_[account.id.ed25519] = std::move(account);
}

void Trial::remove(const xdr::PublicKey& id) {
    changed_[id.ed25519] = std::nullopt;
}

void Trial::begin_sponsoring(const xdr::PublicKey& sponsor, const xdr::PublicKey& sponsored) {
    sponsor_by_sponsored_[sponsored.ed25519] = sponsor.ed25519;
}

bool Trial::end_sponsoring(const xdr::PublicKey& sponsored) {
    return sponsor_by_sponsored_.erase(sponsored.ed25519) > 0;
}

const xdr::Uint256* Trial::sponsor_of(const xdr::PublicKey& account) const {
    const auto found = sponsor_by_sponsored_.find(account.ed25519);
    return found == sponsor_by_sponsored_.end() ? nullptr : &found->second;
}

bool Trial::is_sponsor(const xdr::PublicKey& account) const {
    return std::ranges::any_of(sponsor_by_sponsored_,
                               [&](const auto& pair) { return pair.second == account.ed25519; });
}

}  // namespace astro::stellar
