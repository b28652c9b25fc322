#include "server/cli/identity_arguments.hpp"

#include <cstdio>
#include <memory>

namespace astro::cli {
namespace {

void add_data(CLI::App& command, node::ServeArguments& arguments) {
    command
        .add_option("--config", arguments.config, "TOML file of settings (docs/configuration.md)")
        ->option_text("FILE");
    command.add_option("--data", arguments.data, "Data directory")->option_text("DIR");
    command.add_option("--set", arguments.set, "Any setting as NAME=VALUE; may be repeated")
        ->option_text("NAME=VALUE");
}

void add_audit(CLI::App& identity, Run& run) {
    auto* audit = identity.add_subcommand("audit", "The chained log of changes and sign-ins");
    audit->require_subcommand(1);
    auto arguments = std::make_shared<AuditArguments>();
    auto* verify = audit->add_subcommand(
        "verify", "Follow the whole chain; names each entry that was edited, dropped or reordered");
    add_data(*verify, arguments->data);
    verify
        ->add_option("--heads", arguments->heads,
                     "File of signed heads that were kept elsewhere, one a line")
        ->option_text("FILE");
    verify->callback(
        [&run, arguments] { run = [arguments] { return run_audit_verify(*arguments); }; });
    auto* all = audit->add_subcommand("export", "Print the audit, one JSON object a line");
    add_data(*all, arguments->data);
    all->callback(
        [&run, arguments] { run = [arguments] { return run_audit_export(*arguments); }; });
}

void add_change(CLI::App& user, Run& run, const std::shared_ptr<UserArguments>& arguments,
                const char* name, const char* help, UserArguments::Change change) {
    auto* command = user.add_subcommand(name, help);
    command->add_option("USER", arguments->user, "Id of the user")->required()->option_text("");
    if (change == UserArguments::Change::roles)
        command->add_option("ROLE", arguments->roles, "Its roles from now on")
            ->required()
            ->option_text("…");
    add_data(*command, arguments->data);
    command->callback([&run, arguments, change] {
        arguments->change = change;
        run = [arguments] { return run_user_change(*arguments); };
    });
}

void add_user(CLI::App& identity, Run& run) {
    auto* user = identity.add_subcommand("user", "Accounts of the data directory");
    user->require_subcommand(1);
    auto arguments = std::make_shared<UserArguments>();
    arguments->format = is_terminal(stdout) ? Format::table : Format::json;
    auto* list = user->add_subcommand("list", "All accounts, oldest first");
    add_data(*list, arguments->data);
    list->callback([&run, arguments] { run = [arguments] { return run_user_list(*arguments); }; });
    using Change = UserArguments::Change;
    add_change(*user, run, arguments, "enable", "Make an account active", Change::enable);
    add_change(*user, run, arguments, "disable", "End its sessions and lock it", Change::disable);
    add_change(*user, run, arguments, "roles", "Replace an account's roles", Change::roles);
}

void add_master_key(CLI::App& identity, Run& run) {
    auto* master_key = identity.add_subcommand("master-key", "The key that wraps all keys");
    master_key->require_subcommand(1);
    auto arguments = std::make_shared<MasterKeyArguments>();
    auto* rotate = master_key->add_subcommand(
        "rotate", "Change it and re-wrap what it wraps; the server does not run meanwhile");
    rotate
        ->add_option("--new-key", arguments->new_key,
                     "File of the next key (mode 0600, base64 of 32 bytes), where the key comes "
                     "from the environment or a command")
        ->option_text("FILE");
    add_data(*rotate, arguments->data);
    rotate->callback(
        [&run, arguments] { run = [arguments] { return run_master_key_rotate(*arguments); }; });
}

}  // namespace

void add_identity(CLI::App& app, Run& run) {
    auto* identity = app.add_subcommand("identity", "Accounts, keys and the audit");
    identity->require_subcommand(1);
    add_audit(*identity, run);
    add_user(*identity, run);
    add_master_key(*identity, run);
    auto* key = identity->add_subcommand("key", "API keys");
    key->require_subcommand(1);
    auto* create = key->add_subcommand(
        "create", "Make an Ed25519 key pair and show how a request is signed with it");
    auto arguments = std::make_shared<KeyArguments>();
    create->add_option("--out", arguments->file, "File for the private key; must not exist")
        ->option_text("FILE [astrolabe-key.pem]");
    create->add_option("--url", arguments->url, "Address of the server, for the example")
        ->option_text("URL [http://localhost:8080]");
    create->callback(
        [&run, arguments] { run = [arguments] { return run_key_create(*arguments); }; });
}

void add_backup(CLI::App& app, Run& run) {
    for (const bool writes : {true, false}) {
        auto* command =
            writes ? app.add_subcommand("backup",
                                        "Write the data directory, encrypted, into one file; also "
                                        "while a server runs")
                   : app.add_subcommand("restore",
                                        "Check a backup whole and write it into a new data "
                                        "directory");
        auto arguments = std::make_shared<BackupArguments>();
        command->add_option("FILE", arguments->file, "The backup")->required()->option_text("");
        command
            ->add_option("--key", arguments->key,
                         "File of the master key; without it the data directory's")
            ->option_text("FILE");
        add_data(*command, arguments->data);
        command->callback([&run, arguments, writes] {
            run = [arguments, writes] {
                return writes ? run_backup(*arguments) : run_restore(*arguments);
            };
        });
    }
}

}  // namespace astro::cli
