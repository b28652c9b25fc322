#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <string>

/// Real data for the tests of this room.
namespace astro::solana::test {

inline std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    EXPECT_TRUE(in.good()) << path;
    return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string share(const std::string& name) {
    return read_file(std::string(ASTRO_SOURCE_DIR) + "/share/solana/" + name);
}

inline boost::json::value parse(const std::string& text) {
    return boost::json::parse(text);
}

/// A block of a few transactions of the real one: votes, swaps, v0 and legacy.
inline boost::json::value small_block() {
    boost::json::value block = parse(share("blocks/block_285000037.json"));
    auto& list = block.at("transactions").as_array();
    boost::json::array few;
    for (const std::size_t i : {0U, 1U, 2U, 3U, 60U}) few.push_back(list.at(i));
    list = few;
    return block;
}

}  // namespace astro::solana::test
