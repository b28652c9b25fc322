#include "chains/stellar/xdr/types_by_name.hpp"

#include <algorithm>
#include <cctype>

#include "chains/stellar/xdr/type_tables.hpp"
#include "foundation/base/read_json.hpp"

namespace astro::stellar::xdr {
namespace {

// Each level of a value takes up to four of the document: {"map":[{"key":…}]}.
constexpr std::size_t kJsonDepthMax = kXdrDepthMax * 4 + 64;

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

/// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] =
                std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::string nearest(std::string_view wanted) {
    std::string_view best;
    std::size_t best_distance = ~std::size_t{};
    for (const auto name : type_names())
        if (const auto d = distance(wanted, lower(name)); d < best_distance) {
            best = name;
            best_distance = d;
        }
    return std::string(best);
}

Result<void> check_size(std::size_t size) {
    if (size > kXdrBytesMax)
        return refusal("xdr_malformed",
                       "it is longer than " + std::to_string(kXdrBytesMax) + " bytes");
    return {};
}

}  // namespace

Result<const TypeEntry*> find_type(std::string_view name) {
    constexpr std::size_t kNameMax = 100;
    const std::string wanted = lower(name.substr(0, kNameMax));
    for (const auto table : kTypeTables)
        for (const auto& entry : table())
            if (lower(entry.name) == wanted) return &entry;
    return refusal("xdr_type", "there is no type " + escaped(name.substr(0, kNameMax)) +
                                   "; the nearest is " + nearest(wanted));
}

std::vector<std::string_view> type_names() {
    std::vector<std::string_view> out;
    for (const auto table : kTypeTables)
        for (const auto& entry : table()) out.push_back(entry.name);
    return out;
}

Result<std::string> json_of_xdr(const TypeEntry& type, ByteView bytes) {
    ASTRO_CHECK(check_size(bytes.size()));
    Reader in(bytes);
    JsonWriter out;
    if (!type.xdr_to_json(in, out)) return in.error();
    return out.take();
}

Result<Bytes> xdr_of_json(const TypeEntry& type, std::string_view json) {
    ASTRO_TRY(const auto document, astro::detail::parse_json(json, {.bytes_max = kXdrBytesMax * 2,
                                                                    .depth_max = kJsonDepthMax}));
    JsonReader in;
    Writer out;
    if (!type.json_to_xdr(in, {&document}, out)) return in.error();
    return out.take();
}

Result<Bytes> rewritten_xdr(const TypeEntry& type, ByteView bytes) {
    ASTRO_CHECK(check_size(bytes.size()));
    Reader in(bytes);
    Writer out;
    if (!type.xdr_to_xdr(in, out)) return in.error();
    return out.take();
}

}  // namespace astro::stellar::xdr
