#pragma once

#include <mutex>
#include <optional>

#include "capabilities/identity/service.hpp"
#include "server/node/master_key.hpp"

namespace astro::node {

/// The master key of one data directory: found when the program starts, changed while it runs.
/// Thread-safe but for load().
class MasterKeyKeeper {
  public:
    /// `random` outlives it.
    MasterKeyKeeper(MasterKeySource source, crypto::Random& random)
        : source_(std::move(source)), random_(random) {}

    /// What opens the records: the key, and the next one where a change is not finished. `also` is
    /// a key that may wrap some of them as well.
    [[nodiscard]] Result<crypto::MasterKeys> load(const crypto::SecretKey* also = nullptr);
    /// Finishes a change that an earlier program began. Only for who owns the data directory.
    Result<void> finish(identity::Service& service, TimestampNs now);
    /// Changes the key in its file and re-wraps what it wraps; the number of records. The audit
    /// tells it as done by `actor`. "master_key_not_a_file"
    Result<std::int64_t> change(identity::Service& service, const std::string& actor,
                                TimestampNs now);
    /// The same to a key that is kept elsewhere: the program finds it there when it starts again.
    /// "master_key_is_a_file"
    Result<std::int64_t> change_to(identity::Service& service, const crypto::SecretKey& next,
                                   const std::string& actor);
    /// Forgets the key of before, a while after the change: whoever read a record just before it
    /// still opens what he read.
    void forget_when_due(identity::Service& service, TimestampNs now);

  private:
    [[nodiscard]] bool is_file() const { return source_.text.empty() && source_.command.empty(); }
    Result<std::int64_t> change_file(identity::Service& service, const std::string& actor,
                                     TimestampNs now);

    const MasterKeySource source_;
    crypto::Random& random_;
    std::mutex mutex_;  ///< one change at a time; over what follows
    bool unfinished_ = false;
    std::optional<TimestampNs> forget_at_;
};

}  // namespace astro::node
