#pragma once

#include <string>
#include <vector>

#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"

/// Reading the folder that OutboxMailer writes.
namespace astro::identity {

struct OutboxMail {
    std::string id;  ///< the file's name without ".eml": 24 hexadecimal digits
    std::string to;
    std::string subject;
    TimestampNs time;  ///< when it was written
};
BOOST_DESCRIBE_STRUCT(OutboxMail, (), (id, to, subject, time))

struct OutboxText {
    std::string id;
    std::string to;
    std::string subject;
    TimestampNs time;
    std::string text;
};
BOOST_DESCRIBE_STRUCT(OutboxText, (), (id, to, subject, time, text))

/// What is in a mail beside its name.
struct MailParts {
    std::string to, subject, text;
};
/// Reads what OutboxMailer wrote. Other bytes give what they hold of it; invalid UTF-8 is replaced.
[[nodiscard]] MailParts parse_mail(std::string_view message);

/// The newest, newest first; `count_max` at most.
[[nodiscard]] Result<std::vector<OutboxMail>> list_outbox(const std::string& folder,
                                                          std::size_t count_max);
/// "mail_unknown" for what is no mail of this folder, whatever the id looks like.
[[nodiscard]] Result<OutboxText> read_outbox(const std::string& folder, std::string_view id);

}  // namespace astro::identity
