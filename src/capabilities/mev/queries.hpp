#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/describe.hpp"
#include "foundation/base/numbers.hpp"
#include "foundation/base/time.hpp"
#include "foundation/store/store.hpp"

/// What REST asks of the tables. Documents come out as they were published.
namespace astro::mev {

struct FindingQuery {
    std::vector<std::string> kinds;
    std::optional<std::string> status, wallet, pool, mint, protocol, signature, leader;
    std::optional<bool> profitable, synthetic;
    std::optional<std::int64_t> min_net_lamports, slot_from, slot_to;
    std::optional<double> min_confidence;
    std::optional<TimestampNs> time_from, time_to;
    std::optional<std::int64_t> before_seq;
    std::int64_t limit = 50;
};

struct SwapQuery {
    std::optional<std::string> protocol, pool, mint, trader, signature;
    std::optional<bool> verified;
    std::optional<std::int64_t> slot_from, slot_to, before_seq;
    std::int64_t limit = 50;
};

/// Documents, newest first, and where the next page begins.
struct DocumentPage {
    std::vector<std::string> documents;
    std::optional<std::int64_t> next_before_seq;
};

[[nodiscard]] Result<DocumentPage> query_findings(store::Store& store, const FindingQuery& query);
[[nodiscard]] Result<DocumentPage> query_swaps(store::Store& store, const SwapQuery& query);
/// Refusal "no_such_opportunity".
[[nodiscard]] Result<std::string> query_finding(store::Store& store, std::string_view id);

struct KindTotals {
    std::string kind;
    std::uint64_t count = 0, profitable = 0;
    Lamports profit_lamports, tips_lamports, fees_lamports, victim_loss_lamports;
};
BOOST_DESCRIBE_STRUCT(KindTotals, (),
                      (kind, count, profitable, profit_lamports, tips_lamports, fees_lamports,
                       victim_loss_lamports))
/// Over the findings that have this key; `victim_loss_lamports` of key "victim" is that wallet's
/// own.
[[nodiscard]] Result<std::vector<KindTotals>> query_totals(store::Store& store,
                                                           std::string_view key_name,
                                                           std::string_view key_value);

struct BucketTotals {
    TimestampNs time;  ///< begin of the bucket
    std::string kind;
    std::uint64_t count = 0, profitable = 0;
    Lamports profit_lamports, tips_lamports, fees_lamports, victim_loss_lamports;
};
BOOST_DESCRIBE_STRUCT(BucketTotals, (),
                      (time, kind, count, profitable, profit_lamports, tips_lamports, fees_lamports,
                       victim_loss_lamports))
inline constexpr std::int64_t kBucketsMax = 5'000;
/// Oldest first; of more than kBucketsMax rows the newest. `from` and `to` bound the time of the
/// findings; `to` is exclusive.
[[nodiscard]] Result<std::vector<BucketTotals>> query_statistics(store::Store& store,
                                                                 DurationNs bucket,
                                                                 std::optional<TimestampNs> from,
                                                                 std::optional<TimestampNs> to);

struct TransactionDocuments {
    std::optional<std::int64_t> slot;
    bool sandwiched = false;
    std::optional<Lamports>
        loss_lamports;  ///< of the sender, over all sandwiches; none = not known
    std::vector<std::string> findings, swaps;
};
[[nodiscard]] Result<TransactionDocuments> query_transaction(store::Store& store,
                                                             std::string_view signature);
[[nodiscard]] Result<std::int64_t> query_swap_count(store::Store& store, std::string_view pool);

}  // namespace astro::mev
