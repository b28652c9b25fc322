#pragma once

#include <string>
#include <string_view>

#include "foundation/base/bytes.hpp"
#include "foundation/base/result.hpp"

/// XDR (RFC 4506), big-endian in units of four bytes. Reading is canonical: padding is zero, a
/// boolean or an optional is 0 or 1, nothing follows the end; so one value has one text.
namespace astro::stellar {

class XdrReader {
  public:
    explicit XdrReader(ByteView bytes) : bytes_(bytes) {}

    Result<std::uint32_t> u32(std::string_view path);
    Result<std::int32_t> i32(std::string_view path);
    Result<std::uint64_t> u64(std::string_view path);
    Result<std::int64_t> i64(std::string_view path);
    Result<bool> boolean(std::string_view path);
    /// Exactly `size` bytes and their padding.
    Result<Bytes> fixed(std::size_t size, std::string_view path);
    /// A length of at most `max`, the bytes and their padding.
    Result<Bytes> variable(std::size_t max, std::string_view path);
    Result<std::string> string(std::size_t max, std::string_view path);
    /// The number of items of an array of at most `max`.
    Result<std::size_t> count(std::size_t max, std::string_view path);
    /// Refuses when something is left.
    Result<void> end();

    /// "xdr_malformed": the path to the field and the byte where it stands.
    [[nodiscard]] Unexpected malformed(std::string_view path, std::string_view why) const;
    /// "xdr_unsupported": well-formed as far as can be told, but not read by this program.
    [[nodiscard]] Unexpected unsupported(std::string_view path, std::string_view what) const;

  private:
    ByteView bytes_;
    std::size_t at_ = 0;
};

class XdrWriter {
  public:
    void u32(std::uint32_t value);
    void i32(std::int32_t value) { u32(static_cast<std::uint32_t>(value)); }
    void u64(std::uint64_t value);
    void i64(std::int64_t value) { u64(static_cast<std::uint64_t>(value)); }
    void boolean(bool value) { u32(value ? 1 : 0); }
    void fixed(ByteView bytes);
    void variable(ByteView bytes);
    void string(std::string_view text) { variable(as_bytes(text)); }

    [[nodiscard]] const Bytes& bytes() const { return out_; }

  private:
    Bytes out_;
};

}  // namespace astro::stellar
