#include "capabilities/mev/synthetic/block_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "foundation/base/json.hpp"

namespace astro::mev::synthetic {
namespace {

constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// Position behind the JSON value that begins at `at`; npos when the text ends first.
std::size_t skip_value(std::string_view text, std::size_t at) {
    int depth = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"') {
            for (++at; at < text.size() && text[at] != '"'; ++at)
                if (text[at] == '\\') ++at;
            if (depth == 0) return at + 1;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (depth == 0) return at;
            if (--depth == 0) return at + 1;
        } else if (depth == 0 && (c == ',' || is_space(c))) {
            return at;
        }
    }
    return std::string_view::npos;
}

std::size_t skip_space(std::string_view text, std::size_t at) {
    while (at < text.size() && is_space(text[at])) ++at;
    return at;
}

/// Where the value of `"name":` begins in `text`; npos when it is not there.
std::size_t value_of(std::string_view text, std::string_view name) {
    const auto quoted = "\"" + std::string(name) + "\"";
    for (auto at = text.find(quoted); at != std::string_view::npos;
         at = text.find(quoted, at + 1)) {
        auto behind = skip_space(text, at + quoted.size());
        if (behind < text.size() && text[behind] == ':') return skip_space(text, behind + 1);
    }
    return std::string_view::npos;
}

/// The list "transactions" whose items are objects: not a list of signatures, nor one deeper in.
std::size_t find_transactions(std::string_view text) {
    const auto at = value_of(text, "transactions");
    return at < text.size() && text[at] == '[' ? at : std::string_view::npos;
}

std::size_t find_signature(std::string_view transaction) {
    const auto list = value_of(transaction, "signatures");
    if (list == std::string_view::npos) return 0;
    const auto quote = transaction.find('"', list);
    if (quote == std::string_view::npos || transaction.size() < quote + 60) return 0;
    return quote + 1;
}

template <class T>
T number(std::string_view text) {
    T value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::string_view BlockText::member(std::string_view name) const {
    const std::string_view text = text_;
    for (const auto part : {text.substr(0, head_end_), text.substr(tail_begin_)}) {
        const auto at = value_of(part, name);
        if (at == std::string_view::npos) continue;
        const auto end = skip_value(part, at);
        return part.substr(at, end == std::string_view::npos ? end : end - at);
    }
    return {};
}

Result<BlockText> BlockText::cut(std::string text) {
    BlockText block;
    block.text_ = std::move(text);
    const std::string_view all = block.text_;
    const auto list = find_transactions(all);
    if (list == std::string_view::npos)
        return refusal("not_a_block", "the JSON has no list \"transactions\"");
    block.head_end_ = list;
    auto at = list + 1;
    for (;;) {
        while (at < all.size() && (is_space(all[at]) || all[at] == ',')) ++at;
        if (at >= all.size()) break;
        if (all[at] == ']') {
            block.tail_begin_ = at;
            break;
        }
        const auto end = skip_value(all, at);
        if (end == std::string_view::npos || all[at] != '{') break;
        const auto signature = find_signature(all.substr(at, end - at));
        block.transactions_.push_back({at, end, signature == 0 ? 0 : at + signature});
        at = end;
    }
    if (block.tail_begin_ == 0)
        return refusal("not_a_block", "the list of transactions is cut off or holds no objects",
                       "byte " + std::to_string(at));
    block.slot_ = Slot{number<std::uint64_t>(block.member("parentSlot")) + 1};
    block.time_ = number<std::int64_t>(block.member("blockTime"));
    if (const auto rewards = block.member("rewards"); rewards.starts_with('['))
        block.rewards_ = rewards;
    return block;
}

void BlockText::append(std::string& out, std::size_t index, std::uint64_t salt) const {
    const auto& piece = transactions_[index];
    const auto start = out.size();
    out.append(text_, piece.begin, piece.end - piece.begin);
    if (salt == 0 || piece.signature == 0) return;
    // Eleven digits near the front, which the ids of findings show: the value stays below 2^512,
    // since the leading digits stay.
    char* digits = out.data() + start + (piece.signature - piece.begin) + 12;
    for (int i = 0; i < 11; ++i) {
        digits[i] = kAlphabet[salt % 58];
        salt /= 58;
    }
}

void append_head(std::string& out, const BlockHead& head) {
    constexpr std::uint64_t kSkippedSlots = 20'900'000;
    const auto height = head.slot.value() - std::min(head.slot.value(), kSkippedSlots);
    out += "{\"blockHeight\":" + std::to_string(height);
    out += ",\"blockTime\":" + std::to_string(head.time_seconds);
    out += ",\"blockhash\":\"" + head.blockhash + "\",\"parentSlot\":";
    out += std::to_string(head.parent.value());
    out += ",\"previousBlockhash\":\"" + head.previous_blockhash + "\",\"synthetic\":";
    append_json_string(out, head.synthetic);
    out += ",\"rewards\":" + head.rewards + ",\"transactions\":[";
}

}  // namespace astro::mev::synthetic
