#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "capabilities/identity/api_keys.hpp"

namespace astro::identity {
namespace {

struct Range {
    Bytes address;  ///< 4 or 16 bytes
    std::size_t bits = 0;
};

std::optional<Bytes> parse_address(std::string_view text) {
    const std::string terminated(text);
    Bytes out(16);
    if (inet_pton(AF_INET6, terminated.c_str(), out.data()) == 1) {
        // ::ffff:192.0.2.1 is the IPv4 address, as a dual-stack listener reports it.
        const Bytes mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
        if (std::equal(mapped.begin(), mapped.end(), out.begin()))
            out.erase(out.begin(), out.begin() + 12);
        return out;
    }
    out.resize(4);
    if (inet_pton(AF_INET, terminated.c_str(), out.data()) == 1) return out;
    return std::nullopt;
}

std::optional<Range> parse_range(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    Range out{*address, address->size() * 8};
    if (slash != text.npos) {
        const std::string_view bits = text.substr(slash + 1);
        std::size_t value = 0;
        const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), value);
        if (error != std::errc{} || end != bits.data() + bits.size() || value > out.bits)
            return std::nullopt;
        out.bits = value;
    }
    return out;
}

bool contains(const Range& range, const Bytes& address) {
    if (range.address.size() != address.size()) return false;
    for (std::size_t bit = 0; bit < range.bits; ++bit) {
        const auto mask = static_cast<std::uint8_t>(0x80 >> bit % 8);
        if ((range.address[bit / 8] & mask) != (address[bit / 8] & mask)) return false;
    }
    return true;
}

}  // namespace

std::string network_of(std::string_view ip) {
    const auto address = parse_address(ip);
    if (!address || address->size() == 4) return std::string(ip);
    return to_hex(ByteView(*address).first(8)) + "/64";
}

Result<void> check_ip_range(std::string_view range) {
    if (!parse_range(range))
        return refusal("bad_ip_range", "not an address or a network such as 192.0.2.0/24",
                       std::string(range.substr(0, 64)));
    return {};
}

bool ip_allowed(const std::vector<std::string>& ranges, std::string_view ip) {
    if (ranges.empty()) return true;
    const auto address = parse_address(ip);
    return address && std::any_of(ranges.begin(), ranges.end(), [&](const std::string& text) {
               const auto range = parse_range(text);
               return range && contains(*range, *address);
           });
}

}  // namespace astro::identity
