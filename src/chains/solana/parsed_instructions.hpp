#pragma once

#include <vector>

#include "chains/solana/json_fields.hpp"
#include "chains/solana/model.hpp"

/// Encoding jsonParsed replaces instructions of well-known programs by a description. This puts
/// back what was on the chain for the ones that move or open money, so that decoding need not know
/// how a block was encoded.
namespace astro::solana {

struct RawInstruction {
    std::vector<Pubkey> accounts;
    Bytes data;
};

enum class Rebuild {
    done,
    unknown,    ///< a program or type we do not rebuild, or one described without a member we need
    malformed,  ///< a member of the wrong type or range: the reader's fault says which
};

/// `parsed` is the member of that name: {"type": …, "info": {…}}. Rebuilt are
///  - SPL Token, Token-2022: transfer, transferChecked, transferCheckedWithFee, mintTo,
///  mintToChecked,
///    burn, burnChecked, closeAccount, initializeAccount, …2, …3, initializeImmutableOwner,
///    syncNative
///  - System: transfer, transferWithSeed, createAccount, createAccountWithSeed, assign, allocate,
///    advanceNonce
///  - Associated Token: create, createIdempotent
/// The description does not tell apart forms of equal meaning: createAccountWithSeed gets the
/// base as third account when it is not the payer, and create has no data and no rent sysvar.
/// Sources: agave `transaction-status/src/parse_{token,system,associated_token}.rs`.
[[nodiscard]] Rebuild rebuild_instruction(const Pubkey& program, JsonValue parsed, FieldReader& in,
                                          RawInstruction& out);

}  // namespace astro::solana
