#include "chains/solana/logs.hpp"

#include <algorithm>
#include <charconv>

namespace astro::solana {
namespace {

constexpr std::string_view kProgram = "Program ";
constexpr std::string_view kLog = "Program log: ";
constexpr std::string_view kData = "Program data: ";
constexpr std::string_view kInvoke = " invoke [";
/// How many instructions without an invoke line may follow each other.
constexpr std::size_t kLookAhead = 64;

}  // namespace

void LogIndex::build(const Transaction& tx) {
    lines_.clear();
    stack_.clear();
    next_ = 0;
    for (const std::string& text : tx.logs) {
        const std::string_view line = text;
        if (!line.starts_with(kProgram)) continue;
        const bool is_log = line.starts_with(kLog);
        const bool is_data = !is_log && line.starts_with(kData);
        if (is_log || is_data) {
            if (stack_.empty() || stack_.back() == kUnknown) continue;
            lines_.push_back(
                {stack_.back(), is_data, line.substr(is_data ? kData.size() : kLog.size())});
        } else if (line.ends_with(']') && line.find(kInvoke) != std::string_view::npos) {
            invoke(tx, line);
        } else if (!stack_.empty() && (line.ends_with(" success") ||
                                       line.find(" failed: ") != std::string_view::npos)) {
            stack_.pop_back();
        }
    }
}

void LogIndex::invoke(const Transaction& tx, std::string_view line) {
    const std::size_t at = line.find(kInvoke);
    Pubkey program;
    unsigned height = 0;
    const std::string_view number = line.substr(at + kInvoke.size());
    std::from_chars(number.data(), number.data() + number.size(), height);
    std::uint32_t found = kUnknown;
    if (decode_base58_fixed(line.substr(kProgram.size(), at - kProgram.size()), program.bytes)) {
        // Precompiles write no "invoke" line, so the next instruction may be a little further on.
        const auto end = std::min<std::size_t>(tx.instructions.size(), next_ + kLookAhead);
        for (std::uint32_t i = next_; i < end && found == kUnknown; ++i) {
            const Instruction& ix = tx.instructions[i];
            const bool height_fits = ix.stack_height == 0 || ix.stack_height == height;
            if (height_fits && tx.program_of(ix) == program) found = i;
        }
    }
    if (found != kUnknown) next_ = found + 1;
    stack_.push_back(found);
}

}  // namespace astro::solana
