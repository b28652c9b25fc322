#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/result.hpp"

namespace astro::identity {

/// A JSON object of foreign origin, read strictly: valid UTF-8, at most eight levels, and no name
/// twice, on which parsers disagree. Only what is asked for is kept; nested values other than
/// arrays of strings and of objects are checked and left out.
class JsonObject {
  public:
    /// `code` is the refusal's; texts beyond `bytes_max` are refused unread.
    static Result<JsonObject> parse(std::string_view text, std::size_t bytes_max,
                                    std::string_view code);

    [[nodiscard]] bool has(std::string_view name) const { return kinds_.contains(name); }
    /// Refuses when it is absent or of another kind, naming the member.
    [[nodiscard]] Result<std::string> text(std::string_view name) const;
    [[nodiscard]] Result<std::int64_t> integer(std::string_view name) const;
    [[nodiscard]] Result<std::vector<std::string>> texts(std::string_view name) const;
    /// Absent: nothing. Of another kind: refused.
    [[nodiscard]] Result<std::optional<std::string>> optional_text(std::string_view name) const;
    [[nodiscard]] Result<std::optional<bool>> optional_boolean(std::string_view name) const;
    /// The objects of an array, each as JSON text again.
    [[nodiscard]] Result<std::vector<std::string>> objects(std::string_view name) const;

  private:
    enum class Kind { text, integer, boolean, texts, objects, other };
    friend struct JsonObjectReader;
    [[nodiscard]] Unexpected wrong(std::string_view name, std::string_view expected) const;
    [[nodiscard]] bool is(std::string_view name, Kind kind) const;

    std::string_view code_;
    std::map<std::string, Kind, std::less<>> kinds_;
    std::map<std::string, std::string, std::less<>> texts_;
    std::map<std::string, std::int64_t, std::less<>> integers_;  ///< booleans too
    std::map<std::string, std::vector<std::string>, std::less<>> arrays_;
};

}  // namespace astro::identity
