#pragma once

#include <string>
#include <string_view>

/// Paths to a field, put together from its end while the callers return: "tx.operations[3].body".
namespace astro::stellar::xdr {

inline void put_before(std::string& path, std::string_view member) {
    const bool joined = path.empty() || path.front() == '[';
    path.insert(0, std::string(member) + (joined ? "" : "."));
}

inline void put_before(std::string& path, std::size_t index) {
    const bool joined = path.empty() || path.front() == '[';
    path.insert(0, "[" + std::to_string(index) + (joined ? "]" : "]."));
}

}  // namespace astro::stellar::xdr
