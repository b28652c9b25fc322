#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "foundation/base/clock.hpp"
#include "foundation/net/smtp.hpp"

namespace astro::identity {

struct SenderOptions {
    std::string folder;  ///< where OutboxMailer writes
    net::SmtpServer server;
    std::string from;                          ///< "venue@example.org"
    DurationNs pause = seconds(30);            ///< between two tries of what could not be sent
    DurationNs give_up = seconds(3 * 86'400);  ///< a mail this old is put aside
    /// What happened to a mail, for the log: "mail_sent", "mail_refused", "mail_waits" and why.
    std::function<void(std::string_view event, const std::string& why)> tell =
        [](std::string_view, const std::string&) {};
};

/// Sends what stands in the outbox and removes it. The folder is the queue, so that nothing is lost
/// when the program ends. What the mail server refuses, or has not taken for too long, is renamed
/// to "….refused" and kept.
class OutboxSender {
  public:
    explicit OutboxSender(SenderOptions options, Clock& clock);
    ~OutboxSender();
    OutboxSender(const OutboxSender&) = delete;
    OutboxSender& operator=(const OutboxSender&) = delete;
    /// There is new mail. Any thread.
    void wake();

  private:
    void run();
    /// One pass over the folder, oldest first; whether mail is left that waits.
    bool deliver();
    bool deliver(const std::string& path);

    SenderOptions options_;
    Clock& clock_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = true, ends_ = false;
    std::thread thread_;
};

}  // namespace astro::identity
