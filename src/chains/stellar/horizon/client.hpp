#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "chains/stellar/horizon/documents.hpp"
#include "foundation/net/client.hpp"

namespace astro::stellar {

/// Asks a Horizon server of a network whose passphrase is known beforehand. Blocking; not
/// thread-safe: one a thread. Codes beside those of net::HttpClient: "bad_response" (HTML, broken
/// JSON), "rate_limited" (where = the seconds of Retry-After, if given), "horizon_error" (its
/// title and detail), "wrong_network".
class HorizonClient {
  public:
    /// Asks for the server's passphrase at once: one that serves another network is refused, before
    /// anything is signed for it.
    static Result<std::unique_ptr<HorizonClient>> connect(std::string_view url,
                                                          std::string_view passphrase,
                                                          net::ClientOptions options = {});

    /// nullopt: there is none.
    [[nodiscard]] Result<std::optional<AccountView>> account(const xdr::PublicKey& id);
    [[nodiscard]] Result<LedgerSummary> latest_ledger();
    /// All that preflight() wants to know of the ledger for this transaction. At most 100 accounts
    /// are asked for, the sources first; those beyond are left out of the view.
    [[nodiscard]] Result<LedgerView> view_for(const xdr::TransactionEnvelope& envelope);

  private:
    HorizonClient(std::unique_ptr<net::HttpClient> http, std::string base, std::string host)
        : http_(std::move(http)), base_(std::move(base)), host_(std::move(host)) {}
    /// The body; nullopt for 404.
    Result<std::optional<std::string>> get(const std::string& path);

    std::unique_ptr<net::HttpClient> http_;
    std::string base_, host_;
};

}  // namespace astro::stellar
