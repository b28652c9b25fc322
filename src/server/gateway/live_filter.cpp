#include "server/gateway/live_filter.hpp"

#include <algorithm>
#include <charconv>

namespace astro::gateway {
namespace {

template <class Number>
bool parse_whole(std::string_view text, Number& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size();
}

/// Whole numbers exactly (lamports exceed what a double holds), others as doubles.
bool is_less(std::string_view a, std::string_view b) {
    std::int64_t x = 0, y = 0;
    if (parse_whole(a, x) && parse_whole(b, y)) return x < y;
    double u = 0, v = 0;
    return parse_whole(a, u) && parse_whole(b, v) && u < v;
}

std::string offered_names(const std::vector<ChannelFilter>& offered) {
    std::string out;
    for (const auto& filter : offered) out += (out.empty() ? "" : ", ") + filter.parameter.name;
    return out.empty() ? "none" : out;
}

}  // namespace

Result<LiveFilter> LiveFilter::compile(const std::vector<ChannelFilter>& offered,
                                       const LiveMessage& message) {
    LiveFilter filter;
    for (const auto& [name, values] : message.filter) {
        const auto at = std::ranges::find_if(
            offered, [&, &wanted = name](const auto& f) { return f.parameter.name == wanted; });
        if (at == offered.end())
            return refusal("unknown_filter",
                           "the channel has no such filter; it has: " + offered_names(offered),
                           name);
        Condition condition{at->match, at->tag, {}};
        for (const auto& value : values) {
            if (const auto checked = check_parameter(at->parameter, value); !checked)
                return refusal("bad_filter", checked.error().message, name);
            const auto parts =
                at->parameter.several ? split_list(value) : std::vector<std::string_view>{value};
            condition.values.insert(condition.values.end(), parts.begin(), parts.end());
        }
        if (condition.match != Match::any_of && condition.values.size() != 1)
            return refusal("bad_filter", "takes one value", name);
        if (condition.values.size() > kLiveValuesMax)
            return refusal("bad_filter",
                           "takes at most " + std::to_string(kLiveValuesMax) + " values", name);
        filter.conditions_.push_back(std::move(condition));
    }
    return filter;
}

bool LiveFilter::holds(const Condition& condition, const Event& event) {
    return std::ranges::any_of(event.tags, [&](const auto& tag) {
        if (tag.first != condition.tag) return false;
        switch (condition.match) {
            case Match::any_of:
                return std::ranges::find(condition.values, tag.second) != condition.values.end();
            case Match::at_least:
                return !is_less(tag.second, condition.values[0]);
            case Match::at_most:
                return !is_less(condition.values[0], tag.second);
        }
        return false;
    });
}

bool LiveFilter::matches(const Event& event) const {
    return std::ranges::all_of(conditions_, [&](const auto& c) { return holds(c, event); });
}

}  // namespace astro::gateway
