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

/// No line break leaves its header.
std::string header(std::string_view name, std::string_view value) {
    std::string out(name);
    for (const char c : value)
        if (c != '\r' && c != '\n') out += c;
    return out + "\n";
}

Unexpected cannot_write(const std::string& path) {
    return unavailable("mail_unavailable",
                       std::string("the mail cannot be written: ") + std::strerror(errno), path);
}

}  // namespace

Result<void> OutboxMailer::send(const Mail& mail) {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    const std::string path = folder_ + "/" + to_hex(crypto::SystemRandom().bytes(12)) + ".eml";
    const std::string text = header("To: ", mail.to) + header("Subject: ", mail.subject) +
                             "Content-Type: text/plain; charset=utf-8\n\n" + mail.text + "\n";
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
    if (::close(file) != 0) return cannot_write(path);
    return {};
}

}  // namespace astro::identity
