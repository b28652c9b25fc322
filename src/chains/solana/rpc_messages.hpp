#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "chains/solana/block_header.hpp"

/// What a node answers and notifies, strictly read.
namespace astro::solana {

struct SlotNotice {
    Slot slot, parent, root;
};
struct RootNotice {
    Slot root;
};
struct LogsNotice {
    Slot slot;
    std::string signature;
    bool failed = false;
};
struct BlockNotice {
    Slot slot;
    std::optional<BlockHeader> header;  ///< absent when the node could not produce the block
    std::string error;                  ///< then its reason, as JSON
};
/// A subscription was accepted.
struct Subscribed {
    std::uint64_t request_id = 0, subscription = 0;
};
/// A request was refused.
struct Refused {
    std::uint64_t request_id = 0;
    std::int64_t code = 0;
    std::string message;
};
/// Well-formed, but of a kind we did not ask for.
struct UnknownNotice {
    std::string method;
};
class JsonDocument;

using NodeMessage = std::variant<SlotNotice, RootNotice, LogsNotice, BlockNotice, Subscribed,
                                 Refused, UnknownNotice>;

/// Keeps the parser's buffers between texts. Not thread-safe: one a thread. Refusals: "bad_json",
/// "wrong_type" (with the member), and those of BlockHeaderReader.
class RpcReader {
  public:
    RpcReader();
    ~RpcReader();
    RpcReader(RpcReader&&) noexcept;
    RpcReader& operator=(RpcReader&&) noexcept;

    [[nodiscard]] Result<BlockHeader> block_header(std::string& json) {
        return headers_.read(json);
    }
    /// A notification, or the answer to a request made over the WebSocket. Like block_header, may
    /// grow the text's capacity.
    [[nodiscard]] Result<NodeMessage> message(std::string& json);

    // The "result" member of a JSON-RPC answer.
    [[nodiscard]] Result<std::uint64_t> number_result(std::string_view json);
    [[nodiscard]] Result<std::string> text_result(std::string_view json);
    [[nodiscard]] Result<std::vector<Slot>> slots_result(std::string_view json);
    [[nodiscard]] Result<std::vector<std::string>> texts_result(std::string_view json);
    /// A text member of a result object, e.g. "solana-core" of getVersion.
    [[nodiscard]] Result<std::string> member_result(std::string_view json, std::string_view member);
    /// Whether the result is null.
    [[nodiscard]] Result<bool> null_result(std::string_view json);

  private:
    BlockHeaderReader headers_;
    std::unique_ptr<JsonDocument> document_;
};

}  // namespace astro::solana
