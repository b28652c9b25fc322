#include "capabilities/exchange/engine/model.hpp"

#include <algorithm>

namespace astro::exchange {

bool from_text(std::string_view text, ClientId& out) {
    const auto is_allowed = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view("._:/-").find(c) != std::string_view::npos;
    };
    if (text.empty() || text.size() > ClientId::kSizeMax || !std::ranges::all_of(text, is_allowed))
        return false;
    out = ClientId(text);
    return true;
}

}  // namespace astro::exchange
