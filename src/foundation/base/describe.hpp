#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/algorithm.hpp>
#include <string_view>
#include <type_traits>

/// A public data type is a plain struct, described once below its definition:
///
///     struct Tip { Slot slot; Lamports lamports; };
///     BOOST_DESCRIBE_STRUCT(Tip, (), (slot, lamports))
///
/// From the description come JSON (base/json.hpp), SQL rows (store/rows.hpp), schemas and SDK
/// types. Enums that travel as text are described with BOOST_DESCRIBE_ENUM; the text is the
/// enumerator.
namespace astro {

template <class T>
inline constexpr bool kIsDescribedStruct = boost::describe::has_describe_members<T>::value;
template <class E>
inline constexpr bool kIsDescribedEnum = boost::describe::has_describe_enumerators<E>::value;

/// Calls f(name, value) for each described member in order.
template <class T, class F>
void for_each_member(T& object, F&& f) {
    using Members = boost::describe::describe_members<
        std::remove_const_t<T>, boost::describe::mod_any_access | boost::describe::mod_inherited>;
    boost::mp11::mp_for_each<Members>(
        [&](auto d) { f(std::string_view(d.name), object.*d.pointer); });
}

/// The enumerator's name, or "?" for a value outside the enum.
template <class E>
    requires kIsDescribedEnum<E>
[[nodiscard]] std::string_view enum_name(E value) {
    return boost::describe::enum_to_string(value, "?");
}

/// The enumerator of that name; false when there is none.
template <class E>
    requires kIsDescribedEnum<E>
[[nodiscard]] bool enum_from_name(std::string_view name, E& out) {
    bool found = false;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
        if (name == d.name) {
            out = d.value;
            found = true;
        }
    });
    return found;
}

}  // namespace astro
