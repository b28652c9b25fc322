// Answers of nodes from any bytes: a verdict, never a crash, and the text stays as it was.
#include "foundation/base/assert.hpp"
#include "foundation/net/jsonrpc_answer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static astro::net::AnswerChecker checker;
    const std::string text(reinterpret_cast<const char*>(data), size);
    std::string body = text;
    const auto checked = checker.check(body, 1);
    ASTRO_ASSERT(body == text);
    if (!checked)
        ASTRO_ASSERT(checked.error().code == "rpc_error" || checked.error().code == "bad_response");
    return 0;
}
