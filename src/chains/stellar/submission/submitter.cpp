#include "chains/stellar/submission/submitter.hpp"

#include <algorithm>

#include "chains/stellar/build/builder.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/hashes.hpp"

namespace astro::stellar {
namespace {

constexpr std::size_t kKeyBytesMax = 128;
// A node replaces a transaction that waits only for ten times its fee.
constexpr std::uint32_t kReplaceTimes = 10;

Result<void> check_request(const SubmissionRequest& request) {
    if (request.key.empty() || request.key.size() > kKeyBytesMax)
        return refusal("bad_request", "a key has 1 to 128 bytes", "key");
    for (std::size_t i = 0; i < request.operations.size(); ++i) {
        const auto where = "operations[" + std::to_string(i) + "]";
        const auto& operation = request.operations[i];
        if (!operation.source_account)
            return refusal("bad_request", "names no source account", where);
        if (is_contract_call(operation.body.type))
            return refusal("bad_request", "calls a contract, which is not sent through channels",
                           where);
    }
    return {};
}

}  // namespace

Submitter::Submitter(SubmitterOptions options, xdr::Hash network, Sign sign)
    : options_(std::move(options)),
      network_(network),
      sign_(std::move(sign)),
      fee_stroops_(options_.fee_stroops) {
    for (const auto& channel : options_.channels) channels_[channel.ed25519];
}

void Submitter::restore(Intent intent) {
    if (const auto channel = channels_.find(intent.channel.ed25519); channel != channels_.end())
        channel->second.key = intent.key;
    keys_[intent.key] = std::nullopt;
    Flight flight;
    flight.is_kept = flight.may_be_taken = true;
    flight.fee_stroops = options_.fee_stroops;
    flight.intent = std::move(intent);
    const auto key = flight.intent.key;
    flights_.insert_or_assign(key, std::move(flight));
}

void Submitter::restore(const std::string& key, Outcome outcome) {
    keys_[key] = std::move(outcome);
    const auto flight = flights_.find(key);
    if (flight == flights_.end()) return;
    const auto channel = channels_.find(flight->second.intent.channel.ed25519);
    if (channel != channels_.end() && channel->second.key == key) channel->second.key.clear();
    flights_.erase(flight);
}

void Submitter::start(std::uint64_t now_s) {
    now_s_ = now_s;
    for (const auto& [id, channel] : channels_)
        if (channel.key.empty()) ask_sequence(id);
    for (auto& [key, flight] : flights_) {
        actions_.emplace_back(AskResult{key, flight.intent.hash});
        flight.next_ask_s = now_s + options_.ask_after_s;
        flight.next_send_s = now_s + options_.ask_after_s;
    }
}

Result<void> Submitter::submit(SubmissionRequest request, std::uint64_t now_s) {
    now_s_ = now_s;
    ASTRO_CHECK(check_request(request));
    if (keys_.contains(request.key)) return {};
    TransactionPlan trial;  // what cannot be built is refused now, not when a channel is free
    trial.source = to_muxed(options_.fee_payer);
    trial.without_end = true;
    trial.memo = request.memo;
    trial.operations = request.operations;
    const auto built = build_transaction(trial);
    if (!built) return Unexpected{built.error()};
    if (queue_.size() >= options_.queue_max)
        return limited("too_many_requests",
                       std::to_string(options_.queue_max) + " requests wait already");
    if (keys_.size() >= options_.keys_max)
        return limited("too_many_requests",
                       std::to_string(options_.keys_max) + " keys are known already");
    keys_[request.key] = std::nullopt;
    queue_.push_back(std::move(request));
    fill_channels(now_s);
    return {};
}

std::optional<SubmissionStatus> Submitter::status(const std::string& key) const {
    const auto found = keys_.find(key);
    if (found == keys_.end()) return std::nullopt;
    SubmissionStatus out{found->second, 0};
    if (const auto flight = flights_.find(key); flight != flights_.end())
        out.unknown_until_s = flight->second.intent.ends_at_s;
    return out;
}

void Submitter::forget(const std::string& key) {
    const auto found = keys_.find(key);
    if (found != keys_.end() && found->second) keys_.erase(found);
}

void Submitter::fill_channels(std::uint64_t now_s) {
    for (auto& [id, channel] : channels_) {
        while (!queue_.empty() && channel.key.empty() && channel.sequence) {
            auto request = std::move(queue_.front());
            queue_.pop_front();
            if (launch(id, channel, std::move(request), now_s)) break;
        }
    }
}

bool Submitter::launch(const xdr::Uint256& id, Channel& channel, SubmissionRequest request,
                       std::uint64_t now_s) {
    TransactionPlan plan;
    plan.source = to_muxed({id});
    plan.sequence = *channel.sequence + 1;
    plan.fee_per_operation_stroops = std::clamp(
        fee_stroops_, kBaseFeeStroops, std::max(options_.fee_max_stroops, kBaseFeeStroops));
    plan.memo = std::move(request.memo);
    plan.conditions.time_bounds = xdr::TimeBounds{0, now_s + options_.valid_for_s};
    plan.operations = std::move(request.operations);
    auto built = build_transaction(plan);
    auto signed_one = built ? sign_(std::move(*built)) : std::move(built);
    if (!signed_one) {
        finish(request.key, {OutcomeKind::failed, std::string(signed_one.error().code), 0}, false);
        return false;
    }
    Flight flight;
    flight.fee_stroops = plan.fee_per_operation_stroops;
    flight.intent = {request.key,
                     {id},
                     plan.sequence,
                     now_s,
                     now_s + options_.valid_for_s,
                     std::move(*signed_one),
                     {}};
    flight.intent.hash = xdr::transaction_hash(flight.intent.envelope, network_);
    channel.key = request.key;
    actions_.emplace_back(KeepIntent{flight.intent});
    flights_.insert_or_assign(request.key, std::move(flight));
    return true;
}

void Submitter::on_kept(const std::string& key, std::uint64_t now_s) {
    now_s_ = now_s;
    const auto found = flights_.find(key);
    if (found == flights_.end() || found->second.is_kept) return;
    found->second.is_kept = true;
    send(found->second, now_s);
}

void Submitter::send(Flight& flight, std::uint64_t now_s) {
    flight.next_ask_s = now_s + options_.ask_after_s;
    flight.next_send_s = now_s + options_.resend_after_s;
    if (now_s > flight.intent.ends_at_s) return;
    auto envelope = with_fee(flight);
    ++flight.unanswered;
    actions_.emplace_back(
        SendEnvelope{flight.intent.key, envelope ? std::move(*envelope) : flight.intent.envelope});
}

/// The envelope, in a fee bump where the network asks for more than it offers.
Result<xdr::TransactionEnvelope> Submitter::with_fee(Flight& flight) {
    const std::uint64_t wanted = std::max(fee_stroops_, flight.fee_wanted_stroops);
    if (wanted <= flight.fee_stroops || flight.fee_stroops >= options_.fee_max_stroops)
        return flight.intent.envelope;
    const auto replacing =
        std::uint64_t{flight.fee_stroops} * (flight.may_be_taken ? kReplaceTimes : 1);
    const auto fee = std::min<std::uint64_t>(std::max(wanted, replacing), options_.fee_max_stroops);
    ASTRO_TRY(auto bump, build_fee_bump(flight.intent.envelope, to_muxed(options_.fee_payer),
                                        static_cast<std::int64_t>(fee)));
    ASTRO_TRY(auto out, sign_(std::move(bump)));
    flight.fee_stroops = static_cast<std::uint32_t>(fee);
    return out;
}

void Submitter::on_answer(const std::string& key, SendAnswer answer, const std::string& code,
                          std::uint64_t now_s) {
    now_s_ = now_s;
    const auto found = flights_.find(key);
    if (found == flights_.end()) return;
    auto& flight = found->second;
    if (flight.unanswered > 0) --flight.unanswered;
    switch (answer) {
        case SendAnswer::accepted:
        case SendAnswer::unknown:
            flight.may_be_taken = true;
            return;
        case SendAnswer::fee_too_low:
            flight.fee_wanted_stroops = std::max(flight.fee_wanted_stroops, flight.fee_stroops * 2);
            [[fallthrough]];
        case SendAnswer::try_later:
            flight.next_send_s = now_s + options_.ask_after_s;
            return;
        case SendAnswer::sequence_is_used:
        case SendAnswer::refused:
            flight.last_code = code;
            return on_refusal(flight);
    }
}

void Submitter::on_refusal(Flight& flight) {
    // Where no node can have it, nobody will ever apply it. Else only the history knows.
    if (!flight.may_be_taken && flight.unanswered == 0)
        return finish(flight.intent.key, {OutcomeKind::failed, flight.last_code, 0}, false);
    actions_.emplace_back(AskResult{flight.intent.key, flight.intent.hash});
    flight.next_ask_s = now_s_ + options_.ask_after_s;
}

void Submitter::on_found(const std::string& key, Outcome outcome) {
    if (flights_.contains(key)) finish(key, std::move(outcome), true);
}

void Submitter::on_not_found(const std::string& key, std::uint64_t closed_at_s) {
    const auto found = flights_.find(key);
    if (found == flights_.end() || closed_at_s <= found->second.intent.ends_at_s) return;
    // The history may be too short to tell; the sequence number of the channel is not.
    found->second.ended = true;
    ask_sequence(found->second.intent.channel.ed25519);
}

void Submitter::on_sequence(const xdr::PublicKey& channel_id, std::int64_t sequence,
                            std::uint64_t closed_at_s) {
    const auto of_channel = [&](const auto& entry) {
        return entry.second.intent.channel == channel_id;
    };
    if (const auto found = std::ranges::find_if(flights_, of_channel); found != flights_.end()) {
        const auto& flight = found->second;
        if (!flight.ended || closed_at_s <= flight.intent.ends_at_s) return;
        // If it is used, the transaction was applied after all, or somebody else uses the channel:
        // the history decides.
        if (sequence < flight.intent.sequence)
            finish(flight.intent.key, {OutcomeKind::expired, flight.last_code, 0}, false);
        return;
    }
    const auto channel = channels_.find(channel_id.ed25519);
    if (channel == channels_.end()) return;
    channel->second.sequence = std::max(channel->second.sequence.value_or(0), sequence);
    fill_channels(now_s_);
}

void Submitter::on_tick(std::uint64_t now_s, std::uint32_t fee_stroops) {
    now_s_ = now_s;
    fee_stroops_ = std::max(options_.fee_stroops, fee_stroops);
    for (const auto& [id, channel] : channels_)
        if (channel.key.empty() && !channel.sequence) ask_sequence(id);
    for (auto& [key, flight] : flights_) {
        if (!flight.is_kept) continue;
        if (now_s >= flight.next_ask_s) {
            actions_.emplace_back(AskResult{key, flight.intent.hash});
            flight.next_ask_s = now_s + options_.ask_after_s;
        }
        if (now_s >= flight.next_send_s) send(flight, now_s);
    }
    fill_channels(now_s);
}

// By value: the key may be that of the flight that goes.
void Submitter::finish(const std::string& of, Outcome outcome, bool sequence_is_used) {
    const std::string key = of;
    if (const auto flight = flights_.find(key); flight != flights_.end()) {
        const auto channel = channels_.find(flight->second.intent.channel.ed25519);
        if (channel != channels_.end() && channel->second.key == key) {
            channel->second.key.clear();
            if (sequence_is_used)
                channel->second.sequence = flight->second.intent.sequence;
            else
                channel->second.sequence.reset();
            if (!channel->second.sequence) ask_sequence(channel->first);
        }
        flights_.erase(flight);
    }
    keys_[key] = outcome;
    actions_.emplace_back(KeepOutcome{key, std::move(outcome)});
    fill_channels(now_s_);
}

void Submitter::ask_sequence(const xdr::Uint256& id) {
    actions_.emplace_back(AskSequence{{id}});
}

}  // namespace astro::stellar
