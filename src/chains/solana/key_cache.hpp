#pragma once

#include <cstring>
#include <memory>
#include <string_view>

#include "chains/solana/types.hpp"

namespace astro::solana {

/// Remembers the last text seen for each of some thousand places. A block names the same programs,
/// mints and pools over and over; comparing the text is several times cheaper than decoding it.
/// Direct-mapped, bounded, never wrong: a hit compares the whole text.
class KeyCache {
  public:
    KeyCache() : entries_(std::make_unique<Entry[]>(kEntries)) {}

    /// False when the text is not the base58 of 32 bytes.
    [[nodiscard]] bool decode(std::string_view text, Pubkey& key) {
        if (text.size() < kTextMin || text.size() > kTextMax) return false;
        Entry& entry = entries_[place_of(text)];
        if (entry.size == text.size() && std::memcmp(entry.text, text.data(), text.size()) == 0) {
            key = entry.key;
            return true;
        }
        if (!decode_base58_fixed(text, key.bytes)) return false;
        entry.size = static_cast<std::uint8_t>(text.size());
        std::memcpy(entry.text, text.data(), text.size());
        entry.key = key;
        return true;
    }

  private:
    static constexpr std::size_t kEntries = 4096;
    static constexpr std::size_t kTextMin = 32, kTextMax = 44;

    struct Entry {
        char text[kTextMax];
        std::uint8_t size = 0;
        Pubkey key;
    };

    static std::size_t place_of(std::string_view text) {
        std::uint64_t head, tail;
        std::memcpy(&head, text.data(), 8);
        std::memcpy(&tail, text.data() + text.size() - 8, 8);
        return ((head ^ (tail << 1)) * 0x9E3779B97F4A7C15ULL) >> 52;
    }

    std::unique_ptr<Entry[]> entries_;
};

}  // namespace astro::solana
