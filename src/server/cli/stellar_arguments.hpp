#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "server/cli/console.hpp"

namespace astro::cli {

/// `astrolabe stellar decode|encode`: items of a type of the schema, one a line.
struct XdrArguments {
    std::string file = "-";
    std::string type;
};
[[nodiscard]] ExitCode run_xdr_decode(const XdrArguments& arguments);
[[nodiscard]] ExitCode run_xdr_encode(const XdrArguments& arguments);
[[nodiscard]] ExitCode run_xdr_types();

/// `astrolabe stellar hash|verify`: transaction envelopes, one a line.
struct EnvelopeArguments {
    std::string file = "-";
    std::string network;            ///< "mainnet", "testnet", … or a passphrase
    std::vector<std::string> keys;  ///< verify: further accounts that may have signed
};
[[nodiscard]] ExitCode run_transaction_hash(const EnvelopeArguments& arguments);
[[nodiscard]] ExitCode run_transaction_verify(const EnvelopeArguments& arguments);

/// `astrolabe stellar sign`: the same, signed by a secret key from a file.
struct SignArguments {
    EnvelopeArguments envelopes;
    std::string key_file;
};
[[nodiscard]] ExitCode run_transaction_sign(const SignArguments& arguments);

/// `astrolabe stellar strkey`: keys and addresses, one a line.
struct StrKeyArguments {
    std::string file = "-";
};
[[nodiscard]] ExitCode run_strkey(const StrKeyArguments& arguments);

/// `astrolabe stellar keys`: a new key into a file that was not there.
struct StellarKeyArguments {
    std::string out;
};
[[nodiscard]] ExitCode run_stellar_key(const StellarKeyArguments& arguments);

/// `astrolabe stellar explain`: results of transactions, or codes, one a line.
struct ExplainArguments {
    std::string file = "-";
};
[[nodiscard]] ExitCode run_stellar_explain(const ExplainArguments& arguments);

/// `astrolabe stellar preflight`: what would fail of transactions, one envelope a line.
struct PreflightArguments {
    std::string file = "-";
    std::string network;   ///< "mainnet", "testnet", … or a passphrase
    std::string horizon;   ///< the server's address; else
    std::string accounts;  ///< a file of account documents, one a line
};
[[nodiscard]] ExitCode run_stellar_preflight(const PreflightArguments& arguments);

/// Adds the group `stellar`.
void add_stellar(CLI::App& app, std::function<ExitCode()>& run);

}  // namespace astro::cli
