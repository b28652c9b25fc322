#include "capabilities/exchange/venue_record.hpp"

namespace astro::exchange {

Result<Opening> parse_opening(const journal::Record& record) {
    // The magic and the version stand first whatever follows in a later form.
    BinaryReader reader(record.bytes);
    Opening opening;
    const auto magic = opening.magic;
    if (!reader.read(opening.magic) || opening.magic != magic ||
        !reader.read(opening.engine_version))
        return refusal("venue_foreign", "this is not the journal of a venue");
    if (opening.engine_version != kEngineVersion)
        return refusal("venue_version", "the journal was written under version " +
                                            std::to_string(opening.engine_version) +
                                            " of the venue's rules, this program has version " +
                                            std::to_string(kEngineVersion) +
                                            "; run it with the program that wrote it");
    auto whole = parse_binary<Opening>(record.bytes);
    if (!whole) return refusal("venue_foreign", "this is not the journal of a venue");
    return whole;
}

Result<void> parse_submission(const journal::Record& record, Submission& out) {
    BinaryReader reader(record.bytes);
    if (reader.read(out) && reader.finish()) [[likely]]
        return {};
    const Error wrong = reader.error().error;
    return refusal("venue_record", "a record is no command: " + wrong.message,
                   "sequence " + std::to_string(record.sequence.value()) + ", " + wrong.where);
}

}  // namespace astro::exchange
