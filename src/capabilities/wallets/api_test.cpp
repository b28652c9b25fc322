#include "capabilities/wallets/api.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "capabilities/wallets/engine/sealing_test_support.hpp"
#include "foundation/crypto/mnemonic.hpp"

/// What the server keeps of wallets, and what it refuses, as the gateway calls it.
namespace astro::wallets {
namespace {

namespace json = boost::json;

/// A store in a folder of its own, since what lies on the disk is looked at too.
struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() /
                                 ("astro-wallets-" + to_hex(crypto::SystemRandom().bytes(8)));
    Folder() { std::filesystem::create_directory(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::string content() const {
        std::string out;
        for (const auto& file : std::filesystem::directory_iterator(path)) {
            std::ifstream in(file.path(), std::ios::binary);
            out.append(std::istreambuf_iterator<char>(in), {});
        }
        return out;
    }
};

struct WalletApi : testing::Test {
    WalletApi() { EXPECT_TRUE(database->migrate(migrations())); }

    Result<net::Response> call(const std::string& method, const std::string& path,
                               net::Request request, const std::string& user) {
        const auto route = std::ranges::find_if(
            routes, [&](const auto& r) { return r.method == method && r.path == path; });
        EXPECT_NE(route, routes.end()) << path;
        request.method = method;
        gateway::Caller caller;
        caller.user = user;
        caller.session = session;
        caller.authenticated = authenticated;
        return route->handler(gateway::Call(request, caller));
    }
    static net::Request with(const json::object& body, const std::string& wallet = {}) {
        net::Request out;
        out.body = json::serialize(body);
        if (!wallet.empty()) out.path_params = {{"wallet", wallet}};
        return out;
    }
    static std::string outcome(const Result<net::Response>& answer) {
        if (!answer) return std::string(answer.error().code);
        if (answer->status < 400) return "ok";
        return std::to_string(answer->status) + " " +
               std::string(json::parse(answer->text()).at("code").as_string());
    }
    static json::object object(const Result<net::Response>& answer) {
        EXPECT_TRUE(answer) << (answer ? "" : answer.error().text());
        return answer ? json::parse(answer->text()).as_object() : json::object{};
    }
    static json::object sealed_body(const Envelope& envelope, const std::string& name = "Savings") {
        return {{"name", name}, {"envelope", to_base64(to_bytes(envelope))}};
    }
    static std::string owner_of(const Person& person) {
        return to_hex(person.subject.owner.view());
    }
    static std::string id_of(const Person& person) { return to_hex(person.subject.wallet.view()); }
    Result<net::Response> create(const Envelope& envelope, const std::string& user) {
        return call("POST", kAll, with(sealed_body(envelope)), user);
    }
    std::size_t count(const std::string& user, const char* archived) {
        net::Request request;
        request.query = {{"archived", archived}};
        return object(call("GET", kAll, request, user)).at("items").as_array().size();
    }
    /// The next revision, in which another password opens.
    Envelope with_password(const Envelope& now, const std::string& before,
                           const std::string& after) {
        const auto opened = open_wallet(now, Password{as_bytes(before)}).value();
        const std::vector<FactorId> removed{now.wraps[opened.wrap()].id};
        const std::vector<LabelledFactor> added{ada.by_password(after)};
        return rewrap_wallet(now, opened, removed, added, ada.random).value();
    }

    const std::string kAll = "/api/v1/wallets", kOne = kAll + "/{wallet}";
    Folder folder;
    std::unique_ptr<store::Store> database =
        store::open_sqlite({.path = (folder.path / "astrolabe.db").string(), .readers = 1}).value();
    VirtualClock clock{from_unix_seconds(1'760'000'000)};
    std::vector<std::string> audit;
    WalletBook book{*database, clock, [this](const Change& change, const Work& work) {
                        const auto done = database->write(work);
                        audit.push_back(change.action + (done ? " ok" : " refused"));
                        return done;
                    }};
    crypto::SystemRandom random;
    std::vector<gateway::Route> routes = wallet_routes({book, clock, random});
    std::string session = "of a browser";
    TimestampNs authenticated = clock.now();

    Person ada{1}, bob{2};
};

TEST_F(WalletApi, KeepsWhatAClientSealedAndGivesItBack) {
    const Envelope envelope = ada.seal(ada.by_all());
    const auto made = object(create(envelope, owner_of(ada)));
    EXPECT_EQ(made.at("id").as_string(), id_of(ada));
    EXPECT_EQ(made.at("kind").as_string(), "self_custody");
    EXPECT_EQ(made.at("address").as_string(), address_text(Chain::stellar, ada.subject.address));
    const auto& factors = made.at("factors").as_array();
    EXPECT_EQ(factors.at(0).at("parameters").as_string(), "argon2id 19456 KiB, 2 passes");
    EXPECT_EQ(factors.at(1).at("kind").as_string(), "device");
    EXPECT_EQ(factors.at(1).at("label").as_string(), "laptop");
    const auto sealed = call("GET", kOne + "/envelope", with({}, id_of(ada)), owner_of(ada));
    EXPECT_EQ(sealed->headers.find("etag"), "\"1\"");
    const auto again = envelope_of_text(std::string(object(sealed).at("envelope").as_string()));
    EXPECT_EQ(again.value(), envelope);
    EXPECT_EQ(audit, std::vector<std::string>{"wallet.created ok"});
}

TEST_F(WalletApi, TheSameOnceMoreIsNoSecondWallet) {
    const Envelope envelope = ada.seal({ada.by_device()});
    EXPECT_EQ(outcome(create(envelope, owner_of(ada))), "ok");
    EXPECT_EQ(outcome(create(envelope, owner_of(ada))), "ok");
    EXPECT_EQ(count(owner_of(ada), "true"), 1U);
    EXPECT_EQ(audit.size(), 1U);
    // The same secret under another id is the same address.
    ++ada.subject.wallet.bytes[0];
    EXPECT_EQ(outcome(create(ada.seal({ada.by_device()}), owner_of(ada))), "wallet_known");
}

TEST_F(WalletApi, EverybodySeesHisOwn) {
    EXPECT_EQ(outcome(create(ada.seal({ada.by_device()}), owner_of(ada))), "ok");
    EXPECT_EQ(count(owner_of(bob), "true"), 0U);
    for (const auto& route : routes) {
        EXPECT_TRUE(route.permission == "wallets.read" || route.permission == "wallets.wallet");
        if (route.path.find("{wallet}") == std::string::npos) continue;
        json::object body;
        if (route.path.ends_with("name")) body = {{"name", "mine"}};
        if (route.path.ends_with("archived")) body = {{"archived", true}};
        if (route.method == "PUT" && route.path.ends_with("envelope"))
            body = {{"envelope", to_base64(to_bytes(ada.seal({ada.by_device()})))}};
        EXPECT_EQ(outcome(call(route.method, route.path, with(body, id_of(ada)), owner_of(bob))),
                  "wallet_unknown")
            << route.method << ' ' << route.path;
    }
    EXPECT_EQ(outcome(create(bob.seal({bob.by_device()}), owner_of(ada))),
              "wallet_envelope_elsewhere");
}

TEST_F(WalletApi, WhatIsNotWholeIsRefused) {
    const Envelope envelope = ada.seal({ada.by_device()});
    Envelope forged = envelope;
    forged.wraps[0].label = "another";
    EXPECT_EQ(outcome(create(forged, owner_of(ada))), "wallet_envelope_forged");
    EXPECT_EQ(outcome(call("POST", kAll, with({{"name", "a"}, {"envelope", "AAAA"}}), "x")),
              "wallet_envelope_malformed");
    EXPECT_EQ(outcome(call("POST", kAll, with({{"name", "a"}, {"envelope", "?"}}), "x")),
              "wallet_envelope_malformed");
    Envelope later = envelope;
    later.revision = 2;
    EXPECT_EQ(outcome(create(signed_again(later, ada), owner_of(ada))), "wallet_revision");
    for (const std::string& name : std::vector<std::string>{"", " a", "a\n", std::string(65, 'a')})
        EXPECT_EQ(outcome(call("POST", kAll, with(sealed_body(envelope, name)), owner_of(ada))),
                  "wallet_name");
    EXPECT_EQ(count(owner_of(ada), "true"), 0U);
}

TEST_F(WalletApi, TwoDevicesDoNotOverwriteEachOther) {
    const std::string user = owner_of(ada), path = kOne + "/envelope";
    const Envelope first = ada.seal({ada.by_password(), ada.by_device()});
    EXPECT_EQ(outcome(create(first, user)), "ok");
    const auto put = [&](const Envelope& envelope, const std::string& match) {
        auto request = with({{"envelope", to_base64(to_bytes(envelope))}}, id_of(ada));
        if (!match.empty()) request.headers.set("if-match", match);
        return call("PUT", path, request, user);
    };
    const Envelope one = with_password(first, kWalletPassword, "of the first device");
    const Envelope two = with_password(first, kWalletPassword, "of the second device");
    EXPECT_EQ(outcome(put(one, "\"2\"")), "412 wallet_changed");
    EXPECT_EQ(outcome(put(one, "*")), "ok");
    EXPECT_EQ(outcome(put(two, "")), "412 wallet_changed");
    EXPECT_EQ(outcome(put(two, "\"1\"")), "412 wallet_changed");
    EXPECT_EQ(outcome(put(two, "1")), "412 wallet_changed");
    const Envelope next = with_password(one, "of the first device", "of the second device");
    const auto taken = put(next, "\"2\"");
    EXPECT_EQ(taken->headers.find("etag"), "\"3\"");
    EXPECT_EQ(outcome(put(first, "")), "412 wallet_changed");
}

TEST_F(WalletApi, OnlyWhoOpensAWalletChangesWhatOpensIt) {
    const std::string user = owner_of(ada), path = kOne + "/envelope";
    const Envelope first = ada.seal({ada.by_password(), ada.by_device()});
    EXPECT_EQ(outcome(create(first, user)), "ok");
    const auto put = [&](const Envelope& envelope) {
        return outcome(call("PUT", path,
                            with({{"envelope", to_base64(to_bytes(envelope))}}, id_of(ada)), user));
    };
    Envelope fewer = first;
    fewer.wraps.pop_back();
    ++fewer.revision;
    EXPECT_EQ(put(fewer), "wallet_envelope_forged");
    Person thief(9);
    thief.subject.wallet = ada.subject.wallet;
    thief.subject.owner = ada.subject.owner;
    Envelope other = thief.seal({thief.by_device()});
    other.revision = 2;
    EXPECT_EQ(put(signed_again(other, thief)), "wallet_envelope_elsewhere");
    Envelope anew = ada.seal({ada.by_device()});
    anew.revision = 2;
    EXPECT_EQ(put(signed_again(anew, ada)), "wallet_sealed_anew");
}

TEST_F(WalletApi, AnAddressIsWatched) {
    const auto watch = [&](const std::string& chain, const std::string& address) {
        return call("POST", kAll + "/watch-only",
                    with({{"name", "Theirs"}, {"chain", chain}, {"address", address}}),
                    owner_of(ada));
    };
    const std::string stellar = address_text(Chain::stellar, bob.subject.address),
                      solana = address_text(Chain::solana, bob.subject.address);
    const auto made = object(watch("stellar", stellar));
    EXPECT_EQ(made.at("kind").as_string(), "watch_only");
    EXPECT_EQ(made.at("revision").as_int64(), 0);
    EXPECT_EQ(outcome(watch("solana", solana)), "ok");
    EXPECT_EQ(outcome(watch("stellar", stellar)), "wallet_known");
    EXPECT_EQ(outcome(watch("solana", stellar)), "wallet_address");
    EXPECT_EQ(outcome(watch("stellar", stellar.substr(1))), "wallet_address");
    const auto id = std::string(made.at("id").as_string());
    EXPECT_EQ(outcome(call("GET", kOne + "/envelope", with({}, id), owner_of(ada))),
              "wallet_watch_only");
    EXPECT_EQ(outcome(call("POST", kOne + "/exports", with({}, id), owner_of(ada))),
              "wallet_watch_only");
}

TEST_F(WalletApi, ANameChangesAndAnArchivedWalletComesBack) {
    EXPECT_EQ(outcome(create(ada.seal({ada.by_device()}), owner_of(ada))), "ok");
    const auto change = [&](const std::string& what, const json::object& body) {
        return object(call("PUT", kOne + what, with(body, id_of(ada)), owner_of(ada)));
    };
    EXPECT_EQ(change("/name", {{"name", "Rent"}}).at("name").as_string(), "Rent");
    EXPECT_TRUE(change("/archived", {{"archived", true}}).at("archived").as_bool());
    EXPECT_EQ(count(owner_of(ada), "false"), 0U);
    EXPECT_EQ(count(owner_of(ada), "true"), 1U);
    EXPECT_FALSE(change("/archived", {{"archived", false}}).at("archived").as_bool());
    EXPECT_EQ(count(owner_of(ada), "false"), 1U);
}

TEST_F(WalletApi, TheSecretIsShownAfterAFreshSignInOnly) {
    EXPECT_EQ(outcome(create(ada.seal({ada.by_device()}), owner_of(ada))), "ok");
    const auto exported = [&] {
        return outcome(call("POST", kOne + "/exports", with({}, id_of(ada)), owner_of(ada)));
    };
    EXPECT_EQ(exported(), "ok");
    EXPECT_EQ(audit.back(), "wallet.exported ok");
    authenticated = TimestampNs{clock.now().value() - seconds(901).value()};
    EXPECT_EQ(exported(), "proof_too_old");
    session.clear();
    EXPECT_EQ(exported(), "session_needed");
}

TEST_F(WalletApi, ThereAreAsManyAsAllowed) {
    for (std::int64_t i = 0; i < WalletBook::kWalletsMax; ++i) {
        Person person(static_cast<std::uint64_t>(100 + i));
        person.subject.owner = ada.subject.owner;
        person.meant(Chain::stellar, SecretKind::seed);
        ASSERT_EQ(outcome(create(person.seal({person.by_device()}), owner_of(ada))), "ok");
    }
    EXPECT_EQ(outcome(create(ada.seal({ada.by_device()}), owner_of(ada))), "too_many_wallets");
}

TEST_F(WalletApi, GoesWithItsOwner) {
    EXPECT_EQ(outcome(create(ada.seal({ada.by_device()}), owner_of(ada))), "ok");
    EXPECT_EQ(outcome(create(bob.seal({bob.by_device()}), owner_of(bob))), "ok");
    EXPECT_NE(book.export_of(owner_of(ada))->find(id_of(ada)), std::string::npos);
    EXPECT_TRUE(
        database->write([&](store::Writer& w) { return WalletBook::erase(w, owner_of(ada)); }));
    EXPECT_EQ(count(owner_of(ada), "true"), 0U);
    EXPECT_EQ(count(owner_of(bob), "true"), 1U);
}

// The promise itself: whoever has all files of the server has nothing to sign with.
TEST_F(WalletApi, WhatLiesOnTheDiskOpensNothing) {
    const std::string next = "violet harbour counts slowly";
    const Envelope first = ada.seal(ada.by_all());
    EXPECT_EQ(outcome(create(first, owner_of(ada))), "ok");
    const Envelope second = with_password(first, kWalletPassword, next);
    EXPECT_EQ(
        outcome(call("PUT", kOne + "/envelope",
                     with({{"envelope", to_base64(to_bytes(second))}}, id_of(ada)), owner_of(ada))),
        "ok");
    EXPECT_EQ(outcome(call("POST", kOne + "/exports", with({}, id_of(ada)), owner_of(ada))), "ok");
    ASSERT_TRUE(database->checkpoint());
    const std::string disk = folder.content();
    EXPECT_NE(disk.find(to_base64(to_bytes(second))), std::string::npos);

    const auto opened = open_wallet(second, Password{as_bytes(next)}).value();
    std::vector<std::string> secrets{crypto::words_of(opened.secret().view()), kWalletPassword,
                                     next};
    const auto add = [&](const SecretKey& key) {
        const ByteView bytes = key.view();
        secrets.emplace_back(bytes.begin(), bytes.end());
        secrets.push_back(to_hex(bytes));
        // Whatever stands before it in base64: the middle of each of the three alignments.
        for (std::size_t skip = 0; skip < 3; ++skip)
            secrets.push_back(to_base64(bytes.subspan(skip, 27)));
    };
    for (const SecretKey& key : {opened.secret(), opened.data_key(), opened.signing_key().seed(),
                                 ada.device.secret(), ada.prf_output, ada.recovery})
        add(key);
    EXPECT_EQ(secrets.size(), 3U + 6 * 5);
    for (const auto& secret : secrets) EXPECT_EQ(disk.find(secret), std::string::npos);
}

}  // namespace
}  // namespace astro::wallets
