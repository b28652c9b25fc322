#include "server/node/master_key.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "foundation/base/encoding.hpp"

namespace astro::node {
namespace {

struct MasterKeyTest : testing::Test {
    std::string folder = testing::TempDir() + "master_key_test_" + std::to_string(::getpid());
    std::string file = folder + "/master.key";
    crypto::SystemRandom random;
    MasterKeyTest() { std::filesystem::create_directories(folder); }
    ~MasterKeyTest() override { std::filesystem::remove_all(folder); }

    Result<crypto::SecretKey> load(const MasterKeySource& source) {
        return load_master_key(source, random);
    }
    static std::string text(const Result<crypto::SecretKey>& key) {
        return key ? to_base64(key->view()) : std::string(key.error().code);
    }
};

TEST_F(MasterKeyTest, IsMadeOnceAndForItsOwnerOnly) {
    const auto first = text(load({.file = file}));
    EXPECT_EQ(first.size(), 44U);
    EXPECT_EQ(text(load({.file = file})), first);
    struct stat state{};
    ASSERT_EQ(::stat(file.c_str(), &state), 0);
    EXPECT_EQ(state.st_mode & 0777U, 0600U);
    ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
    EXPECT_EQ(text(load({.file = file})), "master_key_mode");
}

TEST_F(MasterKeyTest, ComesFromTheEnvironmentOrACommandToo) {
    const std::string key = to_base64(random.secret_key().view());
    EXPECT_EQ(text(load({.text = key, .file = file})), key);
    EXPECT_EQ(text(load({.command = "echo " + key, .file = file})), key);
    EXPECT_EQ(text(load({.command = "echo " + key + "; exit 1", .file = file})), "master_key");
    EXPECT_FALSE(std::filesystem::exists(file)) << "no file is made where none is asked for";
}

TEST_F(MasterKeyTest, WhatIsNoKeyIsRefusedAndNotShown) {
    const auto wrong = load({.text = "c2VjcmV0", .file = file});
    EXPECT_EQ(text(wrong), "master_key");
    EXPECT_EQ(wrong.error().text().find("c2VjcmV0"), std::string::npos);
    std::ofstream(file) << "half a key";
    ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
    EXPECT_EQ(text(load({.file = file})), "master_key");
}

}  // namespace
}  // namespace astro::node
