#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "chains/solana/model.hpp"

/// Finds out which instruction wrote which log line, by following the "invoke" and "success" lines.
namespace astro::solana {

struct ProgramLog {
    std::uint32_t instruction = 0;  ///< index into Transaction::instructions
    bool is_data = false;           ///< "Program data:", else "Program log:"
    std::string_view text;          ///< behind that prefix; points into the transaction
};

/// The data and log lines of one transaction in order of writing. Lines whose instruction can't be
/// told (truncated logs, programs that are not in the instruction list) are left out.
class LogIndex {
  public:
    void build(const Transaction& tx);
    [[nodiscard]] const std::vector<ProgramLog>& lines() const { return lines_; }

  private:
    static constexpr std::uint32_t kUnknown = 0xFFFF'FFFF;
    void invoke(const Transaction& tx, std::string_view line);

    std::vector<ProgramLog> lines_;
    std::vector<std::uint32_t> stack_;
    std::uint32_t next_ = 0;  ///< the first instruction not yet seen in the logs
};

}  // namespace astro::solana
