#include "server/node/master_key_keeper.hpp"

#include <filesystem>

namespace astro::node {
namespace {

constexpr DurationNs kForgetAfter = seconds(60);

Result<void> tell(identity::Service& service, const std::string& actor, std::string_view outcome) {
    return service.tell({.action = "admin.master_key_rotated",
                         .actor = actor,
                         .subject = "",
                         .detail = {},
                         .personal_of = {},
                         .caller = {}},
                        outcome);
}

}  // namespace

Result<crypto::MasterKeys> MasterKeyKeeper::load(const crypto::SecretKey* also) {
    std::optional<crypto::SecretKey> next;
    if (is_file()) {
        // This one first: were it looked for after the key, a change that ends meanwhile would
        // leave the key of before alone.
        ASTRO_TRY(next, read_key_file(next_key_file(source_.file)));
        std::error_code error;
        if (next && !std::filesystem::exists(source_.file, error))
            return conflict("master_key",
                            "the next master key is here and the present one is not; put it back, "
                            "or rename the next one if nothing is wrapped by the present one",
                            source_.file);
    }
    ASTRO_TRY(const auto current, load_master_key(source_, random_));
    crypto::MasterKeys keys(current);
    if (next) keys.add_retired(*next);
    if (also != nullptr) keys.add_retired(*also);
    unfinished_ = next.has_value();
    return keys;
}

Result<void> MasterKeyKeeper::finish(identity::Service& service, TimestampNs now) {
    const std::lock_guard lock(mutex_);
    if (!unfinished_) return {};
    ASTRO_CHECK(change_file(service, "system", now));
    return {};
}

Result<std::int64_t> MasterKeyKeeper::change(identity::Service& service, const std::string& actor,
                                             TimestampNs now) {
    if (!is_file())
        return conflict("master_key_not_a_file",
                        "the master key comes from the environment or a command; stop the server "
                        "and use `astrolabe identity master-key rotate --new-key FILE`");
    const std::lock_guard lock(mutex_);
    const auto done = change_file(service, actor, now);
    if (!done) ASTRO_CHECK(tell(service, actor, done.error().code));
    return done;
}

Result<std::int64_t> MasterKeyKeeper::change_file(identity::Service& service,
                                                  const std::string& actor, TimestampNs now) {
    ASTRO_TRY(const auto next, begin_key_change(source_.file, random_));
    unfinished_ = true;
    ASTRO_TRY(const std::int64_t records, service.rotate_master_key(next));
    ASTRO_CHECK(tell(service, actor, "ok"));
    ASTRO_CHECK(end_key_change(source_.file));
    unfinished_ = false;
    forget_at_ = now + kForgetAfter;
    return records;
}

Result<std::int64_t> MasterKeyKeeper::change_to(identity::Service& service,
                                                const crypto::SecretKey& next,
                                                const std::string& actor) {
    if (is_file())
        return conflict("master_key_is_a_file",
                        "the master key lies in a file here and is changed there; leave --new-key",
                        source_.file);
    const std::lock_guard lock(mutex_);
    ASTRO_TRY(const std::int64_t records, service.rotate_master_key(next));
    ASTRO_CHECK(tell(service, actor, "ok"));
    return records;
}

void MasterKeyKeeper::forget_when_due(identity::Service& service, TimestampNs now) {
    const std::lock_guard lock(mutex_);
    if (!forget_at_ || now < *forget_at_) return;
    service.forget_master_keys();
    forget_at_.reset();
}

}  // namespace astro::node
