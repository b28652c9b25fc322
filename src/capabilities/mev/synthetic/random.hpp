#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "chains/solana/types.hpp"

/// Seeded pseudo-random values for made-up blocks: the same seed gives the same bytes on every
/// machine (splitmix64, Steele et al. 2014; the standard's distributions differ between libraries).
namespace astro::mev::synthetic {

class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    /// 0 … n−1; n > 0.
    std::uint64_t below(std::uint64_t n) { return next() % n; }
    /// low … high, both included.
    std::uint64_t between(std::uint64_t low, std::uint64_t high) {
        return low + below(high - low + 1);
    }
    /// Like between(), with small values as likely as large ones by order of magnitude.
    std::uint64_t sized(std::uint64_t low, std::uint64_t high) {
        const auto top = between(low, high);
        return between(low, top);
    }
    bool chance(unsigned percent) { return below(100) < percent; }
    template <class T>
    const T& pick(const std::vector<T>& items) {
        return items[below(items.size())];
    }
    template <class T>
    void shuffle(std::vector<T>& items) {
        for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
    }

    solana::Pubkey key() { return bytes<solana::Pubkey>(); }
    solana::Signature signature() { return bytes<solana::Signature>(); }
    solana::Hash hash() { return bytes<solana::Hash>(); }

  private:
    template <class T>
    T bytes() {
        T out;
        for (std::size_t i = 0; i < T::kSize; i += 8) {
            const auto word = next();
            std::memcpy(out.bytes.data() + i, &word, 8);
        }
        return out;
    }
    std::uint64_t state_;
};

}  // namespace astro::mev::synthetic
