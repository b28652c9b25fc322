#include "capabilities/identity/limits.hpp"

namespace astro::identity {
namespace {

class MemoryLimits final : public Limits {
  public:
    explicit MemoryLimits(std::size_t buckets_max) : buckets_(buckets_max) {}

    std::vector<BucketAnswer> take(const std::vector<Charge>& charges, std::int64_t weight,
                                   std::int64_t now_ms) override {
        std::vector<BucketAnswer> out;
        const std::lock_guard lock(mutex_);
        for (const auto& charge : charges) {
            out.push_back(buckets_.take(charge.name, charge.rule, weight, now_ms));
            if (!out.back().allowed) break;
        }
        return out;
    }
    bool blocks() const override { return false; }
    std::string trouble() const override { return {}; }

  private:
    std::mutex mutex_;
    BucketTable buckets_;
};

}  // namespace

std::unique_ptr<Limits> make_memory_limits(std::size_t buckets_max) {
    return std::make_unique<MemoryLimits>(buckets_max);
}

}  // namespace astro::identity
