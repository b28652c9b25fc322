#include "chains/stellar/xdr/reader.hpp"

#include "chains/stellar/xdr/path.hpp"

namespace astro::stellar::xdr {

bool Reader::fail(std::string why) {
    why_ = std::move(why);
    failed_at_ = static_cast<std::size_t>(at_ - begin_);
    return false;
}

bool Reader::early() {
    return fail("it ends early");
}

bool Reader::too_long(std::size_t size, std::size_t max) {
    at_ -= 4;
    return fail("its length " + std::to_string(size) + " is above the limit of " +
                std::to_string(max));
}

bool Reader::too_deep() {
    return fail("it lies deeper than " + std::to_string(kXdrDepthMax) + " values in each other");
}

bool Reader::bad_padding() {
    --at_;
    return fail("its padding is not zero");
}

bool Reader::not_boolean(std::uint32_t value) {
    at_ -= 4;
    return fail(std::to_string(value) + " is neither 0 nor 1");
}

bool Reader::not_of_enum(std::string_view type, std::int32_t value) {
    at_ -= 4;
    return fail(std::to_string(value) + " is no " + std::string(type));
}

bool Reader::only(std::int32_t value, std::string_view type, std::string_view of) {
    std::uint32_t read = 0;
    if (!u32(read)) return false;
    if (static_cast<std::int32_t>(read) == value) return true;
    at_ -= 4;
    return fail(std::to_string(static_cast<std::int32_t>(read)) + " is no " + std::string(type) +
                " of " + std::string(of) + ", which has only " + std::to_string(value));
}

bool Reader::no_arm(const EnumTable* table, std::int32_t value, std::string_view of) {
    at_ -= 4;
    const auto* entry = table == nullptr ? nullptr : table->find(value);
    const std::string name = entry == nullptr
                                 ? std::to_string(value)
                                 : std::to_string(value) + " (" + std::string(entry->name) + ")";
    return fail(name + " is no case of " + std::string(of));
}

bool Reader::end() {
    return at_ == end_ || fail(std::to_string(remaining()) + " bytes follow its end");
}

bool Reader::at(std::string_view member) {
    put_before(path_, member);
    return false;
}

bool Reader::at(std::size_t index) {
    put_before(path_, index);
    return false;
}

Unexpected Reader::error() const {
    return refusal("xdr_malformed", why_ + " (byte " + std::to_string(failed_at_) + ")", path_);
}

}  // namespace astro::stellar::xdr
