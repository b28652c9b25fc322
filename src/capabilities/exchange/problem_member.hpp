#pragma once

#include <string>
#include <string_view>

#include "foundation/base/json.hpp"

namespace astro::exchange {

/// Adds a member to a problem document; `value` is a text or a number.
template <class T>
void append_member(std::string& body, std::string_view name, const T& value) {
    body.pop_back();
    body.append(",\"").append(name).append("\":");
    append_json(body, value);
    body.push_back('}');
}

}  // namespace astro::exchange
