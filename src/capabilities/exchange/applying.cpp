#include "capabilities/exchange/applying.hpp"

#include <iterator>

namespace astro::exchange {
namespace {

/// How far ahead memory is asked for; measured in bench/exchange_bench.cpp.
constexpr std::size_t kFar = 10, kNear = 4;

}  // namespace

std::shared_ptr<const Events> Applying::apply_one(const Waiting& command) {
    static const auto kNothing = std::make_shared<const Events>();
    events_.clear();
    venue_->apply(command.time, command.submission.body, events_);
    if (events_.empty()) return kNothing;
    if (std::holds_alternative<Refused>(events_.back())) ++refused_;
    return std::make_shared<const Events>(std::make_move_iterator(events_.begin()),
                                          std::make_move_iterator(events_.end()));
}

void Applying::apply(std::span<Waiting> commands, journal::Sequence heard_from, bool replayed) {
    outcomes_.clear();
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (i + kFar < commands.size())
            venue_->prefetch_accounts(commands[i + kFar].submission.body);
        if (i + kNear < commands.size())
            venue_->prefetch_positions(commands[i + kNear].submission.body);
        const Waiting& command = commands[i];
        const auto& events = outcomes_.emplace_back(apply_one(command));
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
