#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

namespace astro::identity {

/// A value that every request reads and that is hardly ever replaced. The threads are spread over
/// several copies of the pointer, so that readers do not wait for one another. Thread-safe.
template <class T>
class ManyReaders {
  public:
    explicit ManyReaders(T value) { set(std::move(value)); }

    [[nodiscard]] std::shared_ptr<const T> get() const {
        const Slot& slot = slots_[own_slot()];
        const std::lock_guard lock(slot.mutex);
        return slot.value;
    }
    void set(T value) {
        const auto next = std::make_shared<const T>(std::move(value));
        for (Slot& slot : slots_) {
            const std::lock_guard lock(slot.mutex);
            slot.value = next;
        }
    }

  private:
    static constexpr std::size_t kSlots = 8;
    struct alignas(64) Slot {
        mutable std::mutex mutex{};
        std::shared_ptr<const T> value{};
    };
    static std::size_t own_slot() {
        static std::atomic<std::size_t> threads{0};
        thread_local const std::size_t slot =
            threads.fetch_add(1, std::memory_order_relaxed) % kSlots;
        return slot;
    }

    std::array<Slot, kSlots> slots_{};
};

}  // namespace astro::identity
