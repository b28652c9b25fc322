#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "capabilities/exchange/engine/units.hpp"
#include "foundation/base/result.hpp"

/// The words of a scenario's line. `->` and `,` are words of their own; `#` begins a comment.
namespace astro::exchange {

struct Word {
    std::string_view text;
    std::size_t column = 0;  ///< from 1
};

/// A line's words, one after the other. What it refuses has the place of the word it is about.
class Words {
  public:
    [[nodiscard]] static Result<Words> of(std::string_view line, std::size_t number);

    [[nodiscard]] bool empty() const { return at_ == words_.size(); }
    [[nodiscard]] std::size_t line() const { return line_; }
    /// The next word, or nothing at the end.
    [[nodiscard]] std::string_view peek() const { return empty() ? "" : words_[at_].text; }
    /// Takes the next word when it is this one.
    bool accept(std::string_view word);
    /// Takes the next word; `wanted` says what is missing when there is none.
    [[nodiscard]] Result<std::string_view> take(std::string_view wanted);
    /// The end of the line, or of this part of it.
    [[nodiscard]] Result<void> end();
    /// About the word that was taken last.
    [[nodiscard]] Unexpected wrong(std::string message) const;
    /// About the word that comes next.
    [[nodiscard]] Unexpected wrong_next(std::string message) const;
    /// The text from a word's place on to the one that was taken last.
    [[nodiscard]] std::string since(std::size_t first) const;
    [[nodiscard]] std::size_t place() const { return at_; }

    /// Decimal numbers; `text` is all or the end of the word that was taken last.
    [[nodiscard]] Result<std::int64_t> decimal(std::string_view text, int decimals,
                                               std::string_view name) const;
    [[nodiscard]] Result<std::int64_t> take_decimal(int decimals, std::string_view name);
    /// "+5s": milliseconds, seconds, minutes, hours or days; in milliseconds.
    [[nodiscard]] Result<std::int64_t> duration(std::string_view text) const;

  private:
    [[nodiscard]] Unexpected at(std::size_t column, std::string message) const;

    std::vector<Word> words_;
    std::size_t at_ = 0, line_ = 0, columns_ = 0;
};

/// A word for a message: short, printable, in quotes.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace astro::exchange
