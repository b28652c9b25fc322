#include "chains/solana/wire.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace astro::solana {
namespace {

/// Writes transactions as the SDK does; what a parsed one is compared with.
struct Lookup {
    Pubkey table;
    Bytes writable, readonly;
};
struct Call {
    std::uint8_t program = 0;
    Bytes accounts, data;
};
struct Message {
    std::vector<Signature> signatures;
    bool v0 = false;
    std::uint8_t readonly_signed = 0, readonly_unsigned = 0;
    std::vector<Pubkey> keys;
    std::vector<Call> calls;
    std::vector<Lookup> lookups;
};

void put_length(Bytes& out, std::size_t n) {
    for (; n > 0x7F; n >>= 7) out.push_back(static_cast<std::uint8_t>(n | 0x80));
    out.push_back(static_cast<std::uint8_t>(n));
}
void put_bytes(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}
void put_list(Bytes& out, const Bytes& bytes) {
    put_length(out, bytes.size());
    put_bytes(out, bytes);
}

Bytes wire_of(const Message& m) {
    Bytes out;
    put_length(out, m.signatures.size());
    for (const auto& s : m.signatures) put_bytes(out, s.view());
    if (m.v0) out.push_back(0x80);
    out.push_back(static_cast<std::uint8_t>(m.signatures.size()));
    out.push_back(m.readonly_signed);
    out.push_back(m.readonly_unsigned);
    put_length(out, m.keys.size());
    for (const auto& key : m.keys) put_bytes(out, key.view());
    out.insert(out.end(), 32, 0xBB);
    put_length(out, m.calls.size());
    for (const auto& call : m.calls) {
        out.push_back(call.program);
        put_list(out, call.accounts);
        put_list(out, call.data);
    }
    if (!m.v0) return out;
    put_length(out, m.lookups.size());
    for (const auto& lookup : m.lookups) {
        put_bytes(out, lookup.table.view());
        put_list(out, lookup.writable);
        put_list(out, lookup.readonly);
    }
    return out;
}

template <class T>
T filled(std::uint8_t byte) {
    T out;
    out.bytes.fill(byte);
    return out;
}

Message simple(bool v0 = false) {
    Message m;
    m.v0 = v0;
    m.signatures = {filled<Signature>(7)};
    m.readonly_unsigned = 1;
    m.keys = {filled<Pubkey>(1), filled<Pubkey>(2)};
    m.calls = {{1, {0}, {9, 8, 7}}};
    if (v0) m.lookups = {{filled<Pubkey>(3), {1, 2}, {5}}};
    return m;
}

Result<LookupCounts> parse(const Bytes& bytes) {
    Transaction tx;
    return parse_wire_transaction(bytes, tx);
}

void expect_bad(const Bytes& bytes, std::string_view why) {
    const auto parsed = parse(bytes);
    ASSERT_FALSE(parsed) << why;
    EXPECT_EQ(parsed.error().code, "bad_wire");
    EXPECT_EQ(parsed.error().message, "not a transaction: " + std::string(why));
}

Message arbitrary_message() {
    namespace gen = rc::gen;
    const auto bytes = [](int most) {
        return *gen::resize(most, gen::container<Bytes>(gen::arbitrary<std::uint8_t>()));
    };
    const auto key = [] {
        Pubkey out;
        const auto random = *gen::container<Bytes>(Pubkey::kSize, gen::arbitrary<std::uint8_t>());
        std::copy(random.begin(), random.end(), out.bytes.begin());
        return out;
    };
    Message m;
    m.v0 = *gen::arbitrary<bool>();
    m.signatures.resize(*gen::inRange<std::size_t>(1, 12));
    m.signatures[0].bytes.fill(*gen::arbitrary<std::uint8_t>());
    m.readonly_signed =
        static_cast<std::uint8_t>(*gen::inRange<std::size_t>(0, m.signatures.size()));
    m.keys.resize(m.signatures.size() + *gen::inRange<std::size_t>(0, 10));
    for (auto& k : m.keys) k = key();
    m.readonly_unsigned = static_cast<std::uint8_t>(
        *gen::inRange<std::size_t>(0, m.keys.size() - m.signatures.size() + 1));
    m.calls.resize(*gen::inRange<std::size_t>(0, 6));
    for (auto& call : m.calls) {
        call = {*gen::arbitrary<std::uint8_t>(), bytes(40), bytes(200)};
        if (*gen::inRange(0, 4) == 0) call.data.resize(20'000, 0x55);  // a length of three bytes
    }
    if (m.v0) m.lookups.resize(*gen::inRange<std::size_t>(0, 4));
    for (auto& lookup : m.lookups) lookup = {key(), bytes(30), bytes(30)};
    return m;
}

RC_GTEST_PROP(WireProperties, ReadsWhatWasWritten, ()) {
    const Message m = arbitrary_message();
    Transaction tx;
    const auto lookups = parse_wire_transaction(wire_of(m), tx);
    RC_ASSERT(lookups.has_value());
    RC_ASSERT(tx.signature == m.signatures[0]);
    RC_ASSERT(std::size_t{tx.signature_count} == m.signatures.size());
    RC_ASSERT(tx.version == (m.v0 ? 0 : -1));
    RC_ASSERT(tx.keys == m.keys);
    RC_ASSERT(std::size_t{tx.static_key_count} == m.keys.size());
    RC_ASSERT(tx.instructions.size() == m.calls.size());
    for (std::size_t i = 0; i < m.calls.size(); ++i) {
        const Instruction& ix = tx.instructions[i];
        RC_ASSERT(ix.program_index == m.calls[i].program);
        RC_ASSERT(ix.outer_index == i);
        RC_ASSERT(ix.inner_index == -1);
        RC_ASSERT(ix.stack_height == 1);
        RC_ASSERT(std::ranges::equal(tx.accounts_of(ix), m.calls[i].accounts));
        RC_ASSERT(std::ranges::equal(tx.data_of(ix), m.calls[i].data));
    }
    std::size_t writable = 0, readonly = 0;
    for (const auto& lookup : m.lookups) {
        writable += lookup.writable.size();
        readonly += lookup.readonly.size();
    }
    RC_ASSERT(lookups->writable == writable);
    RC_ASSERT(lookups->readonly == readonly);
}

TEST(Wire, EveryTruncationAndEveryTailIsRefused) {
    for (const bool v0 : {false, true}) {
        Bytes bytes = wire_of(simple(v0));
        ASSERT_TRUE(parse(bytes));
        for (std::size_t size = 0; size < bytes.size(); ++size)
            EXPECT_FALSE(parse(Bytes(bytes.begin(), bytes.begin() + static_cast<long>(size))));
        bytes.push_back(0);
        expect_bad(bytes, "bytes are left over at its end");
    }
}

TEST(Wire, LengthsAreCanonical) {
    const Bytes good = wire_of(simple());
    const auto with_count = [&](Bytes count) {
        count.insert(count.end(), good.begin() + 1, good.end());
        return count;
    };
    EXPECT_TRUE(parse(with_count({0x01})));
    expect_bad(with_count({0x81, 0x00}), "a length is written longer than needed");
    expect_bad(with_count({0x81, 0x80, 0x00}), "a length is written longer than needed");
    expect_bad(with_count({0x81, 0x80, 0x80}), "a length takes more than 3 bytes");
    expect_bad(with_count({0xFF, 0xFF, 0x04}), "a length is larger than 65535");
    expect_bad(with_count({0xFF, 0xFF, 0x03}), "a list is longer than the transaction");
}

TEST(Wire, HeadersThatContradictAreRefused) {
    const std::size_t header = 1 + 64;
    Bytes bytes = wire_of(simple());
    bytes[header] = 2;
    expect_bad(bytes, "the header asks for another number of signatures than there are");
    bytes = wire_of(simple());
    bytes[header + 1] = 1;
    expect_bad(bytes, "no writable signer to pay the fee");
    bytes = wire_of(simple());
    bytes[header + 2] = 2;
    expect_bad(bytes, "the header does not fit the number of keys");
    bytes = wire_of(simple(true));
    bytes[header] = 0x81;
    expect_bad(bytes, "a message version other than 0");
    Message unsigned_one = simple();
    unsigned_one.signatures.clear();
    expect_bad(wire_of(unsigned_one), "the number of signatures is not 1 to 127");
}

TEST(Wire, NamesTheByte) {
    Bytes bytes = wire_of(simple());
    bytes.resize(bytes.size() - 2);  // the data's length asks for 3 bytes, 1 is there
    EXPECT_EQ(parse(bytes).error().where, "byte " + std::to_string(bytes.size() - 1));
}

}  // namespace
}  // namespace astro::solana
