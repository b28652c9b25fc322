#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

#include "capabilities/wallets/engine/sealing.hpp"
#include "foundation/base/json.hpp"
#include "foundation/crypto/mnemonic.hpp"
#include "server/cli/wallets_client.hpp"

namespace astro::cli {
namespace {

using wallets::Envelope;
using wallets::Opened;
using wallets::WalletView;

constexpr std::size_t kPasswordBytesMin = 12;

/// Text that is wiped when it goes.
struct Secret {
    std::string text;
    Secret() = default;
    explicit Secret(std::string from) : text(std::move(from)) {}
    Secret(Secret&&) = default;
    Secret& operator=(Secret&&) = default;
    ~Secret() { crypto::wipe(text); }
};

ExitCode refused(const Error& error) {
    complain(error.text());
    return error.kind == ErrorKind::refusal ? ExitCode::bad_input : ExitCode::failed;
}

/// Neither a core nor a debugger of the same user gets to see what stands open here.
void keep_memory_private() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
}

/// A line of the terminal that is not shown while it is typed.
class HiddenInput {
  public:
    HiddenInput() : hidden_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (!hidden_) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~HiddenInput() {
        if (!hidden_) return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        std::fputc('\n', stderr);
    }
    HiddenInput(const HiddenInput&) = delete;
    HiddenInput& operator=(const HiddenInput&) = delete;

  private:
    termios before_{};
    bool hidden_;
};

Secret ask(const char* what) {
    std::fputs(what, stderr);
    const HiddenInput hidden;
    Secret out;
    std::getline(std::cin, out.text);
    return out;
}

Result<Secret> password_of(const std::string& file, const char* what) {
    if (file.empty()) {
        if (!is_terminal(stdin))
            return refusal("no_password", "name a file of the password: --password-file FILE");
        return ask(what);
    }
    std::ifstream in(file, std::ios::binary);
    Secret out;
    if (!in || !std::getline(in, out.text))
        return refusal("bad_password_file", "cannot be read", file);
    if (out.text.ends_with('\r')) out.text.pop_back();
    return out;
}

/// One that is chosen now: long enough, and typed twice where it is typed.
Result<Secret> new_password(const std::string& file, const char* what) {
    ASTRO_TRY(auto password, password_of(file, what));
    if (password.text.size() < kPasswordBytesMin)
        return refusal("short_password", "a wallet's password has at least 12 characters");
    if (file.empty()) {
        const Secret again = ask("The same again: ");
        if (again.text != password.text)
            return refusal("passwords_differ", "the two differ; nothing was done");
    }
    return password;
}

/// As slow as a person bears on this machine.
Result<crypto::Argon2Cost> password_cost() {
    const wallets::NewPassword least;
    const wallets::Salt salt;
    SystemClock clock;
    const TimestampNs begin = clock.now();
    ASTRO_CHECK(crypto::argon2id(as_bytes("measured"), salt.view(), least.cost));
    return wallets::calibrated_cost(DurationNs{clock.now().value() - begin.value()});
}

Result<wallets::LabelledFactor> by_password(const Secret& password) {
    ASTRO_TRY(const auto cost, password_cost());
    return wallets::LabelledFactor{"Password", wallets::NewPassword{as_bytes(password.text), cost}};
}

Result<WalletView> create(const WalletsArguments& arguments) {
    ASTRO_TRY(auto client, WalletsClient::connect(arguments.server));
    ASTRO_TRY(const auto password, new_password(arguments.password_file, "Wallet password: "));
    crypto::SystemRandom random;
    const crypto::LockedKey secret(random.secret_key());
    wallets::Subject subject;
    const bool known = enum_from_name(arguments.chain, subject.chain);
    ASTRO_ASSERT(known);  // the option's check has let nothing else through
    random.fill(subject.wallet.bytes);
    ASTRO_TRY(subject.owner, client.owner());
    subject.address =
        wallets::signing_key(subject.chain, subject.secret, secret.key()).public_key();
    ASTRO_TRY(auto factor, by_password(password));
    const std::vector<wallets::LabelledFactor> factors{std::move(factor)};
    ASTRO_TRY(const Envelope envelope,
              wallets::seal_wallet(subject, secret.key(), factors, random));
    return client.create({arguments.name, to_base64(wallets::to_bytes(envelope))});
}

Result<WalletView> watch(const WalletsArguments& arguments) {
    ASTRO_TRY(auto client, WalletsClient::connect(arguments.server));
    wallets::NewWatchedWallet wallet{arguments.name, {}, arguments.address};
    const bool known = enum_from_name(arguments.chain, wallet.chain);
    ASTRO_ASSERT(known);
    return client.watch(wallet);
}

Result<WalletView> rename_wallet(const WalletsArguments& arguments) {
    ASTRO_TRY(auto client, WalletsClient::connect(arguments.server));
    ASTRO_TRY(const auto wallet, client.find(arguments.wallet));
    return client.rename(wallet.id, arguments.name);
}

/// An envelope and what it seals.
struct OpenedEnvelope {
    WalletView wallet;
    Envelope envelope;
    Opened opened;
};

Result<OpenedEnvelope> open(WalletsClient& client, const WalletsArguments& arguments) {
    ASTRO_TRY(auto wallet, client.find(arguments.wallet));
    ASTRO_TRY(auto envelope, client.envelope(wallet.id));
    ASTRO_TRY(const auto password, password_of(arguments.password_file, "Wallet password: "));
    ASTRO_TRY(auto opened,
              wallets::open_wallet(envelope, wallets::Password{as_bytes(password.text)}));
    return OpenedEnvelope{std::move(wallet), std::move(envelope), std::move(opened)};
}

Result<WalletView> change_password(const WalletsArguments& arguments) {
    ASTRO_TRY(auto client, WalletsClient::connect(arguments.server));
    ASTRO_TRY(const auto open_now, open(client, arguments));
    ASTRO_TRY(const auto next, new_password(arguments.new_password_file, "New password: "));
    crypto::SystemRandom random;
    const std::vector<wallets::FactorId> removed{
        open_now.envelope.wraps[open_now.opened.wrap()].id};
    ASTRO_TRY(auto factor, by_password(next));
    const std::vector<wallets::LabelledFactor> added{std::move(factor)};
    ASTRO_TRY(const Envelope after,
              wallets::rewrap_wallet(open_now.envelope, open_now.opened, removed, added, random));
    return client.replace(open_now.wallet.id, after);
}

Result<Secret> words_of(const WalletsArguments& arguments) {
    ASTRO_TRY(auto client, WalletsClient::connect(arguments.server));
    ASTRO_TRY(const auto open_now, open(client, arguments));
    if (open_now.envelope.subject.secret != wallets::SecretKind::words)
        return refusal("wallet_no_words", "the wallet was not made from words");
    return Secret(crypto::words_of(open_now.opened.secret().view()));
}

ExitCode print(const Result<WalletView>& view) {
    if (!view) return refused(view.error());
    Output out;
    out.line(to_json(*view));
    return ended(out);
}

std::string_view state_of(const WalletView& wallet) {
    return wallet.archived ? "archived" : enum_name(wallet.kind);
}

/// A wallet and how to pay to it.
struct ShownWallet : WalletView {
    std::string payment_link;  ///< SEP-7; Solana Pay's for Solana
};
BOOST_DESCRIBE_STRUCT(ShownWallet, (WalletView), (payment_link))

}  // namespace

ExitCode run_wallets_create(const WalletsArguments& arguments) {
    keep_memory_private();
    return print(create(arguments));
}

ExitCode run_wallets_watch(const WalletsArguments& arguments) {
    return print(watch(arguments));
}

ExitCode run_wallets_rename(const WalletsArguments& arguments) {
    return print(rename_wallet(arguments));
}

ExitCode run_wallets_password(const WalletsArguments& arguments) {
    keep_memory_private();
    return print(change_password(arguments));
}

ExitCode run_wallets_list(const WalletsArguments& arguments) {
    auto client = WalletsClient::connect(arguments.server);
    if (!client) return refused(client.error());
    const auto list = client->list(arguments.archived);
    if (!list) return refused(list.error());
    Output out;
    Table table({"name", "chain", "address", "kind", "id"});
    for (const auto& wallet : list->items) {
        if (arguments.table)
            table.add({wallet.name, std::string(enum_name(wallet.chain)), wallet.address,
                       std::string(state_of(wallet)), wallet.id});
        else
            out.line(to_json(wallet));
    }
    if (arguments.table) table.print(out);
    return ended(out);
}

ExitCode run_wallets_show(const WalletsArguments& arguments) {
    auto client = WalletsClient::connect(arguments.server);
    if (!client) return refused(client.error());
    const auto wallet = client->find(arguments.wallet);
    if (!wallet) return refused(wallet.error());
    const bool stellar = wallet->chain == wallets::Chain::stellar;
    const ShownWallet shown{
        *wallet, (stellar ? "web+stellar:pay?destination=" : "solana:") + wallet->address};
    Output out;
    out.line(to_json(shown));
    return ended(out);
}

ExitCode run_wallets_export(const WalletsArguments& arguments) {
    keep_memory_private();
    const auto words = words_of(arguments);
    if (!words) return refused(words.error());
    // Past the buffer of Output, which nobody wipes.
    const bool written = std::fputs(words->text.c_str(), stdout) >= 0 &&
                         std::fputc('\n', stdout) >= 0 && std::fflush(stdout) == 0;
    return written ? ExitCode::ok : ExitCode::failed;
}

}  // namespace astro::cli
