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

void Module::declare(gateway::Metrics& metrics) {
    metrics.declare_gauge("astrolabe_binance_stream_clients",
                          "Connections to the streams of Binance's dialect.");
    metrics.declare_gauge("astrolabe_binance_streams", "Streams that they follow.");
    metrics.declare_counter("astrolabe_binance_stream_messages_total",
                            "Messages sent on streams of Binance's dialect.");
    metrics.declare_counter("astrolabe_binance_stream_clients_dropped_total",
                            "Of those connections, closed because they did not read.");
}

void Module::collect(gateway::Metrics& metrics) const {
    const StreamStats now = streams_->stats();
    const auto set = [&](std::string_view name, std::uint64_t value) {
        metrics.set(name, {}, static_cast<double>(value));
    };
    set("astrolabe_binance_stream_clients", now.clients);
    set("astrolabe_binance_streams", now.streams);
    set("astrolabe_binance_stream_messages_total", now.messages_sent);
    set("astrolabe_binance_stream_clients_dropped_total", now.clients_dropped);
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
