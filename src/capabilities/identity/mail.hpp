#pragma once

#include <functional>
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

/// Writes each mail as a file of a folder, "<random>.eml", readable by the owner only. There the
/// terminal's developer page shows it, or an OutboxSender takes it away.
class OutboxMailer final : public Mailer {
  public:
    /// `on_written` is called after each mail.
    explicit OutboxMailer(
        std::string folder, std::function<void()> on_written = [] {})
        : folder_(std::move(folder)), on_written_(std::move(on_written)) {}
    Result<void> send(const Mail& mail) override;

  private:
    std::string folder_;
    std::function<void()> on_written_;
};

}  // namespace astro::identity
