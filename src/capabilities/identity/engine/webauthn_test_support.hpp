#pragma once

#include <string>

#include "capabilities/identity/engine/webauthn.hpp"
#include "capabilities/identity/wire/client_data.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/crypto/ed25519.hpp"

namespace astro::identity::webauthn {

/// A passkey in software (EdDSA, no attestation), each of whose answers a test can bend.
struct TestAuthenticator {
    crypto::Ed25519Key key = crypto::Ed25519Key::from_seed(crypto::SecretKey{Bytes(32, 0x21)});
    Bytes id = Bytes(16, 0x42);
    std::string rp_id = "example.org";
    std::string origin = "https://example.org";
    std::uint8_t flags = 0x05;  // user present, user verified
    std::uint32_t sign_count = 1;
    std::string format = "none";
    Bytes tail;  // after the authenticator data

    [[nodiscard]] std::string client_data(std::string_view type, ByteView challenge,
                                          std::string_view more = "") const {
        return R"({"type":")" + std::string(type) + R"(","challenge":")" + to_base64url(challenge) +
               R"(","origin":")" + origin + "\"" + std::string(more) + "}";
    }
    [[nodiscard]] Bytes authenticator_data(bool attested) const {
        const auto hash = crypto::sha256(as_bytes(rp_id));
        Bytes out(hash.bytes.begin(), hash.bytes.end());
        out.push_back(static_cast<std::uint8_t>(flags | (attested ? 0x40 : 0)));
        for (int shift = 24; shift >= 0; shift -= 8)
            out.push_back(static_cast<std::uint8_t>(sign_count >> shift));
        if (attested) {
            out.insert(out.end(), 16, 0);
            out.push_back(static_cast<std::uint8_t>(id.size() >> 8));
            out.push_back(static_cast<std::uint8_t>(id.size()));
            out.insert(out.end(), id.begin(), id.end());
            const Bytes cose = cbor::encode(cose::to_cbor(cose::Key{key.public_key()}));
            out.insert(out.end(), cose.begin(), cose.end());
        }
        out.insert(out.end(), tail.begin(), tail.end());
        return out;
    }
    [[nodiscard]] Bytes attestation_object(std::string_view client_json) const {
        const Bytes data = authenticator_data(true);
        cbor::Map statement;
        if (format == "packed") {
            statement = {{cbor::Value{std::string("alg")}, cbor::Value{std::int64_t{-8}}},
                         {cbor::Value{std::string("sig")}, cbor::Value{sign(data, client_json)}}};
        }
        return cbor::encode(
            {cbor::Map{{cbor::Value{std::string("fmt")}, cbor::Value{format}},
                       {cbor::Value{std::string("attStmt")}, cbor::Value{statement}},
                       {cbor::Value{std::string("authData")}, cbor::Value{data}}}});
    }
    [[nodiscard]] Bytes sign(Bytes data, std::string_view client_json) const {
        const auto hash = crypto::sha256(as_bytes(client_json));
        data.insert(data.end(), hash.bytes.begin(), hash.bytes.end());
        const auto signature = key.sign(data);
        return Bytes(signature.bytes.begin(), signature.bytes.end());
    }
    [[nodiscard]] Assertion assert_with(std::string_view client_json) const {
        const Bytes data = authenticator_data(false);
        return {id, parse_client_data(client_json).value(), data, sign(data, client_json), {}};
    }
};

}  // namespace astro::identity::webauthn
