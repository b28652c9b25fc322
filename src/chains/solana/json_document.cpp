#include "chains/solana/json_document.hpp"

#include <simdjson.h>

#include <array>
#include <cstring>

#include "foundation/base/encoding.hpp"

namespace astro::solana {
namespace {

/// Buffers larger than this are given back after the document that needed them.
constexpr std::size_t kKeptCapacity = 64U << 20;

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// RFC 8259 §6.
bool is_number(std::string_view text) {
    std::size_t i = 0;
    const auto at = [&](std::size_t k) { return k < text.size() ? text[k] : '\0'; };
    const auto digits = [&] {
        const std::size_t first = i;
        while (is_digit(at(i))) ++i;
        return i > first;
    };
    if (at(i) == '-') ++i;
    if (at(i) == '0')
        ++i;
    else if (!digits())
        return false;
    if (at(i) == '.') {
        ++i;
        if (!digits()) return false;
    }
    if (at(i) == 'e' || at(i) == 'E') {
        ++i;
        if (at(i) == '+' || at(i) == '-') ++i;
        if (!digits()) return false;
    }
    return i == text.size();
}

/// Whether every backslash of a string's inside begins an escape of RFC 8259 §7.
bool has_good_escapes(std::string_view raw) {
    for (std::size_t i = raw.find('\\'); i != std::string_view::npos; i = raw.find('\\', i)) {
        const char kind = i + 1 < raw.size() ? raw[i + 1] : '\0';
        if (kind == 'u') {
            if (i + 6 > raw.size()) return false;
            for (std::size_t k = i + 2; k < i + 6; ++k)
                if (!is_hex(raw[k])) return false;
            i += 6;
        } else if (kind != '\0' && std::strchr("\"\\/bfnrt", kind) != nullptr) {
            i += 2;
        } else {
            return false;
        }
    }
    return true;
}

std::uint32_t hex4(std::string_view digits) {
    std::uint32_t value = 0;
    for (const char c : digits.substr(0, 4))
        value =
            value << 4 | static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 32) - 'a' + 10);
    return value;
}

void append_utf8(std::string& out, std::uint32_t code) {
    const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

/// Appends what the \uXXXX at raw[i] means; returns the place behind it.
std::size_t append_unicode_escape(std::string& out, std::string_view raw, std::size_t i) {
    std::uint32_t code = hex4(raw.substr(i + 2));
    i += 6;
    if (code >= 0xD800 && code < 0xDC00 && raw.substr(i, 2) == "\\u") {
        const std::uint32_t low = hex4(raw.substr(i + 2));
        if (low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            i += 6;
        }
    }
    append_utf8(out, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
    return i;
}

Unexpected bad_json(std::string why, std::size_t byte) {
    return refusal("bad_json", "not valid JSON: " + std::move(why), "byte " + std::to_string(byte));
}

/// How many bytes a well-formed UTF-8 character takes here; 0 when there is none.
std::size_t utf8_length(std::string_view text, std::size_t i) {
    for (std::size_t length = 1; length <= 4 && i + length <= text.size(); ++length)
        if (is_utf8(text.substr(i, length))) return length;
    return 0;
}

/// The vectorised stage says that strings or characters are broken, but not where.
Unexpected locate_broken_text(std::string_view text) {
    bool inside = false;
    std::size_t opened = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x80) {
            const std::size_t length = utf8_length(text, i);
            if (length == 0) return bad_json("a byte that is not UTF-8", i);
            i += length;
            continue;
        }
        if (inside && c < 0x20) return bad_json("a control character inside a string", i);
        if (c == '"') {
            inside = !inside;
            opened = i;
        }
        i += inside && c == '\\' ? 2 : 1;
    }
    if (inside)
        return bad_json(
            "the text ends inside the string that begins at byte " + std::to_string(opened),
            text.size());
    return bad_json("broken text", 0);
}

}  // namespace

struct JsonDocument::Tokenizer {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;

    simdjson::error_code run(std::string_view text) {
        if (!stage || stage->capacity() < text.size()) {
            const std::size_t capacity = text.size() + text.size() / 4 + 1024;
            const auto error =
                stage ? stage->set_capacity(capacity)
                      : simdjson::get_active_implementation()->create_dom_parser_implementation(
                            capacity, 1, stage);
            if (error != simdjson::SUCCESS) return error;
        }
        return stage->stage1(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                             simdjson::stage1_mode::regular);
    }
};

/// Walks all tokens once and checks that they are JSON; fills the links between brackets.
class JsonDocument::Checker {
  public:
    explicit Checker(JsonDocument& document) : d_(document), next_backslash_(d_.text_.find('\\')) {}

    Result<void> run() {
        State state = State::value;
        while (state != State::done && state != State::failed) {
            switch (state) {
                case State::value:
                    state = value();
                    break;
                case State::key:
                    state = key();
                    break;
                default:
                    state = after();
            }
        }
        if (state == State::done) return {};
        return bad_json(why_, token_ < d_.count_ ? d_.start_[token_] : d_.text_.size());
    }

  private:
    enum class State { value, key, after, done, failed };

    State fail(const char* why) {
        why_ = token_ < d_.count_ ? why : "the text ends too early";
        return State::failed;
    }

    State value() {
        switch (const char c = d_.lead(token_)) {
            case '{':
            case '[':
                return open(c);
            case '"':
                if (!check_escapes()) return fail("a string with an unknown escape");
                break;
            case 't':
                if (d_.token_text(token_) != "true") return fail("a word that is not JSON");
                break;
            case 'f':
                if (d_.token_text(token_) != "false") return fail("a word that is not JSON");
                break;
            case 'n':
                if (d_.token_text(token_) != "null") return fail("a word that is not JSON");
                break;
            default:
                if (!is_digit(c) && c != '-') return fail("a value is expected here");
                if (!is_plain_integer() && !is_number(d_.token_text(token_)))
                    return fail("a malformed number");
        }
        ++token_;
        return State::after;
    }

    /// Backslashes are rare, so the next one is looked for once, not in each string.
    bool check_escapes() {
        const std::uint32_t end = d_.start_[token_ + 1];
        if (next_backslash_ >= end) return true;
        next_backslash_ = d_.text_.find('\\', end);
        return has_good_escapes(d_.token_text(token_));
    }

    /// Digits up to the next token, no leading zero: nearly every number of a block.
    bool is_plain_integer() const {
        std::uint32_t i = d_.start_[token_];
        const std::uint32_t end = d_.start_[token_ + 1];
        if (d_.text_[i] == '0' && end - i > 1) return false;
        while (i < end && is_digit(d_.text_[i])) ++i;
        return i == end;
    }

    State open(char bracket) {
        if (depth_ == kMaxDepth) return fail("nested deeper than 64 levels");
        is_object_[depth_] = bracket == '{';
        open_[depth_++] = token_++;
        if (d_.lead(token_) == (bracket == '{' ? '}' : ']')) return close();
        return bracket == '{' ? State::key : State::value;
    }

    State close() {
        d_.close_[open_[--depth_]] = token_++;
        return State::after;
    }

    State key() {
        if (d_.lead(token_) != '"') return fail("a member name in quotes is expected here");
        if (!check_escapes()) return fail("a string with an unknown escape");
        ++token_;
        if (d_.lead(token_) != ':') return fail("':' is expected here");
        ++token_;
        return State::value;
    }

    State after() {
        if (depth_ == 0) {
            if (token_ == d_.count_) return State::done;
            return fail("text after the end of the document");
        }
        const bool object = is_object_[depth_ - 1];
        const char c = d_.lead(token_);
        if (c == ',') {
            ++token_;
            return object ? State::key : State::value;
        }
        if (c == (object ? '}' : ']')) return close();
        return fail(object ? "',' or '}' is expected here" : "',' or ']' is expected here");
    }

    JsonDocument& d_;
    std::size_t next_backslash_;  ///< at or behind the current token; npos when there is none
    std::uint32_t token_ = 0;
    std::uint32_t depth_ = 0;
    std::array<std::uint32_t, kMaxDepth> open_{};
    std::array<bool, kMaxDepth> is_object_{};
    const char* why_ = "";
};

JsonDocument::JsonDocument() : tokenizer_(std::make_unique<Tokenizer>()) {}
JsonDocument::~JsonDocument() = default;

Result<JsonValue> JsonDocument::load(std::string_view text) {
    if (tokenizer_->stage && tokenizer_->stage->capacity() > kKeptCapacity &&
        text.size() <= kKeptCapacity) {
        tokenizer_ = std::make_unique<Tokenizer>();
        close_ = {};
    }
    text_ = text;
    const auto error = tokenizer_->run(text);
    if (error == simdjson::EMPTY) return bad_json("there is nothing but space", text.size());
    if (error == simdjson::MEMALLOC || error == simdjson::CAPACITY)
        return unavailable("out_of_memory", "no memory for a JSON text of " +
                                                std::to_string(text.size()) + " bytes");
    if (error != simdjson::SUCCESS) return locate_broken_text(text);
    start_ = tokenizer_->stage->structural_indexes.get();
    count_ = tokenizer_->stage->n_structural_indexes;
    if (close_.size() < count_) close_.resize(count_);
    ASTRO_CHECK(Checker(*this).run());
    return JsonValue(this, 0);
}

std::string JsonValue::string() const {
    std::string out;
    append_unescaped(out, raw_string());
    return out;
}

std::string JsonValue::json() const {
    std::string out;
    const std::uint32_t end = document_->after(token_);
    for (std::uint32_t i = token_; i < end; ++i) out.append(document_->token_text(i));
    return out;
}

void append_unescaped(std::string& out, std::string_view raw) {
    constexpr std::string_view kFrom = "\"\\/bfnrt";
    constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    std::size_t i = 0;
    while (i < raw.size()) {
        const std::size_t escape = std::min(raw.find('\\', i), raw.size());
        out.append(raw.substr(i, escape - i));
        i = escape;
        if (i == raw.size()) return;
        if (raw[i + 1] == 'u') {
            i = append_unicode_escape(out, raw, i);
        } else {
            out.push_back(kTo[kFrom.find(raw[i + 1])]);
            i += 2;
        }
    }
}

}  // namespace astro::solana
