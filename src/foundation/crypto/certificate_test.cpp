#include "foundation/crypto/certificate.hpp"

#include <gtest/gtest.h>

#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::crypto {
namespace {

Bytes root_der() {
    return hex_of(
        load_vectors("identity/webauthn_spec.json").at("attestation_ca").at("attestation_ca_cert"));
}

TEST(Certificate, SaysWhatStandsInIt) {
    const auto root = parse_certificate(root_der(), "2.5.29.19").value();
    EXPECT_EQ(root.version, 3);
    EXPECT_EQ(root.common_name, "WebAuthn test vectors");
    EXPECT_EQ(root.organisation, "W3C");
    EXPECT_EQ(root.unit, "Authenticator Attestation CA");
    EXPECT_EQ(root.country, "AA");
    EXPECT_TRUE(root.has_basic_constraints && root.is_ca);
    EXPECT_TRUE(std::holds_alternative<P256Public>(root.key));
    ASSERT_TRUE(root.extension);
    EXPECT_TRUE(root.extension->critical);
    EXPECT_FALSE(parse_certificate(root_der(), "1.2.3.4").value().extension);
}

TEST(Certificate, RefusesCutLongAndOtherBytes) {
    const Bytes der = root_der();
    for (std::size_t size = 0; size < der.size(); size += 7)
        EXPECT_EQ(parse_certificate(ByteView(der).first(size), "1.2.3").error().code,
                  "bad_certificate");
    Bytes longer = der;
    longer.push_back(0);
    EXPECT_FALSE(parse_certificate(longer, "1.2.3"));
    EXPECT_FALSE(parse_certificate(Bytes(20'000, 0x30), "1.2.3"));
}

TEST(Certificate, ChainsAreHeldAgainstAnchorsAndTime) {
    const TimestampNs within = parse_iso8601("2026-01-01T00:00:00Z").value();
    const TimestampNs before = parse_iso8601("2023-12-31T00:00:00Z").value();
    EXPECT_TRUE(verify_chain({root_der()}, {root_der()}, within));
    EXPECT_EQ(verify_chain({root_der()}, {root_der()}, before).error().code,
              "certificate_untrusted");
    EXPECT_EQ(verify_chain({root_der()}, {}, within).error().code, "certificate_untrusted");
    EXPECT_EQ(verify_chain({}, {root_der()}, within).error().code, "certificate_untrusted");
}

}  // namespace
}  // namespace astro::crypto
