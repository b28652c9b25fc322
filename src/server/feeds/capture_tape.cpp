#include <algorithm>
#include <charconv>
#include <optional>

#include "capabilities/market/recorded_lines.hpp"
#include "server/feeds/price_tape.hpp"

namespace astro::feeds {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
/// More than the numbers of any stream grow in a millisecond, so that they go on growing after a
/// round, and after a restart.
constexpr std::int64_t kNumbersPerMs = 1'000;

/// {"stream":"NAME",…: the name; empty when it does not begin so.
std::string_view stream_of(std::string_view json) {
    constexpr std::string_view kBegin = R"({"stream":")";
    if (!json.starts_with(kBegin)) return {};
    json.remove_prefix(kBegin.size());
    return json.substr(0, json.find('"'));
}

/// The number behind "E": in a message; nothing when it has none.
std::optional<std::int64_t> event_time(std::string_view json) {
    constexpr std::string_view kKey = R"("E":)";
    const auto at = json.find(kKey);
    if (at == json.npos) return std::nullopt;
    std::int64_t out = 0;
    const char* begin = json.data() + at + kKey.size();
    const auto parsed = std::from_chars(begin, json.data() + json.size(), out);
    return parsed.ec == std::errc{} ? std::optional(out) : std::nullopt;
}

class CaptureTape final : public PriceTape {
  public:
    CaptureTape(CaptureOptions options, TimestampNs start)
        : options_(std::move(options)), start_(start) {}

    Result<void> open() {
        ASTRO_CHECK(rewind());
        ASTRO_TRY(bool any, advance());
        if (!any) return refusal("no_capture", "has no line to play", options_.file);
        return {};
    }

    TimestampNs due() const override { return start_of_round() + (line_.time - options_.base); }

    Result<TapeMessage> next() override {
        // The exchange's clock and the recorder's differ: what counts is the exchange's, and its
        // first message is held to be of the moment at which it was received.
        if (!exchange_ahead_ms_)
            if (const auto event = event_time(line_.json))
                exchange_ahead_ms_ = *event - line_.time.value() / kNsPerMs;
        const std::int64_t moved_ms = (start_of_round() - options_.base).value() / kNsPerMs;
        const std::int64_t shift = moved_ms - exchange_ahead_ms_.value_or(0);
        TapeMessage out{std::string(stream_of(line_.json)),
                        shift_message(line_.json, shift, moved_ms * kNumbersPerMs)};
        ASTRO_TRY(bool more, advance());
        if (!more) {
            ++round_;
            ASTRO_CHECK(rewind());
            ASTRO_TRY(more, advance());
        }
        if (!more) return unavailable("no_capture", "has no more line to play", options_.file);
        return out;
    }

  private:
    [[nodiscard]] TimestampNs start_of_round() const {
        return start_ + DurationNs{options_.period.value() * round_};
    }

    Result<void> rewind() {
        auto lines = market::RecordedLines::open(options_.file);
        if (!lines) return refused(lines.error());
        lines_.emplace(std::move(*lines));
        return {};
    }

    /// To the next line that is played; false at the end.
    Result<bool> advance() {
        for (;;) {
            auto line = lines_->next();
            if (!line) return refused(line.error());
            if (!*line) return false;
            const std::string_view stream = stream_of((*line)->json);
            if (std::ranges::none_of(options_.streams, [&](const auto& end) {
                    return !stream.empty() && stream.ends_with(end);
                }))
                continue;
            line_ = std::move(**line);
            return true;
        }
    }

    [[nodiscard]] Unexpected refused(const Error& error) const {
        return refusal("no_capture", error.text(), options_.file);
    }

    const CaptureOptions options_;
    const TimestampNs start_;
    std::optional<market::RecordedLines> lines_;
    market::RecordedLine line_{};
    std::int64_t round_ = 0;
    std::optional<std::int64_t> exchange_ahead_ms_;
};

}  // namespace

std::string shift_message(std::string_view json, std::int64_t milliseconds, std::int64_t numbers) {
    std::string out;
    out.reserve(json.size() + 16);
    const auto shift_of = [&](std::string_view key) -> std::int64_t {
        if (key == "E" || key == "T") return milliseconds;
        if (key == "pu") return numbers;
        return key.size() == 1 && std::string_view("uUtafl").find(key[0]) != std::string_view::npos
                   ? numbers
                   : 0;
    };
    std::size_t copied = 0;
    for (auto at = json.find("\":"); at != json.npos; at = json.find("\":", at + 2)) {
        const auto begin = json.rfind('"', at - 1);
        if (at == 0 || begin == json.npos) continue;
        const std::int64_t shift = shift_of(json.substr(begin + 1, at - begin - 1));
        std::int64_t value = 0;
        const char* from = json.data() + at + 2;
        const auto parsed = std::from_chars(from, json.data() + json.size(), value);
        if (shift == 0 || parsed.ec != std::errc{}) continue;
        out.append(json.substr(copied, at + 2 - copied)).append(std::to_string(value + shift));
        copied = static_cast<std::size_t>(parsed.ptr - json.data());
    }
    return out.append(json.substr(copied));
}

Result<std::unique_ptr<PriceTape>> make_capture_tape(CaptureOptions options, TimestampNs start) {
    auto tape = std::make_unique<CaptureTape>(std::move(options), start);
    ASTRO_CHECK(tape->open());
    return std::unique_ptr<PriceTape>(std::move(tape));
}

}  // namespace astro::feeds
