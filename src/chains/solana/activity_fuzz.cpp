#include <cstddef>
#include <cstdint>
#include <string>

#include "chains/solana/activity.hpp"
#include "foundation/base/assert.hpp"
#include "foundation/base/encoding.hpp"

// Decoding of one transaction, written as bytes so that mutations stay transactions:
//
//     u8 keys, 32 bytes each; u8 signers; i32 lamport change of each key
//     u8 balances: u8 account, u8 mint, u8 owner (key indexes), u64 before, u64 after
//     then until the end, instructions: u8 height, u8 program, u8 accounts, u8 each, u16 data, data
//     or log lines: u8 255, u8 kind (0 text, 1 "Program data:", 2 ray_log), u16 size, bytes
//
// Indexes are taken modulo the number of keys. Every instruction logs its invocation.
namespace {

using namespace astro;
using namespace astro::solana;

class Input {
  public:
    explicit Input(ByteView bytes) : bytes_(bytes) {}
    [[nodiscard]] bool empty() const { return at_ >= bytes_.size(); }
    template <class T>
    T number() {
        T value{};
        const ByteView part = take(sizeof(T));
        std::memcpy(&value, part.data(), part.size());
        return value;
    }
    ByteView take(std::size_t size) {
        size = std::min(size, bytes_.size() - at_);
        at_ += size;
        return bytes_.subspan(at_ - size, size);
    }

  private:
    ByteView bytes_;
    std::size_t at_ = 0;
};

void read_balances(Input& in, Transaction& tx) {
    const auto keys = tx.keys.size();
    for (std::size_t i = 0; i < keys; ++i) {
        tx.pre_lamports.push_back(3'000'000'000);
        tx.post_lamports.push_back(3'000'000'000 +
                                   static_cast<std::uint64_t>(in.number<std::int32_t>()));
    }
    for (auto n = in.number<std::uint8_t>(); n > 0; --n) {
        TokenBalance b;
        b.account_index = static_cast<std::uint16_t>(in.number<std::uint8_t>() % keys);
        b.mint = tx.keys[in.number<std::uint8_t>() % keys];
        b.owner = tx.keys[in.number<std::uint8_t>() % keys];
        b.has_owner = true;
        b.amount = in.number<std::uint64_t>();
        tx.pre_tokens.push_back(b);
        b.amount = in.number<std::uint64_t>();
        tx.post_tokens.push_back(b);
    }
}

void read_log(Input& in, Transaction& tx) {
    const auto kind = in.number<std::uint8_t>();
    const ByteView bytes = in.take(in.number<std::uint16_t>());
    if (kind == 1) {
        tx.logs.push_back("Program data: " + to_base64(bytes));
    } else if (kind == 2) {
        tx.logs.push_back("Program log: ray_log: " + to_base64(bytes));
    } else {
        tx.logs.emplace_back(bytes.begin(), bytes.end());
    }
}

void read_instruction(Input& in, Transaction& tx, std::uint8_t height) {
    const auto keys = tx.keys.size();
    Instruction ix;
    const bool outer = height == 1 || tx.instructions.empty();
    if (!tx.instructions.empty()) {
        const Instruction& last = tx.instructions.back();
        ix.outer_index = static_cast<std::uint16_t>(last.outer_index + outer);
        ix.inner_index = static_cast<std::int16_t>(outer ? -1 : last.inner_index + 1);
    }
    ix.stack_height = outer ? std::uint8_t{1} : height;
    ix.program_index = static_cast<std::uint16_t>(in.number<std::uint8_t>() % keys);
    ix.accounts_begin = static_cast<std::uint32_t>(tx.account_pool.size());
    ix.accounts_count = in.number<std::uint8_t>();
    for (int i = 0; i < ix.accounts_count; ++i)
        tx.account_pool.push_back(static_cast<std::uint16_t>(in.number<std::uint8_t>() % keys));
    const ByteView data = in.take(in.number<std::uint16_t>());
    ix.data_begin = static_cast<std::uint32_t>(tx.data_pool.size());
    ix.data_size = static_cast<std::uint32_t>(data.size());
    tx.data_pool.insert(tx.data_pool.end(), data.begin(), data.end());
    tx.instructions.push_back(ix);
    tx.logs.push_back("Program " + to_text(tx.keys[ix.program_index]) + " invoke [" +
                      std::to_string(ix.stack_height) + "]");
}

Transaction read_transaction(ByteView bytes) {
    Input in(bytes);
    Transaction tx;
    tx.has_meta = true;
    for (auto n = in.number<std::uint8_t>(); n > 0; --n) {
        const ByteView key = in.take(32);
        Pubkey k;
        std::memcpy(k.bytes.data(), key.data(), key.size());
        tx.keys.push_back(k);
    }
    if (tx.keys.empty()) return tx;
    tx.signature_count = in.number<std::uint8_t>();
    read_balances(in, tx);
    while (!in.empty()) {
        const auto height = in.number<std::uint8_t>();
        if (height == 0xFF) {
            read_log(in, tx);
        } else {
            read_instruction(in, tx, height);
        }
    }
    return tx;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Transaction tx = read_transaction(ByteView(data, size));
    std::vector<MintInfo> mints;
    DecodeCounters counters;
    const auto activity = decode_transaction_activity(tx, Slot{1}, mints, counters);
    ASTRO_ASSERT(counters.swaps == activity.swaps.size());
    for (const auto& call : activity.liquidations) ASTRO_ASSERT(call.repaid > 0);
    return 0;
}
