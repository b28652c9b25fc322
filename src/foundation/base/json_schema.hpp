#pragma once

#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include "foundation/base/json.hpp"
#include "foundation/base/time.hpp"

/// JSON Schema (2020-12) of described structs, in the form in which base/json.hpp writes them and
/// base/read_json.hpp reads them: what may be missing is what is optional.
namespace astro {

/// The schemas that a document refers to, by name. Each struct stands in it once.
class SchemaBook {
  public:
    using Write = std::string (*)(SchemaBook&);
    /// The reference to the schema of a type, which `write` makes the first time.
    std::string reference(std::type_index type, std::string_view demangled, Write write);
    [[nodiscard]] const std::map<std::string, std::string>& schemas() const { return schemas_; }

  private:
    std::map<std::type_index, std::string> names_;
    std::map<std::string, std::string> schemas_;
};

/// Schema of a type that travels as text by to_text().
template <class T>
inline constexpr std::string_view kTextSchema = R"({"type":"string"})";
template <>
inline constexpr std::string_view kTextSchema<TimestampNs> =
    R"({"type":"string","format":"date-time"})";

namespace detail {

[[nodiscard]] std::string demangle(const char* name);

template <class I>
std::string integer_schema(JsonForm form) {
    if (form == JsonForm::string)
        return std::is_signed_v<I> ? R"({"type":"string","pattern":"^-?[0-9]{1,20}$"})"
                                   : R"({"type":"string","pattern":"^[0-9]{1,20}$"})";
    using Limits = std::numeric_limits<I>;
    return R"({"type":"integer","minimum":)" + std::to_string(Limits::min()) +
           ",\"maximum\":" + std::to_string(Limits::max()) + "}";
}

template <class T>
std::string schema_of(SchemaBook& book);

template <class T>
std::string struct_schema(SchemaBook& book) {
    std::string properties, required;
    T object{};
    for_each_member(object, [&](std::string_view name, auto& member) {
        using Member = std::remove_cvref_t<decltype(member)>;
        properties += (properties.empty() ? "\"" : ",\"") + std::string(name) +
                      "\":" + schema_of<Member>(book);
        if (!kIsOptional<Member>)
            required += (required.empty() ? "\"" : ",\"") + std::string(name) + "\"";
    });
    return R"({"type":"object","additionalProperties":false,"properties":{)" + properties +
           (required.empty() ? "}}" : "},\"required\":[" + required + "]}");
}

template <class E>
std::string enum_schema() {
    std::string names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
        [&](auto d) { names += (names.empty() ? "\"" : ",\"") + std::string(d.name) + "\""; });
    return R"({"type":"string","enum":[)" + names + "]}";
}

template <class T>
std::string schema_of(SchemaBook& book) {
    if constexpr (std::is_same_v<T, bool>) {
        return R"({"type":"boolean"})";
    } else if constexpr (HasText<T>) {
        return std::string(kTextSchema<T>);
    } else if constexpr (kIsStrong<T>) {
        return integer_schema<typename T::Rep>(T::kJsonForm);
    } else if constexpr (std::is_integral_v<T>) {
        return integer_schema<T>(JsonForm::number);
    } else if constexpr (std::is_floating_point_v<T>) {
        return R"({"type":"number"})";
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
        return R"({"type":"string"})";
    } else if constexpr (kIsOptional<T>) {
        return "{\"anyOf\":[" + schema_of<typename T::value_type>(book) + R"(,{"type":"null"}]})";
    } else if constexpr (kIsVector<T>) {
        return R"({"type":"array","items":)" + schema_of<typename T::value_type>(book) + "}";
    } else if constexpr (kIsTextMap<T>) {
        return R"({"type":"object","additionalProperties":)" +
               schema_of<typename T::mapped_type>(book) + "}";
    } else if constexpr (kIsDescribedEnum<T>) {
        return enum_schema<T>();
    } else {
        static_assert(kIsDescribedStruct<T>, "describe the type, or give it to_text()");
        return book.reference(typeid(T), demangle(typeid(T).name()), &struct_schema<T>);
    }
}

/// A value of each kind, lists with one item: what an answer looks like.
template <class T>
T sample_of() {
    if constexpr (std::is_same_v<T, bool>) {
        return true;
    } else if constexpr (std::is_same_v<T, TimestampNs>) {
        return from_unix_seconds(1'795'176'000);
    } else if constexpr (HasText<T>) {
        return T{};
    } else if constexpr (kIsStrong<T>) {
        return T{typename T::Rep{100}};
    } else if constexpr (std::is_arithmetic_v<T>) {
        return T{1};
    } else if constexpr (std::is_same_v<T, std::string>) {
        return "text";
    } else if constexpr (kIsOptional<T>) {
        return sample_of<typename T::value_type>();
    } else if constexpr (kIsVector<T>) {
        return {sample_of<typename T::value_type>()};
    } else if constexpr (kIsTextMap<T>) {
        return {{"name", sample_of<typename T::mapped_type>()}};
    } else if constexpr (kIsDescribedStruct<T>) {
        T out{};
        for_each_member(out, [](std::string_view, auto& member) {
            member = sample_of<std::remove_cvref_t<decltype(member)>>();
        });
        return out;
    } else {
        return T{};
    }
}

}  // namespace detail

/// A JSON document that an interface takes or gives: its schema, and what one looks like.
struct JsonDocument {
    SchemaBook::Write schema = nullptr;  ///< null: none
    std::string example{};

    [[nodiscard]] explicit operator bool() const { return schema != nullptr; }
};

/// Not for types that hold lists of themselves.
template <class T>
[[nodiscard]] JsonDocument json_document() {
    return {&detail::schema_of<T>, to_json(detail::sample_of<T>())};
}
template <class T>
[[nodiscard]] JsonDocument json_document(const T& example) {
    return {&detail::schema_of<T>, to_json(example)};
}

}  // namespace astro
