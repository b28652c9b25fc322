#pragma once

#include <string>
#include <vector>

#include "capabilities/exchange/engine/account_risk.hpp"
#include "capabilities/exchange/portfolio.hpp"
#include "foundation/base/result.hpp"

namespace astro::exchange {

/// What a trader would hand to somebody.
struct PerformanceReport {
    Portfolio portfolio{};
    bool is_paper = false;         ///< the venue's money is play money
    std::vector<TailRisk> tail{};  ///< of what the account held at `tail_time`
    TimestampNs tail_time{};
};

/// Two pages of A4, or more when there were many days: figures, equity and drawdown, profit and
/// loss by market, strategy and day, risk. Each amount stands in it as in portfolio_csv(), to the
/// last decimal. The same report gives the same bytes. "pdf_failed"
[[nodiscard]] Result<std::string> report_pdf(const PerformanceReport& report);

}  // namespace astro::exchange
