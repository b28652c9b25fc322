#include "capabilities/mev/evaluate.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "capabilities/mev/commands.hpp"
#include "capabilities/mev/engine/wilson.hpp"
#include "chains/solana/block_json.hpp"

namespace astro::mev {
namespace {

std::set<Signature> attack_of(const Truth& t) {
    std::set<Signature> all(t.fronts.begin(), t.fronts.end());
    all.insert(t.backs.begin(), t.backs.end());
    return all;
}

/// Whether the finding is one that this evaluation counts.
bool counts(const Finding& f) {
    return f.kind == FindingKind::liquidation || (f.kind == FindingKind::sandwich && f.profitable);
}

std::string name_of(FindingKind kind) {
    return std::string(enum_name(kind));
}

class Evaluator {
  public:
    Evaluator(const std::vector<Truth>& truth, const std::vector<Finding>& findings)
        : truth_(truth), findings_(findings) {
        for (std::size_t i = 0; i < truth.size(); ++i) {
            by_pool_.emplace(truth[i].pool, i);
            for (const auto* list :
                 {&truth[i].fronts, &truth[i].victims, &truth[i].backs, &truth[i].others})
                for (const auto& s : *list) by_signature_.emplace(s, i);
        }
    }

    Evaluation run() {
        for (const auto& t : truth_) {
            auto& score = score_of(t.kind, t.variant);
            ++(t.lookalike.empty() ? score.cases : score.lookalikes);
        }
        for (const auto& f : findings_)
            if (counts(f)) take(f);
        for (std::size_t i = 0; i < truth_.size(); ++i)
            if (truth_[i].lookalike.empty() && !found_.contains(i)) miss(truth_[i]);
        finish();
        return std::move(out_);
    }

  private:
    Score& score_of(const std::string& kind, const std::string& variant) {
        auto& score = scores_[{kind, variant}];
        score.kind = kind;
        score.variant = variant;
        return score;
    }

    /// The case that the finding is about, by its transactions.
    std::optional<std::size_t> case_of(const Finding& f) const {
        for (const auto& s : f.signatures)
            if (const auto it = by_signature_.find(s); it != by_signature_.end()) return it->second;
        for (const auto& p : f.pools)
            if (const auto it = by_pool_.find(p); !p.is_zero() && it != by_pool_.end())
                return it->second;
        return std::nullopt;
    }

    static bool matches(const Truth& t, const Finding& f) {
        if (!t.lookalike.empty() || t.kind != name_of(f.kind)) return false;
        if (std::set(f.signatures.begin(), f.signatures.end()) != attack_of(t)) return false;
        return t.kind != "sandwich" || std::ranges::any_of(f.victims, [&](const Signature& v) {
                   return std::ranges::find(t.victims, v) != t.victims.end();
               });
    }

    void take(const Finding& f) {
        const auto which = case_of(f);
        if (which && matches(truth_[*which], f) && found_.insert(*which).second)
            return hit(truth_[*which], f);
        const std::string kind = name_of(f.kind);
        const auto* t = which ? &truth_[*which] : nullptr;
        ++score_of(kind, t != nullptr && t->kind == kind ? t->variant : "background").false_alarms;
        Mistake m{"false_alarm", "background", "", "", to_text(f.signatures.front()), ""};
        if (t != nullptr) {
            m.variant = t->variant;
            m.lookalike = t->lookalike;
            m.protocol = t->protocol;
        }
        for (const auto& r : f.reasons) m.detail += (m.detail.empty() ? "" : "; ") + r;
        out_.mistakes.push_back(std::move(m));
    }

    void hit(const Truth& t, const Finding& f) {
        auto& score = score_of(t.kind, t.variant);
        ++score.found;
        if (t.kind != "sandwich") return;
        score.profit_exact += f.profit_raw == t.profit_raw ? 1 : 0;
        const std::set<Signature> named(f.victims.begin(), f.victims.end());
        score.victims_complete +=
            named == std::set<Signature>(t.victims.begin(), t.victims.end()) ? 1 : 0;
        for (const auto& loss : f.losses)
            ++(loss.method == LossMethod::exact   ? score.losses_exact
               : loss.method == LossMethod::bound ? score.losses_bound
                                                  : score.losses_unknown);
    }

    void miss(const Truth& t) {
        std::string near;
        for (const auto& f : findings_)
            if (const auto which = case_of(f); which && &truth_[*which] == &t)
                near += (near.empty() ? "" : "; ") + name_of(f.kind) +
                        (f.profitable ? " with " : " without gain, ") +
                        std::to_string(f.signatures.size()) + " transactions";
        out_.mistakes.push_back({"missed", t.variant, "", t.protocol,
                                 t.fronts.empty() ? "" : to_text(t.fronts.front()),
                                 near.empty() ? "nothing found there" : "found instead: " + near});
    }

    static void rate(Score& s) {
        const auto share = [](std::uint64_t part, std::uint64_t whole) {
            return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
        };
        const auto claimed = s.found + s.false_alarms;
        const auto recall = wilson_interval(s.found, s.cases);
        const auto precision = wilson_interval(s.found, claimed);
        s.recall = share(s.found, s.cases);
        s.recall_low = recall.low;
        s.recall_high = recall.high;
        s.precision = share(s.found, claimed);
        s.precision_low = precision.low;
        s.precision_high = precision.high;
    }

    void finish() {
        std::map<std::string, Score> all;
        for (auto& [key, s] : scores_) {
            rate(s);
            auto& sum = all[s.kind];
            sum.kind = s.kind;
            sum.variant = "all";
            sum.cases += s.cases;
            sum.found += s.found;
            sum.lookalikes += s.lookalikes;
            sum.false_alarms += s.false_alarms;
            sum.profit_exact += s.profit_exact;
            sum.victims_complete += s.victims_complete;
            sum.losses_exact += s.losses_exact;
            sum.losses_bound += s.losses_bound;
            sum.losses_unknown += s.losses_unknown;
            out_.scores.push_back(s);
        }
        for (auto& [kind, s] : all) {
            rate(s);
            out_.scores.push_back(s);
        }
    }

    const std::vector<Truth>& truth_;
    const std::vector<Finding>& findings_;
    std::map<Pubkey, std::size_t> by_pool_;
    std::map<Signature, std::size_t> by_signature_;
    std::map<std::pair<std::string, std::string>, Score> scores_;
    std::set<std::size_t> found_;
    Evaluation out_;
};

std::string share_text(double value, double low, double high) {
    char text[64];
    std::snprintf(text, sizeof text, "%.3f [%.3f, %.3f]", value, low, high);
    return text;
}

}  // namespace

Evaluation evaluate(const std::vector<Truth>& truth, const std::vector<Finding>& findings) {
    return Evaluator(truth, findings).run();
}

Result<Evaluation> evaluate_injected(const std::string& background, const InjectOptions& options,
                                     const DetectorConfig& config) {
    solana::BlockParser parser;
    std::vector<Finding> findings;
    ScanOptions scan_options;
    scan_options.detector = config;
    scan_options.detector.opportunities = false;
    scan_options.held_blocks_max = 1;
    Scan scan(scan_options, [&](const Finding& f) { findings.push_back(f); });
    const auto sink = [&](const SyntheticBlock& block) -> Result<void> {
        ASTRO_TRY(const auto parsed, parser.parse_block(block.json, block.slot));
        scan.add(solana::decode_activity(parsed));
        return {};
    };
    ASTRO_TRY(const auto truth, inject(background, options, sink));
    scan.finish();
    return evaluate(truth, findings);
}

std::vector<std::string> score_columns() {
    return {"kind",         "variant",         "cases",         "found",
            "look-alikes",  "false alarms",    "recall [95 %]", "precision [95 %]",
            "profit exact", "victims complete"};
}

std::vector<std::string> score_cells(const Score& s) {
    const auto of_sandwiches = [&](std::uint64_t n) {
        return s.kind == "sandwich" ? std::to_string(n) : "-";
    };
    return {s.kind,
            s.variant,
            std::to_string(s.cases),
            std::to_string(s.found),
            std::to_string(s.lookalikes),
            std::to_string(s.false_alarms),
            share_text(s.recall, s.recall_low, s.recall_high),
            share_text(s.precision, s.precision_low, s.precision_high),
            of_sandwiches(s.profit_exact),
            of_sandwiches(s.victims_complete)};
}

}  // namespace astro::mev
