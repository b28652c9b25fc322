#include "server/cli/wallets_arguments.hpp"

#include <memory>

namespace astro::cli {
namespace {

using Run = std::function<ExitCode()>;
using Arguments = std::shared_ptr<WalletsArguments>;

/// A command of the group, with what each of them needs.
CLI::App* add_command(CLI::App& group, const std::string& name, const std::string& help,
                      const Arguments& arguments, Run& run,
                      ExitCode (*program)(const WalletsArguments&)) {
    auto* command = group.add_subcommand(name, help);
    auto& server = arguments->server;
    command->add_option("--url", server.url, "Address of the server")
        ->option_text("URL [http://127.0.0.1:8080]");
    command->add_option("--key", server.key_id, "Id of an API key with the scopes read and wallet")
        ->required()
        ->option_text("ID");
    command
        ->add_option("--key-file", server.key_file,
                     "Its private key, as `astrolabe identity key create` makes it")
        ->required()
        ->option_text("FILE");
    command->callback(
        [&run, arguments, program] { run = [arguments, program] { return program(*arguments); }; });
    return command;
}

void add_password(CLI::App& command, std::string& file, const std::string& option,
                  const std::string& what) {
    command.add_option(option, file, what + ": first line of this file; without it asked for")
        ->option_text("FILE");
}

void add_wallet(CLI::App& command, std::string& wallet) {
    command.add_option("WALLET", wallet, "Its id, or its name")->required()->option_text("");
}

void add_chain(CLI::App& command, std::string& chain) {
    command.add_option("--chain", chain, "stellar or solana")
        ->check(CLI::IsMember({"stellar", "solana"}))
        ->option_text("CHAIN [stellar]");
}

}  // namespace

void add_wallets(CLI::App& app, Run& run) {
    auto* group = app.add_subcommand(
        "wallets", "Wallets whose keys are made and opened here; the server keeps them sealed");
    group->require_subcommand(1);
    const auto arguments = std::make_shared<WalletsArguments>();
    auto& a = *arguments;

    auto* create = add_command(*group, "create", "Make a wallet of 24 new words and seal it",
                               arguments, run, &run_wallets_create);
    create->add_option("NAME", a.name, "What it is called")->required()->option_text("");
    add_chain(*create, a.chain);
    add_password(*create, a.password_file, "--password-file", "The wallet's password");

    auto* watch = add_command(*group, "watch", "Watch an address, without any key", arguments, run,
                              &run_wallets_watch);
    watch->add_option("NAME", a.name, "What it is called")->required()->option_text("");
    watch->add_option("ADDRESS", a.address, "The address")->required()->option_text("");
    add_chain(*watch, a.chain);

    auto* list =
        add_command(*group, "list", "The user's wallets", arguments, run, &run_wallets_list);
    list->add_flag("--archived", a.archived, "Those that were archived too");
    a.table = is_terminal(stdout);
    list->add_flag("--table,!--json", a.table,
                   "A table, or an object a line; without either a table on a terminal");

    add_wallet(*add_command(*group, "show", "A wallet, what opens it, and how to pay to it",
                            arguments, run, &run_wallets_show),
               a.wallet);

    auto* rename = add_command(*group, "rename", "Give a wallet another name", arguments, run,
                               &run_wallets_rename);
    add_wallet(*rename, a.wallet);
    rename->add_option("NAME", a.name, "The new name")->required()->option_text("");

    auto* password =
        add_command(*group, "password", "Change a wallet's password; what is sealed stays as it is",
                    arguments, run, &run_wallets_password);
    add_wallet(*password, a.wallet);
    add_password(*password, a.password_file, "--password-file", "The present password");
    add_password(*password, a.new_password_file, "--new-password-file", "The new one");

    auto* words = add_command(*group, "export", "Print a wallet's 24 words (BIP-39, SEP-5)",
                              arguments, run, &run_wallets_export);
    add_wallet(*words, a.wallet);
    add_password(*words, a.password_file, "--password-file", "The wallet's password");
    words->footer("Whoever reads the words owns what the wallet holds.");
}

}  // namespace astro::cli
