#include "capabilities/identity/zip.hpp"

#include <zlib.h>

#include <cstdint>

namespace astro::identity {
namespace {

void put(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
}

constexpr std::uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50;
constexpr std::uint64_t kVersion = 20, kUtf8Names = 1U << 11;
constexpr std::uint64_t kMidnight1980 = 0x00210000;  // the archive tells no time of its own

/// From "version needed" to "extra field length", which both headers have.
void put_common(std::string& out, const std::string& name, const std::string& text) {
    const auto crc =
        ::crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
    put(out, kVersion, 2);
    put(out, kUtf8Names, 2);
    put(out, 0, 2);  // stored
    put(out, kMidnight1980, 4);
    put(out, crc, 4);
    put(out, text.size(), 4);
    put(out, text.size(), 4);
    put(out, name.size(), 2);
    put(out, 0, 2);
}

}  // namespace

std::string to_zip(const std::map<std::string, std::string>& files) {
    std::string out, directory;
    for (const auto& [name, text] : files) {
        const std::uint64_t offset = out.size();
        put(out, kLocal, 4);
        put_common(out, name, text);
        out += name + text;
        put(directory, kCentral, 4);
        put(directory, kVersion, 2);
        put_common(directory, name, text);
        put(directory, 0, 2 + 2 + 2);  // comment, disk, internal attributes
        put(directory, 0, 4);
        put(directory, offset, 4);
        directory += name;
    }
    const std::uint64_t directory_at = out.size();
    out += directory;
    put(out, kEnd, 4);
    put(out, 0, 4);
    put(out, files.size(), 2);
    put(out, files.size(), 2);
    put(out, directory.size(), 4);
    put(out, directory_at, 4);
    put(out, 0, 2);
    return out;
}

}  // namespace astro::identity
