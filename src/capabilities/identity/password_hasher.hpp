#pragma once

#include <string>
#include <string_view>

#include "foundation/crypto/password_hash.hpp"

namespace astro::identity {

/// The slow half of signing in, behind an interface so that the server can bound how many hashes
/// run at once. Thread-safe.
class PasswordHasher {
  public:
    virtual ~PasswordHasher() = default;
    virtual Result<std::string> hash(std::string_view password) = 0;
    [[nodiscard]] virtual bool verify(std::string_view hash, std::string_view password) = 0;
    [[nodiscard]] virtual bool needs_rehash(std::string_view hash) const = 0;
};

class Argon2Hasher final : public PasswordHasher {
  public:
    Argon2Hasher(crypto::Argon2Cost cost, crypto::Random& random) : cost_(cost), random_(random) {}
    Result<std::string> hash(std::string_view password) override {
        return crypto::hash_password(password, cost_, random_);
    }
    [[nodiscard]] bool verify(std::string_view hash, std::string_view password) override {
        return crypto::verify_password(hash, password);
    }
    [[nodiscard]] bool needs_rehash(std::string_view hash) const override {
        return crypto::needs_rehash(hash, cost_);
    }

  private:
    crypto::Argon2Cost cost_;
    crypto::Random& random_;
};

}  // namespace astro::identity
