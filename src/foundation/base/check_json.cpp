#include "foundation/base/check_json.hpp"

namespace astro {

Result<void> check_json_object(std::string_view text, const JsonLimits& limits) {
    ASTRO_TRY(const auto document, detail::parse_json(text, limits));
    if (!document.is_object()) return refusal("bad_body", "needs an object");
    return {};
}

}  // namespace astro
