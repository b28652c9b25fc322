#pragma once

#include <memory>

#include "foundation/crypto/secret.hpp"

namespace astro::crypto {

/// A secret that stays for a while: on pages of its own that are not swapped out nor written into
/// cores, between guard pages, wiped when it goes. Where the system lets no more memory be locked
/// it is only wiped.
class LockedKey {
  public:
    explicit LockedKey(const SecretKey& key);
    [[nodiscard]] const SecretKey& key() const { return *key_; }
    [[nodiscard]] ByteView view() const { return key_->view(); }

  private:
    struct Free {
        void operator()(SecretKey* key) const;
    };
    std::unique_ptr<SecretKey, Free> key_;
};

}  // namespace astro::crypto
