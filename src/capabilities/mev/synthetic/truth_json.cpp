#include "capabilities/mev/evaluate.hpp"
#include "chains/solana/json_document.hpp"

#include <charconv>

namespace astro::mev {
namespace {

using solana::JsonValue;

Unexpected bad(const std::string& what, std::size_t line) {
    return refusal("bad_truth", what, "line " + std::to_string(line));
}

/// Integers stand as strings or numbers.
template <class T>
std::optional<T> integer(const JsonValue& value) {
    const auto text = value.is_string() ? value.raw_string() : value.scalar();
    T out{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

Result<std::vector<Signature>> signatures(const JsonValue& value, std::size_t line) {
    std::vector<Signature> out;
    if (!value.is_array()) return bad("a list of signatures was expected", line);
    for (const JsonValue item : value.items()) {
        if (!item.is_string()) return bad("a signature must be a string", line);
        const auto parsed = solana::parse_signature(item.raw_string());
        if (!parsed) return bad(parsed.error().message, line);
        out.push_back(*parsed);
    }
    return out;
}

Result<void> set_field(Truth& t, std::string_view name, const JsonValue& value, std::size_t line) {
    const auto text = [&](std::string& out) { out = value.is_string() ? value.string() : ""; };
    const auto key = [&](Pubkey& out) -> Result<void> {
        if (!value.is_string()) return bad("\"" + std::string(name) + "\" must be a key", line);
        const auto parsed = solana::parse_pubkey(value.raw_string());
        if (!parsed) return bad(parsed.error().message, line);
        out = *parsed;
        return {};
    };
    const auto list = [&](std::vector<Signature>& out) -> Result<void> {
        ASTRO_TRY(out, signatures(value, line));
        return {};
    };
    const auto amount = [&](auto& out) -> Result<void> {
        const auto parsed = integer<typename std::remove_reference_t<decltype(out)>::Rep>(value);
        if (!parsed) return bad("\"" + std::string(name) + "\" must be an integer", line);
        out = std::remove_reference_t<decltype(out)>{*parsed};
        return {};
    };
    if (name == "kind") text(t.kind);
    if (name == "variant") text(t.variant);
    if (name == "lookalike") text(t.lookalike);
    if (name == "protocol") text(t.protocol);
    if (name == "pool") return key(t.pool);
    if (name == "actor") return key(t.actor);
    if (name == "start_mint") return key(t.start_mint);
    if (name == "fronts") return list(t.fronts);
    if (name == "victims") return list(t.victims);
    if (name == "backs") return list(t.backs);
    if (name == "others") return list(t.others);
    if (name == "slot") return amount(t.slot);
    if (name == "profit_raw") return amount(t.profit_raw);
    if (name == "fee_lamports") return amount(t.fee_lamports);
    if (name == "tip_lamports") return amount(t.tip_lamports);
    return {};
}

}  // namespace

Result<std::vector<Truth>> parse_truth(std::string_view ndjson) {
    std::vector<Truth> out;
    solana::JsonDocument document;
    std::size_t line = 0;
    while (!ndjson.empty()) {
        ++line;
        const auto end = ndjson.find('\n');
        const auto text = ndjson.substr(0, end);
        ndjson = end == std::string_view::npos ? std::string_view{} : ndjson.substr(end + 1);
        if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        const auto root = document.load(text);
        if (!root) return bad(root.error().text(), line);
        if (!root->is_object()) return bad("a JSON object was expected", line);
        Truth t;
        for (const auto field : root->fields())
            ASTRO_CHECK(set_field(t, field.key, field.value, line));
        if (t.kind.empty()) return bad("\"kind\" is missing", line);
        out.push_back(std::move(t));
    }
    return out;
}

}  // namespace astro::mev
