#include "chains/solana/json_splitter.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace astro::solana {
namespace {

struct Cut {
    std::string text;  ///< or the fault's code after '!'
    std::size_t line;
    auto operator<=>(const Cut&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Cut& cut) {
    return out << cut.line << ":" << cut.text;
}

std::vector<Cut> split(std::string_view input, std::size_t portion = 1U << 30,
                       std::size_t limit = 1U << 20) {
    JsonSplitter splitter(limit);
    std::vector<Cut> cuts;
    const auto drain = [&] {
        while (const auto piece = splitter.next())
            cuts.push_back({piece->fault_code.empty() ? std::string(piece->text)
                                                      : "!" + std::string(piece->fault_code),
                            piece->line});
    };
    for (std::size_t at = 0; at < input.size(); at += portion) {
        splitter.append(input.substr(at, portion));
        drain();
    }
    splitter.finish();
    drain();
    return cuts;
}

using Cuts = std::vector<Cut>;

TEST(JsonSplitter, OneDocumentOrMany) {
    EXPECT_EQ(split(""), Cuts{});
    EXPECT_EQ(split(" \n\n "), Cuts{});
    EXPECT_EQ(split("\n {\"a\":{\"b\":[1]}} \n"), (Cuts{{"{\"a\":{\"b\":[1]}}", 2}}));
    EXPECT_EQ(split("{}{\"a\":1}\n{}"), (Cuts{{"{}", 1}, {"{\"a\":1}", 1}, {"{}", 2}}));
    EXPECT_EQ(split("\xEF\xBB\xBF{}"), (Cuts{{"{}", 1}}));
    EXPECT_EQ(split("{\n \"a\": {\n  \"b\": 1 }\n}\n{\n}"),
              (Cuts{{"{\n \"a\": {\n  \"b\": 1 }\n}", 1}, {"{\n}", 5}}));
}

TEST(JsonSplitter, BracketsInStringsDoNotCount) {
    EXPECT_EQ(split(R"({"a":"}{][\"}"}{"b":"\\"})"),
              (Cuts{{R"({"a":"}{][\"}"})", 1}, {R"({"b":"\\"})", 1}}));
}

TEST(JsonSplitter, ItemsOfAnArray) {
    EXPECT_EQ(split("[{},{\"a\":[]},\n[1]]"), (Cuts{{"{}", 1}, {"{\"a\":[]}", 1}, {"[1]", 2}}));
    EXPECT_EQ(split("[\n{\"a\":1},\n{\"b\":2}\n]\n{\"c\":3}"),
              (Cuts{{"{\"a\":1}", 2}, {"{\"b\":2}", 3}, {"{\"c\":3}", 5}}));
    EXPECT_EQ(split("[]"), Cuts{});
    EXPECT_EQ(split("[{}"), (Cuts{{"{}", 1}, {"!bad_json", 1}}));                 // never closed
    EXPECT_EQ(split("[{} {}]"), (Cuts{{"{}", 1}, {"!bad_json", 1}, {"{}", 1}}));  // no comma
}

TEST(JsonSplitter, ABrokenLineDoesNotSwallowTheNext) {
    EXPECT_EQ(split("{\"a\":[1,2\n{\"b\":1}\n{\"c\":1}"),
              (Cuts{{"{\"a\":[1,2\n", 1}, {"{\"b\":1}", 2}, {"{\"c\":1}", 3}}));
    EXPECT_EQ(split("{\"a\":\"tex\n{\"b\":1}"), (Cuts{{"{\"a\":\"tex", 1}, {"{\"b\":1}", 2}}));
    EXPECT_EQ(split("{\"a\":1,\n{\"b\":1}"), (Cuts{{"{\"a\":1,\n", 1}, {"{\"b\":1}", 2}}));
    // Cut where a document could stand: seen one line later, and still nothing is lost.
    EXPECT_EQ(split("{\"a\":[1,\n{\"b\":1}\n{\"c\":1}\n"),
              (Cuts{{"{\"a\":[1,\n", 1}, {"{\"b\":1}", 2}, {"{\"c\":1}", 3}}));
    EXPECT_EQ(split("{\"a\":"), (Cuts{{"{\"a\":", 1}}));
    EXPECT_EQ(split("garbage\n{\"b\":1}\n}\n{}"),
              (Cuts{{"garbage", 1}, {"{\"b\":1}", 2}, {"}", 3}, {"{}", 4}}));
}

TEST(JsonSplitter, TooLargeIsAFaultAndReadingGoesOn) {
    const std::string large = "{\"a\":\"" + std::string(20'000, 'x') + "\"}";
    for (const std::size_t portion : {7U, 1000U, 1U << 20})
        EXPECT_EQ(split(large + "\n{\"b\":1}", portion, 1000),
                  (Cuts{{"!too_large", 1}, {"{\"b\":1}", 2}}));
}

TEST(JsonSplitter, TheLimitCountsTheTextOfABrokenString) {
    const std::string input = "{{\"a\":\n{a\"a{}\n{\"k\":1}\n";
    for (const std::size_t portion : {1U, 2U, 1000U})
        EXPECT_EQ(split(input, portion, 12), (Cuts{{"!too_large", 1}, {"{\"k\":1}", 3}}));
}

RC_GTEST_PROP(JsonSplitterProperties, PortionsDoNotMatter, ()) {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "{", "}", "[", "]", "\"", "\\", ",", ":", "\n", " ", "a", "1", "{\"a\":", "{}", "[1]",
        "\n{", "\"\\\"\"", "{\"k\":\"v\"}", "\n{\"k\":1}\n", "}\n"));
    std::string input;
    for (const auto& piece : pieces) input += piece;
    const auto limit = *rc::gen::element<std::size_t>(12, 1000);
    const auto whole = split(input, 1U << 20, limit);
    for (const std::size_t portion : {1U, 2U, 3U, 7U})
        RC_ASSERT(split(input, portion, limit) == whole);
}

/// Documents in any framing come back as they were.
RC_GTEST_PROP(JsonSplitterProperties, DocumentsComeBack, ()) {
    const auto documents =
        *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
            "{}", "{\"a\":[1,{\"b\":\"}\"}]}", "{\n  \"a\": \"\\\"{\",\n  \"b\": [\n    {}\n  ]\n}",
            "{\"long\":\"" + std::string(300, ']') + "\"}"));
    const bool array = *rc::gen::arbitrary<bool>();
    const std::string between = array ? *rc::gen::element<std::string>(",", " ,\n")
                                      : *rc::gen::element<std::string>("", "\n", " \r\n");
    std::string input = array ? "[" : "";
    for (std::size_t i = 0; i < documents.size(); ++i)
        input += (i > 0 ? between : "") + documents[i];
    if (array) input += "]";
    const auto cuts = split(input, *rc::gen::element<std::size_t>(5, 1U << 20));
    RC_ASSERT(cuts.size() == documents.size());
    for (std::size_t i = 0; i < cuts.size(); ++i) RC_ASSERT(cuts[i].text == documents[i]);
}

}  // namespace
}  // namespace astro::solana
