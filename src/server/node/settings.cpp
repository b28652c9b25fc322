#include "server/node/settings.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <numeric>

#include "foundation/base/encoding.hpp"

#define TOML_EXCEPTIONS 0
// Its parser asserts on some malformed texts that it then refuses properly; a bad file must not end
// the program.
#define TOML_ASSERT(expression) (void)0
#include <toml++/toml.h>

namespace astro::node {
namespace {

constexpr std::string_view kEnvironmentPrefix = "ASTROLABE_";
constexpr std::size_t kFileBytesMax = 1U << 20;

using List = std::vector<std::string>;

Unexpected bad_configuration(std::string message, std::string_view where) {
    return refusal("bad_configuration", std::move(message), std::string(where));
}

const SettingDeclaration* find_declaration(std::string_view name) {
    for (const auto& declaration : setting_declarations())
        if (declaration.name == name) return &declaration;
    return nullptr;
}

std::string_view type_name(const SettingValue& value) {
    constexpr std::string_view kNames[] = {"an integer", "true or false", "a text",
                                           "a list of texts"};
    return kNames[value.index()];
}

/// Levenshtein's distance, to name what was probably meant.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
        }
    }
    return row.back();
}

std::string nearest_name(std::string_view name) {
    const auto& all = setting_declarations();
    const auto nearest =
        std::min_element(all.begin(), all.end(), [&](const auto& a, const auto& b) {
            return distance(a.name, name) < distance(b.name, name);
        });
    return std::string(nearest->name);
}

Unexpected unknown_setting(std::string_view name, std::string_view where) {
    const std::string nearest = nearest_name(name);
    const bool near = distance(nearest, name) <= std::max<std::size_t>(2, name.size() / 3);
    return bad_configuration(
        "there is no setting '" + std::string(name) + "'; " +
            (near ? "the nearest is '" + nearest + "'" : "`astrolabe config` lists them all"),
        where);
}

std::string upper_environment_name(std::string_view name) {
    std::string out(kEnvironmentPrefix);
    for (const char c : name)
        out.push_back(c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c));
    return out;
}

List split(std::string_view text) {
    List out;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        if (comma > 0) out.emplace_back(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return out;
}

/// The text as a value of the declaration's type.
Result<SettingValue> parse_value(const SettingDeclaration& declaration, std::string_view text,
                                 std::string_view where) {
    const auto wrong = [&] {
        return bad_configuration("'" + std::string(declaration.name) + "' needs " +
                                     std::string(type_name(declaration.default_value)) + ", not '" +
                                     std::string(text) + "'",
                                 where);
    };
    if (std::holds_alternative<std::int64_t>(declaration.default_value)) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || end != text.data() + text.size()) return wrong();
        return SettingValue(number);
    }
    if (std::holds_alternative<bool>(declaration.default_value)) {
        if (text == "true" || text == "1") return SettingValue(true);
        if (text == "false" || text == "0") return SettingValue(false);
        return wrong();
    }
    if (std::holds_alternative<List>(declaration.default_value)) return SettingValue(split(text));
    return SettingValue(std::string(text));
}

std::string place(std::string_view source, const toml::source_region& region) {
    return std::string(source) + ":" + std::to_string(region.begin.line) + ":" +
           std::to_string(region.begin.column);
}

constexpr char kEscape = '~';

/// toml++ 3.3 runs into undefined behaviour on some characters outside ASCII, so it only gets
/// ASCII: such bytes, and the escape itself, travel as ~XX and come back in unescape().
std::string escape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x80 && c != kEscape)
            out.push_back(c);
        else
            out.append(1, kEscape).append(to_hex(as_bytes({&c, 1})));
    }
    return out;
}

/// Also undoes it in the parser's messages, where an escape may be cut short.
std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte =
            text[i] == kEscape ? parse_hex(text.substr(i + 1, 2)) : Result<Bytes>(Bytes{});
        if (byte && byte->size() == 1) {
            out.push_back(static_cast<char>((*byte)[0]));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

/// A TOML node as a value; std::monostate-like refusal for what no setting can be.
Result<SettingValue> value_of(const toml::node& node, std::string_view name,
                              const std::string& where) {
    if (const auto* number = node.as_integer()) return SettingValue(number->get());
    if (const auto* flag = node.as_boolean()) return SettingValue(flag->get());
    if (const auto* text = node.as_string()) return SettingValue(unescape(text->get()));
    if (const auto* array = node.as_array()) {
        List list;
        for (const auto& element : *array) {
            const auto* text = element.as_string();
            if (text == nullptr)
                return bad_configuration("'" + std::string(name) + "' needs a list of texts",
                                         where);
            list.push_back(unescape(text->get()));
        }
        return SettingValue(std::move(list));
    }
    return bad_configuration(
        "'" + std::string(name) + "' is neither a text, an integer, true, false nor a list", where);
}

struct FlatEntry {
    std::string name;
    const toml::node* node;
};

void flatten(const toml::table& table, const std::string& prefix, std::vector<FlatEntry>& out) {
    for (const auto& [key, node] : table) {
        const std::string name = prefix + std::string(key.str());
        if (const auto* inner = node.as_table())
            flatten(*inner, name + ".", out);
        else
            out.push_back({unescape(name), &node});
    }
}

std::string display(const SettingValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* text = std::get_if<std::string>(&value)) return "\"" + *text + "\"";
    std::string out = "[";
    for (const auto& element : std::get<List>(value))
        out += (out.size() > 1 ? ", \"" : "\"") + element + "\"";
    return out + "]";
}

}  // namespace

Settings::Settings() {
    for (const auto& declaration : setting_declarations())
        values_.emplace(declaration.name, declaration.default_value);
}

Result<void> Settings::set(std::string_view name, SettingValue value, std::string_view where) {
    const SettingDeclaration* declaration = find_declaration(name);
    if (declaration == nullptr) return unknown_setting(name, where);
    if (value.index() != declaration->default_value.index())
        return bad_configuration("'" + std::string(name) + "' needs " +
                                     std::string(type_name(declaration->default_value)) + ", not " +
                                     std::string(type_name(value)),
                                 where);
    if (const auto* number = std::get_if<std::int64_t>(&value);
        number != nullptr && (*number < declaration->minimum || *number > declaration->maximum))
        return bad_configuration(
            "'" + std::string(name) + "' must lie in " + std::to_string(declaration->minimum) +
                " … " + std::to_string(declaration->maximum) + ", not " + std::to_string(*number),
            where);
    if (const auto* text = std::get_if<std::string>(&value);
        text != nullptr && !declaration->choices.empty() &&
        std::find(declaration->choices.begin(), declaration->choices.end(), *text) ==
            declaration->choices.end()) {
        std::string choices;
        for (const auto choice : declaration->choices)
            choices += (choices.empty() ? "" : ", ") + std::string(choice);
        return bad_configuration(
            "'" + std::string(name) + "' is one of " + choices + ", not '" + *text + "'", where);
    }
    values_.find(name)->second = std::move(value);
    return {};
}

Result<void> Settings::apply_toml(std::string_view text, std::string_view source) {
    if (!is_utf8(text)) return bad_configuration("not UTF-8 text", source);
    const toml::parse_result parsed = toml::parse(escape(text), source);
    if (!parsed)
        return bad_configuration(unescape(parsed.error().description()),
                                 place(source, parsed.error().source()));
    std::vector<FlatEntry> entries;
    flatten(parsed.table(), "", entries);
    for (const auto& entry : entries) {
        const std::string where = place(source, entry.node->source());
        if (find_declaration(entry.name) == nullptr) return unknown_setting(entry.name, where);
        ASTRO_TRY(SettingValue value, value_of(*entry.node, entry.name, where));
        ASTRO_CHECK(set(entry.name, std::move(value), where));
    }
    return {};
}

Result<void> Settings::apply_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return not_found("no_configuration", "the configuration file cannot be opened", path);
    std::string text;
    text.resize(kFileBytesMax + 1);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad())
        return unavailable("no_configuration", "the configuration file cannot be read", path);
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > kFileBytesMax)
        return bad_configuration("the configuration file is larger than 1 MiB", path);
    return apply_toml(text, path);
}

Result<void> Settings::apply_environment(const char* const* environment) {
    for (; environment != nullptr && *environment != nullptr; ++environment) {
        const std::string_view variable = *environment;
        const std::size_t equals = variable.find('=');
        if (!variable.starts_with(kEnvironmentPrefix) || equals == std::string_view::npos) continue;
        const std::string_view key = variable.substr(0, equals);
        const auto& all = setting_declarations();
        const auto it = std::find_if(all.begin(), all.end(), [&](const auto& d) {
            return upper_environment_name(d.name) == key;
        });
        if (it == all.end())
            return bad_configuration("the environment variable names no setting", key);
        ASTRO_CHECK(apply_text(it->name, variable.substr(equals + 1), key));
    }
    return {};
}

Result<void> Settings::apply_text(std::string_view name, std::string_view text,
                                  std::string_view source) {
    const SettingDeclaration* declaration = find_declaration(name);
    if (declaration == nullptr) return unknown_setting(name, source);
    ASTRO_TRY(SettingValue value, parse_value(*declaration, text, source));
    return set(name, std::move(value), source);
}

const SettingValue& Settings::get(std::string_view name) const {
    const auto it = values_.find(name);
    ASTRO_ASSERT(it != values_.end());
    return it->second;
}

std::int64_t Settings::integer(std::string_view name) const {
    return std::get<std::int64_t>(get(name));
}
bool Settings::flag(std::string_view name) const {
    return std::get<bool>(get(name));
}
const std::string& Settings::text(std::string_view name) const {
    return std::get<std::string>(get(name));
}
const List& Settings::list(std::string_view name) const {
    return std::get<List>(get(name));
}

std::string configuration_markdown() {
    std::string out =
        "# Configuration\n\n"
        "`astrolabe serve --config astrolabe.toml`. Values are taken from the defaults, then the "
        "file, then the\n"
        "environment, then the command line; the later one counts. A key that does not exist is "
        "refused, with the\n"
        "nearest one that does. This page is written by `astrolabe config --markdown` from the "
        "declarations in the code.\n\n"
        "| setting | default | range | environment | what it is |\n|---|---|---|---|---|\n";
    for (const auto& declaration : setting_declarations()) {
        std::string range;
        if (std::holds_alternative<std::int64_t>(declaration.default_value))
            range =
                std::to_string(declaration.minimum) + " … " + std::to_string(declaration.maximum);
        for (const auto choice : declaration.choices)
            range += (range.empty() ? "`" : ", `") + std::string(choice) + "`";
        out += "| `" + std::string(declaration.name) + "` | `" +
               display(declaration.default_value) + "` | " + range + " | `" +
               upper_environment_name(declaration.name) + "` | " + std::string(declaration.help) +
               " |\n";
    }
    return out;
}

}  // namespace astro::node
