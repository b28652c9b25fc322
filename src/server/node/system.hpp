#pragma once

#include <functional>
#include <string>
#include <vector>

#include "foundation/base/clock.hpp"
#include "foundation/base/jobs.hpp"
#include "server/gateway/route.hpp"
#include "server/node/settings.hpp"

/// What operators see of the program as a process: /api/v1/server/system and /api/v1/server/jobs.
namespace astro::node {

/// As the kernel counts it.
struct ProcessStatus {
    std::int64_t memory_bytes = 0;       ///< resident at present
    std::int64_t memory_peak_bytes = 0;  ///< and at most so far
    std::int64_t threads = 0;
    std::int64_t open_files = 0, open_files_max = 0;
    double cpu_seconds = 0;  ///< of all threads since the start
};
BOOST_DESCRIBE_STRUCT(ProcessStatus, (),
                      (memory_bytes, memory_peak_bytes, threads, open_files, open_files_max,
                       cpu_seconds))

/// What the data directory holds, and the room beside it.
struct DiskStatus {
    std::int64_t database_bytes = 0, journal_bytes = 0, other_bytes = 0;
    std::int64_t free_bytes = 0, total_bytes = 0;
};
BOOST_DESCRIBE_STRUCT(DiskStatus, (),
                      (database_bytes, journal_bytes, other_bytes, free_bytes, total_bytes))

/// One part that the program was started with: "feed" is "demo".
struct RoleStatus {
    std::string part{}, mode{};
};
BOOST_DESCRIBE_STRUCT(RoleStatus, (), (part, mode))

struct SystemStatus {
    std::string version{};
    TimestampNs started_at{};
    std::int64_t uptime_seconds = 0;
    std::vector<RoleStatus> roles{};
    ProcessStatus process{};
    DiskStatus disk{};
};
BOOST_DESCRIBE_STRUCT(SystemStatus, (), (version, started_at, uptime_seconds, roles, process, disk))

struct JobList {
    TimestampNs time{};  ///< the server's, to count from
    std::vector<JobStatus> items{};
};
BOOST_DESCRIBE_STRUCT(JobList, (), (time, items))

[[nodiscard]] ProcessStatus process_status();
/// `folder` is the data directory, `venue` where the venue's journal lies, perhaps elsewhere.
[[nodiscard]] DiskStatus disk_status(const std::string& folder, const std::string& venue);

/// What the program was started with, for operators: modes and switches, never a secret.
[[nodiscard]] std::vector<RoleStatus> roles_of(const Settings& settings);

struct SystemParts {
    std::string folder{}, venue{};
    TimestampNs started{};
    std::vector<RoleStatus> roles{};
};
/// Permission server.operate. The clock and the book outlive the routes.
[[nodiscard]] std::vector<gateway::Route> system_routes(SystemParts parts, const Clock& clock,
                                                        const JobBook& jobs);

}  // namespace astro::node
