#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "foundation/base/result.hpp"

/// Every setting of the program, declared once: name, type, default, bounds, help. The TOML file,
/// the environment, the command line and docs/configuration.md all read this one table.
namespace astro::node {

using SettingValue = std::variant<std::int64_t, bool, std::string, std::vector<std::string>>;

struct SettingDeclaration {
    std::string_view name;  ///< dotted path in the TOML file: "server.listen"
    SettingValue default_value;
    std::string_view help;     ///< one sentence, with the unit
    std::int64_t minimum = 0;  ///< bounds of integers, inclusive
    std::int64_t maximum = 0;
    std::vector<std::string_view> choices{};  ///< of texts; empty = any
};

/// In the order of the documentation.
[[nodiscard]] const std::vector<SettingDeclaration>& setting_declarations();

/// The values in force. Later sources override earlier ones: defaults, file, environment, command
/// line.
class Settings {
  public:
    Settings();  ///< all defaults

    /// TOML text; `source` names it in errors ("astrolabe.toml:3:9: …"). Unknown keys, wrong types
    /// and values out of bounds are refused with what would be right. Code "bad_configuration".
    [[nodiscard]] Result<void> apply_toml(std::string_view text, std::string_view source);
    [[nodiscard]] Result<void> apply_file(const std::string& path);
    /// ASTROLABE_SERVER_LISTEN for server.listen; lists are separated by commas. Variables that
    /// begin with ASTROLABE_ and name no setting are refused too.
    [[nodiscard]] Result<void> apply_environment(const char* const* environment);
    /// One value as text, as from the command line.
    [[nodiscard]] Result<void> apply_text(std::string_view name, std::string_view text,
                                          std::string_view source);

    /// The name must be declared with that type; anything else is a bug.
    [[nodiscard]] std::int64_t integer(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const;
    [[nodiscard]] const std::string& text(std::string_view name) const;
    [[nodiscard]] const std::vector<std::string>& list(std::string_view name) const;

  private:
    [[nodiscard]] Result<void> set(std::string_view name, SettingValue value,
                                   std::string_view where);
    [[nodiscard]] const SettingValue& get(std::string_view name) const;

    std::map<std::string, SettingValue, std::less<>> values_;
};

/// docs/configuration.md.
[[nodiscard]] std::string configuration_markdown();

}  // namespace astro::node
