#pragma once

#include <sys/types.h>

#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/net/client.hpp"

/// The program as its users have it: started as a process, asked over loopback. All waits are for
/// an event, with a generous limit that only a failure reaches.
namespace astro::integration {

namespace json = boost::json;

/// A folder that is gone with the object.
class TemporaryDirectory {
  public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] std::string path(std::string_view name = {}) const;

  private:
    std::string path_;
};

struct Outcome {
    int code = -1;  ///< of exit; the negative number of the signal that ended it
    std::string out, errors;
};

/// Runs a command of the program to its end.
[[nodiscard]] Outcome run_program(const std::vector<std::string>& arguments);
/// Runs another command of the machine, found through PATH.
[[nodiscard]] Outcome run_command(const std::vector<std::string>& command);

/// Real blocks and, in slots between them, blocks with made-up sandwiches and liquidations: every
/// kind of finding, on a chain that ends.
void write_chain(const std::string& directory);

/// `astrolabe serve` on a free port of 127.0.0.1.
class Server {
  public:
    /// The arguments behind `serve`. Fails the test when the program does not start.
    explicit Server(std::vector<std::string> arguments);
    ~Server();  ///< kills what still runs
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] pid_t pid() const { return process_; }
    /// Sends the signal and waits for the end: the exit code, or the negative signal.
    int stop(int signal);
    /// What it wrote to standard error so far.
    [[nodiscard]] std::string log() const;
    /// What it wrote to standard output: where it is, where the first administrator signs up.
    [[nodiscard]] std::string output() const;

    net::Response ask(const std::string& target, const std::string& method = "GET");
    /// The body of a 200 as JSON; fails the test on any other status.
    json::value get(const std::string& target);
    /// All items of a list, page by page.
    json::array list(const std::string& target, int limit = 500);
    /// Waits until the recorded chain was played to its end and all rows are stored.
    void wait_until_finished();

  private:
    TemporaryDirectory scratch_;
    pid_t process_ = -1;
    std::string url_;
    std::unique_ptr<net::HttpClient> client_;
};

/// A client of /ws/live.
class Live {
  public:
    explicit Live(const Server& server);
    void send(std::string_view text);
    /// The next message; fails the test and gives null when none comes.
    json::value next();
    /// The next message of one of these types; what comes before is skipped.
    json::value next_of(std::string_view type);
    void close();
    [[nodiscard]] bool broken() const { return broken_; }

  private:
    std::unique_ptr<net::WebSocketClient> socket_;
    bool broken_ = false;
};

/// The text of a member; fails the test when there is none.
[[nodiscard]] std::string text_of(const json::value& object, std::string_view member);
[[nodiscard]] std::int64_t number_of(const json::value& object, std::string_view member);
[[nodiscard]] json::value parse(std::string_view text);
/// Asks again and again until it holds; false when it never does.
[[nodiscard]] bool becomes_true(const std::function<bool()>& holds);

}  // namespace astro::integration
