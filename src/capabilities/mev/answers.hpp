#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capabilities/mev/engine/model.hpp"
#include "capabilities/mev/queries.hpp"
#include "chains/solana/commands.hpp"

/// The shapes of what REST answers. The answers themselves are put together from stored documents
/// (api.cpp); a test of the whole program holds them against these.
namespace astro::mev {

struct FindingPage {
    std::vector<Finding> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(FindingPage, (), (items, next_cursor))

struct SwapPage {
    std::vector<solana::SwapRow> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(SwapPage, (), (items, next_cursor))

struct TransactionAnswer {
    Signature signature;
    bool known = false;
    std::optional<Slot> slot;
    bool sandwiched = false;
    std::optional<Lamports> loss_lamports;
    std::vector<Finding> findings;
    std::vector<solana::SwapRow> swaps;
};
BOOST_DESCRIBE_STRUCT(TransactionAnswer, (),
                      (signature, known, slot, sandwiched, loss_lamports, findings, swaps))

struct WalletAnswer {
    Pubkey address;
    std::vector<KindTotals> as_actor, as_victim;
    std::vector<Finding> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(WalletAnswer, (), (address, as_actor, as_victim, items, next_cursor))

struct PoolAnswer {
    Pubkey address;
    std::vector<KindTotals> totals;
    std::int64_t swaps = 0;
    std::vector<Finding> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(PoolAnswer, (), (address, totals, swaps, items, next_cursor))

struct StatisticsAnswer {
    std::string bucket;
    std::vector<BucketTotals> items;
};
BOOST_DESCRIBE_STRUCT(StatisticsAnswer, (), (bucket, items))

}  // namespace astro::mev
