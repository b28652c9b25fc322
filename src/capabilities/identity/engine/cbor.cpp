#include "capabilities/identity/engine/cbor.hpp"

#include <algorithm>

#include "foundation/base/encoding.hpp"

namespace astro::identity::cbor {
namespace {

constexpr std::size_t kBytesMax = 64U << 10;
constexpr int kDepthMax = 8;
constexpr std::size_t kItemsMax = 1024;

enum Major : std::uint8_t { kUnsigned, kNegative, kBytes, kText, kArray, kMap, kTag, kSimple };
constexpr std::uint8_t kFalse = 20, kTrue = 21, kNull = 22;

class Parser {
  public:
    explicit Parser(ByteView bytes) : bytes_(bytes) {}
    [[nodiscard]] std::size_t position() const { return at_; }

    Result<Value> value(int depth) {
        if (depth > kDepthMax) return wrong("it is nested too deeply");
        if (++items_ > kItemsMax) return wrong("it has too many items");
        if (at_ >= bytes_.size()) return wrong("it ends early");
        const auto major = static_cast<Major>(bytes_[at_] >> 5);
        if (major == kSimple) return simple();
        if (major == kTag) return wrong("tags are not read");
        ASTRO_TRY(const std::uint64_t number, argument());
        switch (major) {
            case kUnsigned:
            case kNegative:
                return integer(number, major == kNegative);
            case kBytes:
            case kText:
                return string(number, major == kText);
            case kArray:
                return array(number, depth);
            default:
                return map(number, depth);
        }
    }

    [[nodiscard]] Unexpected wrong(std::string_view why) const {
        return refusal("cbor_malformed", "not the CBOR that is read here: " + std::string(why),
                       "byte " + std::to_string(at_));
    }

  private:
    /// The number in or after the initial byte, in its shortest form only.
    Result<std::uint64_t> argument() {
        const std::uint8_t info = bytes_[at_] & 0x1F;
        if (info < 24) {
            ++at_;
            return std::uint64_t{info};
        }
        if (info > 27) return wrong("indefinite lengths are not read");
        const std::size_t size = std::size_t{1} << (info - 24);
        if (bytes_.size() - at_ - 1 < size) return wrong("it ends early");
        std::uint64_t out = 0;
        for (std::size_t i = 1; i <= size; ++i) out = out << 8 | bytes_[at_ + i];
        const std::uint64_t least = size == 1 ? 24 : std::uint64_t{1} << (4 * size);
        if (out < least) return wrong("a number is not in its shortest form");
        at_ += 1 + size;
        return out;
    }

    Result<Value> simple() {
        const std::uint8_t info = bytes_[at_] & 0x1F;
        if (info != kFalse && info != kTrue && info != kNull)
            return wrong("of simple values only false, true and null are read");
        ++at_;
        if (info == kNull) return Value{Null{}};
        return Value{info == kTrue};
    }

    Result<Value> integer(std::uint64_t number, bool negative) {
        if (number > static_cast<std::uint64_t>(INT64_MAX)) return wrong("a number is too large");
        const auto magnitude = static_cast<std::int64_t>(number);
        return Value{negative ? -1 - magnitude : magnitude};
    }

    Result<Value> string(std::uint64_t size, bool text) {
        if (size > bytes_.size() - at_) return wrong("a string ends early");
        const ByteView part = bytes_.subspan(at_, static_cast<std::size_t>(size));
        at_ += part.size();
        if (!text) return Value{Bytes(part.begin(), part.end())};
        std::string out(part.begin(), part.end());
        if (!is_utf8(out)) return wrong("a text is not UTF-8");
        return Value{std::move(out)};
    }

    Result<Value> array(std::uint64_t size, int depth) {
        Array out;
        for (std::uint64_t i = 0; i < size; ++i) {  // each item takes a byte: no need to trust size
            ASTRO_TRY(Value item, value(depth + 1));
            out.push_back(std::move(item));
        }
        return Value{std::move(out)};
    }

    Result<Value> map(std::uint64_t size, int depth) {
        Map out;
        for (std::uint64_t i = 0; i < size; ++i) {
            ASTRO_TRY(Value key, value(depth + 1));
            if (key.get<std::int64_t>() == nullptr && key.get<std::string>() == nullptr)
                return wrong("a map's key is neither a number nor a text");
            const bool twice =
                std::any_of(out.begin(), out.end(), [&](const auto& m) { return m.first == key; });
            if (twice) return wrong("a map has a key twice");
            ASTRO_TRY(Value member, value(depth + 1));
            out.emplace_back(std::move(key), std::move(member));
        }
        return Value{std::move(out)};
    }

    ByteView bytes_;
    std::size_t at_ = 0;
    std::size_t items_ = 0;
};

struct Encoder {
    Bytes& out;

    void head(Major major, std::uint64_t number) const {
        const auto high = static_cast<std::uint8_t>(major << 5);
        if (number < 24) {
            out.push_back(static_cast<std::uint8_t>(high | number));
            return;
        }
        int power = 0;
        while (power < 3 && number >> (8 << power) != 0) ++power;
        out.push_back(static_cast<std::uint8_t>(high | (24 + power)));
        for (int shift = (8 << power) - 8; shift >= 0; shift -= 8)
            out.push_back(static_cast<std::uint8_t>(number >> shift));
    }
    void operator()(const Null&) const { head(kSimple, kNull); }
    void operator()(bool v) const { head(kSimple, v ? kTrue : kFalse); }
    void operator()(std::int64_t v) const {
        head(v < 0 ? kNegative : kUnsigned, static_cast<std::uint64_t>(v < 0 ? -1 - v : v));
    }
    void operator()(const Bytes& v) const {
        head(kBytes, v.size());
        out.insert(out.end(), v.begin(), v.end());
    }
    void operator()(const std::string& v) const {
        head(kText, v.size());
        out.insert(out.end(), v.begin(), v.end());
    }
    void operator()(const Array& v) const {
        head(kArray, v.size());
        for (const auto& item : v) std::visit(*this, item.content);
    }
    void operator()(const Map& v) const {
        head(kMap, v.size());
        for (const auto& [key, member] : v) {
            std::visit(*this, key.content);
            std::visit(*this, member.content);
        }
    }
};

template <class Key, class Wanted>
const Value* find_member(const Value& value, const Wanted& wanted) {
    const Map* map = value.get<Map>();
    if (map == nullptr) return nullptr;
    for (const auto& [key, member] : *map)
        if (const Key* k = std::get_if<Key>(&key.content); k != nullptr && *k == wanted)
            return &member;
    return nullptr;
}

}  // namespace

const Value* Value::find(std::int64_t key) const {
    return find_member<std::int64_t>(*this, key);
}
const Value* Value::find(std::string_view key) const {
    return find_member<std::string>(*this, key);
}

Result<Prefix> parse_prefix(ByteView bytes) {
    if (bytes.size() > kBytesMax) return Parser(bytes).wrong("it is too long");
    Parser parser(bytes);
    ASTRO_TRY(Value value, parser.value(1));
    return Prefix{std::move(value), parser.position()};
}

Result<Value> parse(ByteView bytes) {
    ASTRO_TRY(Prefix prefix, parse_prefix(bytes));
    if (prefix.size != bytes.size())
        return refusal("cbor_malformed", "not the CBOR that is read here: bytes follow the value",
                       "byte " + std::to_string(prefix.size));
    return std::move(prefix.value);
}

Bytes encode(const Value& value) {
    Bytes out;
    std::visit(Encoder{out}, value.content);
    return out;
}

}  // namespace astro::identity::cbor
