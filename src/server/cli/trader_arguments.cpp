#include "server/cli/trader_arguments.hpp"

#include <memory>

namespace astro::cli {
namespace {

void add_connection(CLI::App& command, traders::ConnectionOptions& connection) {
    command.add_option("--url", connection.url, "Address of the server")
        ->option_text("URL [http://127.0.0.1:8080]");
    command.add_option("--key", connection.key_id, "Id of an API key with the scope trade")
        ->required()
        ->option_text("ID");
    command
        .add_option("--key-file", connection.key_file,
                    "Its private key, as `astrolabe identity key create` makes it")
        ->required()
        ->option_text("FILE");
    command
        .add_option("--paper", connection.paper_usd,
                    "Ask a paper venue for so much play money, US dollars, when there is less than "
                    "half")
        ->check(CLI::Range(0, 100'000))
        ->option_text("USD [0]");
}

void add_markets(CLI::App& command, std::vector<std::string>& markets) {
    command.add_option("--market", markets, "Symbol of a market; may be repeated")
        ->required()
        ->option_text("MARKET");
}

void add_end_with_parent(CLI::App& command, bool& flag) {
    command.add_flag("--end-with-parent", flag,
                     "End when the program that started this one has ended");
}

void add_quote(CLI::App& exchange, Run& run) {
    auto* quote = exchange.add_subcommand(
        "quote", "A market maker: quotes around the index through the public API");
    quote->footer(
        "Distances are in basis points, such as 5bps. Quotes go when the program or its connection "
        "ends; what rests from before is found again by its client ids.");
    auto arguments = std::make_shared<QuoteArguments>();
    auto& options = arguments->options;
    add_markets(*quote, options.markets);
    add_connection(*quote, options.connection);
    quote->add_option("--spread", arguments->spread, "Between best bid and best ask")
        ->option_text("BPS [5bps]");
    quote->add_option("--levels", options.quotes.levels, "Quotes of each side")
        ->check(CLI::Range(1, 20))
        ->option_text("N [3]");
    quote->add_option("--step", arguments->step, "Between levels of a side")
        ->option_text("BPS [the spread]");
    quote->add_option("--size", arguments->size, "Of each quote, in the base asset")
        ->option_text("SIZE");
    quote->add_option("--value", options.value_usd, "Of each quote, US dollars, without --size")
        ->check(CLI::Range(1, 10'000'000))
        ->option_text("USD [1000]");
    quote
        ->add_option("--position", options.position_levels,
                     "Largest position of either direction, in sizes of a quote")
        ->check(CLI::Range(1, 1'000))
        ->option_text("N [10]");
    quote
        ->add_option("--skew", arguments->skew,
                     "How far the quotes lean against the largest position")
        ->option_text("BPS [the spread]");
    quote
        ->add_option("--tolerance", arguments->tolerance,
                     "A quote that is off by no more stays; at most half the spread")
        ->option_text("BPS [a fifth of the spread]");
    auto interval = std::make_shared<std::int64_t>(500);
    quote
        ->add_option("--interval", *interval, "Least time between changes of a market's quotes, ms")
        ->check(CLI::Range(50, 60'000))
        ->option_text("MS [500]");
    add_end_with_parent(*quote, arguments->end_with_parent);
    quote->callback([&run, arguments, interval] {
        arguments->options.interval = milliseconds(*interval);
        run = [arguments] { return run_quote(*arguments); };
    });
}

void add_noise(CLI::App& exchange, Run& run) {
    auto* noise = exchange.add_subcommand(
        "noise", "Seeded traders who buy and sell without a reason, through the public API");
    auto arguments = std::make_shared<NoiseArguments>();
    auto& options = arguments->options;
    add_markets(*noise, options.markets);
    add_connection(*noise, options.connection);
    noise
        ->add_option("--accounts", options.accounts,
                     "Sub-accounts, each a trader of every market; styles in turn")
        ->check(CLI::Range(1, 20))
        ->option_text("N [4]");
    noise->add_option("--seed", options.flow.seed, "The same seed does the same at the same prices")
        ->option_text("N [1]");
    noise
        ->add_option("--per-minute", options.flow.per_minute,
                     "Actions of one trader in one market, on average")
        ->check(CLI::Range(0.01, 600.0))
        ->option_text("N [6]");
    noise->add_option("--value", options.flow.size_usd, "Of an order on average, US dollars")
        ->check(CLI::Range(1, 1'000'000))
        ->option_text("USD [200]");
    noise
        ->add_option("--position", options.flow.position_usd_max,
                     "At which a trader only trades back, US dollars")
        ->check(CLI::Range(1, 100'000'000))
        ->option_text("USD [5000]");
    noise->add_option("--style", arguments->style, "Of the first trader")
        ->check(CLI::IsMember({"random", "momentum", "reverting"}))
        ->option_text("random|momentum|reverting");
    add_end_with_parent(*noise, arguments->end_with_parent);
    noise->callback([&run, arguments] { run = [arguments] { return run_noise(*arguments); }; });
}

}  // namespace

void add_traders(CLI::App& exchange, Run& run) {
    add_quote(exchange, run);
    add_noise(exchange, run);
}

}  // namespace astro::cli
