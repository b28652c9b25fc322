#pragma once

#include <boost/json/value.hpp>
#include <cmath>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>

#include "foundation/base/json.hpp"
#include "foundation/base/result.hpp"

/// JSON in, into a described struct, strictly: an unknown member, one that is there twice, a missing
/// one and one of a wrong type are refused by name. Only an optional may be missing (or null). A
/// type reads
///  - by `bool from_text(std::string_view, T&)` when that is found beside it,
///  - else in the form in which base/json.hpp writes it.
namespace astro {

struct JsonLimits {
    std::size_t bytes_max = 256 * 1024;
    std::size_t depth_max = 16;
    std::size_t items_max = 10'000;  ///< of one list or map
};

template <class T>
concept ReadsText = requires(T& v, std::string_view text) {
    { from_text(text, v) } -> std::same_as<bool>;
};

namespace detail {

/// The way from the document to the value that is read: "legs[2].amount".
struct JsonPlace {
    const JsonPlace* outer = nullptr;
    std::string_view member{};
    std::size_t index = 0;
    [[nodiscard]] std::string text() const;
};

/// Code "bad_body".
[[nodiscard]] Unexpected bad_body(std::string message, const JsonPlace& place);
/// Refusals: "bad_json" with the byte, "bad_body" for what is too large.
[[nodiscard]] Result<boost::json::value> parse_json(std::string_view text,
                                                    const JsonLimits& limits);
[[nodiscard]] Result<std::string> read_text(const boost::json::value& value,
                                            const JsonPlace& place);
[[nodiscard]] Result<double> read_double(const boost::json::value& value, const JsonPlace& place);
/// A whole number, or a text of one, in [minimum, maximum].
struct IntegerRange {
    std::int64_t minimum;
    std::uint64_t maximum;
    JsonForm form = JsonForm::number;
};
/// Two's complement when negative.
[[nodiscard]] Result<std::uint64_t> read_integer(const boost::json::value& value,
                                                 const JsonPlace& place, IntegerRange range);

struct JsonReader {
    JsonLimits limits;

    template <class T>
    Result<void> read(const boost::json::value& value, const JsonPlace& place, T& out) const;

  private:
    template <class I>
    static Result<I> integer(const boost::json::value& value, const JsonPlace& place,
                             JsonForm form) {
        using Limits = std::numeric_limits<I>;
        ASTRO_TRY(const auto number,
                  read_integer(value, place,
                               {static_cast<std::int64_t>(Limits::min()),
                                static_cast<std::uint64_t>(Limits::max()), form}));
        return static_cast<I>(number);
    }
    template <class E>
    Result<void> read_enum(const boost::json::value& value, const JsonPlace& place, E& out) const {
        ASTRO_TRY(const auto name, read_text(value, place));
        if (enum_from_name(name, out)) return {};
        std::string names;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
            [&](auto d) { names += (names.empty() ? "" : ", ") + std::string(d.name); });
        return bad_body("is one of " + names, place);
    }
    template <class T>
    Result<void> read_list(const boost::json::value& value, const JsonPlace& place, T& out) const {
        const auto* array = value.if_array();
        if (array == nullptr) return bad_body("needs a list", place);
        if (array->size() > limits.items_max)
            return bad_body("takes at most " + std::to_string(limits.items_max) + " items", place);
        out.clear();
        for (std::size_t i = 0; i < array->size(); ++i) {
            typename T::value_type item{};
            ASTRO_CHECK(read((*array)[i], JsonPlace{&place, {}, i}, item));
            out.push_back(std::move(item));
        }
        return {};
    }
    template <class T>
    Result<void> read_map(const boost::json::value& value, const JsonPlace& place, T& out) const {
        const auto* object = value.if_object();
        if (object == nullptr) return bad_body("needs an object", place);
        if (object->size() > limits.items_max)
            return bad_body("takes at most " + std::to_string(limits.items_max) + " members",
                            place);
        out.clear();
        for (const auto& [key, member] : *object) {
            const std::string_view name(key.data(), key.size());
            ASTRO_CHECK(read(member, JsonPlace{&place, name}, out[std::string(name)]));
        }
        return {};
    }
    template <class T>
    Result<void> read_struct(const boost::json::value& value, const JsonPlace& place,
                             T& out) const {
        const auto* object = value.if_object();
        if (object == nullptr) return bad_body("needs an object", place);
        Result<void> outcome;
        std::size_t used = 0;
        std::string names;
        for_each_member(out, [&](std::string_view name, auto& member) {
            names += (names.empty() ? "" : ", ") + std::string(name);
            if (!outcome) return;
            const auto* found = object->if_contains({name.data(), name.size()});
            const JsonPlace inner{&place, name};
            if (found != nullptr) {
                ++used;
                outcome = read(*found, inner, member);
            } else if (!kIsOptional<std::remove_cvref_t<decltype(member)>>) {
                outcome = bad_body("is missing", inner);
            }
        });
        if (!outcome || used == object->size()) return outcome;
        for (const auto& [key, member] : *object) {
            const std::string_view name(key.data(), key.size());
            bool known = false;
            for_each_member(out, [&](std::string_view n, auto&) { known = known || n == name; });
            if (!known)
                return bad_body("is not known here; known are: " + (names.empty() ? "none" : names),
                                JsonPlace{&place, name});
        }
        return {};
    }
};

template <class T>
Result<void> JsonReader::read(const boost::json::value& value, const JsonPlace& place,
                              T& out) const {
    if constexpr (std::is_same_v<T, bool>) {
        const auto* flag = value.if_bool();
        if (flag == nullptr) return bad_body("needs true or false", place);
        out = *flag;
    } else if constexpr (ReadsText<T>) {
        ASTRO_TRY(const auto text, read_text(value, place));
        if (!from_text(text, out)) return bad_body("has the wrong form", place);
    } else if constexpr (kIsStrong<T>) {
        ASTRO_TRY(const auto number, integer<typename T::Rep>(value, place, T::kJsonForm));
        out = T{number};
    } else if constexpr (std::is_integral_v<T>) {
        ASTRO_TRY(out, integer<T>(value, place, JsonForm::number));
    } else if constexpr (std::is_floating_point_v<T>) {
        ASTRO_TRY(out, read_double(value, place));
    } else if constexpr (std::is_same_v<T, std::string>) {
        ASTRO_TRY(out, read_text(value, place));
    } else if constexpr (kIsOptional<T>) {
        out.reset();
        if (value.is_null()) return {};
        return read(value, place, out.emplace());
    } else if constexpr (kIsVector<T>) {
        return read_list(value, place, out);
    } else if constexpr (kIsTextMap<T>) {
        return read_map(value, place, out);
    } else if constexpr (kIsDescribedEnum<T>) {
        return read_enum(value, place, out);
    } else {
        static_assert(kIsDescribedStruct<T>, "describe the type, or give it from_text()");
        return read_struct(value, place, out);
    }
    return {};
}

}  // namespace detail

/// The value that `text` holds. Refusals: "bad_json" (where: the byte), "bad_body" (where: the
/// member).
template <class T>
[[nodiscard]] Result<T> read_json(std::string_view text, const JsonLimits& limits = {}) {
    ASTRO_TRY(const auto document, detail::parse_json(text, limits));
    T out{};
    ASTRO_CHECK(detail::JsonReader{limits}.read(document, detail::JsonPlace{}, out));
    return out;
}

}  // namespace astro
