#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "chains/stellar/build/builder.hpp"
#include "chains/stellar/networks.hpp"
#include "chains/stellar/strkey.hpp"
#include "chains/stellar/xdr/codec.hpp"
#include "chains/stellar/xdr/hashes.hpp"
#include "chains/stellar/xdr/sources.hpp"
#include "chains/stellar/xdr/types_by_name.hpp"
#include "foundation/base/json.hpp"
#include "foundation/crypto/ed25519.hpp"
#include "server/cli/lines.hpp"
#include "server/cli/stellar_arguments.hpp"

namespace astro::cli {
namespace {

namespace xdr = stellar::xdr;

ExitCode refused(const Error& error) {
    complain(error.text());
    return ExitCode::bad_input;
}

/// What stands in a file of a secret key.
Result<crypto::Ed25519Key> load_key(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text;
    if (!in || !std::getline(in, text)) return refusal("bad_key_file", "cannot be read", file);
    while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.pop_back();
    auto key = stellar::parse_strkey(text);
    crypto::wipe(text);
    if (!key || key->kind != stellar::StrKeyKind::ed25519_secret_seed)
        return refusal("bad_key_file", "holds no secret key: one line, S…", file);
    auto out = crypto::Ed25519Key::from_seed(crypto::SecretKey(key->payload));
    crypto::wipe(key->payload);
    return out;
}

struct StrKeyLine {
    std::string strkey;
    bool valid = false;
    std::optional<std::string> type, payload_hex, error;
};
BOOST_DESCRIBE_STRUCT(StrKeyLine, (), (strkey, valid, type, payload_hex, error))

struct SignatureLine {
    std::string hint;
    std::optional<std::string> signer;
};
BOOST_DESCRIBE_STRUCT(SignatureLine, (), (hint, signer))

struct EnvelopeLine {
    std::string hash;
    std::vector<SignatureLine> signatures;
};
BOOST_DESCRIBE_STRUCT(EnvelopeLine, (), (hash, signatures))

/// The signers among `accounts` of each signature.
std::vector<SignatureLine> signers_of(const std::vector<xdr::DecoratedSignature>& signatures,
                                      const std::vector<xdr::Uint256>& accounts,
                                      const xdr::Hash& hash) {
    std::vector<SignatureLine> out;
    for (const auto& signature : signatures) {
        auto& line = out.emplace_back();
        line.hint = to_hex(signature.hint.view());
        for (const auto& account : accounts)
            if (stellar::is_signature_of(signature, account.view(), hash)) {
                line.signer =
                    stellar::to_strkey(stellar::StrKeyKind::ed25519_public_key, account.view());
                break;
            }
    }
    return out;
}

bool is_known(const SignatureLine& line) {
    return line.signer.has_value();
}

}  // namespace

ExitCode run_xdr_decode(const XdrArguments& arguments) {
    const auto type = xdr::find_type(arguments.type);
    if (!type) return refused(type.error());
    return convert_lines(arguments.file, [&](std::string_view line) -> Result<std::string> {
        ASTRO_TRY(const Bytes bytes, parse_base64(line));
        return xdr::json_of_xdr(**type, bytes);
    });
}

ExitCode run_xdr_encode(const XdrArguments& arguments) {
    const auto type = xdr::find_type(arguments.type);
    if (!type) return refused(type.error());
    return convert_lines(arguments.file, [&](std::string_view line) -> Result<std::string> {
        ASTRO_TRY(const Bytes bytes, xdr::xdr_of_json(**type, line));
        return to_base64(bytes);
    });
}

ExitCode run_xdr_types() {
    Output out;
    for (const auto name : xdr::type_names()) out.line(name);
    return ended(out);
}

ExitCode run_transaction_hash(const EnvelopeArguments& arguments) {
    const auto passphrase = stellar::passphrase_of(arguments.network);
    if (!passphrase) return refused(passphrase.error());
    const auto network = xdr::network_id(*passphrase);
    return convert_lines(arguments.file, [&](std::string_view line) -> Result<std::string> {
        ASTRO_TRY(const auto envelope, xdr::from_base64<xdr::TransactionEnvelope>(line));
        return to_hex(xdr::transaction_hash(envelope, network).view());
    });
}

ExitCode run_transaction_sign(const SignArguments& arguments) {
    const auto passphrase = stellar::passphrase_of(arguments.envelopes.network);
    if (!passphrase) return refused(passphrase.error());
    const auto key = load_key(arguments.key_file);
    if (!key) return refused(key.error());
    const auto network = xdr::network_id(*passphrase);
    return convert_lines(
        arguments.envelopes.file, [&](std::string_view line) -> Result<std::string> {
            ASTRO_TRY(auto envelope, xdr::from_base64<xdr::TransactionEnvelope>(line));
            ASTRO_CHECK(stellar::sign(envelope, xdr::transaction_hash(envelope, network), *key));
            return xdr::to_base64(envelope);
        });
}

ExitCode run_transaction_verify(const EnvelopeArguments& arguments) {
    const auto passphrase = stellar::passphrase_of(arguments.network);
    if (!passphrase) return refused(passphrase.error());
    std::vector<xdr::Uint256> further;
    for (const auto& text : arguments.keys) {
        const auto account = stellar::parse_account(text);
        if (!account) return refused(account.error());
        further.push_back({account->bytes});
    }
    const auto network = xdr::network_id(*passphrase);
    bool all_known = true;
    const auto code =
        convert_lines(arguments.file, [&](std::string_view line) -> Result<std::string> {
            ASTRO_TRY(auto envelope, xdr::from_base64<xdr::TransactionEnvelope>(line));
            auto accounts = xdr::sources_of(envelope);
            accounts.insert(accounts.end(), further.begin(), further.end());
            const auto hash = xdr::transaction_hash(envelope, network);
            EnvelopeLine out{to_hex(hash.view()),
                             signers_of(xdr::signatures_of(envelope), accounts, hash)};
            all_known = all_known && !out.signatures.empty() &&
                        std::ranges::all_of(out.signatures, is_known);
            return to_json(out);
        });
    return code == ExitCode::ok && !all_known ? ExitCode::bad_input : code;
}

ExitCode run_strkey(const StrKeyArguments& arguments) {
    const auto judge = [](std::string_view line) -> Result<std::string> {
        StrKeyLine out;
        out.strkey = line;
        if (const auto key = stellar::parse_strkey(line)) {
            out.valid = true;
            out.type = std::string(enum_name(key->kind));
            out.payload_hex = to_hex(key->payload);
        } else {
            out.error = key.error().message;
        }
        return to_json(out);
    };
    return convert_lines(arguments.file, judge, Spaces::kept);
}

ExitCode run_stellar_key(const StellarKeyArguments& arguments) {
    crypto::SystemRandom random;
    const auto key = crypto::Ed25519Key::generate(random);
    const int file = ::open(arguments.out.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        complain(arguments.out + ": is there already, or cannot be written");
        return ExitCode::bad_input;
    }
    std::string text =
        stellar::to_strkey(stellar::StrKeyKind::ed25519_secret_seed, key.seed().view()) + "\n";
    const bool written =
        ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(file) == 0;
    crypto::wipe(text);
    ::close(file);
    if (!written) {
        ::unlink(arguments.out.c_str());
        complain(arguments.out + ": cannot be written");
        return ExitCode::failed;
    }
    Output out;
    out.line(stellar::to_strkey(stellar::StrKeyKind::ed25519_public_key, key.public_key().view()));
    return ended(out);
}

}  // namespace astro::cli
