#include "integration/program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

namespace astro::integration {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;
constexpr auto kPatience = std::chrono::seconds(30);
constexpr auto kBetweenQuestions = std::chrono::milliseconds(5);

const std::string kBlocks = ASTRO_SOURCE_DIR "/share/solana/blocks/";

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Starts it with both outputs in files and no setting of ours in its environment.
pid_t spawn(const std::vector<std::string>& command, const std::string& out,
            const std::string& errors) {
    std::vector<char*> arguments;
    for (const auto& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
    arguments.push_back(nullptr);
    const std::string path = std::string("PATH=") + std::getenv("PATH");
    char* environment[] = {const_cast<char*>(path.c_str()), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, errors.c_str(), O_CREAT | O_WRONLY | O_APPEND,
                                     0600);
    pid_t process = -1;
    const int error = posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(),
                                   static_cast<char**>(environment));
    posix_spawn_file_actions_destroy(&actions);
    EXPECT_EQ(error, 0) << command[0];
    return error == 0 ? process : -1;
}

int wait_for_end(pid_t process) {
    int status = 0;
    if (::waitpid(process, &status, 0) != process) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

bool becomes_true(const std::function<bool()>& holds) {
    const auto end = SteadyClock::now() + kPatience;
    while (!holds()) {
        if (SteadyClock::now() > end) return false;
        std::this_thread::sleep_for(kBetweenQuestions);
    }
    return true;
}

json::value parse(std::string_view text) {
    json::error_code error;
    auto value = json::parse({text.data(), text.size()}, error);
    EXPECT_FALSE(error) << error.message() << ": " << text.substr(0, 400);
    return value;
}

std::string text_of(const json::value& object, std::string_view member) {
    const auto* value = object.is_object()
                            ? object.get_object().if_contains({member.data(), member.size()})
                            : nullptr;
    if (value == nullptr || !value->is_string()) {
        ADD_FAILURE() << "no text " << member;
        return {};
    }
    return {value->get_string().data(), value->get_string().size()};
}

std::int64_t number_of(const json::value& object, std::string_view member) {
    const auto* value = object.is_object()
                            ? object.get_object().if_contains({member.data(), member.size()})
                            : nullptr;
    if (value == nullptr || !value->is_int64()) {
        ADD_FAILURE() << "no number " << member;
        return -1;
    }
    return value->get_int64();
}

// ── files and commands ──────────────────────────────────────────────────────────────────────────

TemporaryDirectory::TemporaryDirectory() {
    std::string name = (fs::temp_directory_path() / "astrolabe-test-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
}
TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}
std::string TemporaryDirectory::path(std::string_view name) const {
    return name.empty() ? path_ : path_ + "/" + std::string(name);
}

Outcome run_command(const std::vector<std::string>& command) {
    const TemporaryDirectory scratch;
    const auto process = spawn(command, scratch.path("out"), scratch.path("errors"));
    if (process < 0) return {};
    const int code = wait_for_end(process);
    return {code, read_file(scratch.path("out")), read_file(scratch.path("errors"))};
}

Outcome run_program(const std::vector<std::string>& arguments) {
    std::vector<std::string> command{ASTRO_PROGRAM};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_command(command);
}

void write_chain(const std::string& directory) {
    fs::create_directories(directory);
    for (const char* name : {"block_254170887_part1.json"})
        fs::copy_file(kBlocks + name, directory + "/" + name);
    const auto inject = [&](const char* name, const char* kind, const char* count) {
        const auto done = run_program({"mev", "inject", kBlocks + name, "--kind", kind, "--count",
                                       count, "--lookalikes", "1", "--out", directory});
        ASSERT_EQ(done.code, 0) << done.errors;
    };
    inject("block_270893658_base64.json", "sandwich", "2");
    inject("block_285000037.json", "liquidation", "2");
    fs::remove(directory + "/truth.ndjson");
}

// ── the server ──────────────────────────────────────────────────────────────────────────────────

Server::Server(std::vector<std::string> arguments) {
    std::vector<std::string> command{ASTRO_PROGRAM, "serve",
                                     "--listen",    "127.0.0.1:0",
                                     "--set",       "server.terminal=" + scratch_.path("none")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    process_ = spawn(command, scratch_.path("out"), scratch_.path("errors"));
    std::string line;
    const bool started = becomes_true([&] {
        line = read_file(scratch_.path("out"));
        return line.ends_with('\n') || ::waitpid(process_, nullptr, WNOHANG) != 0;
    });
    const auto begin = line.find("http");
    if (!started || begin == std::string::npos) {
        ADD_FAILURE() << "the server does not start: " << log();
        return;
    }
    url_ = line.substr(begin, line.find(' ', begin) - begin);
    net::ClientOptions options;
    options.verify_tls = false;
    auto client = net::HttpClient::make(net::parse_url(url_).value(), options);
    EXPECT_TRUE(client);
    if (client) client_ = std::move(*client);
}

Server::~Server() {
    if (process_ > 0) stop(SIGKILL);
    if (::testing::Test::HasFailure()) std::fputs(log().c_str(), stderr);
}

std::string Server::log() const {
    return read_file(scratch_.path("errors"));
}

std::string Server::output() const {
    return read_file(scratch_.path("out"));
}

std::uint16_t Server::port() const {
    return static_cast<std::uint16_t>(std::stoi(url_.substr(url_.rfind(':') + 1)));
}

int Server::stop(int signal) {
    if (process_ <= 0) return -1;
    ::kill(process_, signal);
    return wait_for_end(std::exchange(process_, -1));
}

net::Response Server::ask(const std::string& target, const std::string& method) {
    net::Request request;
    request.method = method;
    request.target = target;
    if (!client_) return {};
    auto response = client_->request(request);
    EXPECT_TRUE(response) << target << ": " << response.error().text();
    if (response) return std::move(*response);
    net::Response none;
    none.status = 0;
    return none;
}

json::value Server::get(const std::string& target) {
    const auto response = ask(target);
    EXPECT_EQ(response.status, 200) << target << ": " << response.text();
    return response.status == 200 ? parse(response.text()) : json::value{};
}

json::array Server::list(const std::string& target, int limit) {
    json::array all;
    std::string cursor;
    const std::string join = target.find('?') == std::string::npos ? "?" : "&";
    do {
        const auto page = get(target + join + "limit=" + std::to_string(limit) + cursor);
        if (!page.is_object()) break;
        const auto& items = page.at("items").as_array();
        EXPECT_LE(items.size(), static_cast<std::size_t>(limit));
        for (const auto& item : items) all.push_back(item);
        cursor = page.at("next_cursor").is_null() ? "" : "&cursor=" + text_of(page, "next_cursor");
    } while (!cursor.empty());
    return all;
}

void Server::wait_until_finished() {
    EXPECT_TRUE(becomes_true([&] {
        const auto status = get("/api/v1/status");
        if (!status.is_object()) return true;
        return status.at("feed").at("state") == "finished" &&
               number_of(status.at("store"), "queued_blocks") == 0;
    })) << ask("/api/v1/status").text();
}

// ── live ────────────────────────────────────────────────────────────────────────────────────────

Live::Live(const Server& server) {
    broken_ = server.url().empty();
    if (broken_) return;
    std::string url = server.url() + "/ws/live";
    url.replace(0, 4, "ws");
    net::ClientOptions options;
    options.verify_tls = false;
    auto socket = net::WebSocketClient::connect(net::parse_url(url).value(), options);
    EXPECT_TRUE(socket) << socket.error().text();
    broken_ = !socket;
    if (socket) socket_ = std::move(*socket);
}

void Live::send(std::string_view text) {
    if (!broken_) broken_ = !socket_->send(text);
}

void Live::close() {
    if (socket_) socket_->close();
    broken_ = true;
}

json::value Live::next() {
    if (broken_) return {};
    auto text = socket_->receive(seconds(30));
    broken_ = !text || !*text;
    return broken_ ? json::value{} : parse(**text);
}

json::value Live::next_of(std::string_view type) {
    while (!broken_) {
        auto message = next();
        if (!broken_ && text_of(message, "type") == type) return message;
    }
    ADD_FAILURE() << "no " << type << " came";
    return {};
}

}  // namespace astro::integration
