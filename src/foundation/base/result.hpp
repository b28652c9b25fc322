#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "foundation/base/assert.hpp"

namespace astro {

/// What kind of failure an Error is; decides the HTTP status and the exit code at the edge.
enum class ErrorKind {
    refusal,          ///< the caller's fault or the market's: asking again unchanged fails again
    not_found,        ///< the caller named something that is not here
    unauthenticated,  ///< the caller did not prove who he is
    forbidden,        ///< who he is, he may not
    conflict,         ///< what is here already does not allow it
    limited,          ///< too much in too short a time: later it may serve
    unavailable,      ///< disk, network, peer: nothing was done, trying again may serve
    unknown,  ///< disk, network, peer: it may or may not have been done; reconcile, don't retry
};

/// Why something was not done. `code` is stable and machine-readable (snake_case, a string
/// literal); `message` says what was wrong and what would be right; `where` names the field, byte
/// or path.
struct Error {
    ErrorKind kind = ErrorKind::refusal;
    std::string_view code;
    std::string message;
    std::string where{};

    /// "message (where)" or only the message.
    [[nodiscard]] std::string text() const {
        return where.empty() ? message : message + " (" + where + ")";
    }
};

/// Tags an Error on its way into a Result, like std::unexpected.
struct Unexpected {
    Error error;
};

[[nodiscard]] inline Unexpected refusal(std::string_view code, std::string message,
                                        std::string where = {}) {
    return {{ErrorKind::refusal, code, std::move(message), std::move(where)}};
}
[[nodiscard]] inline Unexpected not_found(std::string_view code, std::string message,
                                          std::string where = {}) {
    return {{ErrorKind::not_found, code, std::move(message), std::move(where)}};
}
[[nodiscard]] inline Unexpected unauthenticated(std::string_view code, std::string message,
                                                std::string where = {}) {
    return {{ErrorKind::unauthenticated, code, std::move(message), std::move(where)}};
}
[[nodiscard]] inline Unexpected forbidden(std::string_view code, std::string message,
                                          std::string where = {}) {
    return {{ErrorKind::forbidden, code, std::move(message), std::move(where)}};
}
[[nodiscard]] inline Unexpected conflict(std::string_view code, std::string message,
                                         std::string where = {}) {
    return {{ErrorKind::conflict, code, std::move(message), std::move(where)}};
}
[[nodiscard]] inline Unexpected limited(std::string_view code, std::string message,
                                        std::string where = {}) {
    return {{ErrorKind::limited, code, std::move(message), std::move(where)}};
}
[[nodiscard]] inline Unexpected unavailable(std::string_view code, std::string message,
                                            std::string where = {}) {
    return {{ErrorKind::unavailable, code, std::move(message), std::move(where)}};
}

/// A value or the Error that stood in its way. Member names follow std::expected, which this
/// becomes when the compiler has it (C++23).
template <class T>
class [[nodiscard]] Result {
  public:
    using value_type = T;

    Result(T value)
        : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit by design
    Result(Unexpected u) : state_(std::in_place_index<1>, std::move(u.error)) {}  // NOLINT

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] T& value() & {
        ASTRO_ASSERT(has_value());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] const T& value() const& {
        ASTRO_ASSERT(has_value());
        return *std::get_if<0>(&state_);
    }
    /// By value, so that `for (auto& x : f().value().items)` reads nothing that is gone.
    [[nodiscard]] T value() && {
        ASTRO_ASSERT(has_value());
        return std::move(*std::get_if<0>(&state_));
    }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T operator*() && { return std::move(*this).value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }

    [[nodiscard]] const Error& error() const& {
        ASTRO_ASSERT(!has_value());
        return *std::get_if<1>(&state_);
    }
    [[nodiscard]] Error error() && {
        ASTRO_ASSERT(!has_value());
        return std::move(*std::get_if<1>(&state_));
    }

    template <class U>
    [[nodiscard]] T value_or(U&& fallback) const& {
        return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
    }

  private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    using value_type = void;

    Result() = default;
    Result(Unexpected u) : error_(std::move(u.error)), ok_(false) {}  // NOLINT: implicit by design

    [[nodiscard]] bool has_value() const noexcept { return ok_; }
    [[nodiscard]] explicit operator bool() const noexcept { return ok_; }
    void value() const { ASTRO_ASSERT(ok_); }
    [[nodiscard]] const Error& error() const& {
        ASTRO_ASSERT(!ok_);
        return error_;
    }
    [[nodiscard]] Error error() && {
        ASTRO_ASSERT(!ok_);
        return std::move(error_);
    }

  private:
    Error error_;
    bool ok_ = true;
};

}  // namespace astro

#define ASTRO_CONCAT_INNER(a, b) a##b
#define ASTRO_CONCAT(a, b) ASTRO_CONCAT_INNER(a, b)

/// ASTRO_TRY(auto block, parse_block(text)): the value, or return the error to our caller.
#define ASTRO_TRY(declaration, expression) \
    ASTRO_TRY_INNER(ASTRO_CONCAT(astro_try_, __LINE__), declaration, expression)
#define ASTRO_TRY_INNER(temporary, declaration, expression)       \
    auto temporary = (expression);                                \
    if (!temporary) [[unlikely]]                                  \
        return ::astro::Unexpected{std::move(temporary).error()}; \
    declaration = std::move(temporary).value()

/// ASTRO_CHECK(store.migrate()): for a Result<void>.
#define ASTRO_CHECK(expression)                                                       \
    do {                                                                              \
        if (auto astro_check_result = (expression); !astro_check_result) [[unlikely]] \
            return ::astro::Unexpected{std::move(astro_check_result).error()};        \
    } while (false)
