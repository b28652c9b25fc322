#pragma once

#include "capabilities/market/engine/indicators/averages.hpp"

/// Oscillators, by TA-Lib's conventions. Where TA-Lib calls sums below a fixed number zero, these
/// compare with zero itself, so that prices of a millionth are served like prices of thousands.
namespace astro::market {

/// Wilder's relative strength: 100 * gains / (gains + losses); 0 when nothing has moved.
class RelativeStrength {
  public:
    explicit RelativeStrength(std::size_t period) : gains_(period), losses_(period) {}
    double next(double close);

  private:
    WilderAverage gains_, losses_;
    double last_ = kNothing;
};

/// Both averages begin at the same bar: the fast one with those values that end where the slow
/// one's first average does. Nothing is said before the signal is there.
class Macd {
  public:
    struct Value {
        double macd = kNothing, signal = kNothing, histogram = kNothing;
    };
    /// fast < slow
    Macd(std::size_t fast, std::size_t slow, std::size_t signal)
        : fast_(fast), slow_(slow), signal_(signal), skipped_(slow - fast) {}
    Value next(double close);

  private:
    ExponentialAverage fast_, slow_, signal_;
    std::size_t skipped_;  ///< values that the fast one does not see
};

/// Where the close stands between low and high of `fast_k` bars, smoothed twice by simple averages.
class Stochastic {
  public:
    struct Value {
        double slow_k = kNothing, slow_d = kNothing;
    };
    Stochastic(std::size_t fast_k, std::size_t slow_k, std::size_t slow_d)
        : high_(fast_k), low_(fast_k), slow_k_(slow_k), slow_d_(slow_d) {}
    Value next(const Bar& bar);

  private:
    RollingMax high_;
    RollingMin low_;
    SimpleAverage slow_k_, slow_d_;
};

/// Money that came with rising typical prices, of all that came: 0 when none did.
class MoneyFlow {
  public:
    explicit MoneyFlow(std::size_t period) : rising_(period), falling_(period) {}
    double next(const Bar& bar);

  private:
    RollingSum rising_, falling_;
    double last_ = kNothing;
};

/// Wilder's directional movement.
class DirectionalMovement {
  public:
    struct Value {
        double plus = kNothing, minus = kNothing, adx = kNothing;
    };
    /// period >= 2
    explicit DirectionalMovement(std::size_t period)
        : plus_(period), minus_(period), range_(period), period_(static_cast<double>(period)) {}
    Value next(const Bar& bar);

  private:
    void average(double dx, bool any);

    WilderSum plus_, minus_, range_;
    double period_;
    double counted_ = 0, adx_ = 0;  ///< a sum until `period` bars are counted
    Bar last_{};
    bool any_ = false;
};

}  // namespace astro::market
