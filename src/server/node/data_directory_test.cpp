#include "server/node/data_directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

namespace astro::node {
namespace {

namespace fs = std::filesystem;

class DataDirectories : public ::testing::Test {
  protected:
    DataDirectories() {
        std::string name = (fs::temp_directory_path() / "astrolabe-test-XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    ~DataDirectories() override {
        ::chmod((folder_ + "/closed").c_str(), 0700);
        fs::remove_all(folder_);
    }
    static unsigned mode_of(const std::string& path) {
        struct stat info{};
        EXPECT_EQ(::stat(path.c_str(), &info), 0);
        return info.st_mode & 0777U;
    }
    std::string folder_;
};

TEST_F(DataDirectories, AreMadeForTheirOwnerAlone) {
    for (const std::string name : {"/data", "/slash/", "/deep/er/data", "/deep/slashes//"}) {
        const auto made = DataDirectory::open(folder_ + name);
        ASSERT_TRUE(made) << made.error().text();
        EXPECT_EQ(mode_of(folder_ + name), 0700U) << name;
        EXPECT_EQ(mode_of(made->file("lock")), 0600U);
        std::ofstream(made->file("x")) << "x";
        EXPECT_TRUE(fs::exists(folder_ + name + "/x"));
    }
}

TEST_F(DataDirectories, AnExistingOneIsTakenAsItIs) {
    fs::create_directory(folder_ + "/data");
    std::ofstream(folder_ + "/data/kept") << "kept";
    ASSERT_TRUE(DataDirectory::open(folder_ + "/data"));
    EXPECT_TRUE(fs::exists(folder_ + "/data/kept"));
}

TEST_F(DataDirectories, BelongToOneAtATime) {
    std::optional<DataDirectory> first;
    {
        auto opened = DataDirectory::open(folder_ + "/data");
        ASSERT_TRUE(opened);
        first.emplace(std::move(*opened));  // the lock moves along
    }
    const auto second = DataDirectory::open(folder_ + "/data");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "data_in_use");
    EXPECT_EQ(second.error().where, folder_ + "/data");
    // Also for another process, and by another name of the folder.
    fs::create_directory_symlink(folder_ + "/data", folder_ + "/alias");
    const auto child = ::fork();
    if (child == 0) ::_exit(DataDirectory::open(folder_ + "/alias") ? 0 : 7);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(WEXITSTATUS(status), 7);
    first.reset();
    EXPECT_TRUE(DataDirectory::open(folder_ + "/data"));
}

TEST_F(DataDirectories, WhatStandsInTheWayIsNamed) {
    const auto error = [](const std::string& path) {
        const auto opened = DataDirectory::open(path);
        EXPECT_FALSE(opened) << path;
        return opened ? Error{} : opened.error();
    };
    std::ofstream(folder_ + "/file") << "x";
    EXPECT_EQ(error("").code, "data_directory");
    EXPECT_EQ(error(folder_ + "/file").where, folder_ + "/file");
    EXPECT_EQ(error(folder_ + "/file/below").code, "data_directory");
    EXPECT_NE(error(folder_ + "/file").message.find("Not a directory"), std::string::npos);
    if (::geteuid() == 0) return;  // whom no mode stops
    fs::create_directory(folder_ + "/closed");
    ::chmod((folder_ + "/closed").c_str(), 0500);
    EXPECT_NE(error(folder_ + "/closed").message.find("Permission denied"), std::string::npos);
    EXPECT_NE(error(folder_ + "/closed/new").message.find("Permission denied"), std::string::npos);
}

}  // namespace
}  // namespace astro::node
