#include "foundation/base/binary.hpp"

#include "foundation/base/assert.hpp"

namespace {

using namespace astro;

enum class Kind { first, second = 4 };
BOOST_DESCRIBE_ENUM(Kind, first, second)

struct Leaf {
    Lamports amount;
    Kind kind = Kind::first;
    bool flag = false;
};
BOOST_DESCRIBE_STRUCT(Leaf, (), (amount, kind, flag))

struct Tree {
    std::variant<Leaf, std::string, std::monostate> value;
    std::vector<Tree> inner;
    std::map<std::uint16_t, std::optional<Leaf>> map;
    std::array<std::vector<std::uint32_t>, 2> lists;
};
BOOST_DESCRIBE_STRUCT(Tree, (), (value, inner, map, lists))

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    const auto tree = parse_binary<Tree>(bytes);
    if (!tree) {
        ASTRO_ASSERT(tree.error().code == "bad_binary" && tree.error().where.starts_with("byte "));
        return 0;
    }
    const Bytes again = to_binary(*tree);  // one value, one form
    ASTRO_ASSERT(again.size() == size && std::equal(again.begin(), again.end(), data));
    return 0;
}
