#pragma once

#include <string>

#include "foundation/base/result.hpp"

namespace astro::identity {

struct Mail {
    std::string to;
    std::string subject;
    std::string text;
};

/// How mail leaves. Sending is asked for after the transaction that caused it; it must not take
/// longer for one address than for another, so it queues. Thread-safe.
class Mailer {
  public:
    virtual ~Mailer() = default;
    virtual Result<void> send(const Mail& mail) = 0;
};

/// Writes each mail as a file of a folder, "<random>.eml", readable by the owner only: the
/// default, which the terminal's developer page shows.
class OutboxMailer final : public Mailer {
  public:
    explicit OutboxMailer(std::string folder) : folder_(std::move(folder)) {}
    Result<void> send(const Mail& mail) override;

  private:
    std::string folder_;
};

}  // namespace astro::identity
