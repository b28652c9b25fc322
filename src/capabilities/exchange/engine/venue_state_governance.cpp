#include "capabilities/exchange/engine/venue_state.hpp"

/// Stakes, proposals and votes as bytes, and back from bytes that anybody may have written.
namespace astro::exchange {
namespace {

using governance::ProposalId;
using governance::SavedGovernance;
using governance::VoterId;

Unexpected bad(std::string message) {
    return refusal("bad_state", std::move(message));
}

/// Whether what is in force can be compared with what is wanted when it is executed.
bool can_be(const StoredProposition& stored) {
    const ProposalAction& action = stored.proposition->action;
    const ProposalAction& base = stored.base;
    return count_of(action) == 1 && base.venue.has_value() == action.venue.has_value() &&
           base.governance.has_value() == action.governance.has_value();
}

template <class Key, class Value>
Result<void> load_map(StateReader& io, std::size_t most, std::map<Key, Value>& out) {
    std::size_t count = 0;
    if (!io.count(sizeof(Key), count)) return io.error();
    if (count > most) return bad("has too many votes");
    for (std::size_t i = 0; i < count; ++i) {
        Key key{};
        Value value{};
        if (!io(key, value)) return io.error();
        if (!out.empty() && key <= out.rbegin()->first) return bad("has votes out of order");
        out.emplace_hint(out.end(), key, std::move(value));
    }
    return {};
}

void save_map(StateWriter& io, const auto& map) {
    io(static_cast<std::uint32_t>(map.size()));
    for (const auto& [key, value] : map) io(key, value);
}

}  // namespace

void VenueState::save_votes(StateWriter& io, const Venue& venue) {
    const auto& governance = venue.governance_;
    io(governance.settings(), governance.newest());
    save_map(io, governance.stakes().voters());
    save_map(io, governance.proposals());
    save_map(io, venue.propositions_);
    for (const auto& [id, proposal] : governance.proposals())
        if (governance::is_open(proposal.state)) save_map(io, governance.votes(id));
}

Result<void> VenueState::load_votes(StateReader& io, Venue& venue) {
    constexpr std::size_t kProposalsMax = governance::kOpenMax + governance::kEndedKept;
    SavedGovernance saved;
    if (!io(saved.settings, saved.newest)) return io.error();
    ASTRO_CHECK(load_map(io, 2 * governance::kVotersMax, saved.voters));
    ASTRO_CHECK(load_map(io, kProposalsMax, saved.proposals));
    ASTRO_CHECK(load_map(io, kProposalsMax, venue.propositions_));
    for (const auto& [id, proposal] : saved.proposals)
        if (governance::is_open(proposal.state))
            ASTRO_CHECK(load_map(io, 2 * governance::kVotersMax, saved.votes[id]));
    if (saved.proposals.size() != venue.propositions_.size())
        return bad("has proposals without what they are about");
    for (const auto& [id, stored] : venue.propositions_)
        if (!saved.proposals.contains(id) || !can_be(stored))
            return bad("has a proposal about nothing");
    const VoterId end{static_cast<std::uint32_t>(venue.accounts_.size())};
    if (auto wrong = venue.governance_.restore(std::move(saved), end); !wrong.empty())
        return bad(std::move(wrong));
    return {};
}

}  // namespace astro::exchange
