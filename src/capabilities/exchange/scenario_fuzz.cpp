#include <cstdint>

#include "capabilities/exchange/scenario.hpp"
#include "foundation/base/assert.hpp"

namespace {

using namespace astro::exchange;

std::string events_of(const Scenario& scenario) {
    std::string out;
    const auto report =
        run_scenario(scenario, [&](std::size_t line, TimeMs time, const Event& event) {
            out.append(event_json("line", line, time, event)).append(1, '\n');
        });
    for (const auto& fault : report.faults) ASTRO_ASSERT(fault.subject != kAuditSubject);
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto scenario = parse_scenario({reinterpret_cast<const char*>(data), size});
    if (!scenario) {
        // Each fault has its place and says something.
        ASTRO_ASSERT(scenario.error().where.find(':') != std::string::npos);
        ASTRO_ASSERT(!scenario.error().message.empty());
        return 0;
    }
    ASTRO_ASSERT(events_of(*scenario) == events_of(*scenario));
    return 0;
}
