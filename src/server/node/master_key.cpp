#include "server/node/master_key.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "foundation/base/encoding.hpp"

namespace astro::node {
namespace {

constexpr std::size_t kTextMax = 256;

Result<crypto::SecretKey> parse_key(std::string text, const std::string& from) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    auto bytes = parse_base64(text);
    crypto::wipe(text);
    if (!bytes || bytes->size() != crypto::SecretKey::kSize)
        return refusal("master_key", "the master key is base64 of 32 bytes", from);
    crypto::SecretKey key{ByteView(*bytes)};
    crypto::wipe(*bytes);
    return key;
}

Result<crypto::SecretKey> from_command(const std::string& command) {
    // "e": the pipe does not stay open in other children. The command is the operator's own.
    FILE* pipe = ::popen(command.c_str(), "re");
    if (pipe == nullptr)
        return refusal("master_key", "the command does not start", "identity.master_key_command");
    std::array<char, kTextMax> buffer{};
    const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe);
    std::string text(buffer.data(), size);
    crypto::wipe({reinterpret_cast<std::uint8_t*>(buffer.data()), buffer.size()});
    if (::pclose(pipe) != 0) {
        crypto::wipe(text);
        return refusal("master_key", "the command fails", "identity.master_key_command");
    }
    return parse_key(std::move(text), "identity.master_key_command");
}

Result<crypto::SecretKey> make_file(const std::string& path, crypto::Random& random) {
    const auto failed = [&] {
        return refusal("master_key", "cannot write: " + std::string(std::strerror(errno)), path);
    };
    crypto::SecretKey key = random.secret_key();
    std::string text = to_base64(key.view()) + "\n";
    // Whole or not at all, so that a crash leaves no half of a key.
    const std::string part = path + ".part";
    const int file = ::open(part.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return failed();
    const bool written =
        ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(file) == 0;
    crypto::wipe(text);
    ::close(file);
    if (!written || ::rename(part.c_str(), path.c_str()) != 0) return failed();
    return key;
}

}  // namespace

Result<crypto::SecretKey> load_master_key(const MasterKeySource& source, crypto::Random& random) {
    if (!source.text.empty()) return parse_key(source.text, "identity.master_key");
    if (!source.command.empty()) return from_command(source.command);
    const int file = ::open(source.file.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) return make_file(source.file, random);
    if (file < 0)
        return refusal("master_key", "cannot read: " + std::string(std::strerror(errno)),
                       source.file);
    struct stat state{};
    std::array<char, kTextMax> buffer{};
    const bool known = ::fstat(file, &state) == 0;
    const ssize_t size = ::read(file, buffer.data(), buffer.size());
    ::close(file);
    if (!known || size < 0) return refusal("master_key", "cannot be read", source.file);
    if ((state.st_mode & 077) != 0)
        return refusal("master_key_mode", "others may read the master key; chmod 600 it",
                       source.file);
    std::string text(buffer.data(), static_cast<std::size_t>(size));
    crypto::wipe({reinterpret_cast<std::uint8_t*>(buffer.data()), buffer.size()});
    return parse_key(std::move(text), source.file);
}

}  // namespace astro::node
