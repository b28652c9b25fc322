#include "server/cli/stellar_arguments.hpp"

#include <memory>

namespace astro::cli {
namespace {

using Run = std::function<ExitCode()>;

const std::string kLinesHelp = "One item a line; - or nothing is standard input";

void add_file(CLI::App& command, std::string& file) {
    command.add_option("FILE", file, kLinesHelp)->option_text("[-]");
}

void add_network(CLI::App& command, std::string& network) {
    command
        .add_option("--network", network,
                    "mainnet, testnet, futurenet, standalone, or a network's passphrase")
        ->required()
        ->option_text("NAME|PASSPHRASE");
}

void add_type(CLI::App& command, XdrArguments& arguments) {
    command
        .add_option("--type", arguments.type,
                    "A type of Stellar's XDR schema, as TransactionEnvelope or ScVal; `stellar "
                    "types` lists them")
        ->required()
        ->option_text("TYPE");
    add_file(command, arguments.file);
}

void add_codec(CLI::App& stellar, Run& run) {
    auto* decode = stellar.add_subcommand("decode", "XDR in base64 to XDR-JSON (SEP-51)");
    auto* encode = stellar.add_subcommand("encode", "XDR-JSON (SEP-51) to XDR in base64");
    auto from = std::make_shared<XdrArguments>(), to = std::make_shared<XdrArguments>();
    add_type(*decode, *from);
    add_type(*encode, *to);
    decode->callback([&run, from] { run = [from] { return run_xdr_decode(*from); }; });
    encode->callback([&run, to] { run = [to] { return run_xdr_encode(*to); }; });
    stellar.add_subcommand("types", "List the types of the XDR schema")->callback([&run] {
        run = run_xdr_types;
    });
}

void add_hash(CLI::App& stellar, Run& run) {
    auto* hash = stellar.add_subcommand(
        "hash", "Hashes of transaction envelopes (XDR in base64) on a network, in hex");
    auto arguments = std::make_shared<EnvelopeArguments>();
    add_network(*hash, arguments->network);
    add_file(*hash, arguments->file);
    hash->callback(
        [&run, arguments] { run = [arguments] { return run_transaction_hash(*arguments); }; });
}

void add_sign(CLI::App& stellar, Run& run) {
    auto* sign = stellar.add_subcommand(
        "sign", "Transaction envelopes (XDR in base64) with one more signature");
    auto arguments = std::make_shared<SignArguments>();
    add_network(*sign, arguments->envelopes.network);
    sign->add_option("--key-file", arguments->key_file,
                     "File with the secret key, S…, as `stellar keys` writes it")
        ->required()
        ->option_text("FILE");
    add_file(*sign, arguments->envelopes.file);
    sign->callback(
        [&run, arguments] { run = [arguments] { return run_transaction_sign(*arguments); }; });
}

void add_verify(CLI::App& stellar, Run& run) {
    auto* verify = stellar.add_subcommand(
        "verify", "Who signed transaction envelopes (XDR in base64), one JSON object a line");
    verify->footer(
        "A signature is looked for among the accounts that the transaction names as sources, and "
        "those of --signer. Exit code 2 when one is of none of them.");
    auto arguments = std::make_shared<EnvelopeArguments>();
    add_network(*verify, arguments->network);
    verify->add_option("--signer", arguments->keys, "A further account, G…; may be repeated")
        ->option_text("ACCOUNT");
    add_file(*verify, arguments->file);
    verify->callback(
        [&run, arguments] { run = [arguments] { return run_transaction_verify(*arguments); }; });
}

void add_strkey(CLI::App& stellar, Run& run) {
    auto* strkey = stellar.add_subcommand(
        "strkey", "What keys and addresses (SEP-23) hold, one JSON object a line");
    auto arguments = std::make_shared<StrKeyArguments>();
    add_file(*strkey, arguments->file);
    strkey->callback([&run, arguments] { run = [arguments] { return run_strkey(*arguments); }; });
}

void add_explain(CLI::App& stellar, Run& run) {
    auto* explain = stellar.add_subcommand(
        "explain", "What results of transactions mean, and what to do, one JSON value a line");
    explain->footer(
        "A line is a TransactionResult (XDR in base64), a problem document of Horizon on one line, "
        "or a code as tx_bad_seq, op_no_trust or 'payment op_no_trust'.");
    auto arguments = std::make_shared<ExplainArguments>();
    add_file(*explain, arguments->file);
    explain->callback(
        [&run, arguments] { run = [arguments] { return run_stellar_explain(*arguments); }; });
}

void add_preflight(CLI::App& stellar, Run& run) {
    auto* preflight = stellar.add_subcommand(
        "preflight",
        "What would fail of transaction envelopes (XDR in base64) and why, one JSON object a line");
    preflight->footer(
        "Exit code 2 when one would fail. What cannot be known beforehand is in not_checked.");
    auto arguments = std::make_shared<PreflightArguments>();
    add_network(*preflight, arguments->network);
    preflight
        ->add_option("--horizon", arguments->horizon,
                     "Ask this Horizon server, which must serve that network")
        ->option_text("URL");
    preflight
        ->add_option("--accounts", arguments->accounts,
                     "Or know these accounts: documents of Horizon's /accounts/ID, one a line")
        ->option_text("FILE");
    add_file(*preflight, arguments->file);
    preflight->callback(
        [&run, arguments] { run = [arguments] { return run_stellar_preflight(*arguments); }; });
}

void add_keys(CLI::App& stellar, Run& run) {
    auto* keys = stellar.add_subcommand(
        "keys", "Make a key: the secret into a file that only you may read, the account printed");
    auto arguments = std::make_shared<StellarKeyArguments>();
    keys->add_option("--out", arguments->out, "A file that is not there yet")
        ->required()
        ->option_text("FILE");
    keys->callback(
        [&run, arguments] { run = [arguments] { return run_stellar_key(*arguments); }; });
}

}  // namespace

void add_stellar(CLI::App& app, Run& run) {
    auto* stellar =
        app.add_subcommand("stellar", "Stellar's XDR, hashes, signatures, keys and results");
    stellar->require_subcommand(1);
    add_codec(*stellar, run);
    add_hash(*stellar, run);
    add_sign(*stellar, run);
    add_verify(*stellar, run);
    add_strkey(*stellar, run);
    add_explain(*stellar, run);
    add_preflight(*stellar, run);
    add_keys(*stellar, run);
}

}  // namespace astro::cli
