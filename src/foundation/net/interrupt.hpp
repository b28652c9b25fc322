#pragma once

#include <atomic>

namespace astro::net {

/// A flag that also wakes whoever polls its descriptor. Thread-safe; never lowered.
class Interrupt {
  public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    void raise();
    [[nodiscard]] bool raised() const { return raised_; }
    [[nodiscard]] int descriptor() const { return descriptor_; }

  private:
    std::atomic<bool> raised_{false};
    int descriptor_;
};

}  // namespace astro::net
