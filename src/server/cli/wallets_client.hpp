#pragma once

#include <memory>
#include <optional>
#include <string>

#include "capabilities/wallets/model.hpp"
#include "foundation/net/client.hpp"
#include "server/cli/wallets_arguments.hpp"
#include "server/traders/api_key.hpp"

namespace astro::cli {

/// The server's routes of wallets, in the name of the user of an API key. A refusal of the server
/// is a refusal here, with its code in front. Not thread-safe.
class WalletsClient {
  public:
    static Result<WalletsClient> connect(const WalletsServer& server);

    /// Whose key it is.
    [[nodiscard]] Result<wallets::OwnerId> owner();
    [[nodiscard]] Result<wallets::WalletList> list(bool archived);
    /// By its id or its name, of which there must be one only; archived ones too. "wallet_unknown",
    /// "wallet_ambiguous".
    [[nodiscard]] Result<wallets::WalletView> find(const std::string& wallet);
    Result<wallets::WalletView> create(const wallets::NewSealedWallet& wallet);
    Result<wallets::WalletView> watch(const wallets::NewWatchedWallet& wallet);
    Result<wallets::WalletView> rename(const std::string& id, const std::string& name);
    /// What is sealed, and that it is what was asked for: codes of parse_envelope() and
    /// check_subject().
    [[nodiscard]] Result<wallets::Envelope> envelope(const std::string& id);
    Result<wallets::WalletView> replace(const std::string& id, const wallets::Envelope& next);

  private:
    WalletsClient(std::unique_ptr<net::HttpClient> http, traders::ApiKey key)
        : http_(std::move(http)), key_(std::move(key)) {}
    /// The body of an answer of success.
    Result<std::string> ask(const std::string& method, const std::string& target,
                            std::string body = {}, std::optional<std::string> if_match = {});
    template <class T>
    Result<T> ask_for(const std::string& method, const std::string& target, std::string body = {},
                      std::optional<std::string> if_match = {});

    std::unique_ptr<net::HttpClient> http_;
    traders::ApiKey key_;
};

}  // namespace astro::cli
