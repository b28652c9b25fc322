#include "capabilities/exchange/trading.hpp"

#include <utility>

#include "capabilities/exchange/api_portfolio.hpp"
#include "capabilities/exchange/api_risk.hpp"
#include "foundation/base/assert.hpp"

namespace astro::exchange {

Trading::Trading(store::Store& store, Bus& bus, const Clock& clock, const TradingOptions& options)
    : store_(store),
      clock_(clock),
      options_(options),
      faucet_(store, directory_, options.is_paper),
      auctions_(bus, clock, directory_, answers_),
      margins_(bus, clock, directory_, answers_, options.margin_alerts) {
    ASTRO_ASSERT(options_.audit);
}

Result<std::unique_ptr<Trading>> Trading::open(store::Store& store, Bus& bus, const Clock& clock,
                                               const TradingOptions& options) {
    std::unique_ptr<Trading> out(new Trading(store, bus, clock, options));
    ASTRO_TRY(out->stream_, AccountStream::open(store, bus, out->directory_, out->answers_));
    return out;
}

std::vector<Listener*> Trading::listeners() {
    return {&directory_, stream_.get(), &auctions_, &margins_};
}

void Trading::attach(Service& service) {
    service.read([this](const Venue& venue) { directory_.load(venue); });
    stream_->attach(service);
    auctions_.attach(service);
    margins_.attach(service);
    desk_ = std::make_unique<Desk>(Desk{.service = service,
                                        .directory = directory_,
                                        .store = store_,
                                        .clock = clock_,
                                        .answers = answers_,
                                        .faucet = faucet_,
                                        .audit = options_.audit,
                                        .is_paper = options_.is_paper});
}

std::vector<gateway::Route> Trading::routes() {
    std::vector<gateway::Route> out;
    for (auto part :
         {account_routes, order_routes, preview_routes, order_view_routes, history_routes,
          operator_routes, withdrawal_routes, batch_routes, auction_routes, insurance_routes,
          fee_routes, backstop_routes, settings_routes, risk_routes, portfolio_routes})
        for (auto& route : part(*desk_)) out.push_back(std::move(route));
    return out;
}

void Trading::stop() {
    if (std::exchange(is_stopped_, true)) return;
    answers_.stop();
    if (stream_ && desk_) (void)stream_->save();  // else the journal tells it again
}

}  // namespace astro::exchange
