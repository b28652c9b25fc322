#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "capabilities/exchange/outcome.hpp"
#include "foundation/crypto/sha256.hpp"

namespace astro::exchange {

/// What the idempotency keys of late have led to. A key is looked up before its command is
/// journalled, so that no command stands in the journal twice; it is filled again by recovery.
/// Thread-safe.
class KeyMemory {
  public:
    /// `keys_max` with an outcome are remembered, the newest; those under way besides.
    explicit KeyMemory(std::size_t keys_max) : keys_max_(keys_max) {}

    struct Look {
        enum class Kind { fresh, waits, repeated } kind = Kind::fresh;
        Outcome outcome{};  ///< when it is repeated
    };
    /// Fresh: the caller has the command journalled and then calls finish() or fail(). Waits: the
    /// key is under way, and `done` was taken to be called with it.
    /// "idempotency_key_reused" (conflict) when the key came with another command.
    [[nodiscard]] Result<Look> begin(const std::string& key, const crypto::Sha256& body,
                                     OutcomeDone& done);
    /// Those who waited for it, to be told.
    [[nodiscard]] std::vector<OutcomeDone> finish(const std::string& key,
                                                  const crypto::Sha256& body,
                                                  const Outcome& outcome);
    /// Nothing is known of it: it may be tried again.
    [[nodiscard]] std::vector<OutcomeDone> fail(const std::string& key);

    /// What a snapshot keeps of a key.
    struct Remembered {
        std::string key;
        crypto::Sha256 body;  ///< of the command's binary form
        journal::Sequence sequence{};
        TimeMs time{};
        Bytes events;  ///< in their binary form
    };
    /// Oldest first.
    [[nodiscard]] std::vector<Remembered> all() const;
    /// As all() has given them, into an empty memory.
    void restore(std::vector<Remembered> keys);
    [[nodiscard]] std::size_t size() const;

  private:
    struct Entry {
        crypto::Sha256 body;
        bool done = false;
        journal::Sequence sequence{};
        TimeMs time{};
        Bytes events{};  ///< a tenth of what they take as objects
        std::vector<OutcomeDone> waiting{};
    };
    void remember(const std::string& key);

    const std::size_t keys_max_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;
    std::deque<std::string> done_;  ///< keys with an outcome, oldest first
};
BOOST_DESCRIBE_STRUCT(KeyMemory::Remembered, (), (key, body, sequence, time, events))

[[nodiscard]] crypto::Sha256 hash_of(const CommandBody& body);

}  // namespace astro::exchange
