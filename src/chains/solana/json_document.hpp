#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "foundation/base/result.hpp"

/// Foreign JSON in two steps. `load` finds every token with simdjson's vectorised first stage, then
/// checks the whole grammar and links each bracket to its partner. What follows reads only values
/// known to be well formed, in any order, and can leave a subtree at no cost: that is what lets a
/// malformed transaction be left out without losing its block.
///
/// Not simdjson's On Demand, which is faster still for one pass over trusted text: it checks
/// lazily, so a malformed tail passes unless walked, and a fault inside a subtree cannot be
/// survived. Not its DOM, which unescapes and copies every string before we know which we want.
namespace astro::solana {

struct JsonField;
template <class Element>
class JsonRange;
class JsonDocument;

/// One value of a loaded document. Valid while the document and its text are.
class JsonValue {
  public:
    JsonValue() = default;

    /// False for a default-constructed value: the member was not there.
    [[nodiscard]] bool present() const { return document_ != nullptr; }
    [[nodiscard]] bool is_object() const { return lead() == '{'; }
    [[nodiscard]] bool is_array() const { return lead() == '['; }
    [[nodiscard]] bool is_string() const { return lead() == '"'; }
    [[nodiscard]] bool is_null() const { return lead() == 'n'; }
    [[nodiscard]] bool is_true() const { return lead() == 't'; }
    /// Present and not null.
    [[nodiscard]] bool has_value() const { return present() && !is_null(); }

    /// Place of its first character in the text.
    [[nodiscard]] std::size_t byte() const;
    /// What stands between the quotes of a string, escapes as they are.
    [[nodiscard]] std::string_view raw_string() const;
    /// A string's text with escapes resolved (lone surrogates become U+FFFD).
    [[nodiscard]] std::string string() const;
    /// The value as compact JSON.
    [[nodiscard]] std::string json() const;
    /// The characters of a number, true, false or null.
    [[nodiscard]] std::string_view scalar() const;

    /// How many items an array of scalars has; an upper bound for other arrays.
    [[nodiscard]] std::size_t size_hint() const;
    /// Iterate an array; of an object or a scalar this is empty.
    [[nodiscard]] JsonRange<JsonValue> items() const;
    /// Iterate an object; of an array or a scalar this is empty.
    [[nodiscard]] JsonRange<JsonField> fields() const;

  private:
    friend class JsonDocument;
    template <class Element>
    friend class JsonRange;
    JsonValue(const JsonDocument* document, std::uint32_t token)
        : document_(document), token_(token) {}
    [[nodiscard]] char lead() const;

    const JsonDocument* document_ = nullptr;
    std::uint32_t token_ = 0;
};

/// Keeps its buffers between documents, about four to six bytes for each of the text's. Not
/// thread-safe.
class JsonDocument {
  public:
    static constexpr std::uint32_t kMaxDepth = 64;

    JsonDocument();
    ~JsonDocument();
    JsonDocument(const JsonDocument&) = delete;
    JsonDocument& operator=(const JsonDocument&) = delete;

    /// The root value. The text must stay where it is while values are read; it needs no padding.
    /// Refusal "bad_json" says what is wrong and at which byte.
    [[nodiscard]] Result<JsonValue> load(std::string_view text);

  private:
    friend class JsonValue;
    template <class Element>
    friend class JsonRange;
    class Checker;
    struct Tokenizer;

    /// First character of a token; 0 behind the last.
    [[nodiscard]] char lead(std::uint32_t token) const {
        return token < count_ ? text_[start_[token]] : '\0';
    }
    /// The token behind the value that begins at `token`.
    [[nodiscard]] std::uint32_t after(std::uint32_t token) const {
        const char c = text_[start_[token]];
        return (c == '{' || c == '[') ? close_[token] + 1 : token + 1;
    }
    /// A token's characters, without the space that follows it.
    [[nodiscard]] std::string_view token_text(std::uint32_t token) const {
        std::uint32_t end = start_[token + 1];
        while (is_space(text_[end - 1])) --end;
        return text_.substr(start_[token], end - start_[token]);
    }
    [[nodiscard]] static bool is_space(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    std::unique_ptr<Tokenizer> tokenizer_;
    std::string_view text_;
    const std::uint32_t* start_ = nullptr;  ///< where each token begins; [count_] = the text's size
    std::uint32_t count_ = 0;
    std::vector<std::uint32_t> close_;  ///< by token: the partner of an opening bracket
};

struct JsonField {
    std::string_view key;  ///< escapes as they are
    JsonValue value;
};

/// Range over an array's items or an object's members, in the text's order.
template <class Element>
class JsonRange {
  public:
    class Iterator {
      public:
        Iterator(const JsonDocument* document, std::uint32_t token, std::uint32_t end)
            : document_(document), token_(token), end_(end) {}
        [[nodiscard]] Element operator*() const {
            if constexpr (std::is_same_v<Element, JsonField>) {
                const std::string_view quoted = document_->token_text(token_);
                return {quoted.substr(1, quoted.size() - 2), JsonValue{document_, token_ + kKey}};
            } else {
                return {document_, token_};
            }
        }
        Iterator& operator++() {
            const std::uint32_t next = document_->after(token_ + kKey);
            token_ = next == end_ ? end_ : next + 1;
            return *this;
        }
        [[nodiscard]] bool operator!=(const Iterator& other) const {
            return token_ != other.token_;
        }

      private:
        /// Tokens before the value: a member's key and colon.
        static constexpr std::uint32_t kKey = std::is_same_v<Element, JsonField> ? 2 : 0;
        const JsonDocument* document_;
        std::uint32_t token_, end_;
    };
    JsonRange(const JsonDocument* document, std::uint32_t first, std::uint32_t end)
        : document_(document), first_(first), end_(end) {}
    [[nodiscard]] Iterator begin() const { return {document_, first_, end_}; }
    [[nodiscard]] Iterator end() const { return {document_, end_, end_}; }

  private:
    const JsonDocument* document_;
    std::uint32_t first_, end_;
};

inline char JsonValue::lead() const {
    return document_->text_[document_->start_[token_]];
}
inline std::size_t JsonValue::byte() const {
    return document_->start_[token_];
}
inline std::string_view JsonValue::raw_string() const {
    const std::string_view quoted = document_->token_text(token_);
    return quoted.substr(1, quoted.size() - 2);
}
inline std::string_view JsonValue::scalar() const {
    return document_->token_text(token_);
}
inline std::size_t JsonValue::size_hint() const {
    return is_array() ? (document_->close_[token_] - token_) / 2 : 0;
}
inline JsonRange<JsonValue> JsonValue::items() const {
    if (!is_array()) return {document_, 0, 0};
    return {document_, token_ + 1, document_->close_[token_]};
}
inline JsonRange<JsonField> JsonValue::fields() const {
    if (!is_object()) return {document_, 0, 0};
    return {document_, token_ + 1, document_->close_[token_]};
}

/// Appends the text of a string's inside with its escapes resolved.
void append_unescaped(std::string& out, std::string_view raw);

}  // namespace astro::solana
