#include "capabilities/identity/wallet_sign_in.hpp"

namespace astro::identity {
namespace {

constexpr std::string_view kStellar = "stellar", kSolana = "solana";

Act login_act(std::string_view chain, const Caller& caller) {
    return {"login", "anonymous", "", {{"method", "wallet"}, {"chain", std::string(chain)}},
            {},      caller};
}
Act link_act(const UserId& user, std::string_view chain, const Caller& caller) {
    return {"wallet.linked", to_text(user), to_text(user), {{"chain", std::string(chain)}}, user,
            caller};
}

/// A shared account's user is told by its id or its memo.
std::string address_of(const sep10::VerifiedChallenge& challenge) {
    std::string out = stellar::to_text(challenge.client);
    if (challenge.memo) out += ":" + std::to_string(*challenge.memo);
    return out;
}

}  // namespace

Result<std::string> WalletSignIn::begin_stellar(const sep10::ChallengeRequest& request) {
    ASTRO_TRY(std::string text, sep10::make_challenge(stellar_, stellar_key_, request, core_.now(),
                                                      core_.around.random));
    ASTRO_TRY(const auto made, sep10::read_challenge(stellar_, text, core_.now()));
    const auto done = core_.around.store.write([&](store::Writer& w) {
        return core_.keep_one_time(w, kStellar, to_base64(made.nonce), {}, "",
                                   sep10::kChallengeLifeSeconds);
    });
    ASTRO_CHECK(done);
    return text;
}

Result<std::string> WalletSignIn::prove_stellar(
    store::Writer& w, std::string_view transaction,
    const std::optional<sep10::AccountSigners>& signers) {
    ASTRO_TRY(const auto verified,
              sep10::verify_challenge(stellar_, transaction, signers, core_.now()));
    ASTRO_CHECK(core_.take_one_time(w, kStellar, to_base64(verified.nonce)));
    return address_of(verified);
}

Result<std::string> WalletSignIn::begin_solana(const crypto::Ed25519Public& account) {
    const auto message =
        siws::make_message(solana_, account, "Sign in to " + core_.settings.site_name + ".",
                           core_.now(), core_.around.random);
    const auto done = core_.around.store.write([&](store::Writer& w) {
        return core_.keep_one_time(w, kSolana, message.nonce, {}, "", solana_.life_max_s);
    });
    ASTRO_CHECK(done);
    return siws::to_message(message);
}

Result<std::string> WalletSignIn::prove_solana(store::Writer& w, std::string_view message,
                                               ByteView signature) {
    ASTRO_TRY(const auto parsed, siws::parse_message(message));
    // Its own nonce: whether we gave it out is what take_one_time() knows.
    ASTRO_TRY(const auto account,
              siws::verify_message(solana_, parsed.nonce, message, signature, core_.now()));
    ASTRO_CHECK(core_.take_one_time(w, kSolana, parsed.nonce));
    return to_base58(account.view());
}

Result<TokenPair> WalletSignIn::finish_stellar(std::string_view transaction,
                                               const std::optional<sep10::AccountSigners>& signers,
                                               const Caller& caller) {
    Act act = login_act(kStellar, caller);
    std::optional<TokenPair> pair;
    const auto done = core_.act(act, [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto address, prove_stellar(w, transaction, signers));
        ASTRO_TRY(pair, sign_in(w, kStellar, address, act));
        return {};
    });
    ASTRO_CHECK(done);
    return std::move(*pair);
}

Result<TokenPair> WalletSignIn::finish_solana(std::string_view message, ByteView signature,
                                              const Caller& caller) {
    Act act = login_act(kSolana, caller);
    std::optional<TokenPair> pair;
    const auto done = core_.act(act, [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto address, prove_solana(w, message, signature));
        ASTRO_TRY(pair, sign_in(w, kSolana, address, act));
        return {};
    });
    ASTRO_CHECK(done);
    return std::move(*pair);
}

Result<void> WalletSignIn::link_stellar(const UserId& user, std::string_view transaction,
                                        const std::optional<sep10::AccountSigners>& signers,
                                        const Caller& caller) {
    return core_.act(link_act(user, kStellar, caller), [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto address, prove_stellar(w, transaction, signers));
        return links_.add(w, user, kStellar, address);
    });
}

Result<void> WalletSignIn::link_solana(const UserId& user, std::string_view message,
                                       ByteView signature, const Caller& caller) {
    return core_.act(link_act(user, kSolana, caller), [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto address, prove_solana(w, message, signature));
        return links_.add(w, user, kSolana, address);
    });
}

Result<void> WalletSignIn::unlink(const UserId& user, const std::string& kind,
                                  const std::string& name, const Caller& caller) {
    return core_.act(
        {"wallet.unlinked", to_text(user), to_text(user), {{"chain", kind}}, user, caller},
        [&](store::Writer& w) { return links_.remove(w, user, kind, name); });
}

Result<TokenPair> WalletSignIn::sign_in(store::Writer& w, std::string_view chain,
                                        const std::string& address, Act& act) {
    ASTRO_TRY(auto user, links_.find(w, chain, address));
    if (!user) {
        ASTRO_TRY(user, links_.make_user(w, chain, address));
    }
    act.actor = act.subject = to_text(*user);
    act.personal_of = *user;
    return sessions_.start(w, *user, {"wallet"}, act.caller);
}

}  // namespace astro::identity
