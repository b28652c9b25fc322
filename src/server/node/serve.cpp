#include "server/node/serve.hpp"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "server/gateway/log.hpp"
#include "server/node/node.hpp"

namespace astro::node {
namespace {

constexpr int kBadInput = 2;

Result<void> apply_arguments(Settings& settings, const ServeArguments& arguments) {
    const auto apply = [&](std::string_view name, const std::optional<std::string>& value,
                           std::string_view source) -> Result<void> {
        return value ? settings.apply_text(name, *value, source) : Result<void>{};
    };
    ASTRO_CHECK(apply("feed.mode", arguments.feed, "--feed"));
    ASTRO_CHECK(apply("feed.directory", arguments.directory, "--dir"));
    ASTRO_CHECK(apply("server.listen", arguments.listen, "--listen"));
    ASTRO_CHECK(apply("data.directory", arguments.data, "--data"));
    ASTRO_CHECK(apply("feed.websocket", arguments.websocket, "--websocket"));
    std::string urls;
    for (const auto& url : arguments.rpc) urls += (urls.empty() ? "" : ",") + url;
    if (!urls.empty()) ASTRO_CHECK(settings.apply_text("feed.rpc", urls, "--rpc"));
    for (const auto& entry : arguments.set) {
        const std::size_t equals = entry.find('=');
        if (equals == std::string::npos)
            return refusal("bad_configuration", "needs NAME=VALUE, not '" + entry + "'", "--set");
        ASTRO_CHECK(
            settings.apply_text(entry.substr(0, equals), entry.substr(equals + 1), "--set"));
    }
    return {};
}

Result<Settings> gather(const ServeArguments& arguments) {
    Settings settings;
    if (arguments.config) ASTRO_CHECK(settings.apply_file(*arguments.config));
    ASTRO_CHECK(settings.apply_environment(environ));
    ASTRO_CHECK(apply_arguments(settings, arguments));
    return settings;
}

gateway::LogLevel log_level(const std::string& name) {
    using gateway::LogLevel;
    if (name == "trace") return LogLevel::trace;
    if (name == "debug") return LogLevel::debug;
    if (name == "warn") return LogLevel::warn;
    if (name == "error") return LogLevel::error;
    return LogLevel::info;
}

std::string feed_words(const Settings& settings) {
    const std::string& mode = settings.text("feed.mode");
    if (mode == "demo") return "demo (replay of real blocks, then synthetic ones)";
    if (mode == "replay") return "replay of " + settings.text("feed.directory");
    return "live";
}

int complain(const Error& error) {
    std::fprintf(stderr, "astrolabe: %s\n", error.text().c_str());
    return kBadInput;
}

/// Blocks the signals that end or reload in this thread and all that it starts, so that sigwait()
/// gets them.
sigset_t block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

}  // namespace

Result<Settings> gather_settings(const ServeArguments& arguments) {
    return gather(arguments);
}

int run_serve(const ServeArguments& arguments) {
    const auto settings = gather(arguments);
    if (!settings) return complain(settings.error());
    const sigset_t signals = block_signals();
    gateway::start_log(log_level(settings->text("log.level")),
                       settings->text("log.format") == "json");
    SystemClock clock;
    const auto node = Node::start(*settings, clock);
    if (!node) {
        gateway::stop_log();
        return complain(node.error());
    }
    std::printf("Astrolabe " ASTRO_VERSION " is at %s (feed: %s)\n", (*node)->address().c_str(),
                feed_words(*settings).c_str());
    if (const auto link = (*node)->admin_link(); !link.empty())
        std::printf("The first administrator signs up, once, at %s\n", link.c_str());
    std::fflush(stdout);
    int signal = 0;
    while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) (*node)->reload();
    std::fprintf(stderr, "astrolabe: stopping\n");
    (*node)->stop();
    gateway::stop_log();
    return 0;
}

}  // namespace astro::node
