#include <cstddef>
#include <cstdint>
#include <string>

#include "chains/solana/rpc_messages.hpp"

/// Whatever a node sends: an answer or a refusal, and the block found lies inside the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static astro::solana::RpcReader reader;
    std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto header = reader.block_header(text)) {
        const std::string_view block = header->block;
        if (!block.empty() &&
            (block.data() < text.data() || block.data() + block.size() > text.data() + text.size()))
            __builtin_trap();
    }
    (void)reader.message(text);
    (void)reader.number_result(text);
    (void)reader.text_result(text);
    (void)reader.slots_result(text);
    (void)reader.texts_result(text);
    (void)reader.member_result(text, "solana-core");
    (void)reader.null_result(text);
    return 0;
}
