// The types that XDR-JSON gives in a form of their own: StrKeys, asset codes, wide integers.
#include <algorithm>

#include "chains/stellar/strkey.hpp"
#include "chains/stellar/xdr/contract_json.hpp"
#include "chains/stellar/xdr/decimal.hpp"
#include "chains/stellar/xdr/ledger_entries_json.hpp"
#include "chains/stellar/xdr/transaction_json.hpp"
#include "chains/stellar/xdr/types_json.hpp"

namespace astro::stellar::xdr {
namespace {

void put_key(JsonWriter& out, StrKeyKind kind, ByteView payload) {
    out.text(to_strkey(kind, payload));
}

/// The key behind a text that has to be of one of `kinds`; `needs` says so.
std::optional<StrKey> take_key(JsonReader& in, JsonValue from,
                               std::initializer_list<StrKeyKind> kinds, const char* needs) {
    std::string_view text;
    if (!in.text(from, text)) return std::nullopt;
    auto key = parse_strkey(text);
    if (key && std::ranges::find(kinds, key->kind) != kinds.end()) return std::move(*key);
    in.fail(std::string("needs ") + needs +
            (key ? "" : std::string("; ") + std::string(key.error().message)));
    return std::nullopt;
}

template <class Out>
void copy(ByteView from, Out& out) {
    std::ranges::copy(from.first(out.bytes.size()), out.bytes.begin());
}

template <class Tag>
bool take_fixed(JsonReader& in, JsonValue from, StrKeyKind kind, const char* needs,
                FixedBytes<Tag, 32>& out) {
    const auto key = take_key(in, from, {kind}, needs);
    if (!key) return false;
    copy(key->payload, out);
    return true;
}

std::uint64_t big_endian(ByteView bytes) {
    std::uint64_t out = 0;
    for (const auto byte : bytes) out = out << 8 | byte;
    return out;
}

template <class Muxed>
void put_muxed(JsonWriter& out, const Muxed& from) {
    Bytes payload(from.ed25519.bytes.begin(), from.ed25519.bytes.end());
    for (int shift = 56; shift >= 0; shift -= 8)
        payload.push_back(static_cast<std::uint8_t>(from.id >> shift));
    put_key(out, StrKeyKind::muxed_ed25519, payload);
}

template <class Muxed>
Muxed muxed_of(const StrKey& key) {
    Muxed out;
    copy(key.payload, out.ed25519);
    out.id = big_endian(ByteView(key.payload).subspan(32));
    return out;
}

template <class Muxed>
bool take_muxed(JsonReader& in, JsonValue from, Muxed& out) {
    const auto key = take_key(in, from, {StrKeyKind::muxed_ed25519}, "a muxed account, M…");
    if (!key) return false;
    out = muxed_of<Muxed>(*key);
    return true;
}

SignerKeyEd25519SignedPayload signed_payload_of(const StrKey& key) {
    SignerKeyEd25519SignedPayload out;
    copy(key.payload, out.ed25519);
    const auto rest = ByteView(key.payload).subspan(32);
    const auto payload = rest.subspan(4, big_endian(rest.first(4)));
    out.payload.assign(payload.begin(), payload.end());
    return out;
}

/// Zeros behind the code's end are not written; a code of twelve keeps five characters, so that it
/// is not taken for one of four.
void put_code(JsonWriter& out, ByteView code, std::size_t least) {
    std::size_t size = code.size();
    while (size > least && code[size - 1] == 0) --size;
    out.string({reinterpret_cast<const char*>(code.data()), size});
}

template <class Code>
void fill(std::string_view text, Code& out) {
    out = {};
    std::ranges::copy(as_bytes(text), out.bytes.begin());
}

}  // namespace

void put(JsonWriter& out, const PublicKey& from) {
    put_key(out, StrKeyKind::ed25519_public_key, from.ed25519.view());
}
bool take(JsonReader& in, JsonValue from, PublicKey& out) {
    return take_fixed(in, from, StrKeyKind::ed25519_public_key, "a public key, G…", out.ed25519);
}

void put(JsonWriter& out, const ContractID& from) {
    put_key(out, StrKeyKind::contract, from.view());
}
bool take(JsonReader& in, JsonValue from, ContractID& out) {
    return take_fixed(in, from, StrKeyKind::contract, "a contract, C…", out);
}

void put(JsonWriter& out, const PoolID& from) {
    put_key(out, StrKeyKind::liquidity_pool, from.view());
}
bool take(JsonReader& in, JsonValue from, PoolID& out) {
    return take_fixed(in, from, StrKeyKind::liquidity_pool, "a liquidity pool, L…", out);
}

void put(JsonWriter& out, const ClaimableBalanceID& from) {
    Bytes payload{0};
    payload.insert(payload.end(), from.v0.bytes.begin(), from.v0.bytes.end());
    put_key(out, StrKeyKind::claimable_balance, payload);
}
bool take(JsonReader& in, JsonValue from, ClaimableBalanceID& out) {
    const auto key = take_key(in, from, {StrKeyKind::claimable_balance}, "a claimable balance, B…");
    if (!key) return false;
    copy(ByteView(key->payload).subspan(1), out.v0);
    return true;
}

void put(JsonWriter& out, const MuxedEd25519Account& from) {
    put_muxed(out, from);
}
bool take(JsonReader& in, JsonValue from, MuxedEd25519Account& out) {
    return take_muxed(in, from, out);
}
void put(JsonWriter& out, const MuxedAccountMed25519& from) {
    put_muxed(out, from);
}
bool take(JsonReader& in, JsonValue from, MuxedAccountMed25519& out) {
    return take_muxed(in, from, out);
}

void put(JsonWriter& out, const MuxedAccount& from) {
    if (from.type == CryptoKeyType::muxed_ed25519)
        return put(out, arm_of<MuxedAccountMed25519>(from.value));
    put_key(out, StrKeyKind::ed25519_public_key, arm_of<Uint256>(from.value).view());
}
bool take(JsonReader& in, JsonValue from, MuxedAccount& out) {
    const auto key = take_key(in, from, {StrKeyKind::ed25519_public_key, StrKeyKind::muxed_ed25519},
                              "an account, G… or M…");
    if (!key) return false;
    if (key->kind == StrKeyKind::muxed_ed25519) {
        out = {CryptoKeyType::muxed_ed25519, muxed_of<MuxedAccountMed25519>(*key)};
    } else {
        out.type = CryptoKeyType::ed25519;
        copy(key->payload, out.value.emplace<Uint256>());
    }
    return true;
}

void put(JsonWriter& out, const SignerKeyEd25519SignedPayload& from) {
    if (from.payload.empty())
        return out.fail("a signer by signed payload of no bytes has no form in XDR-JSON");
    Bytes payload(from.ed25519.bytes.begin(), from.ed25519.bytes.end());
    payload.insert(payload.end(), {0, 0, 0, static_cast<std::uint8_t>(from.payload.size())});
    payload.insert(payload.end(), from.payload.begin(), from.payload.end());
    payload.resize((payload.size() + 3) / 4 * 4);
    put_key(out, StrKeyKind::signed_payload, payload);
}
bool take(JsonReader& in, JsonValue from, SignerKeyEd25519SignedPayload& out) {
    const auto key = take_key(in, from, {StrKeyKind::signed_payload}, "a signed payload, P…");
    if (!key) return false;
    out = signed_payload_of(*key);
    return true;
}

void put(JsonWriter& out, const SignerKey& from) {
    if (from.type == SignerKeyType::ed25519_signed_payload)
        return put(out, arm_of<SignerKeyEd25519SignedPayload>(from.value));
    const auto kind = from.type == SignerKeyType::ed25519       ? StrKeyKind::ed25519_public_key
                      : from.type == SignerKeyType::pre_auth_tx ? StrKeyKind::pre_auth_tx
                                                                : StrKeyKind::sha256_hash;
    put_key(out, kind, arm_of<Uint256>(from.value).view());
}
bool take(JsonReader& in, JsonValue from, SignerKey& out) {
    const auto key = take_key(in, from,
                              {StrKeyKind::ed25519_public_key, StrKeyKind::pre_auth_tx,
                               StrKeyKind::sha256_hash, StrKeyKind::signed_payload},
                              "a signer, G…, T…, X… or P…");
    if (!key) return false;
    if (key->kind == StrKeyKind::signed_payload) {
        out = {SignerKeyType::ed25519_signed_payload, signed_payload_of(*key)};
        return true;
    }
    out.type = key->kind == StrKeyKind::ed25519_public_key ? SignerKeyType::ed25519
               : key->kind == StrKeyKind::pre_auth_tx      ? SignerKeyType::pre_auth_tx
                                                           : SignerKeyType::hash_x;
    copy(key->payload, out.value.emplace<Uint256>());
    return true;
}

void put(JsonWriter& out, const SCAddress& from) {
    std::visit([&](const auto& value) { put(out, value); }, from.value);
}
bool take(JsonReader& in, JsonValue from, SCAddress& out) {
    const auto key =
        take_key(in, from,
                 {StrKeyKind::ed25519_public_key, StrKeyKind::contract, StrKeyKind::muxed_ed25519,
                  StrKeyKind::claimable_balance, StrKeyKind::liquidity_pool},
                 "an address, G…, C…, M…, B… or L…");
    if (!key) return false;
    switch (key->kind) {
        case StrKeyKind::ed25519_public_key:
            out.type = SCAddressType::account;
            copy(key->payload, out.value.emplace<PublicKey>().ed25519);
            return true;
        case StrKeyKind::contract:
            out.type = SCAddressType::contract;
            copy(key->payload, out.value.emplace<ContractID>());
            return true;
        case StrKeyKind::muxed_ed25519:
            out = {SCAddressType::muxed_account, muxed_of<MuxedEd25519Account>(*key)};
            return true;
        case StrKeyKind::claimable_balance:
            out.type = SCAddressType::claimable_balance;
            copy(ByteView(key->payload).subspan(1), out.value.emplace<ClaimableBalanceID>().v0);
            return true;
        default:
            out.type = SCAddressType::liquidity_pool;
            copy(key->payload, out.value.emplace<PoolID>());
            return true;
    }
}

void put(JsonWriter& out, const AssetCode4& from) {
    put_code(out, from.view(), 0);
}
bool take(JsonReader& in, JsonValue from, AssetCode4& out) {
    std::string code;
    if (!in.string(from, code, 4)) return false;
    fill(code, out);
    return true;
}

void put(JsonWriter& out, const AssetCode12& from) {
    put_code(out, from.view(), 5);
}
bool take(JsonReader& in, JsonValue from, AssetCode12& out) {
    std::string code;
    if (!in.string(from, code, 12)) return false;
    if (code.size() < 5) return in.fail("needs a code of 5 to 12 characters");
    fill(code, out);
    return true;
}

void put(JsonWriter& out, const AssetCode& from) {
    std::visit([&](const auto& code) { put(out, code); }, from.value);
}
bool take(JsonReader& in, JsonValue from, AssetCode& out) {
    std::string code;
    if (!in.string(from, code, 12)) return false;
    out.type = code.size() <= 4 ? AssetType::credit_alphanum4 : AssetType::credit_alphanum12;
    if (code.size() <= 4)
        fill(code, out.value.emplace<AssetCode4>());
    else
        fill(code, out.value.emplace<AssetCode12>());
    return true;
}

void put(JsonWriter& out, const Int128Parts& from) {
    const std::uint64_t limbs[] = {from.lo, static_cast<std::uint64_t>(from.hi)};
    out.text(to_decimal(limbs, true));
}
bool take(JsonReader& in, JsonValue from, Int128Parts& out) {
    std::string_view text;
    std::array<std::uint64_t, 2> limbs{};
    if (!in.text(from, text)) return false;
    if (!parse_decimal(text, limbs, true))
        return in.fail("needs a text of a whole number of 128 bits");
    out = {static_cast<std::int64_t>(limbs[1]), limbs[0]};
    return true;
}

void put(JsonWriter& out, const UInt128Parts& from) {
    const std::uint64_t limbs[] = {from.lo, from.hi};
    out.text(to_decimal(limbs, false));
}
bool take(JsonReader& in, JsonValue from, UInt128Parts& out) {
    std::string_view text;
    std::array<std::uint64_t, 2> limbs{};
    if (!in.text(from, text)) return false;
    if (!parse_decimal(text, limbs, false))
        return in.fail("needs a text of a whole number of 128 bits, not negative");
    out = {limbs[1], limbs[0]};
    return true;
}

void put(JsonWriter& out, const Int256Parts& from) {
    const std::uint64_t limbs[] = {from.lo_lo, from.lo_hi, from.hi_lo,
                                   static_cast<std::uint64_t>(from.hi_hi)};
    out.text(to_decimal(limbs, true));
}
bool take(JsonReader& in, JsonValue from, Int256Parts& out) {
    std::string_view text;
    std::array<std::uint64_t, 4> limbs{};
    if (!in.text(from, text)) return false;
    if (!parse_decimal(text, limbs, true))
        return in.fail("needs a text of a whole number of 256 bits");
    out = {static_cast<std::int64_t>(limbs[3]), limbs[2], limbs[1], limbs[0]};
    return true;
}

void put(JsonWriter& out, const UInt256Parts& from) {
    const std::uint64_t limbs[] = {from.lo_lo, from.lo_hi, from.hi_lo, from.hi_hi};
    out.text(to_decimal(limbs, false));
}
bool take(JsonReader& in, JsonValue from, UInt256Parts& out) {
    std::string_view text;
    std::array<std::uint64_t, 4> limbs{};
    if (!in.text(from, text)) return false;
    if (!parse_decimal(text, limbs, false))
        return in.fail("needs a text of a whole number of 256 bits, not negative");
    out = {limbs[3], limbs[2], limbs[1], limbs[0]};
    return true;
}

}  // namespace astro::stellar::xdr
