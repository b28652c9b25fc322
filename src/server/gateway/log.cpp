#include "server/gateway/log.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "foundation/base/clock.hpp"
#include "foundation/base/json.hpp"

namespace astro::gateway {
namespace {

constexpr std::size_t kQueueLines = 8192;

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::trace:
            return spdlog::level::trace;
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warn:
            return spdlog::level::warn;
        case LogLevel::error:
            break;
    }
    return spdlog::level::err;
}

std::string_view name_of(LogLevel level) {
    constexpr std::string_view kNames[] = {"trace", "debug", "info", "warn", "error"};
    return kNames[static_cast<std::size_t>(level)];
}

std::shared_ptr<spdlog::logger> logger;  // set once by start_log
bool as_json = true;

void append_value(std::string& out, const LogField& field) {
    std::visit([&](const auto& value) { append_json(out, value); }, field.second);
}

std::string json_line(LogLevel level, std::string_view event, const std::string& time,
                      const std::vector<LogField>& fields) {
    std::string out =
        "{\"time\":\"" + time + "\",\"level\":\"" + std::string(name_of(level)) + "\",\"event\":";
    append_json_string(out, event);
    for (const auto& field : fields) {
        out.push_back(',');
        append_json_string(out, field.first);
        out.push_back(':');
        append_value(out, field);
    }
    return out + "}";
}

std::string text_line(LogLevel level, std::string_view event, const std::string& time,
                      const std::vector<LogField>& fields) {
    std::string out = time + " " + std::string(name_of(level)) + " " + std::string(event);
    for (const auto& field : fields) {
        out.append(" ").append(field.first).append("=");
        append_value(out, field);
    }
    return out;
}

}  // namespace

void start_log(LogLevel least, bool json) {
    as_json = json;
    spdlog::init_thread_pool(kQueueLines, 1);
    logger = std::make_shared<spdlog::async_logger>(
        "astrolabe", std::make_shared<spdlog::sinks::stderr_sink_mt>(), spdlog::thread_pool(),
        spdlog::async_overflow_policy::overrun_oldest);
    logger->set_pattern("%v");
    logger->set_level(to_spdlog(least));
    logger->flush_on(spdlog::level::info);
}

void stop_log() {
    if (logger) logger->flush();
    spdlog::shutdown();  // joins the writing thread, so that no one else holds the logger
    logger.reset();
}

void log(LogLevel level, std::string_view event, const std::vector<LogField>& fields) {
    const auto target = logger;
    if (!target || !target->should_log(to_spdlog(level))) return;
    const auto time = to_iso8601(SystemClock().now());
    target->log(to_spdlog(level), as_json ? json_line(level, event, time, fields)
                                          : text_line(level, event, time, fields));
}

}  // namespace astro::gateway
