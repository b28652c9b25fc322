/// Lines of a CSV of bars; the first one also as a list of indicators.
#include <cstddef>
#include <cstdint>

#include "capabilities/market/bar_file.hpp"
#include "capabilities/market/engine/indicators/indicator.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace astro::market;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto specs = parse_indicators(text.substr(0, text.find('\n')));
    IndicatorSet set(specs ? *specs : std::vector<IndicatorSpec>{});
    if (specs) text.remove_prefix(std::min(text.size(), text.find('\n')));
    BarReader reader;
    while (!text.empty()) {
        if (text.front() == '\n') text.remove_prefix(1);
        const auto line = text.substr(0, text.find('\n'));
        (void)reader.take(line);
        text.remove_prefix(line.size());
    }
    for (const auto& bar : reader.bars()) (void)set.next(bar);
    return 0;
}
