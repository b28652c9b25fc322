#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "capabilities/exchange/engine/order_pool.hpp"
#include "capabilities/exchange/workload.hpp"
#include "foundation/base/result.hpp"

/// Operations on bare books as lines of text:
///
///     seq,type,symbol,side,order_id,price,qty
///     0,ADD,0,B,1,99990,6
///     1,IOC,0,S,2,99990,4
///     2,CANCEL,0,,1,,
namespace astro::exchange {

/// What a file may hold. Memory grows with the orders that rest, never with the file.
inline constexpr std::size_t kOpsLineMax = 200;          ///< bytes of a line
inline constexpr std::uint32_t kOpsSymbolMax = 999;      ///< symbols are 0 to this
inline constexpr std::int64_t kOpsPriceMax = 1LL << 40;  ///< ticks
inline constexpr std::string_view kOpsHeader = "seq,type,symbol,side,order_id,price,qty";
inline constexpr std::string_view kTradesHeader = "seq,symbol,taker_id,maker_id,price,qty";

/// Lines of a plain or gzip file; "-" is standard input. Reads as it is asked to.
class TextLines {
  public:
    [[nodiscard]] static Result<TextLines> open(const std::string& path);
    TextLines(TextLines&&) noexcept;
    TextLines& operator=(TextLines&&) noexcept;
    ~TextLines();

    /// Without its end, valid until the next call; nothing at the end of the file.
    [[nodiscard]] Result<std::optional<std::string_view>> next();
    /// Of the line that was given last, from 1.
    [[nodiscard]] std::uint64_t number() const { return number_; }

  private:
    struct File;
    explicit TextLines(std::unique_ptr<File> file);
    [[nodiscard]] Result<bool> fill();

    std::unique_ptr<File> file_;
    std::string buffer_;
    std::size_t at_ = 0;
    std::uint64_t number_ = 0;
};

struct SequencedOperation {
    std::uint64_t seq = 0;
    Operation operation{};
};

/// One line; the error says which column is wrong, and what would be right.
[[nodiscard]] Result<SequencedOperation> parse_operation(std::string_view line);

/// The operations of a file, in its order. An error's `where` is the line.
class OperationReader {
  public:
    [[nodiscard]] static Result<OperationReader> open(const std::string& path);

    [[nodiscard]] Result<std::optional<SequencedOperation>> next();
    [[nodiscard]] std::uint64_t line() const { return lines_.number(); }

  private:
    explicit OperationReader(TextLines lines) : lines_(std::move(lines)) {}

    TextLines lines_;
    std::optional<std::uint64_t> last_seq_;
};

}  // namespace astro::exchange
