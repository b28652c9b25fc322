#include "foundation/base/json_schema.hpp"

#include <boost/core/demangle.hpp>

namespace astro {
namespace {

/// "astro::mev::(anonymous namespace)::Page" is "mev.Page".
std::string component_name(std::string_view demangled) {
    std::string out;
    while (!demangled.empty()) {
        const auto colons = demangled.find("::");
        const auto part = demangled.substr(0, colons);
        if (part != "astro" && !part.starts_with('(') && !part.starts_with('{'))
            out += (out.empty() ? "" : ".") + std::string(part);
        if (colons == std::string_view::npos) break;
        demangled.remove_prefix(colons + 2);
    }
    return out;
}

}  // namespace

std::string SchemaBook::reference(std::type_index type, std::string_view demangled, Write write) {
    auto at = names_.find(type);
    if (at == names_.end()) {
        const auto base = component_name(demangled);
        auto name = base;
        for (int i = 2; schemas_.contains(name); ++i) name = base + std::to_string(i);
        at = names_.emplace(type, name).first;
        schemas_[name];  // taken, before its members ask for names
        auto schema = write(*this);
        schemas_[name] = std::move(schema);
    }
    return "{\"$ref\":\"#/components/schemas/" + at->second + "\"}";
}

std::string detail::demangle(const char* name) {
    return boost::core::demangle(name);
}

}  // namespace astro
