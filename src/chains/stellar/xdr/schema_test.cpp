// Every type of the schema against values drawn from the schema itself: this file walks the schema
// as text and writes bytes by the rules of RFC 4506, knowing nothing of the generated code.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <random>

#include "chains/stellar/xdr/types_by_name.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::stellar::xdr {
namespace {

namespace bj = boost::json;

class AnyXdr {
  public:
    explicit AnyXdr(const bj::value& schema) {
        for (const auto& d : schema.at("definitions").as_array()) {
            const auto& object = d.as_object();
            const std::string name = crypto::text_of(object.at("name"));
            definitions_[name] = &object;
            if (object.at("kind") == "const") constants_[name] = object.at("value").as_int64();
            if (object.at("kind") == "enum") add_enum(name, object.at("values").as_object());
        }
    }

    /// Those that have values.
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> out;
        for (const auto& [name, d] : definitions_)
            if (d->at("kind") != "const") out.push_back(name);
        return out;
    }

    Bytes make(const std::string& name, std::uint64_t seed) {
        random_.seed(seed);
        out_.clear();
        named(name, 0);
        return out_;
    }

  private:
    void add_enum(const std::string& name, const bj::object& values) {
        for (const auto& member : values) {
            const auto& v = member.value();
            const auto number = v.is_int64() ? v.as_int64() : members_.at(crypto::text_of(v));
            enums_[name].push_back(number);
            members_[std::string(member.key())] = number;
        }
    }

    std::uint64_t below(std::uint64_t n) { return random_() % n; }
    void u32(std::int64_t value) {
        for (int shift = 24; shift >= 0; shift -= 8)
            out_.push_back(static_cast<std::uint8_t>(value >> shift));
    }
    void bytes(std::size_t size) {
        for (std::size_t i = 0; i < size; ++i)
            out_.push_back(static_cast<std::uint8_t>(below(3) == 0 ? below(256) : below(2) * 97));
        out_.resize((out_.size() + 3) / 4 * 4);  // all before was a multiple of four
    }
    std::int64_t number(const bj::value& v) {
        if (v.is_null()) return 1 << 20;
        const auto text = crypto::text_of(v);
        return constants_.count(text) > 0 ? constants_.at(text) : std::stoll(text);
    }
    std::size_t length(const bj::value& max, int depth) {
        const auto most = static_cast<std::uint64_t>(number(max));
        if (depth > 5) return 0;
        const auto size = below(20) == 0 && most <= 64 && depth < 2 ? most : below(4);
        return std::min<std::uint64_t>(size, most);
    }

    /// What stands in a field: its type, how many of it, and whether it may be absent.
    void field(const bj::object& spec, int depth) {
        if (spec.contains("optional") && spec.at("optional").as_bool()) {
            const bool there = depth <= 6 && below(2) == 0;
            u32(there ? 1 : 0);
            if (!there) return;
        }
        const auto& type = spec.at("type");
        const bool is_bytes = type == "opaque" || type == "string";
        std::size_t count = 1;
        if (const auto* fixed = spec.if_contains("fixed")) {
            count = static_cast<std::size_t>(number(*fixed));
        } else if (const auto* max = spec.if_contains("max")) {
            count = length(*max, depth);
            u32(static_cast<std::int64_t>(count));
        }
        if (is_bytes) return bytes(count);
        for (std::size_t i = 0; i < count; ++i) of_type(type, depth + 1);
    }

    void of_type(const bj::value& type, int depth) {
        if (const auto* nested = type.if_object()) {
            if (const auto* fields = nested->if_contains("struct"))
                return structure(fields->as_array(), depth);
            const auto& u = nested->at("union").as_object();
            return choice(u.at("switch").at("type"), u.at("arms").as_array(), depth);
        }
        const auto name = crypto::text_of(type);
        if (name == "bool") return u32(static_cast<std::int64_t>(below(2)));
        if (name == "int" || name == "unsigned int") return edge(1);
        if (name == "hyper" || name == "unsigned hyper") return edge(2);
        named(name, depth);
    }

    void edge(int words) {
        constexpr std::int64_t kEdges[] = {0, 1, -1, INT32_MAX, INT32_MIN};
        for (int i = 0; i < words; ++i)
            u32(below(2) == 0 ? kEdges[below(5)] : static_cast<std::int64_t>(random_()));
    }

    void structure(const bj::array& fields, int depth) {
        for (const auto& f : fields) field(f.as_object(), depth);
    }

    void choice(const bj::value& type, const bj::array& arms, int depth) {
        const bj::object* arm = &arms[below(arms.size())].as_object();
        if (depth > 8)  // the way out of what contains itself
            for (const auto& a : arms)
                if (a.as_object().contains("void")) arm = &a.as_object();
        const auto& cases = arm->at("case").as_array();
        const auto label = crypto::text_of(cases[below(cases.size())]);
        u32(type == "int" ? std::stoll(label) : members_.at(label));
        if (!arm->contains("void")) field(*arm, depth + 1);
    }

    void named(const std::string& name, int depth) {
        const auto& d = *definitions_.at(name);
        const auto& kind = d.at("kind");
        if (kind == "enum") return u32(enums_.at(name)[below(enums_.at(name).size())]);
        if (kind == "struct") return structure(d.at("fields").as_array(), depth);
        if (kind == "typedef") return field(d, depth);
        choice(d.at("switch").at("type"), d.at("arms").as_array(), depth);
    }

    std::map<std::string, const bj::object*> definitions_;
    std::map<std::string, std::int64_t> constants_, members_;
    std::map<std::string, std::vector<std::int64_t>> enums_;
    std::mt19937_64 random_;
    Bytes out_;
};

class XdrSchema : public ::testing::Test {
  protected:
    bj::value document = crypto::load_vectors("stellar/xdr_schema.json");
    AnyXdr any{document};
};

constexpr int kRounds = 60;

TEST_F(XdrSchema, EveryTypeIsWrittenAsItWasRead) {
    const auto names = any.names();
    EXPECT_EQ(names.size(), 360U);
    for (const auto& name : names) {
        const auto type = find_type(name);
        ASSERT_TRUE(type) << name;
        for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
            const auto bytes = any.make(name, seed);
            const auto back = rewritten_xdr(**type, bytes);
            ASSERT_TRUE(back) << name << " " << to_hex(bytes) << " " << back.error().text();
            ASSERT_EQ(to_hex(*back), to_hex(bytes)) << name;
        }
    }
}

TEST_F(XdrSchema, EveryTypeGoesThroughJson) {
    int without_form = 0;
    for (const auto& name : any.names()) {
        const auto& type = **find_type(name);
        for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
            const auto bytes = any.make(name, seed);
            const auto json = json_of_xdr(type, bytes);
            if (!json) {  // a StrKey of a signed payload has a byte at least
                ASSERT_EQ(json.error().code, "xdr_json") << name << " " << json.error().text();
                ++without_form;
                continue;
            }
            const auto back = xdr_of_json(type, *json);
            ASSERT_TRUE(back) << name << " " << *json << " " << back.error().text();
            ASSERT_EQ(to_hex(*back), to_hex(bytes)) << name << " " << *json;
        }
    }
    EXPECT_LT(without_form, 500);
}

TEST_F(XdrSchema, NothingShorterOrLongerIsRead) {
    for (const auto& name : any.names()) {
        const auto& type = **find_type(name);
        for (std::uint64_t seed = 0; seed < 4; ++seed) {
            auto bytes = any.make(name, seed);
            const std::size_t step = 1 + bytes.size() / 256;
            for (std::size_t size = 0; size < bytes.size(); size += step)
                ASSERT_FALSE(rewritten_xdr(type, ByteView(bytes).first(size)))
                    << name << " " << size;
            bytes.push_back(0);
            ASSERT_FALSE(rewritten_xdr(type, bytes)) << name;
        }
    }
}

TEST_F(XdrSchema, WhatIsReadAfterAChangeIsStillCanonical) {
    std::mt19937_64 random(7);
    int read = 0, refused = 0;
    for (const auto& name : any.names()) {
        const auto& type = **find_type(name);
        for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
            auto bytes = any.make(name, seed);
            if (bytes.empty()) continue;
            auto& byte = bytes[random() % bytes.size()];
            byte = static_cast<std::uint8_t>(byte ^ 1U << random() % 8);
            const auto back = rewritten_xdr(type, bytes);
            back ? ++read : ++refused;
            if (back) {
                ASSERT_EQ(to_hex(*back), to_hex(bytes)) << name;
            }
        }
    }
    EXPECT_GT(read, 1000);
    EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace astro::stellar::xdr
