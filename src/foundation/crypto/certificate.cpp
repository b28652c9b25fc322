#include "foundation/crypto/certificate.hpp"

#include <openssl/core_names.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "foundation/base/assert.hpp"
#include "foundation/crypto/openssl_support.hpp"

namespace astro::crypto {
namespace {

using namespace openssl;

constexpr std::size_t kDerBytesMax = 16U << 10;

using Store = std::unique_ptr<X509_STORE, Deleter<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Deleter<X509_STORE_CTX_free>>;
struct FreeStack {
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;

Unexpected bad_certificate(std::string why) {
    return refusal("bad_certificate", "not a certificate: " + std::move(why));
}

Result<X509Ptr> decode(ByteView der) {
    if (der.empty() || der.size() > kDerBytesMax)
        return bad_certificate("its size is out of range");
    const unsigned char* at = der.data();
    X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!certificate) return bad_certificate("it is not DER");
    if (at != der.data() + der.size()) return bad_certificate("bytes follow it");
    return certificate;
}

std::string subject_part(X509* certificate, int nid) {
    X509_NAME* subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, nid, -1);
    if (at < 0) return {};
    unsigned char* text = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (size < 0) return {};
    std::string out(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return out;
}

Bytes number_of(EVP_PKEY* key, const char* name) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) return {};
    const Number number(raw);
    Bytes out(static_cast<std::size_t>(BN_num_bytes(number.get())));
    BN_bn2bin(number.get(), out.data());
    return out;
}

CertificateKey key_of(X509* certificate) {
    EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (key == nullptr) return {};
    if (EVP_PKEY_is_a(key, "ED25519")) {
        Ed25519Public out;
        std::size_t size = out.bytes.size();
        if (EVP_PKEY_get_raw_public_key(key, out.bytes.data(), &size) == 1) return out;
    } else if (EVP_PKEY_is_a(key, "RSA")) {
        return RsaPublic{number_of(key, OSSL_PKEY_PARAM_RSA_N),
                         number_of(key, OSSL_PKEY_PARAM_RSA_E)};
    } else if (EVP_PKEY_is_a(key, "EC")) {
        char group[32] = {};
        std::array<std::uint8_t, 65> point;
        std::size_t size = 0;
        if (EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) == 1 &&
            std::string_view(group) == "prime256v1" &&
            EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                            point.size(), &size) == 1 &&
            size == point.size() && point[0] == 0x04) {
            P256Public out;
            std::copy(point.begin() + 1, point.end(), out.bytes.begin());
            return out;
        }
    }
    return {};
}

std::optional<CertificateExtension> extension_of(X509* certificate, const std::string& oid) {
    const std::unique_ptr<ASN1_OBJECT, Deleter<ASN1_OBJECT_free>> object(
        OBJ_txt2obj(oid.c_str(), 1));
    ASTRO_ASSERT(object != nullptr);
    const int at = X509_get_ext_by_OBJ(certificate, object.get(), -1);
    if (at < 0) return std::nullopt;
    X509_EXTENSION* extension = X509_get_ext(certificate, at);
    const ASN1_OCTET_STRING* data = X509_EXTENSION_get_data(extension);
    const unsigned char* bytes = ASN1_STRING_get0_data(data);
    return CertificateExtension{X509_EXTENSION_get_critical(extension) == 1,
                                Bytes(bytes, bytes + ASN1_STRING_length(data))};
}

}  // namespace

Result<Certificate> parse_certificate(ByteView der, const std::string& extension_oid) {
    const ErrorScope scope;
    ASTRO_TRY(const X509Ptr certificate, decode(der));
    Certificate out;
    out.version = X509_get_version(certificate.get()) + 1;
    out.country = subject_part(certificate.get(), NID_countryName);
    out.organisation = subject_part(certificate.get(), NID_organizationName);
    out.unit = subject_part(certificate.get(), NID_organizationalUnitName);
    out.common_name = subject_part(certificate.get(), NID_commonName);
    const std::unique_ptr<BASIC_CONSTRAINTS, Deleter<BASIC_CONSTRAINTS_free>> constraints(
        static_cast<BASIC_CONSTRAINTS*>(
            X509_get_ext_d2i(certificate.get(), NID_basic_constraints, nullptr, nullptr)));
    out.has_basic_constraints = constraints != nullptr;
    out.is_ca = constraints != nullptr && constraints->ca != 0;
    out.key = key_of(certificate.get());
    out.extension = extension_of(certificate.get(), extension_oid);
    return out;
}

Result<void> verify_chain(const std::vector<Bytes>& chain, const std::vector<Bytes>& anchors,
                          TimestampNs when) {
    const ErrorScope scope;
    if (chain.empty()) return refusal("certificate_untrusted", "there is no certificate");
    std::vector<X509Ptr> owned;
    const Store store(X509_STORE_new());
    const Stack others(sk_X509_new_null());
    ASTRO_ASSERT(store && others);
    for (const auto& anchor : anchors) {
        ASTRO_TRY(const X509Ptr certificate, decode(anchor));
        ASTRO_ASSERT(X509_STORE_add_cert(store.get(), certificate.get()) == 1);
    }
    for (const auto& der : chain) {
        ASTRO_TRY(X509Ptr certificate, decode(der));
        owned.push_back(std::move(certificate));
        ASTRO_ASSERT(sk_X509_push(others.get(), owned.back().get()) > 0);
    }
    const StoreContext context(X509_STORE_CTX_new());
    ASTRO_ASSERT(context && X509_STORE_CTX_init(context.get(), store.get(), owned.front().get(),
                                                others.get()) == 1);
    X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(when.value() / 1'000'000'000));
    // An attestation root that an operator names is trusted as it is, though another signed it.
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
    if (X509_verify_cert(context.get()) != 1)
        return refusal("certificate_untrusted",
                       std::string("the certificate is not trusted: ") +
                           X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
    return {};
}

}  // namespace astro::crypto
