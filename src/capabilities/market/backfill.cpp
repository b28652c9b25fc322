#include "capabilities/market/backfill.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "capabilities/market/sources/history_text.hpp"

namespace astro::market {
namespace {

constexpr std::size_t kAnswerBytesMax = 4U << 20;

/// What the exchange calls the series "kraken:BTC/USD".
std::string foreign_symbol(const SeriesInfo& series) {
    return series.symbol.substr(series.source.size() + 1);
}

/// The seconds that a 429 asks for, in the text of its error; nothing when it names none.
std::optional<DurationNs> wanted_pause(const Error& error) {
    std::int64_t wanted = 0;
    const auto& text = error.where;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), wanted);
    if (bad != std::errc{} || end != text.data() + text.size() || wanted < 0) return std::nullopt;
    return seconds(wanted);
}

}  // namespace

Result<std::unique_ptr<Backfill>> Backfill::make(const std::vector<BackfillSource>& sources,
                                                 SeriesTape& tape, Clock& clock,
                                                 const BackfillOptions& options) {
    std::unique_ptr<Backfill> out(new Backfill(tape, clock, options));
    for (const auto& source : sources) {
        if (!has_history(source.name)) continue;
        ASTRO_TRY(net::Url url, net::parse_url(source.url));
        while (url.target.ends_with('/')) url.target.pop_back();
        out->order_.push_back(source.name);
        Place& place = out->places_[source.name];
        place.url = std::move(url);
        place.key = source.key;
        place.status = {.source = source.name, .endpoint = source.url};
        place.pause = options.pause_first;
    }
    return out;
}

Backfill::~Backfill() {
    stop();
}

void Backfill::start() {
    thread_ = std::thread([this] { run(); });
}

void Backfill::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        for (auto& [name, place] : places_)
            if (place.client) place.client->interrupt();
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Backfill::run() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        lock.unlock();
        step();
        lock.lock();
        wake_.wait_for(lock, std::chrono::nanoseconds(options_.interval.value()),
                       [this] { return stopped_; });
    }
}

/// The oldest gap of a source that may be asked, and how much is missing of each.
std::optional<SeriesTape::Missed> Backfill::next_missed() {
    const TimestampNs now = clock_.now();
    const auto all = tape_.missed();
    std::optional<SeriesTape::Missed> out;
    const std::lock_guard lock(mutex_);
    for (auto& [name, place] : places_) place.status.missing = 0;
    for (const auto& missed : all) {
        const auto at = places_.find(missed.series.source);
        if (at == places_.end()) continue;
        at->second.status.missing += missed.gap.last - missed.gap.first + 1;
        const TimestampNs closed{missed.gap.to.value() * 1'000'000};
        if (now < at->second.not_before || now - closed < options_.settle) continue;
        if (!out || missed.gap.to < out->gap.to) out = missed;
    }
    for (auto& [name, place] : places_)
        place.status.state = now < place.not_before     ? "paused"
                             : place.status.missing > 0 ? "asking"
                                                        : "idle";
    return out;
}

void Backfill::step() {
    const auto missed = next_missed();
    if (!missed) return;
    const std::string& source = missed->series.source;
    Place& place = places_.find(source)->second;
    const auto trades = ask(place, *missed);
    note(place, trades ? nullptr : &trades.error());
    if (!trades) return;
    const std::size_t filled = tape_.fill(missed->series.symbol, *trades);
    const Covered speaks_of = covered(source, missed->gap, *trades);
    std::uint64_t absent = 0;
    if (speaks_of.any())
        absent = tape_.give_up(missed->series.symbol, speaks_of.first, speaks_of.last);
    const std::lock_guard lock(mutex_);
    place.status.filled += filled;
    place.status.absent += absent;
}

/// "http_429" (kind limited; where: its Retry-After), "http_error", and those of read_history().
Result<std::vector<ExchangeTrade>> Backfill::ask(Place& place, const SeriesTape::Missed& missed) {
    const std::string symbol = foreign_symbol(missed.series);
    net::Request request;
    request.target = place.url.target + history_target(missed.series.source, symbol, missed.gap);
    if (!place.key.empty()) request.headers.set("x-mbx-apikey", place.key);
    ASTRO_TRY(const net::Response response, this->request(place, request));
    // Binance bans with 418 who does not heed its 429.
    if (response.status == 429 || response.status == 418)
        return limited("http_429", "the exchange asks to be asked less often",
                       std::string(response.headers.find("retry-after").value_or("")));
    if (response.status != 200)
        return unavailable("http_error", "HTTP status " + std::to_string(response.status),
                           request.target);
    return read_history(missed.series.source, symbol, document_, response.body);
}

Result<net::Response> Backfill::request(Place& place, const net::Request& request) {
    std::shared_ptr<net::HttpClient> client;
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) return unavailable("interrupted", "the server stops");
        if (!place.client) {
            net::ClientOptions options;
            options.response_bytes = kAnswerBytesMax;
            ASTRO_TRY(place.client, net::HttpClient::make(place.url, options));
        }
        client = place.client;
        ++place.status.requests;
    }
    return client->request(request);
}

/// After a failure the source is left alone for longer each time.
void Backfill::note(Place& place, const Error* error) {
    const std::lock_guard lock(mutex_);
    if (error == nullptr) {
        place.pause = options_.pause_first;
        place.status.detail.clear();
        return;
    }
    const bool is_limited = error->kind == ErrorKind::limited;
    ++(is_limited ? place.status.rate_limited : place.status.failed);
    place.status.detail = error->text();
    DurationNs pause = place.pause;
    if (is_limited) pause = wanted_pause(*error).value_or(options_.pause_limited);
    place.not_before = clock_.now() + std::min(pause, options_.pause_max);
    if (!is_limited)
        place.pause = std::min(DurationNs{place.pause.value() * 2}, options_.pause_max);
}

std::vector<BackfillStatus> Backfill::status() const {
    const std::lock_guard lock(mutex_);
    std::vector<BackfillStatus> out;
    for (const auto& name : order_) out.push_back(places_.find(name)->second.status);
    return out;
}

}  // namespace astro::market
