#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "capabilities/wallets/model.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/store/store.hpp"

namespace astro::wallets {

/// A change, as the audit tells it.
struct Change {
    std::string action;  ///< "wallet.created"
    std::string user;    ///< who does it, and whose wallet it is
    std::string wallet;
    std::map<std::string, std::string> detail{};
};
using Work = std::function<Result<void>(store::Writer&)>;
/// Runs the work in a transaction together with its audit entry.
using Act = std::function<Result<void>(const Change&, const Work&)>;

[[nodiscard]] std::vector<store::Migration> migrations();

/// The wallets of all users. What is sealed is kept as it came: nothing here can open it. Users and
/// wallets are named by their ids in hexadecimal. Thread-safe.
class WalletBook {
  public:
    static constexpr std::int64_t kWalletsMax = 100;  ///< of a user, archived ones too
    static constexpr std::size_t kNameBytesMax = 64;

    /// Both outlive it; the store is migrated.
    WalletBook(store::Store& store, const Clock& clock, Act act)
        : store_(store), clock_(clock), act_(std::move(act)) {}

    /// By age; archived ones only when asked for.
    [[nodiscard]] Result<std::vector<WalletView>> list(const std::string& user, bool archived);
    /// "wallet_unknown", also when it is somebody else's.
    [[nodiscard]] Result<WalletView> get(const std::string& user, const std::string& wallet);

    /// Takes what a client has sealed; the same again gives the same wallet. Codes of
    /// parse_envelope(), "wallet_envelope_elsewhere" (sealed for another user), "wallet_known" (the
    /// id or the address is there already), "wallet_revision", "too_many_wallets", "wallet_name".
    Result<WalletView> create(const std::string& user, const NewSealedWallet& wanted);
    /// "wallet_address", "wallet_known", "too_many_wallets", "wallet_name".
    Result<WalletView> watch(const std::string& user, const NewWatchedWallet& wanted,
                             const WalletId& id);

    /// "wallet_unknown"; "wallet_watch_only" when nothing is sealed.
    [[nodiscard]] Result<SealedWallet> sealed(const std::string& user, const std::string& wallet);
    /// Takes the next revision of what is sealed: of the same wallet, by its own signature.
    /// "wallet_changed" when it is not the next one, or `expected`, if given, is not the present
    /// one.
    Result<WalletView> replace(const std::string& user, const std::string& wallet,
                               const NewEnvelope& wanted, std::optional<std::int64_t> expected);

    Result<WalletView> rename(const std::string& user, const std::string& wallet,
                              const std::string& name);
    Result<WalletView> archive(const std::string& user, const std::string& wallet, bool archived);
    /// Tells the audit that its owner is about to see the secret.
    Result<void> tell_export(const std::string& user, const std::string& wallet);

    /// All of a user as JSON, for the export of what is kept of him.
    [[nodiscard]] Result<std::string> export_of(const std::string& user);
    /// Deletes all of a user, in the transaction that erases him.
    static Result<void> erase(store::Writer& w, const std::string& user);

  private:
    Result<WalletView> change(const Change& change, const Work& work);

    store::Store& store_;
    const Clock& clock_;
    Act act_;
};

}  // namespace astro::wallets
