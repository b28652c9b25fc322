#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "capabilities/exchange/engine/units.hpp"

/// Published examples (share/market) as the tests read them.
namespace astro::exchange::formulas::testing {

inline std::string read_share(const std::string& name) {
    std::ifstream in(std::string(ASTRO_SOURCE_DIR "/share/market/") + name, std::ios::binary);
    EXPECT_TRUE(in) << name;
    return {std::istreambuf_iterator<char>(in), {}};
}

/// JSON whose decimal fractions are texts: no number of theirs ever is a double.
inline std::string fractions_as_text(const std::string& json) {
    std::string out;
    bool quoted = false;
    for (std::size_t i = 0; i < json.size();) {
        const bool number = !quoted && (json[i] == '-' || (json[i] >= '0' && json[i] <= '9'));
        const auto end = number ? json.find_first_not_of("-.0123456789", i) : i + 1;
        const std::string token = json.substr(i, end - i);
        if (token == "\"") quoted = !quoted;
        const bool fraction = number && token.find('.') != std::string::npos;
        out += fraction ? '"' + token + '"' : token;
        i = end;
    }
    return out;
}

/// The examples of a file.
inline boost::json::array read_vectors(const std::string& name) {
    return boost::json::parse(fractions_as_text(read_share(name)))
        .as_object()
        .at("vectors")
        .as_array();
}

/// One example: its inputs by name, in the units that the name says.
class Vector {
  public:
    explicit Vector(const boost::json::value& value)
        : fn_(value.at("fn").as_string()), in_(value.at("in").as_object()), out_(value.at("out")) {}

    [[nodiscard]] std::string fn() const { return fn_; }
    [[nodiscard]] const boost::json::object& in() const { return in_; }
    [[nodiscard]] const boost::json::value& out() const { return out_; }
    [[nodiscard]] std::int64_t operator[](const char* name) const {
        return in_.at(name).to_number<std::int64_t>();
    }
    [[nodiscard]] std::int64_t out_integer() const { return out_.to_number<std::int64_t>(); }
    [[nodiscard]] std::string text() const { return fn_ + " " + boost::json::serialize(in_); }

  private:
    std::string fn_;
    boost::json::object in_;
    boost::json::value out_;
};

/// A number or the text of one, exact, in 10^-decimals.
inline std::int64_t decimal(const boost::json::value& value, int decimals) {
    const std::string text =
        value.is_string() ? std::string(value.as_string()) : boost::json::serialize(value);
    std::int64_t out = 0;
    // "1.0" has more decimals than a whole number needs, never more than the unit has.
    EXPECT_TRUE(parse_decimal(text, decimals, out)) << text;
    return out;
}

}  // namespace astro::exchange::formulas::testing
