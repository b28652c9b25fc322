#include "chains/solana/types.hpp"

namespace astro::solana {

Result<Pubkey> parse_pubkey(std::string_view text) {
    Pubkey key;
    if (!decode_base58_fixed(text, key.bytes))
        return refusal("bad_pubkey",
                       "not a public key (base58 of 32 bytes): " + std::string(text.substr(0, 64)));
    return key;
}

Result<Signature> parse_signature(std::string_view text) {
    Signature signature;
    if (!decode_base58_fixed(text, signature.bytes))
        return refusal("bad_signature", "not a transaction signature (base58 of 64 bytes): " +
                                            std::string(text.substr(0, 100)));
    return signature;
}

Pubkey pubkey_literal(std::string_view text) {
    Pubkey key;
    ASTRO_ASSERT(decode_base58_fixed(text, key.bytes));
    return key;
}

}  // namespace astro::solana
