#pragma once

#include "server/dialects/fix/around.hpp"
#include "server/dialects/fix/fields.hpp"

/// The first message of a connection, before a session is found.
namespace astro::fix {

struct Logon {
    std::string key;  ///< SenderCompID: the API key's id
    std::optional<std::int64_t> account{};
    std::int64_t time_ms = 0;
    bool cancels_on_disconnect = false;
    LogonProof proof{};
};

/// What a Logon to `our_name` says. Refusals are told in a Logout.
[[nodiscard]] Result<Logon> parse_logon(const Fields& fields, std::string_view our_name);
/// What is signed: SendingTime, MsgSeqNum, SenderCompID and TargetCompID, with SOH between them.
[[nodiscard]] std::string signed_text(const Fields& fields);
/// A Logout to whom no session is found for: the whole message.
[[nodiscard]] std::string stray_logout(const Fields& fields, std::string_view our_name,
                                       std::string_view why, TimeMs now);

}  // namespace astro::fix
