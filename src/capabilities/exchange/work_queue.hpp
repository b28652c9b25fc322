#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace astro::exchange {

/// One thread that does in order what others leave to it: what is too slow for the thread that
/// applies, such as encoding. Wakes once for all that has come. Thread-safe.
class WorkQueue {
  public:
    WorkQueue() : thread_([this] { run(); }) {}
    ~WorkQueue() { stop(); }
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;

    void post(std::function<void()> work) {
        bool wakes = false;
        {
            const std::scoped_lock lock(mutex_);
            wakes = queue_.empty() && sleeps_;
            queue_.push_back(std::move(work));
        }
        if (wakes) changed_.notify_one();
    }
    /// Does what was posted, then ends. Idempotent; not from its own work.
    void stop() {
        {
            const std::scoped_lock lock(mutex_);
            stops_ = true;
        }
        changed_.notify_one();
        if (thread_.joinable()) thread_.join();
    }

  private:
    void run() {
        std::vector<std::function<void()>> turn;
        std::unique_lock lock(mutex_);
        while (true) {
            sleeps_ = true;
            changed_.wait(lock, [this] { return stops_ || !queue_.empty(); });
            sleeps_ = false;
            if (queue_.empty()) return;
            turn.swap(queue_);
            lock.unlock();
            for (const auto& work : turn) work();
            turn.clear();
            lock.lock();
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::function<void()>> queue_;
    bool sleeps_ = false, stops_ = false;
    std::thread thread_;
};

}  // namespace astro::exchange
