#include "capabilities/identity/engine/audit_chain.hpp"

#include <algorithm>

namespace astro::identity {
namespace {

/// Length before each field, so that no two events have the same bytes.
void put_number(Bytes& out, std::int64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8)
        out.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> shift));
}
void put(Bytes& out, ByteView bytes) {
    put_number(out, static_cast<std::int64_t>(bytes.size()));
    out.insert(out.end(), bytes.begin(), bytes.end());
}

Bytes head_message(const AuditHead& head, TimestampNs time, std::string_view kid) {
    Bytes out;
    put(out, as_bytes("astrolabe audit head 1"));
    put_number(out, head.seq);
    put(out, head.hash.view());
    put_number(out, time.value());
    put(out, as_bytes(kid));
    return out;
}

}  // namespace

crypto::Sha256 hash_entry(std::int64_t seq, const AuditEvent& event,
                          const crypto::Sha256& previous_hash) {
    Bytes out;
    put(out, as_bytes("astrolabe audit entry 1"));
    put_number(out, seq);
    put(out, previous_hash.view());
    put_number(out, event.time.value());
    for (const auto* field :
         {&event.actor, &event.action, &event.subject, &event.outcome, &event.detail})
        put(out, as_bytes(*field));
    put(out, event.sealed);
    return crypto::sha256(out);
}

AuditEntry append_entry(AuditHead& head, AuditEvent event) {
    AuditEntry entry;
    entry.seq = head.seq + 1;
    entry.previous_hash = head.hash;
    entry.hash = hash_entry(entry.seq, event, head.hash);
    entry.event = std::move(event);
    head = {entry.seq, entry.hash};
    return entry;
}

SignedAuditHead sign_head(const AuditHead& head, TimestampNs time, std::string kid,
                          const crypto::Ed25519Key& key) {
    const auto signature = key.sign(head_message(head, time, kid));
    return {head, time, std::move(kid), signature};
}

bool verify_head(const SignedAuditHead& head, const crypto::Ed25519Public& key) {
    return crypto::verify_ed25519(key, head_message(head.head, head.time, head.kid),
                                  head.signature);
}

AuditVerifier::AuditVerifier(
    const std::vector<SignedAuditHead>& heads,
    const std::vector<std::pair<std::string, crypto::Ed25519Public>>& keys) {
    for (const auto& head : heads) {
        const bool good = std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
            return key.first == head.kid && verify_head(head, key.second);
        });
        if (good)
            heads_.push_back(head);
        else
            find(AuditFault::bad_head, head.head.seq,
                 "the signature of the head at entry " + std::to_string(head.head.seq) +
                     " is not the server's");
    }
    std::stable_sort(heads_.begin(), heads_.end(),
                     [](const auto& a, const auto& b) { return a.head.seq < b.head.seq; });
}

void AuditVerifier::find(AuditFault fault, std::int64_t seq, std::string text) {
    findings_.push_back({fault, seq, std::move(text)});
}

void AuditVerifier::next(const AuditEntry& entry) {
    if (hash_entry(entry.seq, entry.event, entry.previous_hash) != entry.hash)
        find(AuditFault::edited, entry.seq,
             "entry " + std::to_string(entry.seq) + " was edited: its fields do not give its hash");
    check_place(entry);
    check_heads(entry);
    last_ = entry;
    highest_ = std::max(highest_, entry.seq);
}

void AuditVerifier::check_place(const AuditEntry& entry) {
    const std::string name = "entry " + std::to_string(entry.seq);
    if (entry.seq <= highest_) {
        find(AuditFault::reordered, entry.seq,
             name + " stands after entry " + std::to_string(highest_));
        found_late(entry.seq);
        return;
    }
    if (entry.seq > highest_ + 1) {
        missing_.emplace_back(highest_ + 1, entry.seq - 1);
        return;
    }
    const crypto::Sha256 before = last_ ? last_->hash : crypto::Sha256{};
    // After a reordered one the chain goes on from elsewhere; only true neighbours are compared.
    const bool neighbours = !last_ || last_->seq + 1 == entry.seq;
    if (neighbours && entry.previous_hash != before)
        find(AuditFault::edited, last_ ? last_->seq : entry.seq,
             last_ ? "entry " + std::to_string(last_->seq) +
                         " was edited: the entry after it remembers another hash"
                   : name + " was edited: the first entry continues nothing");
}

void AuditVerifier::check_heads(const AuditEntry& entry) {
    for (const auto& head : heads_)
        if (head.head.seq == entry.seq && head.head.hash != entry.hash)
            find(AuditFault::rewritten, entry.seq,
                 "entry " + std::to_string(entry.seq) +
                     " is not the one whose hash was signed on " + to_iso8601(head.time));
}

/// An entry that comes late was not dropped: its range of missing ones falls in two around it.
void AuditVerifier::found_late(std::int64_t seq) {
    const auto at = std::find_if(missing_.begin(), missing_.end(), [&](const auto& range) {
        return range.first <= seq && seq <= range.second;
    });
    if (at == missing_.end()) return;
    const auto [first, last] = *at;
    missing_.erase(at);
    if (first < seq) missing_.emplace_back(first, seq - 1);
    if (seq < last) missing_.emplace_back(seq + 1, last);
}

std::vector<AuditFinding> AuditVerifier::finish() {
    for (const auto& [first, last] : missing_)
        find(AuditFault::dropped, first,
             first == last ? "entry " + std::to_string(first) + " is missing"
                           : "entries " + std::to_string(first) + " to " + std::to_string(last) +
                                 " are missing");
    for (const auto& head : heads_)
        if (head.head.seq > highest_)
            find(AuditFault::tail_dropped, highest_ + 1,
                 "the log ends at entry " + std::to_string(highest_) + ", but entry " +
                     std::to_string(head.head.seq) + " was signed on " + to_iso8601(head.time));
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const auto& a, const auto& b) { return a.seq < b.seq; });
    return std::move(findings_);
}

}  // namespace astro::identity
