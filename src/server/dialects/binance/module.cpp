#include "server/dialects/binance/module.hpp"

namespace astro::binance {

void Module::attach(const Around& around, Bus& bus) {
    around_ = std::make_unique<Around>(around);
    orders_.attach(around.desk);
    streams_ = StreamHub::start(around, bus, keys_);
    orders_.on_news([hub = streams_.get()](AccountNews news) { hub->hear(std::move(news)); });
}

void Module::stop() {
    if (streams_) streams_->stop();
}

std::vector<gateway::Route> Module::routes() {
    std::vector<gateway::Route> out;
    for (auto& part :
         {market_routes(*around_), price_routes(*around_), order_routes(*around_, orders_),
          order_view_routes(*around_, orders_), algo_routes(*around_, orders_),
          account_routes(*around_), setting_routes(*around_), history_routes(*around_),
          listen_key_routes(*around_, keys_, orders_), wallet_routes(*around_)})
        out.insert(out.end(), part.begin(), part.end());
    return out;
}

}  // namespace astro::binance
