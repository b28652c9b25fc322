#include "server/node/wallets.hpp"

namespace astro::node {
namespace {

wallets::Act audited(identity::Service& identity) {
    return [&identity](const wallets::Change& change, const wallets::Work& work) {
        return identity.act({.action = change.action,
                             .actor = change.user,
                             .subject = change.wallet,
                             .detail = change.detail,
                             .personal_of = {},
                             .caller = {}},
                            work);
    };
}

}  // namespace

WalletsPart::WalletsPart(store::Store& store, const Clock& clock, identity::Service& identity)
    : clock_(clock), book_(store, clock, audited(identity)) {
    identity.privacy.add(
        {.file = "wallets.json",
         .export_of =
             [this](const identity::UserId& user) { return book_.export_of(to_text(user)); },
         .erase =
             [](store::Writer& w, const identity::UserId& user) {
                 return wallets::WalletBook::erase(w, to_text(user));
             }});
}

}  // namespace astro::node
