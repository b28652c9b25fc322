#include "chains/solana/block_header.hpp"

#include <simdjson.h>

namespace astro::solana {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::SUCCESS;

constexpr int kNestingMax = 6;  ///< of the envelopes around a block

Unexpected bad_json(simdjson::error_code error) {
    return refusal("bad_json", std::string("not valid JSON: ") + simdjson::error_message(error));
}

Unexpected wrong_type(std::string_view member, std::string_view expected) {
    return refusal("wrong_type", std::string(expected) + " is expected", std::string(member));
}

/// The keys we look for hold no escapes, so the raw bytes decide.
bool is_key(ondemand::field& field, std::string_view name) {
    return field.key().unsafe_is_equal(name);
}

Result<Slot> slot_of(ondemand::value& value, std::string_view member) {
    std::uint64_t out = 0;
    if (value.get_uint64().get(out) != SUCCESS) return wrong_type(member, "a whole number");
    return Slot{out};
}

Result<std::string> text_of(ondemand::value& value, std::string_view member) {
    std::string_view out;
    if (value.get_string().get(out) != SUCCESS) return wrong_type(member, "a text");
    return std::string(out);
}

/// Finds the block in whatever envelope it came, in one pass. After a fault nothing more is read:
/// On Demand's iterators do not survive one.
class Visitor {
  public:
    Visitor(ondemand::document& document, std::string_view text)
        : document_(document), text_end_(text.data() + text.size()) {}

    Result<void> visit(ondemand::object object, const char* begin, int depth = 0) {
        bool is_block = false;
        for (auto item : object) {
            ondemand::field field;
            if (const auto error = std::move(item).get(field)) return bad_json(error);
            ASTRO_CHECK(member(field, depth, is_block));
        }
        if (!is_block) return {};
        const char* next = text_end_;
        if (document_.current_location().get(next) != SUCCESS) next = text_end_;
        std::string_view block(begin, static_cast<std::size_t>(next - begin));
        header_.block = block.substr(0, block.rfind('}') + 1);
        return {};
    }

    Result<BlockHeader> finish() && {
        if (!header_.block.empty() && !header_.blockhash.empty()) return std::move(header_);
        if (null_) return refusal("no_block", "null instead of a block");
        return refusal("not_a_block", "parentSlot and blockhash are expected");
    }

  private:
    Result<void> member(ondemand::field& field, int depth, bool& is_block) {
        ondemand::value& value = field.value();
        if (is_key(field, "parentSlot")) {
            is_block = true;
            ASTRO_TRY(header_.parent_slot, slot_of(value, "parentSlot"));
        } else if (is_key(field, "slot")) {
            ASTRO_TRY(header_.slot, slot_of(value, "slot"));
        } else if (is_key(field, "blockhash")) {
            ASTRO_TRY(header_.blockhash, text_of(value, "blockhash"));
        } else if (is_key(field, "previousBlockhash")) {
            ASTRO_TRY(header_.previous_blockhash, text_of(value, "previousBlockhash"));
        } else if (is_key(field, "synthetic")) {
            ASTRO_TRY(header_.synthetic, text_of(value, "synthetic"));
        } else if (is_key(field, "result") || is_key(field, "params") || is_key(field, "value") ||
                   is_key(field, "block")) {
            return envelope(value, depth);
        }
        return {};
    }

    Result<void> envelope(ondemand::value& value, int depth) {
        ondemand::json_type type;
        if (const auto error = value.type().get(type)) return bad_json(error);
        if (type == ondemand::json_type::null) null_ = true;
        if (type != ondemand::json_type::object || depth >= kNestingMax) return {};
        const char* begin = value.raw_json_token().data();
        ondemand::object object;
        if (const auto error = value.get_object().get(object)) return bad_json(error);
        return visit(object, begin, depth + 1);
    }

    ondemand::document& document_;
    const char* text_end_;
    BlockHeader header_;
    bool null_ = false;
};

}  // namespace

struct BlockHeaderReader::Impl {
    ondemand::parser parser;
};

BlockHeaderReader::BlockHeaderReader() : impl_(std::make_unique<Impl>()) {}
BlockHeaderReader::~BlockHeaderReader() = default;
BlockHeaderReader::BlockHeaderReader(BlockHeaderReader&&) noexcept = default;
BlockHeaderReader& BlockHeaderReader::operator=(BlockHeaderReader&&) noexcept = default;

Result<BlockHeader> BlockHeaderReader::read(std::string& json) {
    if (json.capacity() < json.size() + simdjson::SIMDJSON_PADDING)
        json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
    ondemand::document document;
    if (const auto error =
            impl_->parser.iterate(json.data(), json.size(), json.capacity()).get(document))
        return bad_json(error);
    ondemand::object object;
    const auto error = document.get_object().get(object);
    if (error == simdjson::INCORRECT_TYPE) return wrong_type("", "an object");
    if (error) return bad_json(error);
    Visitor visitor(document, json);
    ASTRO_CHECK(visitor.visit(object, json.data()));
    if (document.current_location().error() == SUCCESS) return bad_json(simdjson::TRAILING_CONTENT);
    return std::move(visitor).finish();
}

}  // namespace astro::solana
