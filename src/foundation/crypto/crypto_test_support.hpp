#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "foundation/base/encoding.hpp"
#include "foundation/crypto/random.hpp"

/// What the tests of this room and of those that build on it share.
namespace astro::crypto {

/// Repeatable "randomness".
class SeededRandom final : public Random {
  public:
    explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
    void fill(std::span<std::uint8_t> out) override {
        for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
    }

  private:
    std::mt19937_64 engine_;
};

inline boost::json::value load_vectors(const std::string& name) {
    std::ifstream in(std::string(ASTRO_SOURCE_DIR) + "/share/" + name, std::ios::binary);
    EXPECT_TRUE(in) << name;
    return boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
}

inline std::string text_of(const boost::json::value& v) {
    return std::string(v.as_string());
}
inline Bytes hex_of(const boost::json::value& v) {
    return parse_hex(v.as_string()).value();
}

}  // namespace astro::crypto
