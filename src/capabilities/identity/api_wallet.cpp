#include <charconv>

#include "capabilities/identity/api.hpp"

/// Signing in with a wallet, and linking one.
namespace astro::identity {

struct StellarChallengeBody {
    std::string account;
    std::optional<std::string> memo;
};
BOOST_DESCRIBE_STRUCT(StellarChallengeBody, (), (account, memo))

struct StellarTransaction {
    std::string transaction;
};
BOOST_DESCRIBE_STRUCT(StellarTransaction, (), (transaction))

/// As SEP-10 answers.
struct StellarChallenge {
    std::string transaction;
    std::string network_passphrase;
};
BOOST_DESCRIBE_STRUCT(StellarChallenge, (), (transaction, network_passphrase))

struct SolanaAccount {
    std::string account;
};
BOOST_DESCRIBE_STRUCT(SolanaAccount, (), (account))

struct SolanaMessage {
    std::string message;
};
BOOST_DESCRIBE_STRUCT(SolanaMessage, (), (message))

struct SignedSolanaMessage {
    std::string message;
    std::string signature;
};
BOOST_DESCRIBE_STRUCT(SignedSolanaMessage, (), (message, signature))

struct LinkList {
    std::vector<LinkView> items;
};
BOOST_DESCRIBE_STRUCT(LinkList, (), (items))

namespace {

using gateway::Call;
using gateway::RouteClass;
using Answered = Result<net::Response>;

Answered begin_stellar(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(const auto body, read_json<StellarChallengeBody>(call.request().body));
    sep10::ChallengeRequest request;
    ASTRO_TRY(request.client, stellar::parse_muxed_account(body.account));
    if (body.memo) {
        std::uint64_t memo = 0;
        const auto* end = body.memo->data() + body.memo->size();
        const auto read = std::from_chars(body.memo->data(), end, memo);
        if (read.ec != std::errc{} || read.ptr != end)
            return refusal("bad_body", "is a whole number", "memo");
        request.memo = memo;
    }
    ASTRO_TRY(auto text, parts.service.wallets.begin_stellar(request));
    return json_of(StellarChallenge{std::move(text), parts.service.wallets.stellar_network()});
}

Answered begin_solana(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(const auto body, read_json<SolanaAccount>(call.request().body));
    crypto::Ed25519Public account;
    if (!decode_base58_fixed(body.account, account.bytes))
        return refusal("bad_body", "is a Solana address", "account");
    ASTRO_TRY(auto text, parts.service.wallets.begin_solana(account));
    return json_of(SolanaMessage{std::move(text)});
}

struct Signed {
    std::string message;
    Bytes signature;
};
Result<Signed> read_signed(const Call& call) {
    ASTRO_TRY(auto body, read_json<SignedSolanaMessage>(call.request().body));
    ASTRO_TRY(auto signature, member_bytes(body.signature, "signature"));
    return Signed{std::move(body.message), std::move(signature)};
}

void add_begin(const ApiParts& parts, Routes& routes) {
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/login/stellar-challenge",
                      .summary = "A SEP-10 challenge for a Stellar wallet to sign",
                      .body = json_document(StellarChallengeBody{
                          "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ", {}}),
                      .answers = {answer_of<StellarChallenge>("Base64 XDR, and for which network")},
                      .limit_class = RouteClass::sign_in,
                      .handler = [parts](const Call& call) { return begin_stellar(parts, call); }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/login/solana-challenge",
                      .summary = "A message for a Solana wallet to sign",
                      .body = json_document(SolanaAccount{"11111111111111111111111111111111"}),
                      .answers = {answer_of<SolanaMessage>("The text")},
                      .limit_class = RouteClass::sign_in,
                      .handler = [parts](const Call& call) { return begin_solana(parts, call); }});
}

void add_login(const ApiParts& parts, Routes& routes) {
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/login/stellar",
                      .summary = "Signs in by a signed SEP-10 challenge",
                      .parameters = {cookies_parameter()},
                      .body = json_document<StellarTransaction>(),
                      .answers = {answer_of<SignedIn>("Tokens")},
                      .refusals = {401, 403},
                      .limit_class = RouteClass::sign_in,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body,
                                    read_json<StellarTransaction>(call.request().body));
                          ASTRO_TRY(const auto pair,
                                    parts.service.wallets.finish_stellar(
                                        body.transaction, std::nullopt, caller_of(parts, call)));
                          return signed_in(parts, call, pair);
                      }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/login/solana",
                      .summary = "Signs in by a signed message; the signature is base64url",
                      .parameters = {cookies_parameter()},
                      .body = json_document<SignedSolanaMessage>(),
                      .answers = {answer_of<SignedIn>("Tokens")},
                      .refusals = {401, 403},
                      .limit_class = RouteClass::sign_in,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_signed(call));
                          ASTRO_TRY(const auto pair,
                                    parts.service.wallets.finish_solana(
                                        body.message, body.signature, caller_of(parts, call)));
                          return signed_in(parts, call, pair);
                      }});
}

void add_links(const ApiParts& parts, Routes& routes) {
    routes.push_back({.path = kPrefix + "/wallets",
                      .summary = "What signs in to the caller's account beside his password and "
                                 "passkeys: wallets, and accounts at providers",
                      .answers = {answer_of<LinkList>("Oldest first")},
                      .permission = std::string(kSelfPermission),
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(auto list, parts.service.wallets.list(self_of(call)));
                          return json_of(LinkList{std::move(list)});
                      }});
    routes.push_back({.method = "DELETE",
                      .path = kPrefix + "/wallets/{kind}/{name}",
                      .summary = "Unlinks one; not the last that signs in",
                      .parameters = {{.name = "kind",
                                      .summary = "The chain, or the provider",
                                      .length_max = 64,
                                      .example = "solana"},
                                     {.name = "name",
                                      .summary = "Its address, or the subject at the provider",
                                      .length_max = 256,
                                      .example = "9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM"}},
                      .answers = {no_content("Unlinked")},
                      .refusals = {404, 409},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_CHECK(parts.service.wallets.unlink(
                              self_of(call), std::string(*call.text("kind")),
                              std::string(*call.text("name")), caller_of(parts, call)));
                          return nothing();
                      }});
}

}  // namespace

void add_wallet_routes(const ApiParts& parts, Routes& routes) {
    add_begin(parts, routes);
    add_login(parts, routes);
    add_links(parts, routes);
    routes.push_back(
        {.method = "POST",
         .path = kPrefix + "/wallets/stellar",
         .summary = "Links a Stellar wallet to the caller's account",
         .body = json_document<StellarTransaction>(),
         .answers = {no_content("Linked")},
         .refusals = {409},
         .permission = std::string(kSelfPermission),
         .limit_class = RouteClass::write,
         .handler = [parts](const Call& call) -> Answered {
             ASTRO_TRY(const auto body, read_json<StellarTransaction>(call.request().body));
             ASTRO_CHECK(parts.service.wallets.link_stellar(self_of(call), body.transaction,
                                                            std::nullopt, caller_of(parts, call)));
             return nothing();
         }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/wallets/solana",
                      .summary = "Links a Solana wallet to the caller's account",
                      .body = json_document<SignedSolanaMessage>(),
                      .answers = {no_content("Linked")},
                      .refusals = {409},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_signed(call));
                          ASTRO_CHECK(parts.service.wallets.link_solana(
                              self_of(call), body.message, body.signature, caller_of(parts, call)));
                          return nothing();
                      }});
}

}  // namespace astro::identity
