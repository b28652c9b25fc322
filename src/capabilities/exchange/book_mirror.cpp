#include "capabilities/exchange/book_mirror.hpp"

#include <zlib.h>

namespace astro::exchange {
namespace {

void append_level(std::string& out, std::span<const BookLevel> side, std::size_t at) {
    if (at >= side.size()) return;
    if (!out.empty()) out += ':';
    out += to_text(side[at].price);
    out += ':';
    out += to_text(side[at].size);
}

template <class Levels>
std::vector<BookLevel> best_of(const Levels& levels, std::size_t count) {
    std::vector<BookLevel> out;
    out.reserve(std::min(count, levels.size()));
    for (const auto& [price, size] : levels) {
        if (out.size() == count) break;
        out.push_back({price, size});
    }
    return out;
}

/// Moves what differs from `pending` into `told`.
template <class Levels>
std::vector<BookLevel> commit_side(Levels& told, Levels& pending) {
    std::vector<BookLevel> out;
    for (const auto& [price, size] : pending) {
        const auto at = told.find(price);
        if (size == (at == told.end() ? Base{0} : at->second)) continue;
        out.push_back({price, size});
        if (size == Base{0})
            told.erase(at);
        else
            told.insert_or_assign(price, size);
    }
    pending.clear();
    return out;
}

}  // namespace

std::string checksum_text(std::span<const BookLevel> bids, std::span<const BookLevel> asks) {
    std::string out;
    for (std::size_t i = 0; i < kChecksumLevels; ++i) {
        append_level(out, bids, i);
        append_level(out, asks, i);
    }
    return out;
}

std::uint32_t book_checksum(std::span<const BookLevel> bids, std::span<const BookLevel> asks) {
    const std::string text = checksum_text(bids, asks);
    return static_cast<std::uint32_t>(
        ::crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
}

void BookMirror::set(Side side, Price price, Base size) {
    if (side == Side::buy)
        bids_pending_.insert_or_assign(price, size);
    else
        asks_pending_.insert_or_assign(price, size);
}

BookMirror::Difference BookMirror::commit() {
    return {commit_side(bids_, bids_pending_), commit_side(asks_, asks_pending_)};
}

std::uint32_t BookMirror::checksum() const {
    return book_checksum(levels(Side::buy, kChecksumLevels), levels(Side::sell, kChecksumLevels));
}

std::vector<BookLevel> BookMirror::levels(Side side, std::size_t count) const {
    return side == Side::buy ? best_of(bids_, count) : best_of(asks_, count);
}

}  // namespace astro::exchange
