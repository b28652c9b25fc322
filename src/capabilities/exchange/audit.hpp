#pragma once

#include <functional>
#include <map>
#include <string>

#include "foundation/base/json.hpp"
#include "foundation/base/result.hpp"

namespace astro::exchange {

/// What somebody changes of the venue, beside what is his own.
struct VenueChange {
    std::string actor;
    std::string action;                         ///< "exchange.market_changed"
    std::string subject;                        ///< the market, asset or account
    std::map<std::string, std::string> detail;  ///< of settings each that changes: "from -> to"
};
/// Keeps who changes what; nothing is changed that it did not keep.
using Audit = std::function<Result<void>(const VenueChange& change)>;

/// The members of `after` that `before` has otherwise, "from -> to".
template <class Settings>
[[nodiscard]] std::map<std::string, std::string> changed_members(const Settings& before,
                                                                 const Settings& after) {
    std::map<std::string, std::string> old, out;
    for_each_member(before, [&](std::string_view name, const auto& value) {
        old[std::string(name)] = to_json(value);
    });
    for_each_member(after, [&](std::string_view name, const auto& value) {
        const auto& was = old.at(std::string(name));
        if (auto is = to_json(value); was != is) out[std::string(name)] = was + " -> " + is;
    });
    return out;
}

}  // namespace astro::exchange
