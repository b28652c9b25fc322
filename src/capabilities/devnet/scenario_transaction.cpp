#include "capabilities/devnet/scenario_transaction.hpp"

#include <algorithm>
#include <array>

#include "chains/stellar/build/builder.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/hashes.hpp"

namespace astro::devnet {
namespace {

/// Where settings go.
struct Settings {
    Wanted& wanted;
    const Moment& moment;
    xdr::PreconditionsV2 conditions;
    bool has_conditions = false;

    xdr::PreconditionsV2& need_conditions() {
        has_conditions = true;
        return conditions;
    }
    xdr::TimeBounds& need_time() {
        auto& bounds = need_conditions().time_bounds;
        return bounds ? *bounds : bounds.emplace();
    }
};

Result<void> by(Words& words, Settings& to) {
    to.wanted.signers.clear();
    do {
        ASTRO_TRY(const auto name, words.take("a signer"));
        if (name != "nobody") to.wanted.signers.emplace_back(name);
    } while (words.accept("+"));
    return {};
}
Result<void> preimage(Words& words, Settings& to) {
    ASTRO_TRY(const auto text, words.take("a text"));
    to.wanted.preimages.emplace_back(text);
    return {};
}
Result<void> paid_by(Words& words, Settings& to) {
    ASTRO_TRY(to.wanted.fee_payer, words.take("who pays"));
    ASTRO_TRY(to.wanted.bump_fee, words.take_number("stroops"));
    return {};
}
Result<void> fee(Words& words, Settings& to) {
    ASTRO_TRY(const auto stroops, words.take_number("stroops"));
    to.wanted.envelope.tx.fee = static_cast<std::uint32_t>(stroops);
    return {};
}
Result<void> seq(Words& words, Settings& to) {
    ASTRO_TRY(const auto ahead, words.take_number("how far ahead"));
    to.wanted.envelope.tx.seq_num = to.moment.sequence + ahead;
    return {};
}
Result<void> after(Words& words, Settings& to) {
    ASTRO_TRY(const auto seconds, words.take_number("seconds from now"));
    to.need_time().min_time = to.moment.time_s + static_cast<std::uint64_t>(seconds);
    return {};
}
Result<void> until(Words& words, Settings& to) {
    ASTRO_TRY(const auto seconds, words.take_number("seconds from now"));
    to.need_time().max_time = to.moment.time_s + static_cast<std::uint64_t>(seconds);
    return {};
}
Result<void> ledgers(Words& words, Settings& to) {
    ASTRO_TRY(const auto from, words.take_number("ledgers from now"));
    ASTRO_TRY(const auto end, words.take_number("ledgers from now"));
    to.need_conditions().ledger_bounds = {static_cast<std::uint32_t>(to.moment.ledger + from),
                                          static_cast<std::uint32_t>(to.moment.ledger + end)};
    return {};
}
Result<void> min_seq(Words& words, Settings& to) {
    ASTRO_TRY(const auto ahead, words.take_number("how far ahead"));
    to.need_conditions().min_seq_num = to.moment.sequence + ahead;
    return {};
}
Result<void> min_age(Words& words, Settings& to) {
    ASTRO_TRY(const auto seconds, words.take_number("seconds"));
    to.need_conditions().min_seq_age = static_cast<std::uint64_t>(seconds);
    return {};
}
Result<void> min_gap(Words& words, Settings& to) {
    ASTRO_TRY(const auto count, words.take_number("ledgers"));
    to.need_conditions().min_seq_ledger_gap = static_cast<std::uint32_t>(count);
    return {};
}
Result<void> extra(Words& words, Settings& to) {
    ASTRO_TRY(const auto name, words.take("a signer"));
    to.need_conditions().extra_signers.push_back(
        {xdr::SignerKeyType::ed25519, Cast::account_of(name).ed25519});
    return {};
}

using Setting = std::pair<std::string_view, Result<void> (*)(Words&, Settings&)>;
constexpr std::array<Setting, 12> kSettings{{{"by", by},
                                             {"preimage", preimage},
                                             {"paid_by", paid_by},
                                             {"fee", fee},
                                             {"seq", seq},
                                             {"after", after},
                                             {"until", until},
                                             {"ledgers", ledgers},
                                             {"min_seq", min_seq},
                                             {"min_age", min_age},
                                             {"min_gap", min_gap},
                                             {"extra", extra}}};

Result<void> take_settings(Words& words, Settings& to) {
    while (!words.empty() && words.peek() != "->") {
        ASTRO_TRY(const auto name, words.take("a setting"));
        const auto at = std::find_if(kSettings.begin(), kSettings.end(),
                                     [&](const auto& it) { return it.first == name; });
        if (at == kSettings.end()) return words.wrong("this is no setting of a transaction");
        ASTRO_CHECK(at->second(words, to));
    }
    if (to.has_conditions)
        to.wanted.envelope.tx.cond = {xdr::PreconditionType::v2, std::move(to.conditions)};
    return {};
}

/// Who an operation acts for signs too.
Result<void> note_signer(Words words, Wanted& out) {
    if (!words.accept("as")) return {};
    ASTRO_TRY(const auto name, words.take("who"));
    if (std::find(out.signers.begin(), out.signers.end(), name) == out.signers.end())
        out.signers.emplace_back(name);
    return {};
}

}  // namespace

Result<Wanted> parse_transaction(Words& words, const Cast& cast, std::string_view source,
                                 const Moment& moment) {
    Wanted out;
    auto& tx = out.envelope.tx;
    tx.source_account = stellar::to_muxed(Cast::account_of(source));
    tx.seq_num = moment.sequence + 1;
    out.signers.emplace_back(source);
    if (!words.accept("nothing"))  // for what the ledger must refuse
        do {
            ASTRO_CHECK(note_signer(words, out));
            ASTRO_TRY(auto named, parse_operation(words, cast));
            tx.operations.push_back(std::move(named.operation));
            out.names.push_back(std::move(named.name));
        } while (words.accept("and"));
    tx.fee = 100 * static_cast<std::uint32_t>(std::max<std::size_t>(1, tx.operations.size()));
    Settings settings{out, moment, {}, false};
    ASTRO_CHECK(take_settings(words, settings));
    return out;
}

xdr::TransactionEnvelope signed_envelope(const Wanted& wanted, const xdr::Hash& network) {
    xdr::TransactionEnvelope inner{xdr::EnvelopeType::tx, wanted.envelope};
    const auto hash = xdr::transaction_hash(inner, network);
    for (const auto& name : wanted.signers) (void)stellar::sign(inner, hash, Cast::key_of(name));
    for (const auto& text : wanted.preimages)
        (void)stellar::sign_with_preimage(inner, as_bytes(text));
    if (!wanted.fee_payer) return inner;
    xdr::FeeBumpTransactionEnvelope bump;
    bump.tx.fee_source = stellar::to_muxed(Cast::account_of(*wanted.fee_payer));
    bump.tx.fee = wanted.bump_fee;
    bump.tx.inner_tx.v1 = std::get<xdr::TransactionV1Envelope>(inner.value);
    xdr::TransactionEnvelope outer{xdr::EnvelopeType::tx_fee_bump, std::move(bump)};
    (void)stellar::sign(outer, xdr::transaction_hash(outer, network),
                        Cast::key_of(*wanted.fee_payer));
    return outer;
}

}  // namespace astro::devnet
