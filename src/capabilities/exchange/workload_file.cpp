#include <unordered_map>

#include "capabilities/exchange/bench.hpp"
#include "capabilities/exchange/commands.hpp"

namespace astro::exchange {
namespace {

/// Gives orders dense ids and books dense numbers, and finds out what rests.
class Loader {
  public:
    explicit Loader(std::string name) { workload_.name = std::move(name); }

    Result<void> add(const SequencedOperation& sequenced) {
        if (workload_.operations.size() == kWorkloadOperationsMax)
            return refusal("bad_operation", "at most " + std::to_string(kWorkloadOperationsMax) +
                                                " operations are measured");
        Operation operation = sequenced.operation;
        const std::size_t rested = matcher_.resting();
        ASTRO_CHECK(matcher_.apply(sequenced, [](const BookTrade&) {}));
        if (operation.type == OperationType::cancel) {
            if (matcher_.resting() == rested) return {};  // there was nothing to cancel
            operation.order_id = id_of_.at(operation.order_id);
        } else {
            id_of_[operation.order_id] = ++last_id_;
            operation.order_id = last_id_;
        }
        const auto book = static_cast<std::uint32_t>(books_.size());
        operation.symbol = books_.emplace(operation.symbol, book).first->second;
        workload_.symbols = static_cast<std::uint32_t>(books_.size());
        workload_.operations.push_back(operation);
        return {};
    }
    [[nodiscard]] Workload finish() && { return std::move(workload_); }

  private:
    Workload workload_;
    Matcher matcher_;
    std::unordered_map<std::uint32_t, std::uint32_t> id_of_, books_;
    std::uint32_t last_id_ = 0;
};

}  // namespace

Result<Workload> read_workload(const std::string& path) {
    ASTRO_TRY(auto reader, OperationReader::open(path));
    Loader loader(path);
    for (;;) {
        ASTRO_TRY(const auto operation, reader.next());
        if (!operation) return std::move(loader).finish();
        if (auto added = loader.add(*operation); !added)
            return refusal("bad_operation", added.error().message, std::to_string(reader.line()));
    }
}

}  // namespace astro::exchange
