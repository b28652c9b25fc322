#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "foundation/crypto/random.hpp"
#include "server/dialects/binance/around.hpp"

namespace astro::binance {

/// Keys that open a user's stream, for an hour at a time. Whoever has one reads what the API key
/// that asked for it may read, and no more. Thread-safe.
class ListenKeys {
  public:
    static constexpr std::size_t kKeysMax = 10'000;

    explicit ListenKeys(const Clock& clock) : clock_(clock) {}

    struct Holder {
        gateway::Caller caller;
        AccountId account{};
        TimestampNs expires{};
    };
    /// The caller's, which is prolonged, or a new one. "too_many_requests" when there are too many.
    [[nodiscard]] Result<std::string> open(const gateway::Caller& caller, AccountId account);
    /// -1125 when the caller has none.
    [[nodiscard]] Result<std::string> prolong(const gateway::Caller& caller);
    void close(const gateway::Caller& caller);
    /// Whose it is, while it is good.
    [[nodiscard]] std::optional<Holder> holder(std::string_view key) const;

  private:
    using Keys = std::map<std::string, Holder, std::less<>>;
    [[nodiscard]] Keys::iterator find(const gateway::Caller& caller);
    void forget_expired();
    [[nodiscard]] TimestampNs expiry() const;

    const Clock& clock_;
    crypto::SystemRandom random_;
    mutable std::mutex mutex_;
    Keys keys_;
};

}  // namespace astro::binance
