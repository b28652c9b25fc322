#include "capabilities/identity/wallet_sign_in.hpp"

#include "capabilities/identity/rows.hpp"

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
        return link(w, user, kStellar, address);
    });
}

Result<void> WalletSignIn::link_solana(const UserId& user, std::string_view message,
                                       ByteView signature, const Caller& caller) {
    return core_.act(link_act(user, kSolana, caller), [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto address, prove_solana(w, message, signature));
        return link(w, user, kSolana, address);
    });
}

Result<TokenPair> WalletSignIn::sign_in(store::Writer& w, std::string_view chain,
                                        const std::string& address, Act& act) {
    ASTRO_TRY(const auto rows,
              w.query("SELECT u.id, u.status FROM identity_wallets l JOIN identity_users u ON "
                      "u.id = l.user_id WHERE l.chain = ? AND l.address = ?",
                      {std::string(chain), address}));
    UserId user;
    if (rows.empty()) {
        ASTRO_TRY(user, make_user(w));
        ASTRO_CHECK(link(w, user, chain, address));
    } else {
        ASTRO_TRY(user, parse_id<UserId>(store::to_string(rows[0][0])));
        if (store::to_string(rows[0][1]) != enum_name(UserStatus::active))
            return refusal("user_inactive", "the account is not active");
    }
    act.actor = act.subject = to_text(user);
    act.personal_of = user;
    return sessions_.start(w, user, {"wallet"}, act.caller);
}

Result<void> WalletSignIn::link(store::Writer& w, const UserId& user, std::string_view chain,
                                const std::string& address) {
    ASTRO_TRY(const auto rows,
              w.query("SELECT user_id FROM identity_wallets WHERE chain = ? AND address = ?",
                      {std::string(chain), address}));
    if (!rows.empty()) return refusal("wallet_linked", "this wallet belongs to an account already");
    ASTRO_CHECK(w.execute("INSERT INTO identity_wallets VALUES (?, ?, ?, ?)",
                          {std::string(chain), address, to_text(user), time_of(core_.now())}));
    return {};
}

Result<UserId> WalletSignIn::make_user(store::Writer& w) {
    const auto user = make_id<UserId>(core_.around.random);
    ASTRO_CHECK(
        w.execute("INSERT INTO identity_users VALUES (?, NULL, ?, NULL, NULL, NULL, 0, "
                  "NULL, 'active', ?, ?)",
                  {to_text(user), core_.wrap(core_.make_user_key(user)),
                   core_.settings.default_tier, time_of(core_.now())}));
    ASTRO_CHECK(w.execute("INSERT INTO identity_user_roles VALUES (?, 'viewer')", {to_text(user)}));
    return user;
}

}  // namespace astro::identity
