#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Counters, gauges and histograms in Prometheus' text format. Families are declared first; labels
/// must come from a bounded set (routes, protocols, reasons), never from a caller. Thread-safe.
namespace astro::gateway {

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

class Metrics {
  public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    void declare_counter(std::string_view name, std::string_view help);
    void declare_gauge(std::string_view name, std::string_view help);
    void declare_histogram(std::string_view name, std::string_view help,
                           std::vector<double> buckets);

    /// Naming a family that was not declared is a bug.
    void add(std::string_view name, Labels labels = {}, double amount = 1);
    /// For counts that are kept elsewhere: a gauge, or a counter that only ever grows.
    void set(std::string_view name, Labels labels, double value);
    void observe(std::string_view name, Labels labels, double value);

    /// Called before each text(), to bring gauges up to date.
    void on_collect(std::function<void(Metrics&)> collect);
    [[nodiscard]] std::string text();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace astro::gateway
