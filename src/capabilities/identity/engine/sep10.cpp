#include "capabilities/identity/engine/sep10.hpp"

#include <algorithm>

#include "foundation/base/encoding.hpp"

namespace astro::identity::sep10 {
namespace {

using stellar::ManageData;
using stellar::Operation;

constexpr std::size_t kNonceBytes = 48, kNonceChars = 64;
constexpr std::uint32_t kBaseFee = 100;
constexpr std::string_view kAuthSuffix = " auth";
constexpr std::string_view kWebAuthDomain = "web_auth_domain", kClientDomain = "client_domain";

Operation data_operation(const stellar::MuxedAccount& source, std::string name,
                         std::string_view value) {
    const auto bytes = as_bytes(value);
    return {source, ManageData{std::move(name), Bytes(bytes.begin(), bytes.end())}};
}

bool fits(std::string_view text, std::size_t max) {
    return !text.empty() && text.size() <= max;
}

/// The client's account, and what its operation and those after it say.
struct Reading {
    VerifiedChallenge challenge;
    std::optional<stellar::AccountId> client_domain_account;
};

Result<void> check_frame(const Server& server, const stellar::Transaction& tx, TimestampNs now) {
    if (tx.source != stellar::MuxedAccount{server.account, {}})
        return refusal("sep10_source", "the challenge's source is not this server's account");
    if (tx.sequence != 0) return refusal("sep10_sequence", "a challenge has the sequence number 0");
    if (!tx.time_bounds || tx.time_bounds->max_s == 0)
        return refusal("sep10_time", "a challenge has an end");
    const std::int64_t now_s = now.value() / 1'000'000'000;
    if (now_s < 0 || static_cast<std::uint64_t>(now_s) < tx.time_bounds->min_s ||
        static_cast<std::uint64_t>(now_s) > tx.time_bounds->max_s)
        return refusal("sep10_time", "the challenge has expired or is not valid yet");
    return {};
}

Result<void> read_first(const Server& server, const Operation& operation, Reading& out) {
    const auto& data = std::get<ManageData>(operation.body);
    if (!operation.source)
        return refusal("sep10_operation", "the challenge's first operation has no source");
    if (data.name != server.home_domain + std::string(kAuthSuffix))
        return refusal("sep10_home_domain", "the challenge is for another home domain");
    if (!data.value || data.value->size() != kNonceChars)
        return refusal("sep10_operation", "the challenge's nonce has 64 characters");
    const auto nonce = parse_base64(
        std::string_view(reinterpret_cast<const char*>(data.value->data()), data.value->size()));
    if (!nonce || nonce->size() != kNonceBytes)
        return refusal("sep10_operation", "the challenge's nonce is not base64 of 48 bytes");
    out.challenge.client = *operation.source;
    out.challenge.nonce = *nonce;
    return {};
}

/// All but the first: from the server, but for the client domain's own.
Result<void> read_further(const Server& server, const Operation& operation, Reading& out) {
    const auto& data = std::get<ManageData>(operation.body);
    const std::string value = data.value ? std::string(data.value->begin(), data.value->end()) : "";
    if (data.name == kClientDomain) {
        if (!operation.source || operation.source->id || out.client_domain_account)
            return refusal("sep10_operation", "the client domain's operation is not one account's");
        out.client_domain_account = operation.source->account;
        out.challenge.client_domain = value;
        return {};
    }
    if (operation.source != stellar::MuxedAccount{server.account, {}})
        return refusal("sep10_operation", "an operation of the challenge is not the server's");
    if (data.name == kWebAuthDomain && value != server.web_auth_domain)
        return refusal("sep10_operation", "the challenge is for another authentication server");
    return {};
}

Result<void> read_memo(const stellar::Memo& memo, VerifiedChallenge& out) {
    if (std::holds_alternative<stellar::MemoNone>(memo)) return {};
    const auto* id = std::get_if<stellar::MemoId>(&memo);
    if (id == nullptr) return refusal("sep10_memo", "a challenge's memo is an id or none");
    if (out.client.id) return refusal("sep10_memo", "a challenge for a muxed account has no memo");
    out.memo = id->id;
    return {};
}

Result<Reading> read(const Server& server, const stellar::Envelope& envelope, TimestampNs now) {
    const auto& tx = envelope.transaction;
    ASTRO_CHECK(check_frame(server, tx, now));
    if (tx.operations.empty()) return refusal("sep10_operation", "the challenge has no operations");
    Reading out;
    ASTRO_CHECK(read_first(server, tx.operations.front(), out));
    ASTRO_CHECK(read_memo(tx.memo, out.challenge));
    for (std::size_t i = 1; i < tx.operations.size(); ++i)
        ASTRO_CHECK(read_further(server, tx.operations[i], out));
    const auto hash = stellar::transaction_hash(tx, server.network_passphrase);
    const bool ours = std::any_of(
        envelope.signatures.begin(), envelope.signatures.end(),
        [&](const auto& s) { return stellar::is_signature_of(s, server.account, hash); });
    if (!ours)
        return refusal("sep10_server_signature",
                       "the challenge was not signed by this server for this network");
    return out;
}

Result<stellar::Envelope> parse(std::string_view transaction) {
    return stellar::parse_envelope_base64(transaction);
}

/// Whose each signature is; a key that signs twice counts once.
class Signatures {
  public:
    Signatures(const stellar::Envelope& envelope, const Server& server)
        : envelope_(envelope),
          hash_(stellar::transaction_hash(envelope.transaction, server.network_passphrase)),
          known_(envelope.signatures.size()) {}

    bool take(const stellar::AccountId& account) {
        bool found = false;
        for (std::size_t i = 0; i < known_.size(); ++i)
            if (stellar::is_signature_of(envelope_.signatures[i], account, hash_))
                known_[i] = found = true;
        return found;
    }
    [[nodiscard]] bool all_known() const {
        return std::all_of(known_.begin(), known_.end(), [](bool known) { return known; });
    }

  private:
    const stellar::Envelope& envelope_;
    crypto::Sha256 hash_;
    std::vector<bool> known_;
};

Result<void> check_signers(const Server& server, const AccountSigners& account,
                           Signatures& signatures) {
    std::uint64_t weight = 0;
    std::vector<stellar::AccountId> counted;
    for (const auto& signer : account.signers) {
        // The server has signed already; were its weight counted, it could sign in for a client.
        if (signer.key == server.account ||
            std::find(counted.begin(), counted.end(), signer.key) != counted.end())
            continue;
        if (!signatures.take(signer.key)) continue;
        counted.push_back(signer.key);
        weight += signer.weight;
    }
    if (counted.empty())
        return refusal("sep10_client_signature", "the challenge is not signed by the account");
    if (weight < account.threshold || weight == 0)
        return refusal("sep10_threshold", "the signatures weigh " + std::to_string(weight) +
                                              ", the account asks for " +
                                              std::to_string(account.threshold));
    return {};
}

}  // namespace

Result<std::string> make_challenge(const Server& server, const crypto::Ed25519Key& key,
                                   const ChallengeRequest& request, TimestampNs now,
                                   crypto::Random& random) {
    if (request.memo && request.client.id)
        return refusal("sep10_memo_and_muxed", "a muxed account is not asked with a memo", "memo");
    if (!fits(server.home_domain, 64 - kAuthSuffix.size()) || !fits(server.web_auth_domain, 64) ||
        (request.client_domain && !fits(request.client_domain->domain, 64)))
        return refusal("sep10_domain", "a domain has 1 to 64 characters, the home domain 59");
    const stellar::MuxedAccount self{server.account, {}};
    stellar::Envelope envelope;
    auto& tx = envelope.transaction;
    tx.source = self;
    const auto now_s = static_cast<std::uint64_t>(now.value() / 1'000'000'000);
    tx.time_bounds = stellar::TimeBounds{now_s, now_s + kChallengeLifeSeconds};
    if (request.memo) tx.memo = stellar::MemoId{*request.memo};
    tx.operations = {data_operation(request.client, server.home_domain + std::string(kAuthSuffix),
                                    to_base64(random.bytes(kNonceBytes))),
                     data_operation(self, std::string(kWebAuthDomain), server.web_auth_domain)};
    if (request.client_domain)
        tx.operations.push_back(data_operation({request.client_domain->account, {}},
                                               std::string(kClientDomain),
                                               request.client_domain->domain));
    tx.fee_stroops = kBaseFee * static_cast<std::uint32_t>(tx.operations.size());
    stellar::sign_envelope(envelope, server.network_passphrase, key);
    return stellar::to_base64_xdr(envelope);
}

Result<VerifiedChallenge> read_challenge(const Server& server, std::string_view transaction,
                                         TimestampNs now) {
    ASTRO_TRY(const auto envelope, parse(transaction));
    ASTRO_TRY(Reading reading, read(server, envelope, now));
    return std::move(reading.challenge);
}

Result<VerifiedChallenge> verify_challenge(const Server& server, std::string_view transaction,
                                           const std::optional<AccountSigners>& signers,
                                           TimestampNs now) {
    ASTRO_TRY(const auto envelope, parse(transaction));
    ASTRO_TRY(Reading reading, read(server, envelope, now));
    Signatures signatures(envelope, server);
    signatures.take(server.account);
    if (reading.client_domain_account && !signatures.take(*reading.client_domain_account))
        return refusal("sep10_client_domain_signature",
                       "the challenge is not signed by the client domain's key");
    const auto& account = reading.challenge.client.account;
    if (account == server.account)
        return refusal("sep10_client_signature", "the server does not sign in at itself");
    if (signers)
        ASTRO_CHECK(check_signers(server, *signers, signatures));
    else if (!signatures.take(account))
        return refusal("sep10_client_signature",
                       "the challenge is not signed by the account's master key");
    if (!signatures.all_known())
        return refusal("sep10_unknown_signature", "a signature of the challenge is nobody's");
    return std::move(reading.challenge);
}

}  // namespace astro::identity::sep10
