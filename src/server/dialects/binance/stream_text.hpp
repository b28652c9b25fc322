#pragma once

#include "foundation/bus/bus.hpp"
#include "server/dialects/binance/around.hpp"
#include "server/dialects/binance/stream_name.hpp"

namespace astro::binance {

/// One event of the venue's public streams, in the form of each stream that carries it; read from
/// its payload once.
class StreamTexts {
  public:
    StreamTexts(const Around& around, const Event& event) : around_(around), event_(event) {}

    /// The venue's market that the event is of; empty: of none.
    [[nodiscard]] std::string market() const;
    /// The message of a stream of that market as JSON; nothing when the stream does not carry it.
    [[nodiscard]] std::optional<std::string> of(const StreamName& name, const Listed& listed) const;

  private:
    [[nodiscard]] std::optional<std::string> of_book(const StreamName& name,
                                                     const Listed& listed) const;
    [[nodiscard]] std::optional<std::string> of_trade(const StreamName& name,
                                                      const Listed& listed) const;
    [[nodiscard]] std::optional<std::string> of_price(const StreamName& name,
                                                      const Listed& listed) const;
    [[nodiscard]] std::optional<std::string> of_candle(const StreamName& name,
                                                       const Listed& listed) const;
    [[nodiscard]] std::optional<std::string> of_liquidation(const StreamName& name,
                                                            const Listed& listed) const;

    const Around& around_;
    const Event& event_;
};

}  // namespace astro::binance
