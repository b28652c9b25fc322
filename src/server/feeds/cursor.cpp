#include "server/feeds/cursor.hpp"

#include <charconv>

#include "chains/solana/json_document.hpp"
#include "foundation/base/json.hpp"

namespace astro::feeds {

std::string to_text(const Cursor& cursor) {
    std::string out = R"({"slot":)" + std::to_string(cursor.slot.value()) + R"(,"blockhash":)";
    append_json_string(out, cursor.blockhash);
    out += R"(,"genesis":)";
    append_json_string(out, cursor.genesis);
    return out + "}";
}

Result<Cursor> parse_cursor(std::string_view text) {
    const auto bad = [&](std::string_view why) {
        return refusal("bad_cursor", "the feed's cursor cannot be read: " + std::string(why),
                       std::string(text.substr(0, 200)));
    };
    solana::JsonDocument document;
    const auto root = document.load(text);
    if (!root) return bad(root.error().message);
    Cursor cursor;
    bool has_slot = false;
    for (const solana::JsonField field : root->fields()) {
        if (field.key == "slot") {
            const std::string_view digits = field.value.scalar();
            std::uint64_t slot = 0;
            const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), slot);
            has_slot = read.ec == std::errc() && read.ptr == digits.data() + digits.size();
            cursor.slot = Slot{slot};
        } else if (field.key == "blockhash" && field.value.is_string()) {
            cursor.blockhash = field.value.string();
        } else if (field.key == "genesis" && field.value.is_string()) {
            cursor.genesis = field.value.string();
        }
    }
    if (!has_slot) return bad("its slot is not a number");
    return cursor;
}

}  // namespace astro::feeds
