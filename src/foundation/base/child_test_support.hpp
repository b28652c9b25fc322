#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace astro::test {

/// A program beside the test, spoken to over its standard input and output. It is expected to end
/// with its input, so that it ends also when the test is killed.
class Child {
  public:
    explicit Child(std::vector<std::string> command) {
        std::vector<char*> arguments;
        for (auto& part : command) arguments.push_back(part.data());
        arguments.push_back(nullptr);
        int in[2], out[2];
        EXPECT_EQ(::pipe(in), 0);
        EXPECT_EQ(::pipe(out), 0);
        process_ = ::fork();
        if (process_ == 0) {
            ::dup2(in[0], 0);
            ::dup2(out[1], 1);
            for (const int file : {in[0], in[1], out[0], out[1]}) ::close(file);
            ::execvp(arguments[0], arguments.data());
            ::_exit(127);
        }
        ::close(in[0]);
        ::close(out[1]);
        input_ = in[1];
        output_ = out[0];
    }
    ~Child() {
        ::close(input_);
        ::waitpid(process_, nullptr, 0);
        ::close(output_);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// The next line of its output; empty when it has ended.
    std::string line() {
        std::string out;
        for (char c = 0; ::read(output_, &c, 1) == 1 && c != '\n';) out += c;
        return out;
    }

  private:
    pid_t process_ = -1;
    int input_ = -1, output_ = -1;
};

}  // namespace astro::test
