#include "chains/solana/rpc_messages.hpp"

#include <charconv>

#include "chains/solana/json_document.hpp"

namespace astro::solana {
namespace {

Unexpected wrong_type(std::string_view member, std::string_view expected) {
    return refusal("wrong_type", std::string(expected) + " is expected", std::string(member));
}

/// The first member of that name; of anything but an object, nothing.
JsonValue member(JsonValue object, std::string_view name) {
    if (!object.present() || !object.is_object()) return {};
    for (const JsonField field : object.fields())
        if (field.key == name) return field.value;
    return {};
}

template <class Integer>
Result<Integer> integer_of(JsonValue value, std::string_view name) {
    Integer out = 0;
    const std::string_view digits = value.present() ? value.scalar() : std::string_view();
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (digits.empty() || read.ec != std::errc() || read.ptr != digits.data() + digits.size())
        return wrong_type(name, "a whole number");
    return out;
}

Result<Slot> slot_of(JsonValue value, std::string_view name) {
    ASTRO_TRY(const auto slot, integer_of<std::uint64_t>(value, name));
    return Slot{slot};
}

Result<std::string> text_of(JsonValue value, std::string_view name) {
    if (!value.present() || !value.is_string()) return wrong_type(name, "a text");
    return value.string();
}

Result<NodeMessage> slot_notice(JsonValue result) {
    SlotNotice notice;
    ASTRO_TRY(notice.slot, slot_of(member(result, "slot"), "slot"));
    ASTRO_TRY(notice.parent, slot_of(member(result, "parent"), "parent"));
    ASTRO_TRY(notice.root, slot_of(member(result, "root"), "root"));
    return NodeMessage(notice);
}

Result<NodeMessage> root_notice(JsonValue result) {
    ASTRO_TRY(const Slot root, slot_of(result, "params.result"));
    return NodeMessage(RootNotice{root});
}

Result<NodeMessage> logs_notice(JsonValue result) {
    LogsNotice notice;
    ASTRO_TRY(notice.slot, slot_of(member(member(result, "context"), "slot"), "context.slot"));
    const JsonValue value = member(result, "value");
    ASTRO_TRY(notice.signature, text_of(member(value, "signature"), "value.signature"));
    notice.failed = member(value, "err").has_value();
    return NodeMessage(std::move(notice));
}

/// The node could not make the block, or the message is not what it says.
Result<NodeMessage> blockless_notice(JsonValue result, Error why) {
    const JsonValue value = member(result, "value");
    BlockNotice notice;
    ASTRO_TRY(notice.slot, slot_of(member(value, "slot"), "value.slot"));
    if (member(value, "block").has_value()) return Unexpected{std::move(why)};
    if (const JsonValue error = member(value, "err"); error.has_value())
        notice.error = error.json();
    return NodeMessage(std::move(notice));
}

Result<NodeMessage> reply(JsonValue root) {
    ASTRO_TRY(const auto id, integer_of<std::uint64_t>(member(root, "id"), "id"));
    if (const JsonValue error = member(root, "error"); error.has_value()) {
        Refused refused{id, 0, {}};
        ASTRO_TRY(refused.code, integer_of<std::int64_t>(member(error, "code"), "error.code"));
        ASTRO_TRY(refused.message, text_of(member(error, "message"), "error.message"));
        return NodeMessage(std::move(refused));
    }
    const JsonValue result = member(root, "result");
    if (result.present() && result.is_true()) return NodeMessage(UnknownNotice{"unsubscribed"});
    ASTRO_TRY(const auto subscription, integer_of<std::uint64_t>(result, "result"));
    return NodeMessage(Subscribed{id, subscription});
}

/// Notifications name their method first; a block's is told by it before its megabytes are read.
bool says_block_notification(std::string_view text) {
    return text.substr(0, 128).find("\"blockNotification\"") != std::string_view::npos;
}

}  // namespace

RpcReader::RpcReader() : document_(std::make_unique<JsonDocument>()) {}
RpcReader::~RpcReader() = default;
RpcReader::RpcReader(RpcReader&&) noexcept = default;
RpcReader& RpcReader::operator=(RpcReader&&) noexcept = default;

Result<NodeMessage> RpcReader::message(std::string& json) {
    Error why;
    if (says_block_notification(json)) {
        Result<BlockHeader> header = block_header(json);
        if (header && header->slot)
            return NodeMessage(BlockNotice{*header->slot, std::move(header).value(), {}});
        why = header ? wrong_type("value.slot", "a whole number").error : header.error();
    }
    ASTRO_TRY(const JsonValue root, document_->load(json));
    const JsonValue named = member(root, "method");
    if (!named.present()) return reply(root);
    ASTRO_TRY(std::string method, text_of(named, "method"));
    const JsonValue result = member(member(root, "params"), "result");
    if (method == "slotNotification") return slot_notice(result);
    if (method == "rootNotification") return root_notice(result);
    if (method == "logsNotification") return logs_notice(result);
    if (method != "blockNotification") return NodeMessage(UnknownNotice{std::move(method)});
    if (!why.code.empty()) return blockless_notice(result, std::move(why));
    ASTRO_TRY(BlockHeader header, block_header(json));
    if (!header.slot) return wrong_type("value.slot", "a whole number");
    return NodeMessage(BlockNotice{*header.slot, std::move(header), {}});
}

// ---- results ------------------------------------------------------------------------------------

namespace {

Result<JsonValue> result_of(JsonDocument& document, std::string_view json) {
    ASTRO_TRY(const JsonValue root, document.load(json));
    const JsonValue result = member(root, "result");
    if (!result.present()) return wrong_type("result", "a result");
    return result;
}

}  // namespace

Result<std::uint64_t> RpcReader::number_result(std::string_view json) {
    ASTRO_TRY(const JsonValue result, result_of(*document_, json));
    return integer_of<std::uint64_t>(result, "result");
}

Result<std::string> RpcReader::text_result(std::string_view json) {
    ASTRO_TRY(const JsonValue result, result_of(*document_, json));
    return text_of(result, "result");
}

Result<std::vector<Slot>> RpcReader::slots_result(std::string_view json) {
    ASTRO_TRY(const JsonValue result, result_of(*document_, json));
    if (!result.is_array()) return wrong_type("result", "an array");
    std::vector<Slot> out;
    for (const JsonValue item : result.items()) {
        ASTRO_TRY(const Slot slot, slot_of(item, "result[]"));
        out.push_back(slot);
    }
    return out;
}

Result<std::vector<std::string>> RpcReader::texts_result(std::string_view json) {
    ASTRO_TRY(const JsonValue result, result_of(*document_, json));
    if (!result.is_array()) return wrong_type("result", "an array");
    std::vector<std::string> out;
    for (const JsonValue item : result.items()) {
        ASTRO_TRY(std::string text, text_of(item, "result[]"));
        out.push_back(std::move(text));
    }
    return out;
}

Result<std::string> RpcReader::member_result(std::string_view json, std::string_view name) {
    ASTRO_TRY(const JsonValue result, result_of(*document_, json));
    return text_of(member(result, name), name);
}

Result<bool> RpcReader::null_result(std::string_view json) {
    ASTRO_TRY(const JsonValue result, result_of(*document_, json));
    return result.is_null();
}

}  // namespace astro::solana
