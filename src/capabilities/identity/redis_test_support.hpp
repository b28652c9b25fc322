#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <optional>
#include <string>

#include "capabilities/identity/limits.hpp"
#include "foundation/base/child_test_support.hpp"

namespace astro::identity {

/// A real Redis on a socket of its own; it ends with the test.
class RedisProcess {
  public:
    RedisProcess() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "astro_redis_XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        start();
    }
    ~RedisProcess() {
        stop();
        std::filesystem::remove_all(folder_);
    }
    RedisProcess(const RedisProcess&) = delete;
    RedisProcess& operator=(const RedisProcess&) = delete;

    void start() {
        // The shell ends with its input, and Redis with the shell.
        child_.emplace(std::vector<std::string>{
            "/bin/sh", "-c",
            "redis-server --port 0 --unixsocket " + socket() +
                " --save '' --appendonly no --requirepass right >/dev/null & "
                "while [ ! -S " +
                socket() + " ]; do sleep 0.01; done; echo up; read end; kill $!; wait $!"});
        EXPECT_EQ(child_->line(), "up");
    }
    void stop() {
        child_.reset();
        std::filesystem::remove(socket());
    }
    std::string socket() const { return folder_ + "/socket"; }
    RedisServer server() const { return {"unix://" + socket(), "right", "test:"}; }

  private:
    std::string folder_;
    std::optional<test::Child> child_;
};

}  // namespace astro::identity
