#pragma once

namespace astro {

/// Asks the memory for the cache line at `at`, of which something will soon be changed. Any address
/// will do.
inline void prefetch_line(const void* at) {
    __builtin_prefetch(at, 1);
    // GCC takes a function that only prefetches for one without effect, and drops calls of it.
    asm volatile("");
}

}  // namespace astro
