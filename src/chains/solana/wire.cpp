#include "chains/solana/wire.hpp"

#include <algorithm>

namespace astro::solana {
namespace {

constexpr std::uint8_t kVersionBit = 0x80;

/// Reads forward over the bytes; the first fault is kept and every later read is empty.
class Cursor {
  public:
    explicit Cursor(ByteView bytes) : bytes_(bytes) {}

    [[nodiscard]] bool failed() const { return why_ != nullptr; }
    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
    [[nodiscard]] std::uint8_t peek() const { return left() > 0 ? bytes_[at_] : 0; }
    void fail(const char* why) {
        if (!failed()) why_ = why;
    }
    [[nodiscard]] Unexpected error() const {
        return refusal("bad_wire", std::string("not a transaction: ") + why_,
                       "byte " + std::to_string(at_));
    }

    ByteView take(std::size_t count) {
        if (failed() || left() < count) {
            fail("it ends too early");
            return {};
        }
        const ByteView out = bytes_.subspan(at_, count);
        at_ += count;
        return out;
    }

    std::uint8_t u8() {
        const ByteView byte = take(1);
        return byte.empty() ? std::uint8_t{0} : byte[0];
    }

    std::size_t compact_u16() {
        std::size_t value = 0;
        for (unsigned i = 0; i < 3; ++i) {
            const std::uint8_t byte = u8();
            if (failed()) return 0;
            value |= static_cast<std::size_t>(byte & 0x7F) << (7 * i);
            if ((byte & 0x80) != 0) continue;
            if (i > 0 && byte == 0) fail("a length is written longer than needed");
            if (value > 0xFFFF) fail("a length is larger than 65535");
            return failed() ? 0 : value;
        }
        fail("a length takes more than 3 bytes");
        return 0;
    }

    /// A length of items that take at least `item_bytes` each, so that it cannot exceed what is
    /// left.
    std::size_t count_of(std::size_t item_bytes) {
        const std::size_t count = compact_u16();
        if (count * item_bytes > left()) fail("a list is longer than the transaction");
        return failed() ? 0 : count;
    }

  private:
    ByteView bytes_;
    std::size_t at_ = 0;
    const char* why_ = nullptr;
};

template <class T>
T fixed(ByteView bytes) {
    T out;
    if (bytes.size() == T::kSize) std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

void read_signatures(Cursor& in, Transaction& out) {
    const std::size_t count = in.count_of(Signature::kSize);
    if (count == 0 || count > 127) in.fail("the number of signatures is not 1 to 127");
    if (in.failed()) return;
    out.signature_count = static_cast<std::uint8_t>(count);
    out.signature = fixed<Signature>(in.take(Signature::kSize));
    in.take((count - 1) * Signature::kSize);
}

void read_header(Cursor& in, Transaction& out) {
    out.version = -1;
    if ((in.peek() & kVersionBit) != 0) {
        if (in.peek() != kVersionBit) return in.fail("a message version other than 0");
        in.u8();
        out.version = 0;
    }
    const std::uint8_t required = in.u8();
    const std::uint8_t readonly_signed = in.u8();
    const std::uint8_t readonly_unsigned = in.u8();
    if (required != out.signature_count)
        return in.fail("the header asks for another number of signatures than there are");
    if (readonly_signed >= required) return in.fail("no writable signer to pay the fee");
    const std::size_t keys = in.count_of(Pubkey::kSize);
    if (std::size_t{required} + readonly_unsigned > keys || keys > 256)
        return in.fail("the header does not fit the number of keys");
    out.static_key_count = static_cast<std::uint16_t>(keys);
    out.keys.reserve(keys);
    for (std::size_t i = 0; i < keys; ++i)
        out.keys.push_back(fixed<Pubkey>(in.take(Pubkey::kSize)));
    in.take(Hash::kSize);  // recent blockhash
}

void read_instructions(Cursor& in, Transaction& out) {
    const std::size_t count = in.count_of(3);
    out.instructions.reserve(count);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        Instruction ix;
        ix.outer_index = static_cast<std::uint16_t>(i);
        ix.stack_height = 1;
        ix.program_index = in.u8();
        const ByteView accounts = in.take(in.count_of(1));
        ix.accounts_begin = static_cast<std::uint32_t>(out.account_pool.size());
        ix.accounts_count = static_cast<std::uint16_t>(accounts.size());
        out.account_pool.insert(out.account_pool.end(), accounts.begin(), accounts.end());
        const ByteView data = in.take(in.count_of(1));
        ix.data_begin = static_cast<std::uint32_t>(out.data_pool.size());
        ix.data_size = static_cast<std::uint32_t>(data.size());
        out.data_pool.insert(out.data_pool.end(), data.begin(), data.end());
        out.instructions.push_back(ix);
    }
}

LookupCounts read_lookups(Cursor& in) {
    LookupCounts counts;
    for (std::size_t n = in.count_of(Pubkey::kSize + 2); n > 0 && !in.failed(); --n) {
        in.take(Pubkey::kSize);
        counts.writable += in.take(in.count_of(1)).size();
        counts.readonly += in.take(in.count_of(1)).size();
    }
    return counts;
}

}  // namespace

Result<LookupCounts> parse_wire_transaction(ByteView bytes, Transaction& out) {
    Cursor in(bytes);
    read_signatures(in, out);
    if (!in.failed()) read_header(in, out);
    if (!in.failed()) read_instructions(in, out);
    LookupCounts lookups;
    if (!in.failed() && out.version == 0) lookups = read_lookups(in);
    if (!in.failed() && in.left() > 0) in.fail("bytes are left over at its end");
    if (in.failed()) return in.error();
    return lookups;
}

}  // namespace astro::solana
