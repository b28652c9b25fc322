#include "capabilities/identity/outbox.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "foundation/base/encoding.hpp"

namespace astro::identity {
namespace {

constexpr std::size_t kIdSize = 24;
constexpr std::string_view kEnding = ".eml";
constexpr std::size_t kHeadMax = 4U << 10, kTextMax = 256U << 10;

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

struct Entry {
    std::int64_t time_ns = 0;
    std::string id;
    auto operator<=>(const Entry&) const = default;
};

bool is_id(std::string_view id) {
    return id.size() == kIdSize && id.find_first_not_of("0123456789abcdef") == id.npos;
}

std::int64_t written_ns(const struct stat& state) {
    return std::int64_t{state.st_mtim.tv_sec} * 1'000'000'000 + state.st_mtim.tv_nsec;
}

Result<std::vector<Entry>> entries_of(const std::string& folder) {
    const std::unique_ptr<DIR, CloseFolder> opened(::opendir(folder.c_str()));
    if (!opened)
        return unavailable("outbox_unavailable",
                           "the outbox cannot be read: " + std::string(std::strerror(errno)),
                           folder);
    std::vector<Entry> out;
    while (const dirent* entry = ::readdir(opened.get())) {
        std::string_view name = entry->d_name;
        if (!name.ends_with(kEnding)) continue;
        name.remove_suffix(kEnding.size());
        struct stat state{};
        if (!is_id(name) ||
            ::fstatat(::dirfd(opened.get()), entry->d_name, &state, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(state.st_mode))
            continue;
        out.push_back({written_ns(state), std::string(name)});
    }
    return out;
}

struct FileText {
    std::int64_t time_ns = 0;
    std::string text;
};

/// The first bytes of a mail; nothing when there is no such file, or no plain one.
std::optional<FileText> read_file(const std::string& folder, std::string_view id,
                                  std::size_t size_max) {
    const std::string path = folder + "/" + std::string(id) + std::string(kEnding);
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) return std::nullopt;
    struct stat state{};
    FileText out;
    const bool plain = ::fstat(file, &state) == 0 && S_ISREG(state.st_mode);
    out.time_ns = written_ns(state);
    out.text.resize(plain ? size_max : 0);
    std::size_t have = 0;
    while (have < out.text.size()) {
        const ssize_t n = ::read(file, out.text.data() + have, out.text.size() - have);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        have += static_cast<std::size_t>(n);
    }
    out.text.resize(have);
    ::close(file);
    return plain ? std::optional(std::move(out)) : std::nullopt;
}

/// A value that mail.cpp wrote: plain, or one encoded word (RFC 2047).
std::string decoded(std::string_view value) {
    constexpr std::string_view kBegin = "=?utf-8?B?", kEnd = "?=";
    std::string out(value);
    if (value.starts_with(kBegin) && value.ends_with(kEnd) &&
        value.size() >= kBegin.size() + kEnd.size()) {
        value.remove_prefix(kBegin.size());
        value.remove_suffix(kEnd.size());
        if (const auto bytes = parse_base64(value)) out.assign(bytes->begin(), bytes->end());
    }
    return is_utf8(out) ? out : std::string("\xEF\xBF\xBD");
}

/// Without a character that the cut at the end, or damage, has broken.
std::string readable(std::string text) {
    for (int i = 0; i < 3 && !text.empty() && !is_utf8(text); ++i) text.pop_back();
    return is_utf8(text) ? text : std::string("\xEF\xBF\xBD");
}

}  // namespace

MailParts parse_mail(std::string_view message) {
    MailParts out;
    while (!message.empty()) {
        const auto end = std::min(message.find('\n'), message.size());
        const std::string_view line = message.substr(0, end);
        message.remove_prefix(std::min(end + 1, message.size()));
        if (line.empty()) break;
        if (line.starts_with("To: ")) out.to = decoded(line.substr(4));
        if (line.starts_with("Subject: ")) out.subject = decoded(line.substr(9));
    }
    if (message.ends_with('\n')) message.remove_suffix(1);
    out.text = readable(std::string(message));
    return out;
}

Result<std::vector<OutboxMail>> list_outbox(const std::string& folder, std::size_t count_max) {
    ASTRO_TRY(auto entries, entries_of(folder));
    const auto middle =
        entries.begin() + static_cast<std::ptrdiff_t>(std::min(count_max, entries.size()));
    std::partial_sort(entries.begin(), middle, entries.end(), std::greater<>());
    entries.erase(middle, entries.end());
    std::vector<OutboxMail> out;
    for (const auto& entry : entries) {
        const auto file = read_file(folder, entry.id, kHeadMax);
        if (!file) continue;  // gone meanwhile
        auto parts = parse_mail(file->text);
        out.push_back(
            {entry.id, std::move(parts.to), std::move(parts.subject), TimestampNs{entry.time_ns}});
    }
    return out;
}

Result<OutboxText> read_outbox(const std::string& folder, std::string_view id) {
    const auto file = is_id(id) ? read_file(folder, id, kTextMax) : std::nullopt;
    if (!file) return not_found("mail_unknown", "there is no such mail in the outbox");
    auto parts = parse_mail(file->text);
    return OutboxText{std::string(id), std::move(parts.to), std::move(parts.subject),
                      TimestampNs{file->time_ns}, std::move(parts.text)};
}

}  // namespace astro::identity
