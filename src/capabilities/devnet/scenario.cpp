#include "capabilities/devnet/scenario.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/holding.hpp"
#include "capabilities/devnet/engine/invariants.hpp"
#include "capabilities/devnet/engine/ledger.hpp"
#include "capabilities/devnet/scenario_transaction.hpp"
#include "chains/stellar/build/amount.hpp"
#include "chains/stellar/build/builder.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/explain/explain.hpp"
#include "chains/stellar/networks.hpp"
#include "chains/stellar/xdr/hashes.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::devnet {
namespace {

constexpr std::string_view kPassphrase = "Scenario Network ; November 2026";
constexpr std::uint64_t kSecondsBetween = 5;

std::string codes_of(const stellar::TransactionExplanation& told) {
    std::string out;
    for (const auto& operation : told.operations)
        out += (out.empty() ? "" : ", ") + operation.result.xdr_name;
    const auto& outer = told.inner_result ? *told.inner_result : told.result;
    return out.empty() || outer.xdr_name == "tx_bad_sponsorship" ? outer.xdr_name : out;
}

/// "success" stands for any number of them.
bool are_as_said(const std::string& said, const stellar::TransactionExplanation& told) {
    if (said != "success") return said == codes_of(told);
    return told.successful;
}

class Play {
  public:
    Play() : ledger_(kPassphrase, {.genesis_time_s = 1'800'000'000}) {}

    Result<ScenarioReport> run(std::string_view text) {
        std::uint32_t number = 0;
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            const auto line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            if (++number > kScenarioLinesMax)
                return refusal("bad_scenario", "a scenario has at most 20,000 lines", "scenario");
            line_ = with_plans(std::string(line));
            Words words(line_, number);
            if (!words.empty()) ASTRO_CHECK(play(words));
        }
        report_.passes = report_.faults.empty();
        report_.outcomes.assign(outcomes_.begin(), outcomes_.end());
        report_.ledgers = ledger_.header().ledger_seq;
        report_.ledger_hash = to_hex(ledger_.hash().view());
        return report_;
    }

  private:
    /// "plan:NAME" is the planned transaction's hash.
    [[nodiscard]] std::string with_plans(std::string line) const {
        constexpr std::string_view kPlan = "plan:";
        const auto at = line.find(kPlan);
        if (at == std::string::npos) return line;
        const auto end = std::min(line.find_first_of(": \t", at + kPlan.size()), line.size());
        const auto plan = plans_.find(line.substr(at + kPlan.size(), end - at - kPlan.size()));
        if (plan == plans_.end()) return line;
        const auto envelope = signed_envelope(plan->second, ledger_.network());
        const auto hash = submitted(envelope, ledger_.network()).hash;
        return line.replace(at, end - at, "tx:" + to_hex(hash.view()));
    }

    Result<void> play(Words& words) {
        if (words.accept("asset")) return declare_asset(words);
        if (words.accept("account")) return fund(words);
        if (words.accept("time")) return pass_time(words);
        if (words.accept("plan")) return plan(words);
        if (words.accept("submit")) return submit_planned(words);
        if (words.accept("expect")) return expect(words);
        ASTRO_TRY(auto wanted, parse(words));
        return submit(words, wanted);
    }

    Result<void> declare_asset(Words& words) {
        ASTRO_TRY(const auto code, words.take("a code"));
        ASTRO_TRY(const auto issuer, words.take("an issuer"));
        cast_.add_asset(code, issuer);
        return end(words);
    }

    Result<void> fund(Words& words) {
        ASTRO_TRY(const auto name, words.take("a name"));
        ASTRO_TRY(const auto amount, words.take_amount("lumens"));
        const auto root = root_key(kPassphrase);
        xdr::TransactionV1Envelope envelope;
        const xdr::PublicKey source{{root.public_key().bytes}};
        envelope.tx.source_account = stellar::to_muxed(source);
        envelope.tx.fee = 100;
        envelope.tx.seq_num = sequence_of(source) + 1;
        envelope.tx.operations.push_back({std::nullopt,
                                          {xdr::OperationType::create_account,
                                           xdr::CreateAccountOp{Cast::account_of(name), amount}}});
        xdr::TransactionEnvelope whole{xdr::EnvelopeType::tx, std::move(envelope)};
        ASTRO_CHECK(stellar::sign(whole, xdr::transaction_hash(whole, ledger_.network()), root));
        if (!close(std::move(whole)).succeeded())
            return words.wrong("the account cannot be funded so");
        return end(words);
    }

    Result<void> pass_time(Words& words) {
        ASTRO_TRY(const auto seconds, words.take_number("seconds"));
        extra_s_ += static_cast<std::uint64_t>(std::clamp<std::int64_t>(seconds, 0, 1 << 30));
        return end(words);
    }

    /// A transaction to be submitted later; its hash can be a signer by then.
    Result<void> plan(Words& words) {
        ASTRO_TRY(const auto name, words.take("a name"));
        ASTRO_TRY(auto wanted, parse(words));
        plans_[std::string(name)] = std::move(wanted);
        return end(words);
    }

    Result<void> submit_planned(Words& words) {
        ASTRO_TRY(const auto name, words.take("a plan's name"));
        const auto at = plans_.find(name);
        if (at == plans_.end()) return words.wrong("nothing was planned under that name");
        return submit(words, at->second);
    }

    Result<Wanted> parse(Words& words) const {
        ASTRO_TRY(const auto source, words.take("who"));
        const Moment moment{next_time(), ledger_.header().ledger_seq + 1,
                            sequence_of(Cast::account_of(source))};
        return parse_transaction(words, cast_, source, moment);
    }

    /// Refused before the ledger, or in it: the result is what a client would see.
    Result<void> submit(Words& words, const Wanted& wanted) {
        ++report_.transactions;
        const auto envelope = signed_envelope(wanted, ledger_.network());
        const auto checked = ledger_.check(submitted(envelope, ledger_.network()), next_time());
        auto told = stellar::explain(checked);
        if (told.successful) {
            const auto result = close(envelope);
            told = stellar::explain(result.applied.result);
            keep_names(wanted, result);
        }
        note_outcomes(told);
        ASTRO_TRY(const auto said, take_said(words));
        if (!are_as_said(said, told)) fault(words, said, codes_of(told));
        return {};
    }

    void note_outcomes(const stellar::TransactionExplanation& told) {
        outcomes_.insert(told.inner_result ? told.inner_result->xdr_name : told.result.xdr_name);
        for (const auto& operation : told.operations) {
            const auto& result = operation.result;
            outcomes_.insert(result.operation ? *result.operation + " " + result.xdr_name
                                              : result.xdr_name);
        }
    }

    static Result<std::string> take_said(Words& words) {
        std::string out;
        if (!words.accept("->")) {
            if (words.empty()) return std::string("success");
            return words.wrong("'->' and the result come next");
        }
        do {
            ASTRO_TRY(const auto code, words.take("a code"));
            out += (out.empty() ? "" : ", ") + std::string(code);
        } while (words.accept(","));
        ASTRO_CHECK(end(words));
        return out;
    }

    LedgerTransaction close(xdr::TransactionEnvelope envelope) {
        const auto time = next_time();
        extra_s_ = 0;
        std::vector<Submitted> set{submitted(std::move(envelope), ledger_.network())};
        auto closed = ledger_.close(std::move(set), time);
        if (const auto broken = find_broken_invariant(ledger_.state(), ledger_.header()))
            report_.faults.push_back({0, line_, "the ledger agrees with itself", *broken});
        return std::move(closed.transactions.at(0));
    }

    void keep_names(const Wanted& wanted, const LedgerTransaction& done) {
        const auto& value = done.applied.result.result.value;
        const auto* results = std::get_if<std::vector<xdr::OperationResult>>(&value);
        for (std::size_t i = 0; results && i < results->size(); ++i) {
            const auto* inner = std::get_if<xdr::OperationResultTr>(&results->at(i).value);
            if (!inner || wanted.names[i].empty()) continue;
            if (const auto* made = std::get_if<xdr::CreateClaimableBalanceResult>(&inner->value))
                if (const auto* id = std::get_if<xdr::ClaimableBalanceID>(&made->value))
                    cast_.balances[wanted.names[i]] = *id;
            if (const auto* sold = std::get_if<xdr::ManageSellOfferResult>(&inner->value))
                keep_offer(wanted.names[i], sold->value);
            if (const auto* bought = std::get_if<xdr::ManageBuyOfferResult>(&inner->value))
                keep_offer(wanted.names[i], bought->value);
        }
    }

    template <class Value>
    void keep_offer(const std::string& name, const Value& value) {
        const auto* success = std::get_if<xdr::ManageOfferSuccessResult>(&value);
        const auto* offer = success ? std::get_if<xdr::OfferEntry>(&success->offer.value) : nullptr;
        if (offer) cast_.offers[name] = offer->offer_id;
    }

    /// "expect ada XLM 90, bob entries 2, eve gone".
    Result<void> expect(Words& words) {
        do {
            ++report_.checks;
            ASTRO_TRY(const auto name, words.take("who"));
            const auto id = Cast::account_of(name);
            const auto* entry = ledger_.state().find(account_key(id));
            if (words.accept("gone")) {
                if (entry) fault(words, std::string(name) + " gone", "it is there");
                continue;
            }
            if (!entry) return words.wrong("there is no such account");
            const auto& account = account_in(*entry);
            const auto* counts = sponsorships(account);
            if (words.accept("entries")) {
                ASTRO_CHECK(expect_count(words, account.num_sub_entries));
            } else if (words.accept("sponsoring")) {
                ASTRO_CHECK(expect_count(words, counts ? counts->num_sponsoring : 0));
            } else if (words.accept("sponsored")) {
                ASTRO_CHECK(expect_count(words, counts ? counts->num_sponsored : 0));
            } else if (words.accept("offers")) {
                const auto keys = ledger_.state().keys_of(id, xdr::LedgerEntryType::offer);
                ASTRO_CHECK(expect_count(words, static_cast<std::uint32_t>(keys.size())));
            } else {
                ASTRO_CHECK(expect_amount(words, id, account));
            }
        } while (words.accept(","));
        return end(words);
    }

    Result<void> expect_count(Words& words, std::uint32_t is) {
        ASTRO_TRY(const auto wanted, words.take_number("a number"));
        if (wanted != is) fault(words, std::to_string(wanted), std::to_string(is));
        return {};
    }

    /// Of an asset, or of a pool's shares; without a trustline it is none.
    Result<void> expect_amount(Words& words, const xdr::PublicKey& id,
                               const xdr::AccountEntry& account) {
        std::int64_t is = account.balance;
        if (words.peek().find('/') != std::string_view::npos) {
            ASTRO_TRY(const auto pool, cast_.take_pool(words));
            const xdr::TrustLineAsset of{xdr::AssetType::pool_share, xdr::pool_id(pool)};
            const auto* line = ledger_.state().find(line_key(id, of));
            is = line ? line_in(*line).balance : 0;
        } else {
            ASTRO_TRY(const auto asset, cast_.take_asset(words));
            const auto* line = ledger_.state().find(line_key(id, asset));
            if (!is_native(asset)) is = line ? line_in(*line).balance : 0;
        }
        ASTRO_TRY(const auto wanted, words.take_amount("an amount"));
        if (wanted != is)
            fault(words, to_text(stellar::Stroops(wanted)), to_text(stellar::Stroops(is)));
        return {};
    }

    static Result<void> end(Words& words) {
        if (words.empty()) return {};
        ASTRO_TRY([[maybe_unused]] const auto word, words.take("the end"));
        return words.wrong("the line should end before this");
    }

    void fault(const Words& words, std::string expected, std::string got) {
        report_.faults.push_back({words.line(), line_, std::move(expected), std::move(got)});
    }

    [[nodiscard]] std::uint64_t next_time() const {
        return ledger_.header().scp_value.close_time + kSecondsBetween + extra_s_;
    }
    [[nodiscard]] std::int64_t sequence_of(const xdr::PublicKey& id) const {
        const auto* entry = ledger_.state().find(account_key(id));
        return entry ? account_in(*entry).seq_num : 0;
    }

    Ledger ledger_;
    Cast cast_;
    ScenarioReport report_;
    std::map<std::string, Wanted, std::less<>> plans_;
    std::set<std::string> outcomes_;
    std::string line_;
    std::uint64_t extra_s_ = 0;
};

}  // namespace

Result<ScenarioReport> run_scenario(std::string_view text) {
    if (text.size() > kScenarioBytesMax)
        return refusal("bad_scenario", "a scenario has at most 1 MB", "scenario");
    return Play().run(text);
}

}  // namespace astro::devnet
