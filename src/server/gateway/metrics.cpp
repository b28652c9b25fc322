#include "server/gateway/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <unordered_map>

#include "foundation/base/assert.hpp"

namespace astro::gateway {

struct Metrics::Impl {
    struct HistogramFamily {
        prometheus::Family<prometheus::Histogram>* family;
        std::vector<double> buckets;
    };
    prometheus::Registry registry;
    std::map<std::string, prometheus::Family<prometheus::Counter>*, std::less<>> counters;
    std::map<std::string, prometheus::Family<prometheus::Gauge>*, std::less<>> gauges;
    std::map<std::string, HistogramFamily, std::less<>> histograms;
    /// Series by name and labels, as they were made: finding one by the library's own maps costs
    /// more than a request should.
    std::mutex known_mutex;
    std::unordered_map<std::string, prometheus::Counter*> known_counters;
    std::unordered_map<std::string, prometheus::Histogram*> known_histograms;
    std::mutex collect_mutex;
    std::vector<std::function<void(Metrics&)>> collectors;
};

namespace {

std::map<std::string, std::string> to_map(Labels labels) {
    std::map<std::string, std::string> out;
    for (const auto& [name, value] : labels) out.emplace(name, value);
    return out;
}

/// One text for a name and its labels; no name and no value of ours holds the separator.
std::string series_key(std::string_view name, Labels labels) {
    std::string key(name);
    for (const auto& [label, value] : labels)
        key.append(1, '\x1f').append(label).append(1, '\x1f').append(value);
    return key;
}

/// The series of that key, made the first time.
template <class Series, class Make>
Series& known_series(std::mutex& mutex, std::unordered_map<std::string, Series*>& known,
                     std::string key, const Make& make) {
    const std::scoped_lock lock(mutex);
    auto& series = known[std::move(key)];
    if (series == nullptr) series = &make();
    return *series;
}

}  // namespace

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::declare_counter(std::string_view name, std::string_view help) {
    impl_->counters[std::string(name)] = &prometheus::BuildCounter()
                                              .Name(std::string(name))
                                              .Help(std::string(help))
                                              .Register(impl_->registry);
}

void Metrics::declare_gauge(std::string_view name, std::string_view help) {
    impl_->gauges[std::string(name)] = &prometheus::BuildGauge()
                                            .Name(std::string(name))
                                            .Help(std::string(help))
                                            .Register(impl_->registry);
}

void Metrics::declare_histogram(std::string_view name, std::string_view help,
                                std::vector<double> buckets) {
    auto* family = &prometheus::BuildHistogram()
                        .Name(std::string(name))
                        .Help(std::string(help))
                        .Register(impl_->registry);
    impl_->histograms[std::string(name)] = {family, std::move(buckets)};
}

void Metrics::add(std::string_view name, Labels labels, double amount) {
    known_series(impl_->known_mutex, impl_->known_counters, series_key(name, labels),
                 [&]() -> prometheus::Counter& {
                     const auto at = impl_->counters.find(name);
                     ASTRO_ASSERT(at != impl_->counters.end());
                     return at->second->Add(to_map(labels));
                 })
        .Increment(amount);
}

void Metrics::set(std::string_view name, Labels labels, double value) {
    if (const auto gauge = impl_->gauges.find(name); gauge != impl_->gauges.end()) {
        gauge->second->Add(to_map(labels)).Set(value);
        return;
    }
    const auto counter = impl_->counters.find(name);
    ASTRO_ASSERT(counter != impl_->counters.end());
    auto& series = counter->second->Add(to_map(labels));
    if (const double missing = value - series.Value(); missing > 0) series.Increment(missing);
}

void Metrics::observe(std::string_view name, Labels labels, double value) {
    known_series(impl_->known_mutex, impl_->known_histograms, series_key(name, labels),
                 [&]() -> prometheus::Histogram& {
                     const auto at = impl_->histograms.find(name);
                     ASTRO_ASSERT(at != impl_->histograms.end());
                     return at->second.family->Add(to_map(labels), at->second.buckets);
                 })
        .Observe(value);
}

void Metrics::on_collect(std::function<void(Metrics&)> collect) {
    const std::scoped_lock lock(impl_->collect_mutex);
    impl_->collectors.push_back(std::move(collect));
}

std::string Metrics::text() {
    {
        const std::scoped_lock lock(impl_->collect_mutex);
        for (const auto& collect : impl_->collectors) collect(*this);
    }
    return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace astro::gateway
