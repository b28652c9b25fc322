#pragma once

#include <string>

#include "capabilities/market/series_model.hpp"
#include "capabilities/market/sources/text_members.hpp"

namespace astro::market::text {

/// The members of an entry, each read or missing.
class Entry {
  public:
    explicit Entry(JsonValue object) : object_(object) {}

    [[nodiscard]] JsonValue operator[](std::string_view name) const {
        return text::member(object_, name);
    }
    [[nodiscard]] Price price(std::string_view name) {
        return taken(text::price((*this)[name])).value_or(Price{});
    }
    [[nodiscard]] Base size(std::string_view name) {
        const auto characters = text::digits((*this)[name]);
        const auto value =
            characters ? parse_scaled(*characters, exchange::BaseTag::kDecimals) : std::nullopt;
        return Base{taken(value && *value >= 0 ? value : std::nullopt).value_or(0)};
    }
    [[nodiscard]] TradeSeq seq(std::string_view name) {
        return TradeSeq{taken(text::integer<std::uint64_t>((*this)[name])).value_or(0)};
    }
    [[nodiscard]] std::string symbol(std::string_view name) {
        return std::string(taken(text::word((*this)[name])).value_or(""));
    }
    [[nodiscard]] Side side(std::string_view name) {
        const auto word = text::word((*this)[name]);
        const bool known = word && (*word == "buy" || *word == "sell");
        return taken(known ? std::optional(*word == "buy" ? Side::buy : Side::sell) : std::nullopt)
            .value_or(Side::buy);
    }
    [[nodiscard]] TimestampNs iso_time(std::string_view name) {
        return taken(text::iso_time((*this)[name])).value_or(TimestampNs{});
    }
    [[nodiscard]] TimestampNs time_ms(std::string_view name) {
        return taken(text::time((*this)[name], kMilliseconds)).value_or(TimestampNs{});
    }
    [[nodiscard]] bool whole() const { return whole_; }

  private:
    template <class T>
    std::optional<T> taken(std::optional<T> value) {
        whole_ = whole_ && value.has_value();
        return value;
    }

    JsonValue object_;
    bool whole_ = true;
};

[[nodiscard]] inline TimeMs to_ms(TimestampNs time) {
    return TimeMs{time.value() / 1'000'000};
}

}  // namespace astro::market::text
