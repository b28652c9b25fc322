#include "server/node/system.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace astro::node {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

struct Folder {
    Folder() {
        char name[] = "/tmp/astro_system_XXXXXX";
        path = ::mkdtemp(name);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    void write(const std::string& name, std::size_t bytes) const {
        const auto file = std::filesystem::path(path) / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << std::string(bytes, 'x');
    }
    std::string path;
};

TEST(Process, IsCountedAsTheKernelDoes) {
    const ProcessStatus before = process_status();
    EXPECT_GT(before.memory_bytes, 1'000'000);
    EXPECT_GE(before.memory_peak_bytes, before.memory_bytes / 2);
    EXPECT_GE(before.threads, 1);
    EXPECT_GT(before.open_files_max, before.open_files);
    const std::ifstream one("/proc/self/status");
    EXPECT_EQ(process_status().open_files, before.open_files + 1);
}

TEST(Disk, TellsTheDatabaseFromTheJournalAndTheRest) {
    const Folder folder;
    folder.write("astrolabe.db", 100);
    folder.write("astrolabe.db-wal", 20);
    folder.write("master.key", 3);
    folder.write("outbox/a.eml", 4);
    folder.write("venue/journal/1", 500);
    const DiskStatus disk = disk_status(folder.path, folder.path + "/venue");
    EXPECT_EQ(disk.database_bytes, 120);
    EXPECT_EQ(disk.journal_bytes, 500);
    EXPECT_EQ(disk.other_bytes, 7);
    EXPECT_GT(disk.free_bytes, 0);
    EXPECT_GE(disk.total_bytes, disk.free_bytes);
}

TEST(Disk, ThatIsNotThereHoldsNothing) {
    const DiskStatus disk = disk_status("/nowhere/at/all", "/nowhere/at/all/venue");
    EXPECT_EQ(disk.database_bytes + disk.journal_bytes + disk.other_bytes + disk.total_bytes, 0);
}

TEST(SystemRoutes, AreForOperatorsAndSayWhatRuns) {
    VirtualClock clock{from_unix_seconds(1'000)};
    JobBook jobs{clock};
    jobs.add("mev.retention", "Forgets", "each 64 commits").note({});
    clock.advance(seconds(90));
    const Folder folder;
    const auto routes = system_routes({.folder = folder.path,
                                       .venue = folder.path + "/venue",
                                       .started = from_unix_seconds(1'000),
                                       .roles = {{"feed", "demo"}}},
                                      clock, jobs);
    ASSERT_EQ(routes.size(), 2U);
    std::string told;
    for (const auto& route : routes) {
        EXPECT_EQ(route.permission, "server.operate");
        const net::Request request;
        const auto answer = route.handler(gateway::Call(request, {}));
        ASSERT_TRUE(answer);
        told += answer->text();
    }
    EXPECT_THAT(told, HasSubstr(R"("uptime_seconds":90)"));
    EXPECT_THAT(told, HasSubstr(R"("roles":[{"part":"feed","mode":"demo"}])"));
    EXPECT_THAT(told, HasSubstr(R"("name":"mev.retention")"));
    EXPECT_THAT(told, HasSubstr(R"("outcome":"done")"));
}

TEST(Roles, SayModesAndNoSecret) {
    Settings settings;
    ASSERT_TRUE(settings.apply_text("identity.smtp_password", "hunter2", "test"));
    ASSERT_TRUE(settings.apply_text("feed.mode", "demo", "test"));
    std::vector<std::string> told;
    for (const auto& role : roles_of(settings)) {
        told.push_back(role.part + " " + role.mode);
        EXPECT_EQ(role.mode.find("hunter2"), std::string::npos);
    }
    EXPECT_THAT(told, Contains("feed demo"));
    EXPECT_THAT(told, Contains("mail outbox"));
}

}  // namespace
}  // namespace astro::node
