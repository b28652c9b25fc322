#pragma once

#include "capabilities/market/engine/indicators/averages.hpp"

/// Bands and ranges around a price.
namespace astro::market {

/// A simple average and so many deviations (of the population) around it. TA-Lib's, but for its
/// calling a variance below 1e-14 zero.
class Bollinger {
  public:
    struct Value {
        double upper = kNothing, middle = kNothing, lower = kNothing;
    };
    Bollinger(std::size_t period, double deviations) : moments_(period), deviations_(deviations) {}
    Value next(double close);

  private:
    RollingMoments moments_;
    double deviations_;
};

/// Wilder's average of true ranges; the first bar has none.
class AverageTrueRange {
  public:
    explicit AverageTrueRange(std::size_t period) : average_(period) {}
    double next(const Bar& bar);

  private:
    WilderAverage average_;
    double last_ = kNothing;
};

/// Of Hosoda. What is displaced is given where it is drawn: both spans are those of `base` bars
/// ago, `ahead` ones are drawn `base` bars later; the lagging line is the close, drawn `base` bars
/// earlier.
class Ichimoku {
  public:
    struct Value {
        double conversion = kNothing, base = kNothing, span_a = kNothing, span_b = kNothing,
               span_a_ahead = kNothing, span_b_ahead = kNothing;
    };
    Ichimoku(std::size_t conversion, std::size_t base, std::size_t span_b);
    Value next(const Bar& bar);

  private:
    class Middle {
      public:
        explicit Middle(std::size_t period) : high_(period), low_(period) {}
        double next(const Bar& bar);

      private:
        RollingMax high_;
        RollingMin low_;
    };
    Middle conversion_, base_, span_b_;
    Window later_a_, later_b_;
};

/// A stop that follows the price by so many average true ranges and changes sides when it is
/// closed through.
class SuperTrend {
  public:
    struct Value {
        double line = kNothing, direction = kNothing;  ///< 1: below the price, -1: above
    };
    SuperTrend(std::size_t period, double ranges) : range_(period), ranges_(ranges) {}
    Value next(const Bar& bar);

  private:
    AverageTrueRange range_;
    double ranges_;
    double upper_ = kNothing, lower_ = kNothing, close_before_ = 0;
    bool rising_ = true;
};

}  // namespace astro::market
