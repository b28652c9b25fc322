#include "capabilities/identity/engine/siws.hpp"

#include <algorithm>

#include "foundation/base/encoding.hpp"
#include "foundation/crypto/secret.hpp"

namespace astro::identity::siws {
namespace {

constexpr std::string_view kIntroduction = " wants you to sign in with your Solana account:";
constexpr std::size_t kBytesMax = 4096, kResourcesMax = 16;
constexpr std::string_view kVersion = "1";
constexpr std::size_t kNonceBytes = 20;

/// Lines of a text, one at a time.
class Lines {
  public:
    explicit Lines(std::string_view text) : rest_(text) {}
    [[nodiscard]] bool done() const { return done_; }
    [[nodiscard]] std::string_view peek() const { return rest_.substr(0, rest_.find('\n')); }
    std::string_view next() {
        const std::string_view line = peek();
        if (done_) return {};
        ++number_;
        done_ = line.size() == rest_.size();
        rest_.remove_prefix(done_ ? rest_.size() : line.size() + 1);
        return line;
    }
    [[nodiscard]] Unexpected wrong(std::string_view why) const {
        return refusal("siws_malformed", "not a sign-in message: " + std::string(why),
                       "line " + std::to_string(number_));
    }

  private:
    std::string_view rest_;
    std::size_t number_ = 0;
    bool done_ = false;
};

Result<std::string> field(Lines& lines, std::string_view name) {
    const std::string_view line = lines.next();
    if (!line.starts_with(name) || line.size() == name.size())
        return lines.wrong("it is not \"" + std::string(name) + "…\"");
    return std::string(line.substr(name.size()));
}

Result<std::optional<std::string>> optional_field(Lines& lines, std::string_view name) {
    if (lines.done() || !lines.peek().starts_with(name)) return std::optional<std::string>{};
    ASTRO_TRY(std::string value, field(lines, name));
    return std::optional<std::string>(std::move(value));
}

Result<void> read_header(Lines& lines, Message& out) {
    const std::string_view first = lines.next();
    if (!first.ends_with(kIntroduction) || first.size() == kIntroduction.size())
        return lines.wrong("it does not begin with a domain and its request");
    out.domain = first.substr(0, first.size() - kIntroduction.size());
    if (!decode_base58_fixed(lines.next(), out.account.bytes))
        return lines.wrong("the account is not a Solana address");
    if (!lines.next().empty()) return lines.wrong("an empty line is missing");
    if (!lines.peek().starts_with("URI: ")) {
        out.statement = std::string(lines.next());
        if (out.statement->empty() || !lines.next().empty())
            return lines.wrong("the statement is one line between empty ones");
    }
    return {};
}

Result<void> read_fields(Lines& lines, Message& out) {
    ASTRO_TRY(out.uri, field(lines, "URI: "));
    ASTRO_TRY(const std::string version, field(lines, "Version: "));
    if (version != kVersion) return lines.wrong("the version is not 1");
    ASTRO_TRY(out.chain_id, field(lines, "Chain ID: "));
    ASTRO_TRY(out.nonce, field(lines, "Nonce: "));
    ASTRO_TRY(out.issued_at, field(lines, "Issued At: "));
    ASTRO_TRY(out.expiration_time, field(lines, "Expiration Time: "));
    ASTRO_TRY(out.not_before, optional_field(lines, "Not Before: "));
    ASTRO_TRY(out.request_id, optional_field(lines, "Request ID: "));
    if (lines.done()) return {};
    if (lines.next() != "Resources:" || lines.done())
        return lines.wrong("what follows is no list of resources");
    while (!lines.done()) {
        if (out.resources.size() == kResourcesMax) return lines.wrong("too many resources");
        ASTRO_TRY(std::string resource, field(lines, "- "));
        out.resources.push_back(std::move(resource));
    }
    return {};
}

Result<void> check_times(const Policy& policy, const Message& message, TimestampNs now) {
    ASTRO_TRY(const TimestampNs issued, parse_iso8601(message.issued_at));
    ASTRO_TRY(const TimestampNs expires, parse_iso8601(message.expiration_time));
    const DurationNs skew = seconds(policy.clock_skew_s);
    if (expires <= issued || expires > issued + seconds(policy.life_max_s))
        return refusal("siws_lifetime", "the message's times do not fit each other");
    if (now >= expires + skew) return refusal("siws_expired", "the message has expired");
    if (now + skew < issued) return refusal("siws_not_yet", "the message is from the future");
    if (message.not_before) {
        ASTRO_TRY(const TimestampNs not_before, parse_iso8601(*message.not_before));
        if (now + skew < not_before) return refusal("siws_not_yet", "the message is not valid yet");
    }
    return {};
}

}  // namespace

std::string to_message(const Message& m) {
    std::string out = m.domain + std::string(kIntroduction) + "\n" + to_base58(m.account.view());
    if (m.statement) out += "\n\n" + *m.statement;
    out += "\n\nURI: " + m.uri + "\nVersion: " + std::string(kVersion);
    out += "\nChain ID: " + m.chain_id + "\nNonce: " + m.nonce;
    out += "\nIssued At: " + m.issued_at + "\nExpiration Time: " + m.expiration_time;
    if (m.not_before) out += "\nNot Before: " + *m.not_before;
    if (m.request_id) out += "\nRequest ID: " + *m.request_id;
    if (!m.resources.empty()) out += "\nResources:";
    for (const auto& resource : m.resources) out += "\n- " + resource;
    return out;
}

Result<Message> parse_message(std::string_view text) {
    Lines lines(text);
    if (text.size() > kBytesMax) return lines.wrong("it has more than 4096 bytes");
    if (!is_utf8(text)) return lines.wrong("it is not UTF-8");
    Message out;
    ASTRO_CHECK(read_header(lines, out));
    ASTRO_CHECK(read_fields(lines, out));
    if (to_message(out) != text) return lines.wrong("it is not written in the one form");
    return out;
}

Message make_message(const Policy& policy, const crypto::Ed25519Public& account,
                     std::string statement, TimestampNs now, crypto::Random& random) {
    Message out;
    out.domain = policy.domain;
    out.account = account;
    if (!statement.empty()) out.statement = std::move(statement);
    out.uri = policy.uri;
    out.chain_id = policy.chain_id;
    out.nonce = to_hex(random.bytes(kNonceBytes));
    out.issued_at = to_iso8601(now);
    out.expiration_time = to_iso8601(now + seconds(policy.life_max_s));
    return out;
}

Result<crypto::Ed25519Public> verify_message(const Policy& policy, std::string_view nonce,
                                             std::string_view text, ByteView signature,
                                             TimestampNs now) {
    ASTRO_TRY(const Message message, parse_message(text));
    if (message.domain != policy.domain)
        return refusal("siws_domain", "the message is for another site", "domain");
    if (message.uri != policy.uri)
        return refusal("siws_uri", "the message is for another address", "uri");
    if (message.chain_id != policy.chain_id)
        return refusal("siws_chain", "the message is for another network", "chain_id");
    if (nonce.empty() || !crypto::equal_constant_time(as_bytes(nonce), as_bytes(message.nonce)))
        return refusal("siws_nonce", "the nonce is not the one that was given out", "nonce");
    ASTRO_CHECK(check_times(policy, message, now));
    if (!crypto::verify_ed25519(message.account.view(), as_bytes(text), signature))
        return refusal("siws_signature", "the signature is not the account's", "signature");
    return message.account;
}

}  // namespace astro::identity::siws
