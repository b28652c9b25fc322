#include "server/cli/blocks.hpp"

#include <charconv>
#include <fstream>
#include <sstream>

#include "chains/solana/block_json.hpp"
#include "chains/solana/input.hpp"
#include "server/cli/console.hpp"

namespace astro::cli {
namespace {

constexpr std::uint64_t kSlotGapMax = 1'000;

/// One line for all transactions of a block that could not be read.
std::string skipped_text(const solana::InputItem& item, const solana::Block& block) {
    const auto& first = block.skipped.front();
    const auto count = block.skipped.size();
    std::string text = item.place() + ": " + std::to_string(count) +
                       (count == 1 ? " part" : " parts") + " left out: ";
    if (first.tx_index != solana::kNotATransaction)
        text += "transaction " + std::to_string(first.tx_index) + ": ";
    text += first.detail.empty() ? first.code : first.detail;
    if (count > 1) text += ", and others";
    return text;
}

/// A file of something else has as many faults as lines: the first few say enough.
constexpr std::uint64_t kFaultsTold = 5;

std::string text_of(const Error& error) {
    return error.where.empty() ? error.message : error.where + ": " + error.message;
}

class Reader {
  public:
    Reader(const std::vector<std::string>& sources,
           const std::function<bool(solana::BlockActivity)>& on_block)
        : on_block_(on_block), input_(sources, [this](std::uint64_t done, std::uint64_t total) {
              progress_.update(done, total);
          }) {}

    ReadReport run() {
        while (auto item = input_.next()) {
            if (!*item) {
                fault(text_of(item->error()));
                continue;
            }
            if (!take(**item)) break;
        }
        progress_.clear();
        if (faults_ > kFaultsTold)
            complain("and " + std::to_string(faults_ - kFaultsTold) + " more faults like these");
        if (report_.blocks == 0 && !report_.bad_input)
            fault("nothing to read: the input holds no block and no transaction");
        return report_;
    }

  private:
    void fault(const std::string& text) {
        report_.bad_input = true;
        if (++faults_ > kFaultsTold) return;
        progress_.clear();
        complain(text);
    }

    bool take(const solana::InputItem& item) {
        auto block = parser_.parse_any(item.json);
        if (!block) {
            fault(item.place() + ": " + block.error().text());
            return true;
        }
        if (block->slot_assumed)
            if (const auto slot = slot_in_name(item.source, block->parent_slot))
                block->slot = *slot;
        if (!block->skipped.empty()) {
            progress_.clear();
            complain(skipped_text(item, *block));
        }
        ++report_.blocks;
        report_.transactions += block->transactions.size();
        return on_block_(solana::decode_activity(*block));
    }

    const std::function<bool(solana::BlockActivity)>& on_block_;
    ProgressBar progress_;
    ReadReport report_;
    std::uint64_t faults_ = 0;
    solana::BlockParser parser_;
    solana::InputReader input_;
};

}  // namespace

std::optional<std::string> read_document(const std::string& source) {
    solana::InputReader input({source});
    const auto item = input.next();
    if (!item) {
        complain(source + ": nothing to read");
        return std::nullopt;
    }
    if (!*item) {
        complain(text_of(item->error()));
        return std::nullopt;
    }
    return std::string((*item)->json);
}

std::optional<std::string> read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (file) text << file.rdbuf();
    if (!file || file.bad()) {
        complain(path + ": cannot be read");
        return std::nullopt;
    }
    return std::move(text).str();
}

std::optional<Slot> slot_in_name(const std::string& path, Slot parent) {
    const auto name = path.substr(path.find_last_of('/') + 1);
    for (std::size_t i = 0; i < name.size();) {
        std::uint64_t number = 0;
        const auto [end, error] =
            std::from_chars(name.data() + i, name.data() + name.size(), number);
        if (error == std::errc{} && number > parent.value() &&
            number - parent.value() < kSlotGapMax)
            return Slot{number};
        const auto next = static_cast<std::size_t>(end - name.data());
        i = next > i ? next : i + 1;
    }
    return std::nullopt;
}

ReadReport read_blocks(const std::vector<std::string>& sources,
                       const std::function<bool(solana::BlockActivity)>& on_block) {
    return Reader(sources, on_block).run();
}

}  // namespace astro::cli
