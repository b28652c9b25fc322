#include "capabilities/exchange/applying.hpp"

#include <iterator>

#include "capabilities/exchange/engine/lookahead.hpp"

namespace astro::exchange {

/// By way of a list that has room, so that `out` is allocated once and to measure.
void Applying::apply_one(const Waiting& command, Events& out) {
    events_.clear();
    venue_->apply(command.time, command.submission.body, events_);
    if (events_.empty()) return;
    if (std::holds_alternative<Refused>(events_.back())) ++refused_;
    out.assign(std::make_move_iterator(events_.begin()), std::make_move_iterator(events_.end()));
}

void Applying::apply(std::span<Waiting> commands, journal::Sequence heard_from, bool replayed) {
    outcomes_.clear();
    // One owner for all of a group: they come and go together.
    const auto together = std::make_shared<std::vector<Events>>(commands.size());
    LookAhead look_ahead(*venue_);
    for (std::size_t i = 0; i < commands.size(); ++i) {
        look_ahead(i, commands.size(), [&](std::size_t j) -> const CommandBody& {
            return commands[j].submission.body;
        });
        const Waiting& command = commands[i];
        Events& applied_events = (*together)[i];
        apply_one(command, applied_events);
        const auto& events = outcomes_.emplace_back(together, &applied_events);
        if (command.sequence < heard_from) continue;
        const Applied applied{command.sequence, command.time, command.submission, *events, events,
                              *venue_,          replayed};
        for (auto* listener : listeners_) listener->on_applied(applied);
    }
    if (!commands.empty() && commands.back().sequence >= heard_from)
        for (auto* listener : listeners_) listener->on_group_end(*venue_);
}

void Applying::acknowledge(std::span<Waiting> commands) {
    ASTRO_ASSERT(commands.size() == outcomes_.size());
    for (std::size_t i = 0; i < commands.size(); ++i) {
        const Waiting& command = commands[i];
        Result<Outcome> outcome(
            Outcome{command.sequence, command.time, std::move(outcomes_[i]), false});
        const std::string& key = command.submission.key;
        std::vector<Service::Done> same_key;
        if (!key.empty()) same_key = keys_.finish(key, hash_of(command.submission.body), *outcome);
        if (command.done) command.done(outcome);
        outcome->repeated = true;
        for (const auto& done : same_key) done(outcome);
    }
    outcomes_.clear();
}

}  // namespace astro::exchange
