#include "capabilities/identity/engine/sep10.hpp"

#include <algorithm>

#include "chains/stellar/build/builder.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/codec.hpp"
#include "chains/stellar/xdr/hashes.hpp"

namespace astro::identity::sep10 {
namespace {

namespace xdr = stellar::xdr;

constexpr std::size_t kNonceBytes = 48, kNonceChars = 64;
constexpr std::size_t kBase64Max = 64U << 10;
constexpr std::string_view kAuthSuffix = " auth";
constexpr std::string_view kWebAuthDomain = "web_auth_domain", kClientDomain = "client_domain";

xdr::Operation data_operation(const stellar::MuxedAccount& source, std::string name,
                              std::string_view value) {
    const auto bytes = as_bytes(value);
    return {stellar::to_muxed(source),
            {xdr::OperationType::manage_data,
             xdr::ManageDataOp{std::move(name), Bytes(bytes.begin(), bytes.end())}}};
}

Result<const xdr::ManageDataOp*> data_of(const xdr::Operation& operation) {
    const auto* data = std::get_if<xdr::ManageDataOp>(&operation.body.value);
    if (data == nullptr)
        return refusal("sep10_operation", "a challenge does nothing but manage data");
    return data;
}

bool fits(std::string_view text, std::size_t max) {
    return !text.empty() && text.size() <= max;
}

/// The client's account, and what its operation and those after it say.
struct Reading {
    VerifiedChallenge challenge;
    std::optional<stellar::AccountId> client_domain_account;
};

Result<void> check_frame(const Server& server, const xdr::Transaction& tx, TimestampNs now) {
    if (stellar::from_muxed(tx.source_account) != stellar::MuxedAccount{server.account, {}})
        return refusal("sep10_source", "the challenge's source is not this server's account");
    if (tx.seq_num != 0) return refusal("sep10_sequence", "a challenge has the sequence number 0");
    const auto* bounds = std::get_if<xdr::TimeBounds>(&tx.cond.value);
    if (bounds == nullptr || bounds->max_time == 0)
        return refusal("sep10_time", "a challenge has an end, and no other condition");
    const std::int64_t now_s = now.value() / 1'000'000'000;
    if (now_s < 0 || static_cast<std::uint64_t>(now_s) < bounds->min_time ||
        static_cast<std::uint64_t>(now_s) > bounds->max_time)
        return refusal("sep10_time", "the challenge has expired or is not valid yet");
    return {};
}

Result<void> read_first(const Server& server, const xdr::Operation& operation, Reading& out) {
    ASTRO_TRY(const auto* data, data_of(operation));
    if (!operation.source_account)
        return refusal("sep10_operation", "the challenge's first operation has no source");
    if (data->data_name != server.home_domain + std::string(kAuthSuffix))
        return refusal("sep10_home_domain", "the challenge is for another home domain");
    if (!data->data_value || data->data_value->size() != kNonceChars)
        return refusal("sep10_operation", "the challenge's nonce has 64 characters");
    const auto nonce = parse_base64(std::string_view(
        reinterpret_cast<const char*>(data->data_value->data()), data->data_value->size()));
    if (!nonce || nonce->size() != kNonceBytes)
        return refusal("sep10_operation", "the challenge's nonce is not base64 of 48 bytes");
    out.challenge.client = stellar::from_muxed(*operation.source_account);
    out.challenge.nonce = *nonce;
    return {};
}

/// All but the first: from the server, but for the client domain's own.
Result<void> read_further(const Server& server, const xdr::Operation& operation, Reading& out) {
    ASTRO_TRY(const auto* data, data_of(operation));
    const auto& bytes = data->data_value;
    const std::string value = bytes ? std::string(bytes->begin(), bytes->end()) : "";
    std::optional<stellar::MuxedAccount> source;
    if (operation.source_account) source = stellar::from_muxed(*operation.source_account);
    if (data->data_name == kClientDomain) {
        if (!source || source->id || out.client_domain_account)
            return refusal("sep10_operation", "the client domain's operation is not one account's");
        out.client_domain_account = source->account;
        out.challenge.client_domain = value;
        return {};
    }
    if (source != stellar::MuxedAccount{server.account, {}})
        return refusal("sep10_operation", "an operation of the challenge is not the server's");
    if (data->data_name == kWebAuthDomain && value != server.web_auth_domain)
        return refusal("sep10_operation", "the challenge is for another authentication server");
    return {};
}

Result<void> read_memo(const xdr::Memo& memo, VerifiedChallenge& out) {
    if (memo.type == xdr::MemoType::none) return {};
    const auto* id = std::get_if<std::uint64_t>(&memo.value);
    if (id == nullptr) return refusal("sep10_memo", "a challenge's memo is an id or none");
    if (out.client.id) return refusal("sep10_memo", "a challenge for a muxed account has no memo");
    out.memo = *id;
    return {};
}

/// A signed challenge, and what is signed.
struct Challenge {
    xdr::TransactionV1Envelope envelope;
    xdr::Hash hash;
};

Result<Challenge> parse(const Server& server, std::string_view text) {
    if (text.size() > kBase64Max)
        return refusal("sep10_envelope", "a challenge has at most 65536 characters of base64");
    ASTRO_TRY(auto envelope, xdr::from_base64<xdr::TransactionEnvelope>(text));
    if (envelope.type != xdr::EnvelopeType::tx)
        return refusal("sep10_envelope", "a challenge is a transaction of version 1");
    const auto hash = xdr::transaction_hash(envelope, xdr::network_id(server.network_passphrase));
    return Challenge{std::get<xdr::TransactionV1Envelope>(std::move(envelope.value)), hash};
}

Result<Reading> read(const Server& server, const Challenge& challenge, TimestampNs now) {
    const auto& tx = challenge.envelope.tx;
    ASTRO_CHECK(check_frame(server, tx, now));
    if (tx.operations.empty()) return refusal("sep10_operation", "the challenge has no operations");
    Reading out;
    ASTRO_CHECK(read_first(server, tx.operations.front(), out));
    ASTRO_CHECK(read_memo(tx.memo, out.challenge));
    for (std::size_t i = 1; i < tx.operations.size(); ++i)
        ASTRO_CHECK(read_further(server, tx.operations[i], out));
    const auto& signatures = challenge.envelope.signatures;
    const bool ours = std::any_of(signatures.begin(), signatures.end(), [&](const auto& s) {
        return stellar::is_signature_of(s, server.account.view(), challenge.hash);
    });
    if (!ours)
        return refusal("sep10_server_signature",
                       "the challenge was not signed by this server for this network");
    return out;
}

/// Whose each signature is; a key that signs twice counts once.
class Signatures {
  public:
    explicit Signatures(const Challenge& challenge)
        : challenge_(challenge), known_(challenge.envelope.signatures.size()) {}

    bool take(const stellar::AccountId& account) {
        bool found = false;
        for (std::size_t i = 0; i < known_.size(); ++i)
            if (stellar::is_signature_of(challenge_.envelope.signatures[i], account.view(),
                                         challenge_.hash))
                known_[i] = found = true;
        return found;
    }
    [[nodiscard]] bool all_known() const {
        return std::all_of(known_.begin(), known_.end(), [](bool known) { return known; });
    }

  private:
    const Challenge& challenge_;
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
    const auto now_s = static_cast<std::uint64_t>(now.value() / 1'000'000'000);
    stellar::TransactionPlan plan;
    plan.source = stellar::to_muxed(self);
    plan.conditions.time_bounds = xdr::TimeBounds{now_s, now_s + kChallengeLifeSeconds};
    if (request.memo) plan.memo = {xdr::MemoType::id, *request.memo};
    plan.operations = {data_operation(request.client, server.home_domain + std::string(kAuthSuffix),
                                      to_base64(random.bytes(kNonceBytes))),
                       data_operation(self, std::string(kWebAuthDomain), server.web_auth_domain)};
    if (request.client_domain)
        plan.operations.push_back(data_operation({request.client_domain->account, {}},
                                                 std::string(kClientDomain),
                                                 request.client_domain->domain));
    ASTRO_TRY(auto envelope, stellar::build_transaction(plan));
    const auto network = xdr::network_id(server.network_passphrase);
    ASTRO_CHECK(stellar::sign(envelope, xdr::transaction_hash(envelope, network), key));
    return xdr::to_base64(envelope);
}

Result<VerifiedChallenge> read_challenge(const Server& server, std::string_view transaction,
                                         TimestampNs now) {
    ASTRO_TRY(const auto challenge, parse(server, transaction));
    ASTRO_TRY(Reading reading, read(server, challenge, now));
    return std::move(reading.challenge);
}

Result<VerifiedChallenge> verify_challenge(const Server& server, std::string_view transaction,
                                           const std::optional<AccountSigners>& signers,
                                           TimestampNs now) {
    ASTRO_TRY(const auto challenge, parse(server, transaction));
    ASTRO_TRY(Reading reading, read(server, challenge, now));
    Signatures signatures(challenge);
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
