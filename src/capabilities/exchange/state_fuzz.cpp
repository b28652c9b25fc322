// States and snapshots of any bytes: a venue that is whole and in its one form, or a refusal with a
// place. Inputs that begin with 'e' are edits of a good state, so that what stands behind its
// counts is reached whatever the form of the day is: pairs of a place (u16) and a byte.
#include "capabilities/exchange/engine/venue_stream_test_support.hpp"
#include "capabilities/exchange/snapshot.hpp"
#include "foundation/base/assert.hpp"

using namespace astro;
using namespace astro::exchange;

namespace {

Bytes saved(const Venue& venue) {
    Bytes out;
    venue.save(out);
    return out;
}

const Bytes& good_state() {
    static const Bytes kState = [] {
        Stream stream(3);
        for (int i = 0; i < 600; ++i) stream.step();
        Venue venue;
        Events events;
        for (const auto& command : stream.commands) venue.apply(command, events);
        return saved(venue);
    }();
    return kState;
}

/// What was read must also bear commands.
void go_on(Venue& venue) {
    Events events;
    TimeMs time{venue.now().value() + 1};
    for (std::uint32_t a = 0; a < std::min<std::size_t>(venue.accounts().size(), 3); ++a) {
        venue.apply({time, SettleFunding{AccountId{a}}}, events);
        venue.apply({time, CancelAll{AccountId{a}, {}, {}}}, events);
    }
    venue.apply({TimeMs{time.value() + 5'000}, Tick{}}, events);
}

void check(ByteView state) {
    auto venue = Venue::load(state);
    if (!venue) {
        ASTRO_ASSERT(venue.error().code == "bad_state" && !venue.error().message.empty());
        return;
    }
    ASTRO_ASSERT((*venue)->audit().empty());
    const Bytes again = saved(**venue);
    ASTRO_ASSERT(std::ranges::equal(again, state));
    go_on(**venue);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    if (size == 0 || data[0] != 'e') {
        check(bytes);
        ASTRO_ASSERT(!parse_snapshot(bytes));  // nobody guesses a hash
        return 0;
    }
    Bytes state = good_state();
    for (std::size_t at = 1; at + 3 <= size; at += 3)
        state[load_le<std::uint16_t>(bytes, at) % state.size()] = data[at + 2];
    check(state);
    return 0;
}
