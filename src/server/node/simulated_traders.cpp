#include "server/node/simulated_traders.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <mutex>
#include <thread>

#include "foundation/base/encoding.hpp"
#include "foundation/base/json.hpp"
#include "foundation/net/backoff.hpp"
#include "server/gateway/log.hpp"
#include "server/traders/api_key.hpp"

namespace astro::node {

struct SimulatedTraderList {
    std::vector<SimulatedTrader> traders;
};
BOOST_DESCRIBE_STRUCT(SimulatedTraderList, (), (traders))

namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(200);
constexpr auto kEndWithin = std::chrono::seconds(5);
constexpr DurationNs kRestartFirst = seconds(1), kRestartMax = seconds(60);
/// Who ran so long before it died is not held back for it.
constexpr DurationNs kRanWell = seconds(60);

struct Child {
    SimulatedTrader view;
    std::vector<std::string> arguments;  ///< of the program, after its name
    pid_t process = 0;
    net::Backoff backoff;
    TimestampNs started{}, start_at{};
};

std::string words_of(int status) {
    if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
    return "exit " + std::to_string(WEXITSTATUS(status));
}

/// Secrets in the server's environment are none of theirs.
std::vector<char*> environment_without_settings() {
    std::vector<char*> out;
    for (char** at = environ; *at != nullptr; ++at)
        if (!std::string_view(*at).starts_with("ASTROLABE_")) out.push_back(*at);
    out.push_back(nullptr);
    return out;
}

/// With no signal blocked, whatever is blocked here, and nothing to read.
Result<pid_t> spawn(const std::string& program, const std::vector<std::string>& arguments) {
    std::vector<char*> words{const_cast<char*>(program.c_str())};
    for (const auto& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t process = 0;
    const int error = ::posix_spawn(&process, program.c_str(), &files, &attributes, words.data(),
                                    environment_without_settings().data());
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
    if (error != 0) return unavailable("not_started", std::strerror(error), program);
    return process;
}

class Supervisor final : public SimulatedTraders {
  public:
    Supervisor(std::string program, std::vector<Child> children, Clock& clock)
        : program_(std::move(program)), children_(std::move(children)), clock_(clock) {
        thread_ = std::thread([this] { run(); });
    }
    ~Supervisor() override { stop(); }
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    std::vector<SimulatedTrader> status() const override {
        const std::lock_guard lock(mutex_);
        std::vector<SimulatedTrader> out;
        for (const auto& child : children_) out.push_back(child.view);
        return out;
    }

    void stop() override {
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
        }
        wake_.notify_all();
        if (thread_.joinable()) thread_.join();
    }

  private:
    void run() {
        std::unique_lock lock(mutex_);
        while (!stopped_) {
            for (auto& child : children_) look_after(child);
            wake_.wait_for(lock, kLookEvery, [this] { return stopped_; });
        }
        for (auto& child : children_)
            if (child.process > 0) ::kill(child.process, SIGTERM);
        const auto until = std::chrono::steady_clock::now() + kEndWithin;
        while (any_runs() && std::chrono::steady_clock::now() < until) {
            for (auto& child : children_) reap(child, WNOHANG);
            wake_.wait_for(lock, std::chrono::milliseconds(20), [] { return false; });
        }
        for (auto& child : children_) {
            if (child.process <= 0) continue;
            ::kill(child.process, SIGKILL);
            reap(child, 0);
        }
    }

    [[nodiscard]] bool any_runs() const {
        for (const auto& child : children_)
            if (child.process > 0) return true;
        return false;
    }

    void look_after(Child& child) {
        if (child.process > 0) {
            reap(child, WNOHANG);
            return;
        }
        const TimestampNs now = clock_.monotonic();
        if (now < child.start_at) return;
        const auto process = spawn(program_, child.arguments);
        child.started = now;
        if (process) {
            child.process = *process;
            child.view.running = true;
            ++child.view.starts;
        } else {
            child.view.last_end = process.error().text();
            child.start_at = now + child.backoff.next();
        }
    }

    void reap(Child& child, int how) {
        int status = 0;
        if (child.process <= 0 || ::waitpid(child.process, &status, how) != child.process) return;
        const TimestampNs now = clock_.monotonic();
        if (now - child.started > kRanWell) child.backoff.reset();
        child.process = 0;
        child.view.running = false;
        child.view.last_end = words_of(status);
        child.start_at = now + child.backoff.next();
        if (!stopped_)
            gateway::log(gateway::LogLevel::warn, "simulated.ended",
                         {{"name", child.view.name}, {"how", child.view.last_end}});
    }

    const std::string program_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool stopped_ = false;
    std::vector<Child> children_;
    Clock& clock_;
    std::thread thread_;
};

/// A user of that name with a fresh key, whose private half goes to `file`.
Result<Child> make_child(const std::string& name, const SimulatedTradersOptions& options,
                         identity::Service& identity) {
    Child child{.view = {.name = name, .owner = name + "@simulated.invalid"},
                .arguments = {},
                .backoff = net::Backoff(kRestartFirst, kRestartMax, options.seed)};
    ASTRO_TRY(const auto user, identity.accounts.simulated_user(child.view.owner));
    child.view.user = to_text(user);
    ASTRO_CHECK(identity.roles.assign("system", user, {"trader"}));
    ASTRO_CHECK(identity.accounts.set_tier("system", user, "institution"));
    ASTRO_TRY(const auto old, identity.api_keys.list(user));
    for (const auto& key : old) ASTRO_CHECK(identity.api_keys.revoke(user, key.id, {}));
    crypto::SystemRandom random;
    const auto key = crypto::Ed25519Key::generate(random);
    const std::string file = options.folder + "/" + name + ".pem";
    ASTRO_CHECK(traders::save_private_key(file, key));
    identity::ApiKeySpec spec;
    spec.name = "simulated";
    spec.public_key = to_base64url(key.public_key().view());
    spec.scopes = {"read", "trade"};
    spec.ip_allow = {"127.0.0.1", "::1"};
    ASTRO_TRY(const auto made, identity.api_keys.create(user, spec, {}));
    child.arguments = {"--url", options.url,        "--key", to_text(made.key.id), "--key-file",
                       file,    "--end-with-parent"};
    for (const auto& market : options.markets) {
        child.arguments.push_back("--market");
        child.arguments.push_back(market);
    }
    return child;
}

void run_as(Child& child, std::vector<std::string> command) {
    command.insert(command.end(), child.arguments.begin(), child.arguments.end());
    child.arguments = std::move(command);
}

}  // namespace

Result<std::unique_ptr<SimulatedTraders>> SimulatedTraders::start(SimulatedTradersOptions options,
                                                                  identity::Service& identity,
                                                                  Clock& clock) {
    if (::mkdir(options.folder.c_str(), 0700) != 0 && errno != EEXIST)
        return unavailable("bad_directory", std::strerror(errno), options.folder);
    ASTRO_TRY(Child maker, make_child("market-maker", options, identity));
    run_as(maker,
           {"exchange",   "quote",  "--spread",   "8bps",        "--levels", "4",       "--step",
            "6bps",       "--skew", "12bps",      "--tolerance", "2bps",     "--value", "1500",
            "--position", "12",     "--interval", "3000",        "--paper",  "100000"});
    ASTRO_TRY(Child noise, make_child("noise-traders", options, identity));
    run_as(noise, {"exchange", "noise", "--accounts", "5", "--per-minute", "3", "--value", "250",
                   "--paper", "20000", "--seed", std::to_string(options.seed)});
    std::vector<Child> children;
    children.push_back(std::move(maker));
    children.push_back(std::move(noise));
    return std::unique_ptr<SimulatedTraders>(
        std::make_unique<Supervisor>(std::move(options.program), std::move(children), clock));
}

gateway::Route simulated_route(std::function<std::vector<SimulatedTrader>()> list) {
    return {.path = "/api/v1/exchange/simulated",
            .summary =
                "Traders of this venue that are programs of its server, with the users that "
                "they sign in as",
            .answers = {{.summary = "None where nobody is simulated",
                         .document = json_document<SimulatedTraderList>()}},
            .blocking = false,
            .handler = [list = std::move(list)](const gateway::Call&) -> Result<net::Response> {
                return net::json_response(to_json(SimulatedTraderList{list()}));
            }};
}

}  // namespace astro::node
