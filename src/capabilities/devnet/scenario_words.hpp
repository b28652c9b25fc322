#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chains/stellar/xdr/transaction.hpp"
#include "foundation/base/result.hpp"
#include "foundation/crypto/ed25519.hpp"

namespace astro::devnet {

namespace xdr = stellar::xdr;

/// The words of one line, taken one after the other; `->` and `,` are words of their own, `#`
/// begins a comment.
class Words {
  public:
    Words(std::string_view line, std::uint32_t number);

    [[nodiscard]] bool empty() const { return at_ == words_.size(); }
    [[nodiscard]] std::uint32_t line() const { return line_; }
    [[nodiscard]] std::string_view peek() const { return empty() ? "" : words_[at_]; }
    bool accept(std::string_view word);
    /// Of "name=value" words: the value, when the next word is that one.
    [[nodiscard]] std::optional<std::string_view> accept_value(std::string_view name);
    [[nodiscard]] Result<std::string_view> take(std::string_view wanted);
    [[nodiscard]] Result<std::int64_t> take_amount(std::string_view wanted);
    [[nodiscard]] Result<std::int64_t> take_number(std::string_view wanted);
    /// "bad_scenario" about the word that was taken last.
    [[nodiscard]] Unexpected wrong(std::string message) const;

  private:
    std::vector<std::string_view> words_;
    std::size_t at_ = 0;
    std::uint32_t line_;
};

/// Who and what a scenario's names mean.
class Cast {
  public:
    /// Everybody has a key that follows from the name.
    [[nodiscard]] static crypto::Ed25519Key key_of(std::string_view name);
    [[nodiscard]] static xdr::PublicKey account_of(std::string_view name);

    void add_asset(std::string_view code, std::string_view issuer);
    /// "XLM", a code that was declared, or "CODE:issuer".
    [[nodiscard]] Result<xdr::Asset> take_asset(Words& words) const;
    /// "XLM/USD".
    [[nodiscard]] Result<xdr::LiquidityPoolParameters> take_pool(Words& words) const;

    std::map<std::string, xdr::ClaimableBalanceID, std::less<>> balances;  ///< by name
    std::map<std::string, std::int64_t, std::less<>> offers;               ///< by name

  private:
    [[nodiscard]] std::optional<xdr::Asset> find_asset(std::string_view text) const;

    std::map<std::string, xdr::Asset, std::less<>> assets_;
};

}  // namespace astro::devnet
