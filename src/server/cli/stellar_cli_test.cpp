/// `astrolabe stellar …` as a shell runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

struct Ran {
    int code = -1;
    std::string out, err;
};

// A payment of the main network, and what it hashes to there.
const std::string kEnvelope =
    "AAAAAgAAAAD6dyeidCoRCdOLNgboM02gqL1wceHuwGnRD3ku2b8zMQAATiACWx8eAANWSwAAAAAAAAABAAAACjEwMD"
    "AwMDk4MDMAAAAAAAEAAAABAAAAAPp3J6J0KhEJ04s2BugzTaCovXBx4e7AadEPeS7ZvzMxAAAAAQAAAABuFGDVOCYY"
    "ODsU9vxGgHs43rl7FTnJq3of4YmplhC0TAAAAAAAAAAAAEoEwAAAAAAAAAAB2b8zMQAAAECspHeXuU9Kw1u96xTqbG"
    "rXottBT8vHvElCbdHATZ4bf0d3QzKesuLunUxL8nkMZApWhQTP/TOxFAxD7MjCfakH";
const std::string kHash = "4460822e9fa2cfecc044a42fbdd581f4b0f36c59702147c72a7d09dbe5446ac9";
const std::string kSource = "GD5HOJ5COQVBCCOTRM3AN2BTJWQKRPLQOHQ65QDJ2EHXSLWZX4ZTCIK3";

class StellarCli : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "stellar_cli_XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    Ran run(const std::string& arguments, const std::string& input = "") {
        std::ofstream(folder_ / "in", std::ios::binary) << input;
        const auto command = "cd '" + folder_.string() + "' && '" ASTRO_PROGRAM "' stellar " +
                             arguments + " <in >out 2>err";
        const int status = std::system(command.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(folder_ / "out"),
                text_of(folder_ / "err")};
    }

    std::filesystem::path folder_;
};

TEST_F(StellarCli, DecodeAndEncodeAreEachOthersInverse) {
    const auto decoded = run("decode --type TransactionEnvelope", kEnvelope + "\n" + kEnvelope);
    EXPECT_EQ(decoded.code, 0) << decoded.err;
    EXPECT_THAT(decoded.out, StartsWith(R"({"tx":{"tx":{"source_account":"GD5HOJ5C)"));
    const auto encoded = run("encode --type transactionenvelope -", decoded.out);
    EXPECT_EQ(encoded.code, 0) << encoded.err;
    EXPECT_EQ(encoded.out, kEnvelope + "\n" + kEnvelope + "\n");
}

TEST_F(StellarCli, HashIsThatOfTheNetwork) {
    EXPECT_EQ(run("hash --network mainnet", kEnvelope).out, kHash + "\n");
    EXPECT_EQ(run("hash --network 'Public Global Stellar Network ; September 2015'", kEnvelope).out,
              kHash + "\n");
    EXPECT_NE(run("hash --network testnet", kEnvelope).out, kHash + "\n");
    const auto slip = run("hash --network mainet", kEnvelope);
    EXPECT_EQ(slip.code, 2);
    EXPECT_THAT(slip.err, HasSubstr("a network is mainnet, testnet"));
}

TEST_F(StellarCli, ABadLineIsNamedAndTheOthersAreDone) {
    auto wrong = kEnvelope;
    wrong.replace(0, 8, "AAAACAAA");
    const auto ran = run("hash --network mainnet in",
                         kEnvelope + "\n\nnot base64\n" + wrong + "\r\n" + kEnvelope);
    EXPECT_EQ(ran.code, 2);
    EXPECT_EQ(ran.out, kHash + "\n" + kHash + "\n");
    EXPECT_THAT(ran.err, HasSubstr("astrolabe: in:3: "));
    EXPECT_THAT(
        ran.err,
        HasSubstr("astrolabe: in:4: type: 8 (contract_id) is no case of TransactionEnvelope"));
}

TEST_F(StellarCli, AnUnknownTypeIsRefusedWithTheNearest) {
    const auto ran = run("decode --type TransactionEnvelop", kEnvelope);
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.err, HasSubstr("the nearest is TransactionEnvelope"));
    EXPECT_EQ(run("decode", kEnvelope).code, 2);
    EXPECT_EQ(run("decode --type SCVal missing", "").code, 2);
}

TEST_F(StellarCli, StrKeySaysWhatItHolds) {
    const auto ran = run("strkey", kSource + "\n" + kSource.substr(0, 55) + "A\n");
    EXPECT_EQ(ran.code, 0);
    EXPECT_THAT(
        ran.out,
        StartsWith("{\"strkey\":\"" + kSource +
                   R"(","valid":true,"type":"ed25519_public_key","payload_hex":"fa7727a2)"));
    EXPECT_THAT(
        ran.out,
        HasSubstr(R"("valid":false,"type":null,"payload_hex":null,"error":"not a Stellar key)"));
}

TEST_F(StellarCli, ASpaceBesideAStrKeyMakesItAnotherText) {
    const auto ran = run("strkey", " " + kSource + "\n" + kSource + " \n" + kSource + "\r\n");
    EXPECT_EQ(ran.code, 0);
    EXPECT_THAT(ran.out, StartsWith("{\"strkey\":\" " + kSource + R"(","valid":false)"));
    EXPECT_THAT(ran.out, HasSubstr(kSource + R"( ","valid":false)"));
    EXPECT_THAT(ran.out, HasSubstr(kSource + R"(","valid":true)"));
}

TEST_F(StellarCli, AKeyOfItsOwnSignsAndIsVerified) {
    const auto made = run("keys --out key");
    ASSERT_EQ(made.code, 0) << made.err;
    struct stat status{};
    ASSERT_EQ(::stat((folder_ / "key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_EQ(run("keys --out key").code, 2);

    const auto theirs = run("verify --network mainnet", kEnvelope);
    EXPECT_EQ(theirs.code, 0) << theirs.err;
    EXPECT_EQ(theirs.out, R"({"hash":")" + kHash +
                              R"(","signatures":[{"hint":"d9bf3331","signer":")" + kSource +
                              "\"}]}\n");
    EXPECT_EQ(run("verify --network testnet", kEnvelope).code, 2);

    const auto with_ours = run("sign --network mainnet --key-file key", kEnvelope);
    ASSERT_EQ(with_ours.code, 0) << with_ours.err;
    EXPECT_EQ(run("verify --network mainnet", with_ours.out).code, 2);
    const auto account = made.out.substr(0, 56);
    const auto verified = run("verify --network mainnet --signer " + account, with_ours.out);
    EXPECT_EQ(verified.code, 0) << verified.out;
    EXPECT_THAT(verified.out, HasSubstr(account));
}

TEST_F(StellarCli, ExplainTellsResultsProblemsAndCodesInWords) {
    // A payment that failed for want of a trustline: fee 100, tx_failed, one result.
    const std::string result = "AAAAAAAAAGT/////AAAAAQAAAAAAAAAB////+gAAAAA=";
    const auto ran = run("explain", result + "\n{\"extras\":{\"result_xdr\":\"" + result +
                                        "\"}}\npayment op_no_trust\n");
    EXPECT_EQ(ran.code, 0) << ran.err;
    std::istringstream lines(ran.out);
    std::string first, second, third;
    std::getline(lines, first);
    std::getline(lines, second);
    std::getline(lines, third);
    EXPECT_THAT(first, StartsWith(R"({"successful":false,"fee_charged_stroops":"100")"));
    EXPECT_THAT(first, HasSubstr(R"("code":"op_no_trust")"));
    EXPECT_EQ(second, first);
    EXPECT_THAT(third, StartsWith(R"([{"operation":"payment","code":"op_no_trust")"));

    const auto wrong = run("explain", "tx_bad_sequence\n{}\nAAAA\n");
    EXPECT_EQ(wrong.code, 2);
    EXPECT_THAT(wrong.err, HasSubstr("standard input:1: code: Stellar has no such result code"));
    EXPECT_THAT(wrong.err, HasSubstr("standard input:2: has no result"));
    EXPECT_THAT(wrong.err, HasSubstr("standard input:3: "));
}

std::string account_document(const std::string& id, const std::string& balance,
                             const std::string& sequence) {
    return R"({"account_id":")" + id + R"(","sequence":")" + sequence +
           R"(","subentry_count":0,"signers":[],"balances":[{"asset_type":"native","balance":")" +
           balance +
           R"(","buying_liabilities":"0.0000000","selling_liabilities":"0.0000000"}]})"
           "\n";
}

TEST_F(StellarCli, PreflightSaysWhatWouldFailWithItsNumbers) {
    const std::string destination = "GBXBIYGVHATBQOB3CT3PYRUAPM4N5OL3CU44TK32D7QYTKMWCC2EYEMY";
    std::ofstream(folder_ / "accounts") << account_document(kSource, "2", "169763624666224202")
                                        << account_document(destination, "1", "5");
    const auto passed = run("preflight --network mainnet --accounts accounts", kEnvelope);
    EXPECT_EQ(passed.code, 0) << passed.err;
    EXPECT_THAT(passed.out, StartsWith(R"({"passes":true,"findings":[],"not_checked":[])"));
    EXPECT_THAT(passed.out, HasSubstr(R"("before":"2","after":"1.512912","available_before":"1",)"
                                      R"("available_after":"0.512912"})"));

    std::ofstream(folder_ / "accounts") << account_document(kSource, "1.1", "169763624666224203")
                                        << account_document(destination, "1", "5");
    const auto failed = run("preflight --network mainnet --accounts accounts", kEnvelope);
    EXPECT_EQ(failed.code, 2);
    EXPECT_THAT(failed.out, HasSubstr(R"("code":"tx_bad_seq")"));
    EXPECT_THAT(failed.out, HasSubstr("needs 0.387088 XLM more: of 1.098 XLM, 1 XLM are the "
                                      "reserve."));
}

TEST_F(StellarCli, PreflightRefusesWhatItCannotRead) {
    std::ofstream(folder_ / "accounts") << account_document(kSource, "2", "1") << "{}\n";
    const auto ran = run("preflight --network mainnet --accounts accounts", kEnvelope);
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.err, HasSubstr("accounts:2: account_id"));
    EXPECT_EQ(run("preflight --network mainnet", kEnvelope).code, 2);
    EXPECT_EQ(run("preflight --network mainnet --horizon http://127.0.0.1:9/", kEnvelope).code, 2);
}

}  // namespace
