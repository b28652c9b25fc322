#include "server/dialects/fix/venue_ear.hpp"

#include <utility>

#include "server/dialects/fix/report_book.hpp"

namespace astro::fix {
namespace {

/// Whether an event is about a watched account, for all of them that name accounts.
struct Concerns {
    const std::vector<bool>& watched;

    [[nodiscard]] bool is(AccountId account) const {
        return account.value() < watched.size() && watched[account.value()];
    }
    bool operator()(const exchange::Traded& e) const { return is(e.taker) || is(e.maker); }
    bool operator()(const exchange::Deleveraged& e) const { return is(e.account) || is(e.against); }
    bool operator()(const exchange::BackstopTook& e) const {
        return is(e.account) || is(e.backstop);
    }
    bool operator()(const exchange::ConditionalAccepted& e) const { return is(e.spec.account); }
    /// It names no account.
    bool operator()(const exchange::OrderReduced&) const { return true; }
    bool operator()(const exchange::OrderAccepted& e) const { return is(e.account); }
    bool operator()(const exchange::OrderClosed& e) const { return is(e.account); }
    bool operator()(const auto&) const { return false; }
};

}  // namespace

void VenueEar::on_items(std::function<void()> wake) {
    const std::scoped_lock lock(mutex_);
    wake_ = std::move(wake);
}

void VenueEar::add(AccountId account) {
    if (watched_.size() <= account.value()) watched_.resize(account.value() + 1);
    watched_[account.value()] = true;
    anybody_ = true;
}

void VenueEar::watch(AccountId account) {
    add(account);
}

void VenueEar::watch(AccountId account, exchange::Service& service) {
    service.read([&](const exchange::Venue& venue) {
        Begin begin{.account = account, .sequence = service.applied().value()};
        for (const auto& order : venue.orders_of(account))
            begin.orders.push_back(dialects::state_of(order));
        for (const auto& waiting : venue.conditionals_of(account))
            begin.orders.push_back(dialects::state_of(waiting, account));
        for (auto& order : begin.orders) order.created = order.updated = venue.now();
        add(account);
        post(std::move(begin));
    });
}

void VenueEar::post(Item item) {
    std::function<void()> wake;
    {
        const std::scoped_lock lock(mutex_);
        if (items_.empty()) wake = wake_;
        items_.push_back(std::move(item));
    }
    if (wake) wake();
}

VenueEar::Heard VenueEar::take() {
    const std::scoped_lock lock(mutex_);
    return {std::exchange(items_, {}), sequence_};
}

bool VenueEar::concerns_watched(const exchange::Applied& applied) const {
    if (parse_key(applied.submission.key)) return true;
    const Concerns concerns{watched_};
    for (const auto& event : applied.events)
        if (std::visit(concerns, event)) return true;
    return false;
}

void VenueEar::on_applied(const exchange::Applied& applied) {
    if (!anybody_) return;
    if (concerns_watched(applied))
        post(Command{applied.sequence.value(), applied.time, applied.submission,
                     applied.kept_events});
    const std::scoped_lock lock(mutex_);
    sequence_ = applied.sequence.value();
}

}  // namespace astro::fix
