#include "server/feeds/recorded_transactions.hpp"

#include "chains/solana/json_document.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::feeds {
namespace {

using solana::JsonDocument;
using solana::JsonField;
using solana::JsonValue;

JsonValue member(JsonValue object, std::string_view name) {
    if (!object.present()) return {};
    for (const JsonField field : object.fields())
        if (field.key == name) return field.value;
    return {};
}

/// The first signature as base58, from whichever encoding.
std::string signature_of(JsonValue transaction) {
    if (!transaction.present()) return {};
    if (transaction.is_array()) {
        for (const JsonValue text : transaction.items()) {
            if (!text.is_string()) return {};
            // One byte of count, 64 of signature: the first 88 characters hold 66 bytes.
            const auto bytes = parse_base64(text.raw_string().substr(0, 88));
            if (!bytes || bytes->size() < 65 || (*bytes)[0] == 0) return {};
            return to_base58(ByteView(*bytes).subspan(1, 64));
        }
        return {};
    }
    const JsonValue signatures = member(transaction, "signatures");
    if (!signatures.present()) return {};
    for (const JsonValue text : signatures.items())
        if (text.is_string()) return std::string(text.raw_string());
    return {};
}

std::string json_or_null(JsonValue value) {
    return value.present() ? value.json() : "null";
}

}  // namespace

std::optional<std::string> find_transaction(std::string_view block, Slot slot,
                                            std::string_view signature) {
    JsonDocument document;
    const auto root = document.load(block);
    if (!root) return std::nullopt;
    const JsonValue list = member(*root, "transactions");
    if (!list.present()) return std::nullopt;
    for (const JsonValue item : list.items()) {
        const JsonValue transaction = member(item, "transaction");
        if (signature_of(transaction) != signature) continue;
        std::string out = R"({"slot":)" + std::to_string(slot.value());
        out += R"(,"blockTime":)" + json_or_null(member(*root, "blockTime"));
        out += R"(,"transaction":)" + json_or_null(transaction);
        out += R"(,"meta":)" + json_or_null(member(item, "meta"));
        if (const JsonValue version = member(item, "version"); version.present())
            out += R"(,"version":)" + version.json();
        return out + "}";
    }
    return std::nullopt;
}

std::optional<std::string> find_leader(std::string_view block) {
    JsonDocument document;
    const auto root = document.load(block);
    if (!root) return std::nullopt;
    const JsonValue rewards = member(*root, "rewards");
    if (!rewards.present()) return std::nullopt;
    for (const JsonValue reward : rewards.items()) {
        const JsonValue type = member(reward, "rewardType"), payee = member(reward, "pubkey");
        if (type.present() && type.is_string() && type.raw_string() == "Fee" && payee.present() &&
            payee.is_string())
            return payee.string();
    }
    return std::nullopt;
}

std::vector<LogsValue> find_logs(std::string_view block, std::string_view account) {
    std::vector<LogsValue> out;
    const std::string quoted = '"' + std::string(account) + '"';
    if (!account.empty() && block.find(quoted) == std::string_view::npos) return out;
    JsonDocument document;
    const auto root = document.load(block);
    const JsonValue list = root ? member(*root, "transactions") : JsonValue();
    if (!list.present()) return out;
    for (const JsonValue item : list.items()) {
        if (!account.empty() && item.json().find(quoted) == std::string::npos) continue;
        const JsonValue meta = member(item, "meta");
        out.push_back({signature_of(member(item, "transaction")), json_or_null(member(meta, "err")),
                       json_or_null(member(meta, "logMessages"))});
    }
    return out;
}

}  // namespace astro::feeds
