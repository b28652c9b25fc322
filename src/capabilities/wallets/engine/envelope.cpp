#include "capabilities/wallets/engine/envelope.hpp"

#include <algorithm>

#include "foundation/base/assert.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::wallets {
namespace {

constexpr std::string_view kMagic{"ASTROWL\x01", 8};
constexpr std::string_view kSignedPrefix{
    "\xff"
    "astrolabe wallet envelope"};

void put(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}
template <class Integer>
void put_number(Bytes& out, Integer value) {
    for (std::size_t at = sizeof value; at-- > 0;)
        out.push_back(static_cast<std::uint8_t>(value >> (8 * at)));
}

/// Takes parts off the front; after the first that is wrong nothing more is right.
class Reader {
  public:
    explicit Reader(ByteView bytes) : bytes_(bytes) {}

    [[nodiscard]] ByteView take(std::size_t size) {
        if (size > bytes_.size() - at_) {
            fail("ends too early", bytes_.size());
            return {};
        }
        at_ += size;
        return bytes_.subspan(at_ - size, size);
    }
    template <class Integer>
    Integer number() {
        Integer out = 0;
        for (const std::uint8_t byte : take(sizeof(Integer)))
            out = static_cast<Integer>(out << 8 | byte);
        return out;
    }
    template <class Tag, std::size_t N>
    void fill(FixedBytes<Tag, N>& out) {
        std::ranges::copy(take(N), out.bytes.begin());
    }
    /// Of what has just been taken, `back` bytes ago.
    void refuse(std::string why, std::size_t back) { fail(std::move(why), at_ - back); }
    void check(bool good, const char* why, std::size_t back) {
        if (!good) refuse(why, back);
    }
    [[nodiscard]] bool good() const { return why_.empty(); }
    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
    [[nodiscard]] Unexpected error() const {
        return refusal("wallet_envelope_malformed", "the sealed wallet " + why_,
                       "byte " + std::to_string(wrong_));
    }

  private:
    void fail(std::string why, std::size_t where) {
        if (!good()) return;
        why_ = std::move(why);
        wrong_ = where;
    }

    ByteView bytes_;
    std::size_t at_ = 0, wrong_ = 0;
    std::string why_;
};

Subject read_subject(Reader& in) {
    Subject out;
    const auto chain = in.number<std::uint8_t>();
    in.check(chain == 1 || chain == 2, "is of no chain that is known", 1);
    out.chain = static_cast<Chain>(chain);
    const auto secret = in.number<std::uint8_t>();
    in.check(secret == 1 || secret == 2, "holds a secret of no kind that is known", 1);
    out.secret = static_cast<SecretKind>(secret);
    in.fill(out.wallet);
    in.fill(out.owner);
    in.fill(out.address);
    return out;
}

void read_parameters(Reader& in, ByArgon2id& out) {
    out.cost.memory_kib = in.number<std::uint32_t>();
    in.check(out.cost.memory_kib >= kArgon2Least.memory_kib &&
                 out.cost.memory_kib <= kArgon2Most.memory_kib,
             "has a password of 19456 to 262144 KiB, or of another cost", 4);
    out.cost.passes = in.number<std::uint32_t>();
    in.check(out.cost.passes >= kArgon2Least.passes && out.cost.passes <= kArgon2Most.passes,
             "has a password of 2 to 16 passes, or of another cost", 4);
    in.fill(out.salt);
}
void read_parameters(Reader& in, ByPbkdf2& out) {
    out.rounds = in.number<std::uint32_t>();
    in.check(out.rounds >= kPbkdf2RoundsLeast && out.rounds <= kPbkdf2RoundsMost,
             "has a password of 600000 to 10000000 rounds, or of another cost", 4);
    in.fill(out.salt);
}
void read_parameters(Reader& in, ByDevice& out) {
    in.fill(out.device);
    in.fill(out.ephemeral);
}
void read_parameters(Reader& in, ByPasskey& out) {
    in.fill(out.salt);
    const std::size_t size = in.number<std::uint16_t>();
    in.check(size >= 1 && size <= kCredentialBytesMax,
             "names a passkey by 1 to 1023 bytes, not by so many", 2);
    const ByteView credential = in.take(size);
    out.credential.assign(credential.begin(), credential.end());
}
void read_parameters(Reader& in, ByRecovery& out) {
    in.fill(out.salt);
}

/// The alternative of that byte, 1 for the first.
bool choose(Factor& out, std::uint8_t kind) {
    switch (kind) {
        case 1:
            out.emplace<ByArgon2id>();
            return true;
        case 2:
            out.emplace<ByPbkdf2>();
            return true;
        case 3:
            out.emplace<ByDevice>();
            return true;
        case 4:
            out.emplace<ByPasskey>();
            return true;
        case 5:
            out.emplace<ByRecovery>();
            return true;
        default:
            return false;
    }
}

Wrap read_wrap(Reader& in) {
    Wrap out;
    in.check(choose(out.factor, in.number<std::uint8_t>()), "has a factor of no kind that is known",
             1);
    const std::size_t size = in.number<std::uint16_t>(), begin = in.at();
    in.fill(out.id);
    const std::size_t label = in.number<std::uint8_t>();
    const ByteView text = in.take(label);
    out.label.assign(text.begin(), text.end());
    in.check(check_label(out.label).has_value(),
             "has a label that is not 64 bytes of UTF-8 without control characters", text.size());
    std::visit([&](auto& factor) { read_parameters(in, factor); }, out.factor);
    in.check(in.at() - begin == size, "has a factor that is not as long as it says",
             in.at() - begin);
    in.fill(out.nonce);
    in.fill(out.key);
    return out;
}

void put_parameters(Bytes& out, const ByArgon2id& factor) {
    put_number(out, factor.cost.memory_kib);
    put_number(out, factor.cost.passes);
    put(out, factor.salt.view());
}
void put_parameters(Bytes& out, const ByPbkdf2& factor) {
    put_number(out, factor.rounds);
    put(out, factor.salt.view());
}
void put_parameters(Bytes& out, const ByDevice& factor) {
    put(out, factor.device.view());
    put(out, factor.ephemeral.view());
}
void put_parameters(Bytes& out, const ByPasskey& factor) {
    put(out, factor.salt.view());
    put_number(out, static_cast<std::uint16_t>(factor.credential.size()));
    put(out, factor.credential);
}
void put_parameters(Bytes& out, const ByRecovery& factor) {
    put(out, factor.salt.view());
}

/// All but the signature.
Bytes body_bytes(const Envelope& envelope) {
    Bytes out = subject_bytes(envelope.subject);
    put_number(out, envelope.revision);
    put(out, envelope.nonce.view());
    put(out, envelope.secret.view());
    ASTRO_ASSERT(envelope.wraps.size() <= kWrapsMax);
    out.push_back(static_cast<std::uint8_t>(envelope.wraps.size()));
    for (const auto& wrap : envelope.wraps) {
        put(out, factor_bytes(wrap));
        put(out, wrap.nonce.view());
        put(out, wrap.key.view());
    }
    return out;
}

bool has_id_before(const std::vector<Wrap>& wraps, const FactorId& id) {
    return std::ranges::any_of(wraps, [&](const Wrap& wrap) { return wrap.id == id; });
}

}  // namespace

Result<void> check_label(std::string_view label) {
    const bool plain = std::ranges::none_of(
        label, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (plain && label.size() <= kLabelBytesMax && is_utf8(label)) return {};
    return refusal("wallet_label", "is at most 64 bytes of UTF-8 without control characters");
}

Result<Envelope> parse_envelope(ByteView bytes) {
    Reader in(bytes);
    in.check(bytes.size() <= kEnvelopeBytesMax, "has more than 20000 bytes", 0);
    in.check(std::ranges::equal(in.take(kMagic.size()), as_bytes(kMagic)),
             "does not begin as one of version 1 does", std::min(bytes.size(), kMagic.size()));
    Envelope out;
    out.subject = read_subject(in);
    out.revision = in.number<std::uint32_t>();
    in.check(out.revision > 0, "has the revision 0", 4);
    in.fill(out.nonce);
    in.fill(out.secret);
    const std::size_t count = in.number<std::uint8_t>();
    in.check(count >= 1 && count <= kWrapsMax, "has 1 to 16 factors, not so many", 1);
    while (in.good() && out.wraps.size() < count) {
        Wrap wrap = read_wrap(in);
        in.check(!has_id_before(out.wraps, wrap.id), "has two factors of the same id", 60);
        out.wraps.push_back(std::move(wrap));
    }
    in.fill(out.signature);
    in.check(in.left() == 0, "has bytes behind its end", 0);
    if (!in.good()) return in.error();
    if (!crypto::verify_ed25519(out.subject.address, signed_bytes(out), out.signature))
        return refusal("wallet_envelope_forged",
                       "the sealed wallet is not signed by the wallet's own key: it was changed by "
                       "somebody who cannot open it");
    return out;
}

Bytes to_bytes(const Envelope& envelope) {
    Bytes out = body_bytes(envelope);
    put(out, envelope.signature.view());
    return out;
}

Bytes subject_bytes(const Subject& subject) {
    Bytes out;
    put(out, as_bytes(kMagic));
    out.push_back(static_cast<std::uint8_t>(subject.chain));
    out.push_back(static_cast<std::uint8_t>(subject.secret));
    put(out, subject.wallet.view());
    put(out, subject.owner.view());
    put(out, subject.address.view());
    return out;
}

Bytes factor_bytes(const Wrap& wrap) {
    ASTRO_ASSERT(wrap.label.size() <= kLabelBytesMax);
    Bytes content;
    put(content, wrap.id.view());
    content.push_back(static_cast<std::uint8_t>(wrap.label.size()));
    put(content, as_bytes(wrap.label));
    std::visit([&](const auto& factor) { put_parameters(content, factor); }, wrap.factor);
    Bytes out{static_cast<std::uint8_t>(wrap.factor.index() + 1)};
    put_number(out, static_cast<std::uint16_t>(content.size()));
    put(out, content);
    return out;
}

Bytes signed_bytes(const Envelope& envelope) {
    Bytes out;
    put(out, as_bytes(kSignedPrefix));
    put(out, body_bytes(envelope));
    return out;
}

}  // namespace astro::wallets
