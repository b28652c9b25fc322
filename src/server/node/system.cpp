#include "server/node/system.hpp"

#include <sys/resource.h>

#include <filesystem>
#include <fstream>

#include "foundation/base/json.hpp"
#include "server/node/market.hpp"

namespace astro::node {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPermission = "server.operate";

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

/// "VmRSS:   123 kB" of /proc/self/status; 0 where it is not told.
std::int64_t told_number(const std::string& line, std::string_view name) {
    if (!line.starts_with(name)) return 0;
    const auto begin = line.find_first_of("0123456789");
    return begin == std::string::npos ? 0 : std::strtoll(line.c_str() + begin, nullptr, 10);
}

std::int64_t count_of(const char* folder) {
    std::error_code error;
    std::int64_t count = 0;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        ++count;
    return count;
}

std::int64_t size_of(const fs::directory_entry& entry) {
    std::error_code error;
    if (!entry.is_regular_file(error) || error) return 0;
    const auto size = entry.file_size(error);
    return error ? 0 : static_cast<std::int64_t>(size);
}

/// Files come and go while they are counted; what is gone counts nothing.
std::int64_t size_below(const std::string& folder) {
    std::error_code error;
    std::int64_t bytes = 0;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error))
        bytes += size_of(*at);
    return bytes;
}

}  // namespace

ProcessStatus process_status() {
    ProcessStatus out;
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        out.memory_bytes += told_number(line, "VmRSS:") * 1024;
        out.memory_peak_bytes += told_number(line, "VmHWM:") * 1024;
        out.threads += told_number(line, "Threads:");
    }
    out.open_files = count_of("/proc/self/fd");
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
        out.open_files_max = static_cast<std::int64_t>(limit.rlim_cur);
    rusage usage{};
    if (::getrusage(RUSAGE_SELF, &usage) == 0)
        out.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    return out;
}

DiskStatus disk_status(const std::string& folder, const std::string& venue) {
    DiskStatus out;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        const bool is_database = at->path().filename().string().starts_with("astrolabe.db");
        (is_database ? out.database_bytes : out.other_bytes) += size_of(*at);
        if (at->is_directory(error) && at->path() != fs::path(venue))
            out.other_bytes += size_below(at->path().string());
    }
    out.journal_bytes = size_below(venue);
    const auto space = fs::space(folder, error);
    if (!error) {
        out.free_bytes = static_cast<std::int64_t>(space.available);
        out.total_bytes = static_cast<std::int64_t>(space.capacity);
    }
    return out;
}

std::vector<RoleStatus> roles_of(const Settings& settings) {
    const bool has_tls = !settings.text("server.tls_certificate").empty();
    const bool has_smtp = !settings.text("identity.smtp").empty();
    const bool has_redis = !settings.text("identity.redis").empty();
    return {{"feed", settings.text("feed.mode")},
            {"venue", settings.text("exchange.venue")},
            {"prices", market_feed(settings)},
            {"simulated_traders", settings.text("exchange.simulated_traders")},
            {"durability", settings.text("data.synchronous")},
            {"tls", has_tls ? "on" : "off"},
            {"mail", has_smtp ? "smtp" : "outbox"},
            {"limits", has_redis ? "shared" : "own"}};
}

std::vector<gateway::Route> system_routes(SystemParts parts, const Clock& clock,
                                          const JobBook& jobs) {
    std::vector<gateway::Route> routes;
    routes.push_back(
        {.path = "/api/v1/server/system",
         .summary = "The program as a process: what it runs, its memory, files and disk",
         .answers = {{.document = json_document<SystemStatus>()}},
         .permission = std::string(kPermission),
         .handler = [parts = std::move(parts),
                     &clock](const gateway::Call&) -> Result<net::Response> {
             return net::json_response(to_json(SystemStatus{
                 .version = ASTRO_VERSION,
                 .started_at = parts.started,
                 .uptime_seconds = (clock.now() - parts.started).value() / 1'000'000'000,
                 .roles = parts.roles,
                 .process = process_status(),
                 .disk = disk_status(parts.folder, parts.venue)}));
         }});
    routes.push_back({.path = "/api/v1/server/jobs",
                      .summary = "What the program does by itself, again and again, and how the "
                                 "last time went",
                      .answers = {{.document = json_document<JobList>()}},
                      .permission = std::string(kPermission),
                      .blocking = false,
                      .handler = [&clock, &jobs](const gateway::Call&) -> Result<net::Response> {
                          return net::json_response(to_json(JobList{clock.now(), jobs.all()}));
                      }});
    return routes;
}

}  // namespace astro::node
