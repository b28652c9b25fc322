#pragma once

#include <string_view>

namespace astro {

/// Prints what failed and where to stderr, then aborts. Never returns.
[[noreturn]] void assert_failed(std::string_view expression, std::string_view file, int line);

}  // namespace astro

/// A bug in our own code, on in every build. Input from a user, a file or the network never reaches
/// it: that is a Result.
#define ASTRO_ASSERT(expression)                                     \
    do {                                                             \
        if (!(expression)) [[unlikely]]                              \
            ::astro::assert_failed(#expression, __FILE__, __LINE__); \
    } while (false)
