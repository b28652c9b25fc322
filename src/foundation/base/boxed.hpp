#pragma once

#include <concepts>
#include <memory>
#include <utility>

namespace astro {

/// A value that is kept elsewhere and never changes: for the large and rare alternative of a
/// variant whose others are small. Travels as the value itself.
template <class T>
class Boxed {
  public:
    using value_type = T;

    Boxed() : value_(empty()) {}
    Boxed(T value) : value_(std::make_shared<const T>(std::move(value))) {}  // NOLINT: a value
    [[nodiscard]] const T& operator*() const { return *value_; }
    [[nodiscard]] const T* operator->() const { return value_.get(); }

  private:
    static const std::shared_ptr<const T>& empty() {
        static const auto kEmpty = std::make_shared<const T>();
        return kEmpty;
    }
    std::shared_ptr<const T> value_;
};

template <class T>
inline constexpr bool kIsBoxed = false;
template <class T>
inline constexpr bool kIsBoxed<Boxed<T>> = true;

/// A Boxed, or a name of its own for one.
template <class T>
concept BoxedValue =
    requires { typename T::value_type; } && std::derived_from<T, Boxed<typename T::value_type>>;

}  // namespace astro
