#include "server/feeds/renumber.hpp"

#include <charconv>
#include <cstring>
#include <vector>

#include "chains/solana/json_document.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/json.hpp"

namespace astro::feeds {
namespace {

constexpr std::size_t kSignatureSize = 64;

/// splitmix64's finaliser: every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

void change_signature(std::uint8_t* bytes, std::uint64_t salt) {
    for (std::size_t at = 0; at < kSignatureSize; at += 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes + at, 8);
        word ^= mix(salt + at);
        std::memcpy(bytes + at, &word, 8);
    }
}

/// Replacements of parts of a text, given in the text's order.
class Edits {
  public:
    explicit Edits(std::string_view text) : text_(text) {}

    void replace(std::string_view part, std::string_view by) {
        const auto at = static_cast<std::size_t>(part.data() - text_.data());
        out_.append(text_.substr(done_, at - done_)).append(by);
        done_ = at + part.size();
    }
    std::string finish() && {
        out_.append(text_.substr(done_));
        return std::move(out_);
    }

  private:
    std::string_view text_;
    std::string out_;
    std::size_t done_ = 0;
};

Result<void> edit_signatures(solana::JsonValue list, std::uint64_t salt, Edits& edits) {
    for (const solana::JsonValue item : list.items()) {
        if (!item.is_string()) return refusal("wrong_type", "a signature is expected");
        std::uint8_t bytes[kSignatureSize];
        if (!decode_base58_fixed(item.raw_string(), bytes))
            return refusal("bad_signature", "not a signature", std::string(item.raw_string()));
        change_signature(bytes, salt);
        edits.replace(item.raw_string(), to_base58(bytes));
    }
    return {};
}

/// [bytes, "base64" or "base58"]: the signatures stand in front, behind their number.
Result<void> edit_encoded(solana::JsonValue pair, std::uint64_t salt, Edits& edits) {
    std::string_view text, encoding;
    for (const solana::JsonValue item : pair.items()) {
        if (!item.is_string()) return refusal("wrong_type", "encoded bytes are expected");
        (text.data() == nullptr ? text : encoding) = item.raw_string();
    }
    const bool base58 = encoding == "base58";
    ASTRO_TRY(Bytes bytes, base58 ? parse_base58(text) : parse_base64(text));
    const std::size_t count = bytes.empty() ? 0 : bytes[0];
    if (count >= 128 || bytes.size() < 1 + count * kSignatureSize)
        return refusal("bad_transaction", "the encoded transaction is too short");
    for (std::size_t i = 0; i < count; ++i)
        change_signature(bytes.data() + 1 + i * kSignatureSize, salt);
    edits.replace(text, base58 ? to_base58(bytes) : to_base64(bytes));
    return {};
}

Result<void> edit_transactions(solana::JsonValue list, std::uint64_t salt, Edits& edits) {
    for (const solana::JsonValue item : list.items())
        for (const solana::JsonField field : item.fields()) {
            if (field.key != "transaction") continue;
            if (field.value.is_array()) {
                ASTRO_CHECK(edit_encoded(field.value, salt, edits));
                continue;
            }
            for (const solana::JsonField part : field.value.fields())
                if (part.key == "signatures") ASTRO_CHECK(edit_signatures(part.value, salt, edits));
        }
    return {};
}

Result<std::string> moved_number(solana::JsonValue value, std::int64_t by) {
    const std::string_view digits = value.scalar();
    std::int64_t number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (value.is_null()) return std::string("null");
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size())
        return refusal("wrong_type", "a number is expected", std::string(digits));
    if (number + by < 0)
        return refusal("bad_place", "the copy would stand before the chain's first block");
    return std::to_string(number + by);
}

Result<void> edit_member(const solana::JsonField& field, const NewPlace& place, Slot original,
                         Edits& edits) {
    const auto shift = static_cast<std::int64_t>(place.slot.value() - original.value());
    if (field.key == "transactions") return edit_transactions(field.value, place.salt, edits);
    if (field.key == "blockhash" && field.value.is_string())
        edits.replace(field.value.raw_string(), place.blockhash);
    if (field.key == "previousBlockhash" && field.value.is_string())
        edits.replace(field.value.raw_string(), place.previous_blockhash);
    if (field.key == "parentSlot")
        edits.replace(field.value.scalar(), std::to_string(place.parent.value()));
    if (field.key == "blockHeight") {
        ASTRO_TRY(const std::string height, moved_number(field.value, shift));
        edits.replace(field.value.scalar(), height);
    }
    if (field.key == "blockTime") {
        ASTRO_TRY(const std::string time, moved_number(field.value, place.later_seconds));
        edits.replace(field.value.scalar(), time);
    }
    return {};
}

}  // namespace

Result<std::string> renumbered_copy(std::string_view block, Slot original, const NewPlace& place) {
    solana::JsonDocument document;
    ASTRO_TRY(const solana::JsonValue root, document.load(block));
    if (!root.is_object()) return refusal("not_a_block", "an object is expected");
    bool marked = false;
    for (const solana::JsonField field : root.fields()) marked |= field.key == "synthetic";
    Edits edits(block);
    if (!marked) {
        std::string mark = R"({"synthetic":)";
        append_json_string(mark, "renumbered copy of block " + std::to_string(original.value()));
        edits.replace(block.substr(root.byte(), 1), mark + ",");
    }
    for (const solana::JsonField field : root.fields())
        ASTRO_CHECK(edit_member(field, place, original, edits));
    return std::move(edits).finish();
}

std::string made_hash(std::uint64_t a, std::uint64_t b) {
    std::uint8_t bytes[32];
    for (std::size_t i = 0; i < 4; ++i) {
        const std::uint64_t word = mix(mix(a + i) ^ b);
        std::memcpy(bytes + 8 * i, &word, 8);
    }
    return to_base58(bytes);
}

}  // namespace astro::feeds
