#pragma once

#include <sys/file.h>

#include <ctime>

namespace astro {

/// flock() that does not wait for a holder, but for half a second: a child that a killed program
/// had just forked has its files until the child first runs and lets them go, and the program's
/// successor must not be refused for that.
[[nodiscard]] inline bool lock_file(int handle, bool shared) {
    constexpr timespec kPause{0, 10'000'000};
    constexpr int kTries = 50;
    for (int i = 0; i < kTries; ++i) {
        if (::flock(handle, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) return true;
        ::nanosleep(&kPause, nullptr);
    }
    return false;
}

}  // namespace astro
