#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/cli/console.hpp"
#include "server/node/serve.hpp"

namespace astro::cli {

enum class Format { json, table };

/// `astrolabe solana decode`.
struct DecodeArguments {
    std::vector<std::string> files;
    Format format = Format::json;
};
[[nodiscard]] ExitCode run_decode(const DecodeArguments& arguments);

/// `astrolabe mev scan`.
struct ScanArguments {
    std::vector<std::string> files;
    Format format = Format::json;
    std::vector<std::string> kinds;  ///< empty = all that happened
    bool only_profitable = false;
    bool gaps = false;   ///< also what could be taken now (price_gap)
    bool brief = false;  ///< table: no evidence below the rows
};
[[nodiscard]] ExitCode run_scan(const ScanArguments& arguments);

/// Which cases `mev inject` and `mev evaluate` make up.
struct CaseArguments {
    std::vector<std::string> variants;  ///< empty = all
    std::uint32_t count = 10, lookalikes = 10;
    std::uint64_t seed = 1;
};

/// `astrolabe mev inject`.
struct InjectArguments {
    std::string file, kind = "sandwich";
    CaseArguments cases;
    std::string out;    ///< folder for block_<slot>.json and truth.ndjson; empty = standard output
    std::string truth;  ///< file for the truth; empty = <out>/truth.ndjson, or none
};
[[nodiscard]] ExitCode run_inject(const InjectArguments& arguments);

/// `astrolabe mev evaluate`.
struct EvaluateArguments {
    std::vector<std::string> files;
    std::vector<std::string> kinds{"sandwich", "liquidation"};
    CaseArguments cases;
    std::string truth;      ///< the files were made by inject, and this says what is in them
    bool mistakes = false;  ///< also each case that was missed and each false alarm
    Format format = Format::json;
};
[[nodiscard]] ExitCode run_evaluate(const EvaluateArguments& arguments);

/// `astrolabe identity audit verify|export`.
struct AuditArguments {
    node::ServeArguments data;
    std::string heads;  ///< file of signed heads that were kept elsewhere, one a line
};
[[nodiscard]] ExitCode run_audit_verify(const AuditArguments& arguments);
[[nodiscard]] ExitCode run_audit_export(const AuditArguments& arguments);

/// `astrolabe identity user list|enable|disable|roles`.
struct UserArguments {
    enum class Change { enable, disable, roles };
    node::ServeArguments data;
    std::string user;
    Change change = Change::enable;
    std::vector<std::string> roles;
    Format format = Format::json;
};
[[nodiscard]] ExitCode run_user_list(const UserArguments& arguments);
[[nodiscard]] ExitCode run_user_change(const UserArguments& arguments);

/// `astrolabe identity key create`.
struct KeyArguments {
    std::string file = "astrolabe-key.pem";
    std::string url = "http://localhost:8080";
};
[[nodiscard]] ExitCode run_key_create(const KeyArguments& arguments);

/// `astrolabe identity master-key rotate`.
struct MasterKeyArguments {
    node::ServeArguments data;
    std::string new_key;  ///< file of the next key, where the key is no file
};
[[nodiscard]] ExitCode run_master_key_rotate(const MasterKeyArguments& arguments);

/// `astrolabe backup` and `astrolabe restore`.
struct BackupArguments {
    node::ServeArguments data;
    std::string file;
    std::string key;  ///< file of the master key; empty: the data directory's
};
[[nodiscard]] ExitCode run_backup(const BackupArguments& arguments);
[[nodiscard]] ExitCode run_restore(const BackupArguments& arguments);

}  // namespace astro::cli
