// Any bytes as a stream of documents: the pieces do not depend on the portions.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chains/solana/json_splitter.hpp"
#include "foundation/base/assert.hpp"

using namespace astro::solana;

namespace {

std::vector<std::string> split(std::string_view input, std::size_t portion) {
    JsonSplitter splitter(4096);
    std::vector<std::string> out;
    const auto drain = [&] {
        while (const auto piece = splitter.next())
            out.push_back(std::to_string(piece->line) + std::string(piece->fault_code) +
                          std::string(piece->text));
    };
    for (std::size_t at = 0; at < input.size(); at += portion) {
        splitter.append(input.substr(at, portion));
        drain();
    }
    splitter.finish();
    drain();
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto whole = split(input, size + 1);
    ASTRO_ASSERT(split(input, 7) == whole);
    return 0;
}
