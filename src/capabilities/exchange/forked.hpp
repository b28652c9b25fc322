#pragma once

#include <sys/types.h>

#include <climits>
#include <functional>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "foundation/base/bytes.hpp"
#include "foundation/base/result.hpp"

namespace astro::exchange {

/// A child process that has the memory as it was when it was started, pages being copied only when
/// one of both writes to them: who has much to write down of a state that goes on changing.
///
/// In a program with threads only the one that forked is in the child, and locks that others held
/// stay locked there. The child's work therefore uses buffers, hashes and files made before; of
/// what locks only malloc, which glibc keeps usable. All signals are blocked in it, it lets all
/// files go but 0, 1, 2 and those it is given (the lock of a journal and sockets would outlive the
/// parent else), stands behind its parent in priority, and ends when the thread that started it
/// does.
class ForkedChild {
  public:
    /// `work` gives its answer in the buffer and is called in the child only.
    [[nodiscard]] static Result<ForkedChild> start(
        std::span<const int> kept_files, std::span<std::uint8_t> answer,
        const std::function<void(std::span<std::uint8_t>)>& work);
    ForkedChild(ForkedChild&& other) noexcept
        : child_(std::exchange(other.child_, -1)), answer_(std::exchange(other.answer_, -1)) {}
    ForkedChild& operator=(ForkedChild&& other) noexcept {
        std::swap(child_, other.child_);
        std::swap(answer_, other.answer_);
        return *this;
    }
    /// Ends it when it is still at work.
    ~ForkedChild();

    /// Whether finish() will not wait.
    [[nodiscard]] bool is_done() const;
    /// Waits; false when it ended without an answer, and when it was asked before.
    [[nodiscard]] bool finish(std::span<std::uint8_t> answer);

  private:
    ForkedChild(pid_t child, int answer) : child_(child), answer_(answer) {}
    void reap();

    pid_t child_ = -1;
    int answer_ = -1;  ///< the end of a pipe where the child writes its answer
};

/// The same with an answer of a type.
template <class Answer>
    requires(std::is_trivially_copyable_v<Answer> && sizeof(Answer) <= PIPE_BUF)
class Forked {
  public:
    [[nodiscard]] static Result<Forked> start(std::span<const int> kept_files,
                                              const std::function<Answer()>& work) {
        std::array<std::uint8_t, sizeof(Answer)> buffer;
        ASTRO_TRY(auto child, ForkedChild::start(kept_files, buffer, [&](auto out) {
                      const Answer answer = work();
                      std::memcpy(out.data(), &answer, sizeof answer);
                  }));
        return Forked(std::move(child));
    }
    [[nodiscard]] bool is_done() const { return child_.is_done(); }
    [[nodiscard]] std::optional<Answer> finish() {
        std::array<std::uint8_t, sizeof(Answer)> buffer;
        if (!child_.finish(buffer)) return std::nullopt;
        Answer answer;
        std::memcpy(&answer, buffer.data(), sizeof answer);
        return answer;
    }

  private:
    explicit Forked(ForkedChild child) : child_(std::move(child)) {}
    ForkedChild child_;
};

}  // namespace astro::exchange
