#include "chains/stellar/xdr.hpp"

#include <algorithm>

namespace astro::stellar {
namespace {
std::size_t padded(std::size_t size) {
    return (size + 3) / 4 * 4;
}
}  // namespace

Unexpected XdrReader::malformed(std::string_view path, std::string_view why) const {
    return refusal("xdr_malformed", "not valid XDR: " + std::string(why),
                   std::string(path) + ", byte " + std::to_string(at_));
}

Unexpected XdrReader::unsupported(std::string_view path, std::string_view what) const {
    return refusal("xdr_unsupported", std::string(what) + " is not read here",
                   std::string(path) + ", byte " + std::to_string(at_));
}

Result<std::uint32_t> XdrReader::u32(std::string_view path) {
    if (bytes_.size() - at_ < 4) return malformed(path, "it ends early");
    std::uint32_t out = 0;
    for (int i = 0; i < 4; ++i) out = out << 8 | bytes_[at_++];
    return out;
}

Result<std::int32_t> XdrReader::i32(std::string_view path) {
    ASTRO_TRY(const std::uint32_t value, u32(path));
    return static_cast<std::int32_t>(value);
}

Result<std::uint64_t> XdrReader::u64(std::string_view path) {
    ASTRO_TRY(const std::uint32_t high, u32(path));
    ASTRO_TRY(const std::uint32_t low, u32(path));
    return std::uint64_t{high} << 32 | low;
}

Result<std::int64_t> XdrReader::i64(std::string_view path) {
    ASTRO_TRY(const std::uint64_t value, u64(path));
    return static_cast<std::int64_t>(value);
}

Result<bool> XdrReader::boolean(std::string_view path) {
    ASTRO_TRY(const std::uint32_t value, u32(path));
    if (value > 1) return malformed(path, "it is neither 0 nor 1");
    return value == 1;
}

Result<Bytes> XdrReader::fixed(std::size_t size, std::string_view path) {
    if (bytes_.size() - at_ < padded(size)) return malformed(path, "it ends early");
    const ByteView all = bytes_.subspan(at_, padded(size));
    const ByteView padding = all.subspan(size);
    if (std::any_of(padding.begin(), padding.end(), [](std::uint8_t b) { return b != 0; }))
        return malformed(path, "its padding is not zero");
    at_ += all.size();
    return Bytes(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size));
}

Result<Bytes> XdrReader::variable(std::size_t max, std::string_view path) {
    ASTRO_TRY(const std::size_t size, count(max, path));
    return fixed(size, path);
}

Result<std::string> XdrReader::string(std::size_t max, std::string_view path) {
    ASTRO_TRY(const Bytes bytes, variable(max, path));
    return std::string(bytes.begin(), bytes.end());
}

Result<std::size_t> XdrReader::count(std::size_t max, std::string_view path) {
    ASTRO_TRY(const std::uint32_t size, u32(path));
    if (size > max)
        return malformed(path, "its length " + std::to_string(size) + " is above the limit of " +
                                   std::to_string(max));
    return std::size_t{size};
}

Result<void> XdrReader::end() {
    if (at_ != bytes_.size()) return malformed("end", "bytes follow it");
    return {};
}

void XdrWriter::u32(std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8)
        out_.push_back(static_cast<std::uint8_t>(value >> shift));
}

void XdrWriter::u64(std::uint64_t value) {
    u32(static_cast<std::uint32_t>(value >> 32));
    u32(static_cast<std::uint32_t>(value));
}

void XdrWriter::fixed(ByteView bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    out_.resize(out_.size() + padded(bytes.size()) - bytes.size());
}

void XdrWriter::variable(ByteView bytes) {
    u32(static_cast<std::uint32_t>(bytes.size()));
    fixed(bytes);
}

}  // namespace astro::stellar
