#include <cstdint>

#include "server/node/settings.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    astro::node::Settings settings;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto result = settings.apply_toml(text, "fuzz");
        !result && result.error().message.empty())
        __builtin_trap();
    return 0;
}
