#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "chains/solana/activity.hpp"
#include "chains/solana/protocols/test_trade.hpp"

/// Decoding survives anything a node could send, and keeps its promises on it.
namespace astro::solana {
namespace {

using namespace test;

/// A transaction of valid shape and otherwise anything: known programs called with random data and
/// accounts.
Transaction arbitrary_transaction() {
    Transaction tx;
    std::vector<Pubkey> programs = {kSystemProgram,       kTokenProgram,    kToken2022Program,
                                    programs::kJupiterV6, programs::kSave,  programs::kKamino,
                                    programs::kMarginfi,  programs::kDrift, named("stranger")};
    for (const auto& row : protocol_registry()) programs.push_back(row.program);
    for (int i = 0; i < 12; ++i) tx.keys.push_back(named(std::to_string(i)));
    tx.keys.insert(tx.keys.end(), programs.begin(), programs.end());
    const auto keys = static_cast<std::uint16_t>(tx.keys.size());
    tx.signature_count = *rc::gen::inRange<std::uint8_t>(0, 4);
    tx.has_meta = true;
    const auto number = rc::gen::inRange<std::uint64_t>(0, 2'000'000);
    for (int i = 0; i < *rc::gen::inRange(0, 3) * 12; ++i) tx.pre_lamports.push_back(*number);
    tx.post_lamports = tx.pre_lamports;
    for (int i = 0; i < 12; ++i) {
        const auto account = *rc::gen::inRange<std::uint16_t>(0, 20);
        TokenBalance b{account,
                       6,
                       *rc::gen::arbitrary<bool>(),
                       true,
                       named(i % 2 ? "A" : "B"),
                       named("o"),
                       i % 3 ? kTokenProgram : kToken2022Program,
                       *number};
        (*rc::gen::arbitrary<bool>() ? tx.pre_tokens : tx.post_tokens).push_back(b);
    }
    std::int16_t inner = -1;
    std::uint16_t outer = 0;
    for (int n = *rc::gen::inRange(1, 24); n > 0; --n) {
        Instruction ix;
        const bool is_outer = tx.instructions.empty() || *rc::gen::inRange(0, 4) == 0;
        if (is_outer && !tx.instructions.empty()) ++outer;
        inner = is_outer ? std::int16_t{-1} : static_cast<std::int16_t>(inner + 1);
        ix.outer_index = outer;
        ix.inner_index = inner;
        ix.stack_height = is_outer ? std::uint8_t{1} : *rc::gen::inRange<std::uint8_t>(0, 6);
        ix.program_index =
            static_cast<std::uint16_t>(12 + *rc::gen::inRange<std::size_t>(0, programs.size()));
        ix.accounts_begin = static_cast<std::uint32_t>(tx.account_pool.size());
        ix.accounts_count = *rc::gen::inRange<std::uint16_t>(0, 20);
        for (int i = 0; i < ix.accounts_count; ++i)
            tx.account_pool.push_back(*rc::gen::inRange<std::uint16_t>(0, keys));
        Bytes data = *rc::gen::arbitrary<Bytes>();
        // Half the time begin like something the decoder knows.
        if (*rc::gen::arbitrary<bool>()) {
            const auto name = *rc::gen::element(
                discriminator("f8c69e91e17587c8"), discriminator("66063d1201daebea"),
                discriminator("33e685a4017f83ad"), discriminator("c360ed6c44a2dbe6"),
                discriminator("457d73daf5baf2c4"), discriminator("d6a997d5fba756db"),
                discriminator("f45d5ad6c0a6bf15"), kEventCallPrefix, std::uint64_t{3},
                std::uint64_t{12}, std::uint64_t{9}, std::uint64_t{17}, std::uint64_t{1});
            const Bytes prefix = Data(name).get();
            data.insert(data.begin(), prefix.begin(), prefix.end());
        }
        ix.data_begin = static_cast<std::uint32_t>(tx.data_pool.size());
        ix.data_size = static_cast<std::uint32_t>(data.size());
        tx.data_pool.insert(tx.data_pool.end(), data.begin(), data.end());
        tx.instructions.push_back(ix);
        tx.logs.push_back("Program " + to_text(tx.keys[ix.program_index]) + " invoke [" +
                          std::to_string(ix.stack_height) + "]");
        tx.logs.push_back("Program data: " + to_base64(data));
    }
    return tx;
}

RC_GTEST_PROP(ActivityProperty, DecodesAnythingOfValidShape, ()) {
    Transaction tx = arbitrary_transaction();
    tx.failed = *rc::gen::inRange(0, 4) == 0;
    std::vector<MintInfo> mints;
    DecodeCounters counters;
    const auto a = decode_transaction_activity(tx, Slot{1}, mints, counters);
    RC_ASSERT(!tx.failed || (a.swaps.empty() && a.liquidations.empty()));
    RC_ASSERT(counters.swaps == a.swaps.size());
    RC_ASSERT(counters.swaps == counters.swaps_verified + counters.balance_mismatch);
    for (std::size_t i = 1; i < a.swaps.size(); ++i) RC_ASSERT(a.swaps[i - 1].at <= a.swaps[i].at);
    for (const auto& l : a.liquidations) RC_ASSERT(l.repaid > 0u);
}

RC_GTEST_PROP(ActivityProperty, IndexesOutsideTheListsGiveAnEmptyActivity, ()) {
    Transaction tx = arbitrary_transaction();
    Instruction& ix = tx.instructions[*rc::gen::inRange<std::size_t>(0, tx.instructions.size())];
    switch (*rc::gen::inRange(0, 4)) {
        case 0:
            ix.program_index = 0xFFFF;
            break;
        case 1:
            ix.accounts_begin = 0xFFFFFFFF;
            break;
        case 2:
            ix.data_size = 0xFFFFFFF0;
            break;
        default:
            tx.account_pool.push_back(0xFFFF);
    }
    std::vector<MintInfo> mints;
    DecodeCounters counters;
    const auto a = decode_transaction_activity(tx, Slot{1}, mints, counters);
    RC_ASSERT(a.swaps.empty() && a.token_transfers.empty() && a.deltas.empty());
    RC_ASSERT(counters.malformed == 1u);
}

}  // namespace
}  // namespace astro::solana
