#pragma once

#include <memory>
#include <utility>

namespace astro::stellar::xdr {

/// A value kept elsewhere, for a type that contains itself: copied, compared and destroyed as the
/// value it holds. Never empty, but for one that was moved from, which may only be assigned to.
template <class T>
class Box {
  public:
    Box() : value_(std::make_unique<T>()) {}
    Box(T value) : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT: implicit by design
    Box(const Box& other) : value_(std::make_unique<T>(*other)) {}
    Box(Box&&) noexcept = default;
    Box& operator=(const Box& other) {
        value_ = std::make_unique<T>(*other);
        return *this;
    }
    Box& operator=(Box&&) noexcept = default;
    ~Box() = default;

    [[nodiscard]] T& operator*() { return *value_; }
    [[nodiscard]] const T& operator*() const { return *value_; }
    [[nodiscard]] T* operator->() { return value_.get(); }
    [[nodiscard]] const T* operator->() const { return value_.get(); }
    bool operator==(const Box& other) const { return **this == *other; }

  private:
    std::unique_ptr<T> value_;
};

}  // namespace astro::stellar::xdr
