#include "foundation/base/binary.hpp"

namespace astro {

Unexpected BinaryReader::error() const {
    return refusal("bad_binary", reason_, "byte " + std::to_string(offset()));
}

}  // namespace astro
