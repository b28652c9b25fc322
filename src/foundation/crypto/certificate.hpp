#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"
#include "foundation/crypto/ed25519.hpp"
#include "foundation/crypto/signatures.hpp"

/// X.509 certificates as attestation and chains of trust need them, by OpenSSL.
namespace astro::crypto {

/// A public key of a kind that we verify with; monostate for any other.
using CertificateKey = std::variant<std::monostate, Ed25519Public, P256Public, RsaPublic>;

struct CertificateExtension {
    bool critical = false;
    Bytes value;  ///< inside the OCTET STRING of the extension
};

struct Certificate {
    long version = 0;                                      ///< 3 for X.509v3
    std::string country, organisation, unit, common_name;  ///< of the subject; empty when absent
    bool has_basic_constraints = false;
    bool is_ca = false;
    CertificateKey key;
    /// The extension that was asked for.
    std::optional<CertificateExtension> extension;
};

/// One DER certificate with nothing after it. `extension_oid` in dotted numbers, for example
/// "1.3.6.1.4.1.45724.1.1.4". "bad_certificate".
[[nodiscard]] Result<Certificate> parse_certificate(ByteView der, const std::string& extension_oid);

/// Whether `chain` (leaf first) leads to one of `anchors` and all are valid at `when`.
/// "certificate_untrusted" says why not.
[[nodiscard]] Result<void> verify_chain(const std::vector<Bytes>& chain,
                                        const std::vector<Bytes>& anchors, TimestampNs when);

}  // namespace astro::crypto
