#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "server/cli/trader_arguments.hpp"

namespace astro::cli {
namespace {

using traders::StopFlag;

/// SIGINT and SIGTERM raise the flag; a second one ends the program at once.
class SignalWatch {
  public:
    explicit SignalWatch(StopFlag& stop) {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
        thread_ = std::thread([this, &stop] {
            int signal = 0;
            while (sigwait(&signals_, &signal) == 0) {
                if (ended_) return;
                if (stop.raised()) _exit(static_cast<int>(ExitCode::failed));
                stop.raise();
            }
        });
    }
    ~SignalWatch() {
        ended_ = true;
        pthread_kill(thread_.native_handle(), SIGTERM);
        thread_.join();
    }
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

  private:
    sigset_t signals_{};
    std::atomic<bool> ended_ = false;
    std::thread thread_;
};

ExitCode refuse_argument(const std::string& text) {
    complain(text);
    return ExitCode::bad_input;
}

/// The kernel tells when the parent goes; if it has gone before that was asked for, it is told
/// here.
void end_with_parent(bool wanted, StopFlag& stop) {
    if (!wanted) return;
    const pid_t parent = ::getppid();
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (parent == 1 || ::getppid() != parent) stop.raise();
}

template <class Program>
ExitCode run_program(bool with_parent, Program program) {
    StopFlag stop;
    const SignalWatch watch(stop);
    end_with_parent(with_parent, stop);
    SystemClock clock;
    const traders::Say say = [](const std::string& line) {
        std::fprintf(stderr, "%s\n", line.c_str());
    };
    const auto ended = program(clock, stop, say);
    if (ended) return ExitCode::ok;
    complain(ended.error().text());
    return ended.error().kind == ErrorKind::refusal ? ExitCode::bad_input : ExitCode::failed;
}

/// A distance as given, or one that follows from the spread.
Result<std::int64_t> distance(const std::string& text, std::string_view name,
                              std::int64_t otherwise) {
    if (text.empty()) return otherwise;
    const auto parsed = traders::parse_bps(text);
    if (parsed) return *parsed;
    return refusal(
        "bad_argument",
        std::string(name) + " is a distance such as 5bps or 0.25bps, not '" + text + "'");
}

Result<traders::QuoteOptions> quote_options(const QuoteArguments& arguments) {
    traders::QuoteOptions out = arguments.options;
    auto& quotes = out.quotes;
    ASTRO_TRY(quotes.spread, distance(arguments.spread, "--spread", 0));
    ASTRO_TRY(quotes.step, distance(arguments.step, "--step", quotes.spread));
    ASTRO_TRY(quotes.skew, distance(arguments.skew, "--skew", quotes.spread));
    ASTRO_TRY(quotes.tolerance, distance(arguments.tolerance, "--tolerance", quotes.spread / 5));
    if (quotes.tolerance * 2 > quotes.spread)
        return refusal("bad_argument", "--tolerance is at most half of --spread");
    if (!arguments.size.empty() &&
        (!from_text(arguments.size, quotes.size) || quotes.size <= exchange::Base{0}))
        return refusal("bad_argument",
                       "--size is a decimal number above zero, not '" + arguments.size + "'");
    return out;
}

}  // namespace

ExitCode run_quote(const QuoteArguments& arguments) {
    const auto options = quote_options(arguments);
    if (!options) return refuse_argument(options.error().text());
    return run_program(arguments.end_with_parent,
                       [&](Clock& clock, const StopFlag& stop, const traders::Say& say) {
                           return traders::run_quote(*options, clock, stop, say);
                       });
}

ExitCode run_noise(const NoiseArguments& arguments) {
    traders::NoiseOptions options = arguments.options;
    if (!enum_from_name(arguments.style, options.flow.style))
        return refuse_argument("--style is random, momentum or reverting");
    return run_program(arguments.end_with_parent,
                       [&](Clock& clock, const StopFlag& stop, const traders::Say& say) {
                           return traders::run_noise(options, clock, stop, say);
                       });
}

}  // namespace astro::cli
