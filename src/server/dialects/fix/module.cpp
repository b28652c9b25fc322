#include "server/dialects/fix/module.hpp"

namespace astro::fix {

Result<std::unique_ptr<Module>> Module::open(store::SqliteOptions store, Options options,
                                             const Clock& clock) {
    std::unique_ptr<Module> out(new Module(std::move(options)));
    ASTRO_TRY(out->store_, SessionStore::open(std::move(store),
                                              {.keep_days = out->options_.keep_days,
                                               .sessions_max = out->options_.sessions_max},
                                              clock));
    for (const SessionRecord* record : out->store_->sessions()) out->ear_.watch(record->account);
    return out;
}

journal::Sequence Module::wanted_from() const {
    const auto told = store_->told();
    return told ? journal::Sequence{*told + 1} : exchange::kHeardAll;
}

Result<void> Module::attach(const Around& around) {
    ASTRO_TRY(acceptor_, Acceptor::start(around, options_, *store_, ear_));
    return {};
}

void Module::stop() {
    if (acceptor_) acceptor_->stop();
}

}  // namespace astro::fix
