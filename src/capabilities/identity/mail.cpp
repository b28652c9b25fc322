#include "capabilities/identity/mail.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "foundation/base/encoding.hpp"
#include "foundation/crypto/random.hpp"

namespace astro::identity {
namespace {

/// No line break leaves its header; what is not ASCII is an encoded word (RFC 2047).
std::string header(std::string_view name, std::string_view value) {
    std::string text;
    bool plain = true;
    for (const char c : value) {
        if (c == '\r' || c == '\n') continue;
        plain = plain && static_cast<unsigned char>(c) < 0x80;
        text += c;
    }
    if (!plain) text = "=?utf-8?B?" + to_base64(as_bytes(text)) + "?=";
    return std::string(name) + text + "\n";
}

Unexpected cannot_write(const std::string& path) {
    return unavailable("mail_unavailable",
                       std::string("the mail cannot be written: ") + std::strerror(errno), path);
}

}  // namespace

Result<void> OutboxMailer::send(const Mail& mail) {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    const std::string path = folder_ + "/" + to_hex(crypto::SystemRandom().bytes(12));
    const std::string text = header("To: ", mail.to) + header("Subject: ", mail.subject) +
                             "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
                             "Content-Transfer-Encoding: 8bit\n\n" +
                             mail.text + "\n";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return cannot_write(path);
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t n = ::write(file, text.data() + done, text.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            ::close(file);
            return cannot_write(path);
        }
        done += static_cast<std::size_t>(n);
    }
    // Under its own name only when it is whole: whoever sends it may look at any time.
    if (::close(file) != 0 || ::rename(path.c_str(), (path + ".eml").c_str()) != 0)
        return cannot_write(path);
    on_written_();
    return {};
}

}  // namespace astro::identity
