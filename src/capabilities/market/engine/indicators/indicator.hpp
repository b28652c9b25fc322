#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "capabilities/market/engine/indicators/bar.hpp"
#include "foundation/base/result.hpp"

/// Indicators by name: "ema(20)", "macd(12,26,9)".
namespace astro::market {

struct IndicatorParameter {
    std::string_view name;
    double standard = 0, least = 0, most = 0;
    bool whole = true;
};
struct IndicatorKind {
    std::string_view name, summary;
    std::vector<IndicatorParameter> parameters;
    std::vector<std::string_view> outputs;
};
[[nodiscard]] const std::vector<IndicatorKind>& indicator_kinds();

/// What was asked for, checked.
struct IndicatorSpec {
    std::size_t kind = 0;              ///< place in indicator_kinds()
    std::vector<double> parameters{};  ///< all of them

    /// "ema(20)"; of those without parameters the name alone.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] const std::vector<std::string_view>& outputs() const {
        return indicator_kinds()[kind].outputs;
    }
};
/// Parameters that are not said are the standard ones. "bad_indicator" says what there is.
[[nodiscard]] Result<IndicatorSpec> parse_indicator(std::string_view text);
/// "sma(20),macd(12,26,9)": at most 50, none twice.
[[nodiscard]] Result<std::vector<IndicatorSpec>> parse_indicators(std::string_view text);
inline constexpr std::size_t kIndicatorsMax = 50;

/// One indicator of one series. Not thread-safe.
class Indicator {
  public:
    virtual ~Indicator() = default;
    /// The next bar's values, one for each output; kNothing for those that are not there yet.
    virtual void next(const Bar& bar, std::span<double> out) = 0;
};
[[nodiscard]] std::unique_ptr<Indicator> make_indicator(const IndicatorSpec& spec);

/// Several indicators of one series, their values beside each other.
class IndicatorSet {
  public:
    explicit IndicatorSet(const std::vector<IndicatorSpec>& specs);
    /// Valid until the next call.
    std::span<const double> next(const Bar& bar);
    /// "ema(20)", "macd(12,26,9).signal": as the values stand.
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  private:
    struct Member {
        std::unique_ptr<Indicator> indicator;
        std::size_t first = 0, count = 0;
    };
    std::vector<Member> members_;
    std::vector<double> values_;
    std::vector<std::string> names_;
};

}  // namespace astro::market
