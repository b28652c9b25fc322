#include "server/dialects/fix/logon.hpp"

#include <charconv>
#include <cstdio>
#include <numeric>

namespace astro::fix {
namespace {

constexpr int kHeartbeatMin = 1, kHeartbeatMax = 300;

Unexpected refused(int tag, const std::string& why) {
    return refusal("fix_logon", "field " + std::to_string(tag) + " " + why, std::to_string(tag));
}

}  // namespace

std::string signed_text(const Fields& fields) {
    std::string out;
    for (const int tag : {tag::kSendingTime, tag::kMsgSeqNum, tag::kSender, tag::kTarget})
        out.append(out.empty() ? "" : "\001").append(fields.text(tag));
    return out;
}

Result<Logon> parse_logon(const Fields& fields, std::string_view our_name) {
    if (!fields.is(tag::kTarget, our_name))
        return refused(tag::kTarget, "is " + std::string(our_name) + " here");
    Logon out;
    out.key = fields.text(tag::kSender);
    const auto time = parse_utc(fields.text(tag::kSendingTime));
    if (!time) return refused(tag::kSendingTime, "is a time such as 20261130-12:00:00.000");
    out.time_ms = static_cast<std::int64_t>(time->value());
    const auto heartbeat = fields.number(108);
    if (!heartbeat || *heartbeat < kHeartbeatMin || *heartbeat > kHeartbeatMax)
        return refused(108, "is 1 to 300 seconds");
    if (!fields.is(98, "0")) return refused(98, "is 0: nothing is encrypted in the session");
    if (const auto user = fields.find(tag::kUsername); user && *user != out.key)
        return refused(tag::kUsername, "is SenderCompID, the API key's id, or left out");
    if (fields.find(tag::kAccount)) {
        const auto account = fields.number(tag::kAccount);
        if (!account) return refused(tag::kAccount, "is the number of an account");
        out.account = *account;
    }
    if (fields.text(tag::kRawData).empty())
        return refused(tag::kRawData,
                       "is the signature of SendingTime, MsgSeqNum, SenderCompID and TargetCompID");
    out.cancels_on_disconnect = fields.is(tag::kCancelOnDisconnect, "Y");
    out.proof = {out.key, signed_text(fields), std::string(fields.text(tag::kRawData)),
                 out.time_ms};
    return out;
}

std::string stray_logout(const Fields& fields, std::string_view our_name, std::string_view why,
                         TimeMs now) {
    Body body;
    body.put(tag::kMsgType, "5")
        .put(tag::kSender, our_name)
        .put(tag::kTarget, fields.text(tag::kSender))
        .put(tag::kMsgSeqNum, "1")
        .put(tag::kSendingTime, utc_text(now))
        .put(tag::kText, why);
    const std::string text = body.take();
    std::string out = "8=FIX.4.4\0019=" + std::to_string(text.size()) + "\001" + text;
    const unsigned sum = std::accumulate(out.begin(), out.end(), 0U, [](unsigned s, char c) {
        return s + static_cast<unsigned char>(c);
    });
    std::string checksum = std::to_string(sum % 256);
    out += "10=" + std::string(3 - checksum.size(), '0') + checksum + "\001";
    return out;
}

}  // namespace astro::fix
