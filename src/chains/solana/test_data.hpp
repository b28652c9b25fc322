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

}  // namespace astro::solana::test
