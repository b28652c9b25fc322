#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "capabilities/mev/engine/detector.hpp"
#include "capabilities/mev/synthetic.hpp"

/// How good detection is, against cases whose truth is known. What the numbers mean and do not
/// mean: docs/accuracy.md.
namespace astro::mev {

/// One variant. A sandwich is found when one profitable finding has exactly the case's fronts and
/// backs and names at least one of its victims; a liquidation when a finding names its transaction.
/// Any other such finding is a false alarm, counted where its pool or transaction belongs.
struct Score {
    std::string kind, variant;
    std::uint64_t cases = 0;  ///< real ones
    std::uint64_t found = 0;
    std::uint64_t lookalikes = 0;  ///< cases that only look like it
    std::uint64_t false_alarms = 0;
    double recall = 0, recall_low = 0, recall_high = 1;  ///< Wilson, 95 %
    double precision = 0, precision_low = 0, precision_high = 1;
    // Of sandwiches; what a made-up liquidation is worth is not part of the truth.
    std::uint64_t profit_exact = 0;      ///< found ones whose profit_raw equals the truth
    std::uint64_t victims_complete = 0;  ///< found ones that name exactly the victims
    std::uint64_t losses_exact = 0, losses_bound = 0, losses_unknown = 0;  ///< of victims found
};
BOOST_DESCRIBE_STRUCT(Score, (),
                      (kind, variant, cases, found, lookalikes, false_alarms, recall, recall_low,
                       recall_high, precision, precision_low, precision_high, profit_exact,
                       victims_complete, losses_exact, losses_bound, losses_unknown))

/// A case that was missed or a finding that should not be, for people to look at.
struct Mistake {
    std::string what;  ///< "missed" or "false_alarm"
    std::string variant, lookalike, protocol;
    std::string signature;  ///< the first of the case or the finding
    std::string detail;
};
BOOST_DESCRIBE_STRUCT(Mistake, (), (what, variant, lookalike, protocol, signature, detail))

struct Evaluation {
    std::vector<Score> scores;  ///< by kind and variant, then one "all" a kind, then "background"
    std::vector<Mistake> mistakes;
};

/// `findings` as `mev scan` gives them: each id once, in its last form.
[[nodiscard]] Evaluation evaluate(const std::vector<Truth>& truth,
                                  const std::vector<Finding>& findings);

/// Lines as inject writes them. Refusal "bad_truth" names the line.
[[nodiscard]] Result<std::vector<Truth>> parse_truth(std::string_view ndjson);

/// Injects, decodes and detects in one go, a block at a time.
[[nodiscard]] Result<Evaluation> evaluate_injected(const std::string& background,
                                                   const InjectOptions& options,
                                                   const DetectorConfig& config = {});

[[nodiscard]] std::vector<std::string> score_columns();
[[nodiscard]] std::vector<std::string> score_cells(const Score& score);

}  // namespace astro::mev
