#pragma once

#include <map>
#include <string>

#include "chains/stellar/preflight/preflight.hpp"

namespace astro::stellar {

/// The accounts while a transaction is tried on them, and what was found. A step that fails says so
/// once and changes nothing.
class Trial {
  public:
    Trial(const LedgerView& view, PreflightReport& report) : view_(view), report_(report) {}

    /// The operation that findings are about from here on.
    void begin(std::optional<std::uint32_t> operation) { operation_ = operation; }
    void fail(std::string code, std::string reason, std::string remedy);
    void leave_open(std::string what);

    enum class Presence { there, absent, not_looked_up };
    [[nodiscard]] Presence presence(const xdr::PublicKey& id) const;
    /// nullptr unless it is there.
    [[nodiscard]] AccountView* account(const xdr::PublicKey& id);
    /// The same; when it is not known, that is noted.
    AccountView* source(const xdr::PublicKey& id);

    [[nodiscard]] std::int64_t reserve_of(const AccountView& account) const;
    [[nodiscard]] std::int64_t available_lumens(const AccountView& account) const;
    /// Of the asset, for sending; absent: no trustline (and it is not the issuer, who makes any
    /// amount).
    [[nodiscard]] std::optional<std::int64_t> available(const AccountView& account,
                                                        const xdr::Asset& asset) const;

    // Each is false when it fails.
    bool debit(AccountView& account, const xdr::Asset& asset, std::int64_t amount);
    bool credit(AccountView& account, const xdr::Asset& asset, std::int64_t amount);
    /// The reserve of `count` entries more, from the account or from who sponsors it.
    bool add_entries(AccountView& account, std::uint32_t count, std::string_view what);
    void remove_entries(AccountView& account, std::uint32_t count);
    /// The reserve of what stands alone in the ledger: `count` units, from the source or its
    /// sponsor.
    bool add_sponsored(AccountView& source, std::uint32_t count, std::string_view what);

    void create(AccountView account);
    void remove(const xdr::PublicKey& id);

    void begin_sponsoring(const xdr::PublicKey& sponsor, const xdr::PublicKey& sponsored);
    /// False when nobody sponsors it.
    bool end_sponsoring(const xdr::PublicKey& sponsored);
    [[nodiscard]] const xdr::Uint256* sponsor_of(const xdr::PublicKey& account) const;
    [[nodiscard]] bool is_sponsor(const xdr::PublicKey& account) const;
    [[nodiscard]] bool has_open_sponsorship() const { return !sponsor_by_sponsored_.empty(); }

    [[nodiscard]] const std::map<xdr::Uint256, std::optional<AccountView>>& accounts() const {
        return changed_;
    }

  private:
    /// Whether the account's lumens cover its reserve, changed by `units`; else it fails.
    bool covers_reserve(const AccountView& payer, std::uint32_t units, std::string_view what);

    const LedgerView& view_;
    PreflightReport& report_;
    std::optional<std::uint32_t> operation_;
    std::map<xdr::Uint256, std::optional<AccountView>> changed_;
    std::map<xdr::Uint256, xdr::Uint256> sponsor_by_sponsored_;
};

/// Of the asset; nullptr when there is none.
[[nodiscard]] TrustLine* line_of(AccountView& account, const xdr::Asset& asset);
[[nodiscard]] const TrustLine* line_of(const AccountView& account, const xdr::Asset& asset);
[[nodiscard]] bool is_issuer(const AccountView& account, const xdr::Asset& asset);

/// "12.5 USD".
[[nodiscard]] std::string amount_text(std::int64_t stroops, const xdr::Asset& asset);

void try_operation(Trial& trial, const xdr::Operation& operation, const xdr::PublicKey& source,
                   bool has_memo);

}  // namespace astro::stellar
