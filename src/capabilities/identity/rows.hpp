#pragma once

#include <optional>
#include <string>
#include <vector>

#include "foundation/base/describe.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/time.hpp"
#include "foundation/store/store.hpp"

/// The capability's tables, and how its values stand in them: bytes in base64, times in
/// nanoseconds, lists with spaces between.
namespace astro::identity {

[[nodiscard]] std::vector<store::Migration> migrations();

[[nodiscard]] inline store::Value text_of(ByteView bytes) {
    return to_base64(bytes);
}
[[nodiscard]] inline store::Value time_of(TimestampNs t) {
    return t.value();
}
[[nodiscard]] inline store::Value time_of(const std::optional<TimestampNs>& t) {
    return t ? store::Value{t->value()} : store::Value{};
}
[[nodiscard]] inline TimestampNs to_time(const store::Value& v) {
    return TimestampNs{store::to_int(v)};
}
[[nodiscard]] inline std::optional<TimestampNs> to_optional_time(const store::Value& v) {
    return store::is_null(v) ? std::nullopt : std::optional(to_time(v));
}
/// "store_corrupt" when the column does not hold what this program wrote.
[[nodiscard]] Result<Bytes> to_bytes(const store::Value& v);
/// The enumerator that was written; "store_corrupt" for another text.
template <class E>
[[nodiscard]] Result<E> to_enum(const store::Value& v) {
    const auto* text = std::get_if<std::string>(&v);
    E out{};
    if (text == nullptr || !enum_from_name(*text, out))
        return unavailable("store_corrupt", "a column holds a text that was not written");
    return out;
}
[[nodiscard]] std::string join(const std::vector<std::string>& words);
[[nodiscard]] std::vector<std::string> split(const std::string& text);

}  // namespace astro::identity
