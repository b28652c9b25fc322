#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace astro::solana {

/// Cuts a stream of bytes into JSON documents, whatever separates them: one document, several
/// behind each other, one a line (NDJSON), or the items of a top-level array. It only finds where
/// documents end; whether they are JSON is for the parser to say.
///
/// A document that is cut off does not swallow the ones behind it: a line that begins with '{'
/// where no value can stand, or a line end inside a string, ends the broken one there.
///
///     splitter.append(bytes); while (auto piece = splitter.next()) use(*piece);   // repeat
///     splitter.finish();      while (auto piece = splitter.next()) use(*piece);
///
/// The pieces depend on the bytes only, not on how they were portioned.
class JsonSplitter {
  public:
    /// A document, or what stands where one is expected. `text` lives until the next append().
    struct Piece {
        std::string_view text;
        std::size_t line = 0;  ///< of its first character, from 1
        std::string_view
            fault_code{};  ///< "bad_json" or "too_large" when there is no text to parse
        std::string_view fault{};
    };

    /// Documents longer than `limit` bytes are left out with a fault.
    explicit JsonSplitter(std::size_t limit) : limit_(limit) {}

    void append(std::string_view bytes);
    /// No more bytes will come.
    void finish() { finished_ = true; }
    /// The next piece; nothing when more bytes are needed or, after finish(), at the end.
    [[nodiscard]] std::optional<Piece> next();

  private:
    static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

    [[nodiscard]] std::optional<Piece> start();
    [[nodiscard]] std::optional<Piece> scan();
    [[nodiscard]] std::optional<Piece> stray();
    [[nodiscard]] std::optional<Piece> end_of_array();
    [[nodiscard]] Piece cut(std::size_t end);
    [[nodiscard]] Piece break_at(std::size_t end);
    bool skip_string();
    [[nodiscard]] bool value_may_stand_at(std::size_t i) const;
    void note_size();
    void drop_scanned();
    void count_lines(std::size_t from, std::size_t to);

    std::size_t limit_;
    std::string buffer_;
    std::size_t begin_ = 0;  ///< what lies before is done with
    std::size_t scan_ = 0;
    std::size_t line_ = 1;  ///< of begin_
    bool finished_ = false;

    bool at_start_of_input_ = true;
    bool in_array_ = false, comma_due_ = false;
    std::size_t array_line_ = 0;

    bool in_document_ = false, too_large_ = false;
    std::size_t document_line_ = 0;
    bool in_string_ = false, line_end_in_string_ = false;
    std::size_t string_ = 0;  ///< first byte inside the string
    std::size_t depth_ = 0;
    std::uint64_t objects_ = 0;  ///< the innermost 64 brackets, 1 = object, lowest bit innermost
    std::size_t restart_ = kNowhere;  ///< first later line of the document that begins with '{'
};

}  // namespace astro::solana
