#include "server/node/master_key.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

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

Unexpected cannot_write(const std::string& path) {
    return refusal("master_key", "cannot write: " + std::string(std::strerror(errno)), path);
}

/// So that a name survives a power cut.
Result<void> sync_folder_of(const std::string& path) {
    const auto parent = std::filesystem::path(path).parent_path();
    const int folder =
        ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = folder >= 0 && ::fsync(folder) == 0;
    if (folder >= 0) ::close(folder);
    return synced ? Result<void>() : cannot_write(path);
}

Result<void> rename_durably(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return cannot_write(to);
    return sync_folder_of(to);
}

Result<crypto::SecretKey> make_file(const std::string& path, crypto::Random& random) {
    crypto::SecretKey key = random.secret_key();
    std::string text = to_base64(key.view()) + "\n";
    // Whole or not at all, so that a crash leaves no half of a key.
    const std::string part = path + ".part";
    ::unlink(part.c_str());
    const int file = ::open(part.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return cannot_write(path);
    const bool written =
        ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(file) == 0;
    crypto::wipe(text);
    ::close(file);
    if (!written) return cannot_write(path);
    ASTRO_CHECK(rename_durably(part, path));
    return key;
}

}  // namespace

Result<std::optional<crypto::SecretKey>> read_key_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) return std::optional<crypto::SecretKey>();
    if (file < 0)
        return refusal("master_key", "cannot read: " + std::string(std::strerror(errno)), path);
    struct stat state{};
    std::array<char, kTextMax> buffer{};
    const bool known = ::fstat(file, &state) == 0;
    const ssize_t size = ::read(file, buffer.data(), buffer.size());
    ::close(file);
    if (!known || size < 0) return refusal("master_key", "cannot be read", path);
    if ((state.st_mode & 077) != 0)
        return refusal("master_key_mode", "others may read the master key; chmod 600 it", path);
    std::string text(buffer.data(), static_cast<std::size_t>(size));
    crypto::wipe({reinterpret_cast<std::uint8_t*>(buffer.data()), buffer.size()});
    ASTRO_TRY(const auto key, parse_key(std::move(text), path));
    return std::optional(key);
}

Result<crypto::SecretKey> load_master_key(const MasterKeySource& source, crypto::Random& random) {
    if (!source.text.empty()) return parse_key(source.text, "identity.master_key");
    if (!source.command.empty()) return from_command(source.command);
    ASTRO_TRY(const auto kept, read_key_file(source.file));
    return kept ? *kept : make_file(source.file, random);
}

std::string next_key_file(const std::string& file) {
    return file + ".next";
}

Result<crypto::SecretKey> begin_key_change(const std::string& file, crypto::Random& random) {
    ASTRO_TRY(const auto kept, read_key_file(next_key_file(file)));
    return kept ? *kept : make_file(next_key_file(file), random);
}

Result<void> end_key_change(const std::string& file) {
    return rename_durably(next_key_file(file), file);
}

}  // namespace astro::node
