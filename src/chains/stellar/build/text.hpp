#pragma once

#include <string>
#include <string_view>

#include "chains/stellar/muxed_account.hpp"
#include "chains/stellar/xdr/transaction.hpp"
#include "foundation/base/result.hpp"

/// Accounts, assets and signers between text and XDR.
namespace astro::stellar {

/// "G…". Refusal "bad_strkey", as from all that reads keys.
[[nodiscard]] Result<xdr::PublicKey> parse_public_key(std::string_view text,
                                                      std::string_view where);
/// "G…" or "M…".
[[nodiscard]] Result<xdr::MuxedAccount> parse_address(std::string_view text,
                                                      std::string_view where);
/// "G…", "T…", "X…" or "P…".
[[nodiscard]] Result<xdr::SignerKey> parse_signer(std::string_view text, std::string_view where);

[[nodiscard]] xdr::MuxedAccount to_muxed(const xdr::PublicKey& account);
[[nodiscard]] xdr::MuxedAccount to_muxed(const MuxedAccount& account);
[[nodiscard]] MuxedAccount from_muxed(const xdr::MuxedAccount& address);
/// The account, without the id that a multiplexed address adds.
[[nodiscard]] xdr::PublicKey account_of(const xdr::MuxedAccount& address);

[[nodiscard]] std::string to_text(const xdr::PublicKey& account);
[[nodiscard]] std::string to_text(const xdr::MuxedAccount& address);

/// "native" (or "XLM"), or "CODE:G…" with a code of 1 to 12 letters and digits. Refusal
/// "bad_asset".
[[nodiscard]] Result<xdr::Asset> parse_asset(std::string_view text, std::string_view where);
[[nodiscard]] std::string to_text(const xdr::Asset& asset);
/// The code alone, "XLM" of lumens.
[[nodiscard]] std::string code_of(const xdr::Asset& asset);
/// nullptr of lumens.
[[nodiscard]] const xdr::PublicKey* issuer_of(const xdr::Asset& asset);
/// Whether its code is one that the network takes: letters and digits, then only zeros; five at
/// least in the long form.
[[nodiscard]] bool is_valid(const xdr::Asset& asset);

}  // namespace astro::stellar
