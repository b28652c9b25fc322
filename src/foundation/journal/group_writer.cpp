#include "foundation/journal/group_writer.hpp"

#include "foundation/journal/format.hpp"

namespace astro::journal {

void check_options(const GroupOptions& options) {
    ASTRO_ASSERT(options.records_max > 0 && options.bytes_max > 0);
    ASTRO_ASSERT(options.bytes_max + options.records_max * detail::kCountSize <= kGroupPayloadMax);
}

Result<void> check_record_size(ByteView record, const GroupOptions& options) {
    if (record.size() > options.bytes_max)
        return refusal("journal_group_too_large",
                       "a record holds at most " + std::to_string(options.bytes_max) + " bytes");
    return {};
}

GroupWriter::GroupWriter(Journal& journal, const Clock& clock, const Options& options)
    : commit_(journal, clock, options, [](const Result<Group>& group, std::vector<Done>& items) {
          if (!group) {
              for (const auto& done : items) done(Unexpected{group.error()});
              return;
          }
          Written written{group->first, group->time};
          for (const auto& done : items) {
              done(written);
              written.sequence = Sequence{written.sequence.value() + 1};
          }
      }) {}

}  // namespace astro::journal
