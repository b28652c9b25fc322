#include <algorithm>
#include <map>

#include "capabilities/mev/commands.hpp"
#include "capabilities/mev/evaluate.hpp"
#include "capabilities/mev/synthetic/cases.hpp"
#include "foundation/base/json.hpp"
#include "server/cli/blocks.hpp"
#include "server/cli/commands.hpp"

namespace astro::cli {
namespace {

class Report {
  public:
    explicit Report(const EvaluateArguments& arguments)
        : arguments_(arguments), table_(columns()) {}

    /// `background` = what the cases were put into.
    void add(const std::string& background, const mev::Evaluation& evaluation) {
        for (const auto& score : evaluation.scores) {
            if (arguments_.format == Format::json) {
                line(background, to_json(score));
                continue;
            }
            auto cells = mev::score_cells(score);
            cells.insert(cells.begin(), background.substr(background.find_last_of('/') + 1));
            table_.add(std::move(cells));
        }
        if (arguments_.mistakes)
            for (const auto& mistake : evaluation.mistakes) mistake_line(background, mistake);
    }

    ExitCode finish(bool bad_input) {
        if (arguments_.format == Format::table) {
            table_.print(out_);
            for (const auto& text : mistakes_) out_.line(text);
        }
        out_.flush();
        if (out_.failed()) {
            complain("cannot write the output");
            return ExitCode::failed;
        }
        return bad_input ? ExitCode::bad_input : ExitCode::ok;
    }

  private:
    static std::vector<std::string> columns() {
        auto names = mev::score_columns();
        names.insert(names.begin(), "background");
        return names;
    }
    void line(const std::string& background, const std::string& object) {
        std::string text = "{\"background\":";
        append_json_string(text, background);
        out_.line(text + "," + object.substr(1));
    }
    void mistake_line(const std::string& background, const mev::Mistake& m) {
        if (arguments_.format == Format::json)
            line(background, to_json(m));
        else
            mistakes_.push_back(m.what + "  " + m.variant +
                                (m.lookalike.empty() ? "" : " (" + m.lookalike + ")") + "  " +
                                m.protocol + "  " + m.signature + "  " + m.detail);
    }

    const EvaluateArguments& arguments_;
    Output out_;
    Table table_;
    std::vector<std::string> mistakes_;
};

/// Blocks that inject wrote before, against the truth it wrote beside them.
ExitCode evaluate_files(const EvaluateArguments& arguments) {
    const auto text = read_text(arguments.truth);
    if (!text) return ExitCode::bad_input;
    const auto truth = mev::parse_truth(*text);
    if (!truth) {
        complain(arguments.truth + ": " + truth.error().text());
        return ExitCode::bad_input;
    }
    std::vector<mev::Finding> findings;
    mev::ScanOptions options;
    options.detector.opportunities = false;
    mev::Scan scan(options, [&](const mev::Finding& f) { findings.push_back(f); });
    const auto read = read_blocks(arguments.files, [&](solana::BlockActivity block) {
        scan.add(std::move(block));
        return true;
    });
    scan.finish();
    Report report(arguments);
    report.add(arguments.truth, mev::evaluate(*truth, findings));
    return report.finish(read.bad_input);
}

bool knows(const std::string& kind, const std::string& variant) {
    const auto known = kind == "sandwich" ? mev::synthetic::sandwich_variants()
                                          : mev::synthetic::liquidation_variants();
    return std::ranges::find(known, variant) != known.end();
}

/// The kinds with what of each is asked for: a variant says its kind.
std::map<std::string, std::vector<std::string>> variants_by_kind(const EvaluateArguments& a) {
    std::map<std::string, std::vector<std::string>> out;
    if (a.cases.variants.empty())
        for (const auto& kind : a.kinds) out[kind];
    for (const auto& variant : a.cases.variants) {
        const auto kind =
            std::ranges::find_if(a.kinds, [&](const std::string& k) { return knows(k, variant); });
        // An unknown one goes to the first kind, which refuses it and names those it has.
        out[kind == a.kinds.end() ? a.kinds.front() : *kind].push_back(variant);
    }
    return out;
}

/// Makes the cases up on the way.
ExitCode evaluate_backgrounds(const EvaluateArguments& arguments) {
    Report report(arguments);
    bool bad_input = false;
    for (const auto& file : arguments.files) {
        const auto background = read_document(file);
        if (!background) {
            bad_input = true;
            continue;
        }
        for (const auto& [kind, variants] : variants_by_kind(arguments)) {
            const mev::InjectOptions options{.kind = kind,
                                             .variants = variants,
                                             .count = arguments.cases.count,
                                             .lookalikes = arguments.cases.lookalikes,
                                             .seed = arguments.cases.seed};
            const auto evaluation = mev::evaluate_injected(*background, options);
            if (evaluation) {
                report.add(file, *evaluation);
                continue;
            }
            complain(file + ": " + evaluation.error().text());
            bad_input = true;
        }
    }
    return report.finish(bad_input);
}

}  // namespace

ExitCode run_evaluate(const EvaluateArguments& arguments) {
    return arguments.truth.empty() ? evaluate_backgrounds(arguments) : evaluate_files(arguments);
}

}  // namespace astro::cli
