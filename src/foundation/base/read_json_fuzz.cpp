#include <cstdint>

#include "foundation/base/assert.hpp"
#include "foundation/base/read_json.hpp"

namespace {

enum class Kind { first, second };
BOOST_DESCRIBE_ENUM(Kind, first, second)

struct Inner {
    std::int64_t number = 0;
    std::optional<std::uint8_t> small;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (number, small))

struct Outer {
    std::string text;
    std::optional<Kind> kind;
    std::vector<Inner> list;
    std::map<std::string, bool> flags;
    std::optional<double> ratio;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (text, kind, list, flags, ratio))

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto outer = astro::read_json<Outer>({reinterpret_cast<const char*>(data), size});
    if (!outer) return 0;
    // What was read is written and read again as the same.
    const auto text = astro::to_json(*outer);
    const auto again = astro::read_json<Outer>(text, {.bytes_max = std::size_t{1} << 30});
    ASTRO_ASSERT(again.has_value() && astro::to_json(*again) == text);
    return 0;
}
