#include <filesystem>
#include <fstream>

#include "capabilities/mev/synthetic.hpp"
#include "foundation/base/json.hpp"
#include "server/cli/blocks.hpp"
#include "server/cli/commands.hpp"

namespace astro::cli {
namespace {

namespace fs = std::filesystem;

Result<void> save(const fs::path& path, std::string_view text) {
    std::ofstream file(path, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) return unavailable("cannot_write", "cannot be written", path.string());
    return {};
}

/// A block on one line, for NDJSON.
std::string one_line(std::string json) {
    for (auto& c : json)
        if (c == '\n' || c == '\r') c = ' ';
    return json;
}

std::string truth_lines(const std::vector<mev::Truth>& truth) {
    std::string text;
    for (const auto& t : truth) {
        append_json(text, t);
        text.push_back('\n');
    }
    return text;
}

/// `subject` = what the error is about when it does not say so itself.
ExitCode told(const Error& error, const std::string& subject = {}) {
    const std::string& where = error.where.empty() ? subject : error.where;
    complain((where.empty() ? "" : where + ": ") + error.message);
    return error.kind == ErrorKind::refusal ? ExitCode::bad_input : ExitCode::failed;
}

}  // namespace

ExitCode run_inject(const InjectArguments& arguments) {
    auto background = read_document(arguments.file);
    if (!background) return ExitCode::bad_input;
    Output out;
    const fs::path folder = arguments.out;
    if (!folder.empty()) {
        std::error_code error;
        fs::create_directories(folder, error);
        if (error) {
            complain(folder.string() + ": cannot be made: " + error.message());
            return ExitCode::failed;
        }
    }
    const auto sink = [&](const mev::SyntheticBlock& block) -> Result<void> {
        if (!folder.empty())
            return save(folder / ("block_" + std::to_string(block.slot.value()) + ".json"),
                        block.json);
        out.line(one_line(block.json));
        if (out.closed() || out.failed())
            return unavailable("cannot_write", "cannot write the output");
        return {};
    };
    const mev::InjectOptions options{.kind = arguments.kind,
                                     .variants = arguments.cases.variants,
                                     .count = arguments.cases.count,
                                     .lookalikes = arguments.cases.lookalikes,
                                     .seed = arguments.cases.seed};
    const auto truth = mev::inject(std::move(*background), options, sink);
    out.flush();
    if (out.closed()) return ExitCode::ok;
    if (!truth) return told(truth.error(), arguments.file);
    const auto truth_path = !arguments.truth.empty() ? fs::path(arguments.truth)
                            : folder.empty()         ? fs::path()
                                                     : folder / "truth.ndjson";
    if (truth_path.empty()) return out.failed() ? ExitCode::failed : ExitCode::ok;
    if (const auto saved = save(truth_path, truth_lines(*truth)); !saved)
        return told(saved.error());
    return ExitCode::ok;
}

}  // namespace astro::cli
