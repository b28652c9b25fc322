#include "capabilities/identity/outbox_sender.hpp"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "foundation/base/encoding.hpp"
#include "foundation/crypto/random.hpp"

namespace astro::identity {
namespace {

namespace fs = std::filesystem;

/// RFC 5322 §3.3, in UTC.
std::string mail_date(TimestampNs now) {
    const std::time_t seconds = now.value() / 1'000'000'000;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[40];
    std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts);
    return text;
}

std::string recipient_of(const std::string& message) {
    constexpr std::string_view kName = "To: ";
    if (!message.starts_with(kName)) return {};
    return message.substr(kName.size(), message.find('\n') - kName.size());
}

DurationNs age_of(const fs::path& path) {
    std::error_code error;
    const auto written = fs::last_write_time(path, error);
    if (error) return DurationNs{0};
    const auto age = fs::file_time_type::clock::now() - written;
    return DurationNs{std::chrono::duration_cast<std::chrono::nanoseconds>(age).count()};
}

}  // namespace

OutboxSender::OutboxSender(SenderOptions options, Clock& clock)
    : options_(std::move(options)), clock_(clock), thread_([this] { run(); }) {}

OutboxSender::~OutboxSender() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void OutboxSender::wake() {
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
    }
    changed_.notify_all();
}

void OutboxSender::run() {
    bool waits = false;
    std::unique_lock lock(mutex_);
    while (!ends_) {
        const auto due = [this] { return woken_ || ends_; };
        if (waits)
            changed_.wait_for(lock, std::chrono::nanoseconds(options_.pause.value()), due);
        else
            changed_.wait(lock, due);
        if (ends_) return;
        woken_ = false;
        lock.unlock();
        waits = deliver();
        lock.lock();
    }
}

bool OutboxSender::deliver() {
    std::error_code error;
    std::vector<std::pair<fs::file_time_type, std::string>> mails;
    for (const auto& entry : fs::directory_iterator(options_.folder, error))
        if (entry.path().extension() == ".eml")
            mails.emplace_back(entry.last_write_time(error), entry.path().string());
    std::ranges::sort(mails);
    bool waits = false;
    for (const auto& [written, path] : mails) {
        {
            const std::lock_guard lock(mutex_);
            if (ends_) return true;
        }
        if (!deliver(path)) waits = true;
    }
    return waits;
}

/// Whether the file is done with: sent or put aside.
bool OutboxSender::deliver(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string message{std::istreambuf_iterator<char>(file), {}};
    const auto at = options_.from.find('@');
    const std::string id = to_hex(crypto::SystemRandom().bytes(16)) +
                           options_.from.substr(std::min(at, options_.from.size()));
    const std::string head = "From: " + options_.from + "\nDate: " + mail_date(clock_.now()) +
                             "\nMessage-ID: <" + id + ">\n";
    const auto sent =
        net::send_mail(options_.server, options_.from, recipient_of(message), head + message);
    std::error_code error;
    if (sent) {
        fs::remove(path, error);
        options_.tell("mail_sent", "");
        return true;
    }
    const bool for_good = sent.error().kind == ErrorKind::refusal;
    if (!for_good && age_of(path) < options_.give_up) {
        options_.tell("mail_waits", sent.error().message);
        return false;
    }
    fs::rename(path, path + ".refused", error);
    options_.tell("mail_refused", sent.error().message);
    return true;
}

}  // namespace astro::identity
