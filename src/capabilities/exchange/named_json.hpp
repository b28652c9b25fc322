#pragma once

#include <optional>
#include <string>

#include "capabilities/exchange/directory.hpp"
#include "capabilities/exchange/engine/model.hpp"
#include "capabilities/exchange/trading_model.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/json_schema.hpp"

/// JSON of described structs of the venue as clients read them: markets and assets by symbol,
/// amounts as decimal text in their asset's unit, times as ISO 8601. What is absent is left out.
namespace astro::exchange {

/// What a member of that type travels as.
template <class T>
struct Named {
    using type = T;
};
template <>
struct Named<MarketId> {
    using type = std::string;
};
template <>
struct Named<AssetId> {
    using type = std::string;
};
template <>
struct Named<Amount> {
    using type = std::string;
};
template <>
struct Named<TimeMs> {
    using type = TimestampNs;
};
template <class T>
struct Named<std::optional<T>> {
    using type = std::optional<typename Named<T>::type>;
};

namespace detail {

/// The asset that the struct's amounts are of.
template <class T>
AssetId asset_in(const T& record) {
    if constexpr (requires { AssetId{record.asset}; })
        return record.asset;
    else if constexpr (requires { AssetId{*record.asset}; })
        return record.asset.value_or(kUsdc);
    else
        return kUsdc;
}

template <class M>
typename Named<M>::type named(const Directory& directory, AssetId asset, const M& member) {
    if constexpr (std::is_same_v<M, MarketId>)
        return directory.symbol(member);
    else if constexpr (std::is_same_v<M, AssetId>)
        return directory.asset(member).symbol;
    else if constexpr (std::is_same_v<M, Amount>)
        return decimal_text(member.value(), static_cast<int>(directory.asset(asset).decimals));
    else if constexpr (std::is_same_v<M, TimeMs>)
        return to_timestamp(member);
    else
        return member;
}

template <class M>
bool is_absent(const M&) {
    return false;
}
template <class M>
bool is_absent(const std::optional<M>& member) {
    return !member;
}
inline bool is_absent(const ClientId& member) {
    return member.empty();
}
inline bool is_absent(TimeMs member) {
    return member == TimeMs{0};
}

template <class M>
const M& present(const M& member) {
    return member;
}
template <class M>
const M& present(const std::optional<M>& member) {
    return *member;
}

}  // namespace detail

template <class T>
void append_named(const Directory& directory, std::string& out, const T& record);

namespace detail {

template <class M>
void append_named_member(const Directory& directory, std::string& out, AssetId asset,
                         const M& member) {
    if constexpr (kIsBoxed<M>)
        append_named(directory, out, *member);
    else if constexpr (kIsDescribedStruct<M> && !kIsStrong<M> && !HasText<M>)
        append_named(directory, out, member);
    else
        append_json(out, named(directory, asset, member));
}

}  // namespace detail

template <class T>
void append_named(const Directory& directory, std::string& out, const T& record) {
    const AssetId asset = detail::asset_in(record);
    char separator = '{';
    for_each_member(record, [&](std::string_view name, const auto& member) {
        if (detail::is_absent(member)) return;
        out.push_back(separator);
        separator = ',';
        out.append("\"").append(name).append("\":");
        detail::append_named_member(directory, out, asset, detail::present(member));
    });
    if (separator == '{') out.push_back('{');
    out.push_back('}');
}

/// The schema of that form.
template <class T>
std::string named_schema(SchemaBook& book) {
    std::string properties;
    T record{};
    for_each_member(record, [&](std::string_view name, auto& member) {
        using Member = typename Named<std::remove_cvref_t<decltype(member)>>::type;
        properties += (properties.empty() ? "\"" : ",\"") + std::string(name) +
                      "\":" + astro::detail::schema_of<Member>(book);
    });
    return R"({"type":"object","properties":{)" + properties + "}}";
}

}  // namespace astro::exchange
