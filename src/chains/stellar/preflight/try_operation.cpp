#include <algorithm>

#include "chains/stellar/build/text.hpp"
#include "chains/stellar/preflight/trial.hpp"

namespace astro::stellar {
namespace {

constexpr std::uint32_t kImmutable = 0x4, kAuthRequired = 0x1;
constexpr std::size_t kSignersMax = 20;

/// floor(amount × n / d); the most there is when it does not fit.
std::int64_t times(std::int64_t amount, std::int32_t n, std::int32_t d) {
    const auto product = static_cast<Int128>(amount) * n / d;
    constexpr auto kMost = static_cast<Int128>(INT64_MAX);
    return static_cast<std::int64_t>(std::min(product, kMost));
}

class Step {
  public:
    Step(Trial& trial, const xdr::PublicKey& source, bool has_memo)
        : trial_(trial), source_(source), has_memo_(has_memo) {}

    void operator()(const xdr::CreateAccountOp& op) {
        auto* from = trial_.source(source_);
        const auto presence = trial_.presence(op.destination);
        if (presence == Trial::Presence::there)
            return trial_.fail("op_already_exists",
                               "The account " + to_text(op.destination) + " exists already.",
                               "Pay it by a payment operation.");
        if (presence == Trial::Presence::not_looked_up) note_unknown(op.destination);
        if (from == nullptr) return;
        AccountView made;
        made.id = op.destination;
        made.balance = op.starting_balance;
        if (trial_.sponsor_of(op.destination) != nullptr) {
            made.sponsored = 2;
            if (!trial_.add_sponsored(made, 2, "a new account")) return;
        } else if (trial_.available_lumens(made) < 0) {
            return trial_.fail("op_low_reserve",
                               "A new account needs " + to_text(Stroops(trial_.reserve_of(made))) +
                                   " XLM at least, and would get " +
                                   to_text(Stroops(op.starting_balance)) + ".",
                               "Start with more, or sponsor the account's reserve.");
        }
        if (trial_.debit(*from, {}, op.starting_balance)) trial_.create(std::move(made));
    }
    void operator()(const xdr::PaymentOp& op) {
        const bool received = receive(op.destination, op.asset, op.amount);
        auto* from = trial_.source(source_);
        if (received && from != nullptr) trial_.debit(*from, op.asset, op.amount);
    }
    void operator()(const xdr::PathPaymentStrictReceiveOp& op) {
        path(op.destination, op.dest_asset, op.dest_amount);
        auto* from = trial_.source(source_);
        if (from == nullptr) return;
        // What it will cost is not known: the whole of the most is taken, or all there is.
        const auto free =
            std::max<std::int64_t>(trial_.available(*from, op.send_asset).value_or(op.send_max), 0);
        if (free < op.send_max)
            trial_.leave_open("whether " + amount_text(free, op.send_asset) +
                              " suffice for what may cost up to " +
                              amount_text(op.send_max, op.send_asset));
        trial_.debit(*from, op.send_asset, std::min(op.send_max, free));
    }
    void operator()(const xdr::PathPaymentStrictSendOp& op) {
        path(op.destination, op.dest_asset, op.dest_min);
        auto* from = trial_.source(source_);
        if (from != nullptr) trial_.debit(*from, op.send_asset, op.send_amount);
    }
    void operator()(const xdr::ManageSellOfferOp& op) {
        offer(op.selling, op.buying, op.amount, times(op.amount, op.price.n, op.price.d),
              op.offer_id);
    }
    void operator()(const xdr::CreatePassiveSellOfferOp& op) {
        offer(op.selling, op.buying, op.amount, times(op.amount, op.price.n, op.price.d), 0);
    }
    void operator()(const xdr::ManageBuyOfferOp& op) {
        offer(op.selling, op.buying, times(op.buy_amount, op.price.n, op.price.d), op.buy_amount,
              op.offer_id);
    }
    void operator()(const xdr::SetOptionsOp& op) {
        auto* account = trial_.source(source_);
        if (account == nullptr) return;
        if ((op.set_flags || op.clear_flags) && (account->flags & kImmutable) != 0)
            return trial_.fail("op_cant_change", "The account's flags are immutable.",
                               "Issue from another account.");
        account->flags = (account->flags | op.set_flags.value_or(0)) & ~op.clear_flags.value_or(0);
        if (op.signer) set_signer(*account, *op.signer);
    }
    void operator()(const xdr::ChangeTrustOp& op) {
        auto* account = trial_.source(source_);
        if (account == nullptr) return;
        if (op.line.type == xdr::AssetType::pool_share) {
            trial_.leave_open("whether the trustline for the pool's shares is there already");
            return;
        }
        xdr::Asset asset{op.line.type, {}};
        if (const auto* of_four = std::get_if<xdr::AlphaNum4>(&op.line.value))
            asset.value = *of_four;
        else
            asset.value = xdr::arm_of<xdr::AlphaNum12>(op.line.value);
        change_trust(*account, asset, op.limit);
    }
    /// Merging.
    void operator()(const xdr::MuxedAccount& destination) {
        const auto to = account_of(destination);
        check_memo(destination);
        auto* from = trial_.source(source_);
        if (trial_.presence(to) == Trial::Presence::absent)
            return trial_.fail("op_no_account", "The account " + to_text(to) + " does not exist.",
                               "Create it, or name another.");
        if (from == nullptr) return;
        if ((from->flags & kImmutable) != 0)
            return trial_.fail("op_immutable_set", "The account is immutable.",
                               "Pay its lumens out instead.");
        if (from->subentries != from->signers.size())
            return trial_.fail("op_has_sub_entries",
                               "The account still has " +
                                   std::to_string(from->subentries - from->signers.size()) +
                                   " trustlines, offers or data entries.",
                               "Remove them first, in the same transaction if need be.");
        if (from->sponsoring > 0)
            return trial_.fail(
                "op_is_sponsor",
                "The account sponsors " + std::to_string(from->sponsoring) + " reserves of others.",
                "Revoke its sponsorships, or hand them over, first.");
        const auto balance = from->balance;
        auto* receiver = trial_.account(to);
        if (receiver == nullptr) note_unknown(to);
        if (receiver == nullptr || trial_.credit(*receiver, {}, balance)) trial_.remove(source_);
    }
    void operator()(const xdr::ManageDataOp& op) {
        auto* account = trial_.source(source_);
        if (account == nullptr) return;
        if (!op.data_value) {
            if (account->data_names.erase(op.data_name) == 0)
                return trial_.fail("op_data_name_not_found",
                                   "There is no data entry \"" + op.data_name + "\" to remove.",
                                   "Check the name.");
            return trial_.remove_entries(*account, 1);
        }
        if (!account->data_names.contains(op.data_name) &&
            trial_.add_entries(*account, 1, "a data entry"))
            account->data_names.insert(op.data_name);
    }
    void operator()(const xdr::BumpSequenceOp& op) {
        if (auto* account = trial_.source(source_))
            account->sequence = std::max(account->sequence, op.bump_to);
    }
    void operator()(const xdr::CreateClaimableBalanceOp& op) {
        auto* from = trial_.source(source_);
        if (from == nullptr) return;
        const auto claimants = static_cast<std::uint32_t>(op.claimants.size());
        if (trial_.add_sponsored(*from, claimants, "a claimable balance"))
            trial_.debit(*from, op.asset, op.amount);
    }
    void operator()(const xdr::BeginSponsoringFutureReservesOp& op) {
        if (trial_.sponsor_of(op.sponsored_id) != nullptr)
            return trial_.fail("op_already_sponsored",
                               to_text(op.sponsored_id) + " is sponsored here already.",
                               "End the first sponsorship before the next begins.");
        if (trial_.sponsor_of(source_) != nullptr || trial_.is_sponsor(op.sponsored_id))
            return trial_.fail("op_recursive",
                               "The sponsor is sponsored here itself, or sponsors its sponsor.",
                               "Let an account sponsor that nobody sponsors here.");
        trial_.begin_sponsoring(source_, op.sponsored_id);
    }
    /// Inflation and the end of a sponsorship have no body: see `without_body`.
    void operator()(const std::monostate&) {}
    template <class Other>
    void operator()(const Other&) {
        trial_.leave_open("what this kind of operation depends on");
    }

    void without_body(xdr::OperationType type) {
        if (type == xdr::OperationType::inflation)
            return trial_.fail("op_not_time", "There is no inflation any more.",
                               "Leave the operation out.");
        if (!trial_.end_sponsoring(source_))
            trial_.fail("op_not_sponsored",
                        to_text(source_) + " is not sponsored in this transaction.",
                        "Send it from the sponsored account, after the operation that begins.");
    }

  private:
    void note_unknown(const xdr::PublicKey& account) {
        trial_.leave_open("the account " + to_text(account) + " was not looked up");
    }

    void check_memo(const xdr::MuxedAccount& destination) {
        const auto* to = trial_.account(account_of(destination));
        if (has_memo_ || destination.type == xdr::CryptoKeyType::muxed_ed25519 || to == nullptr ||
            !to->requires_memo)
            return;
        trial_.fail("memo_required",
                    to_text(to->id) + " asks for a memo with every payment, to know whose it is.",
                    "Add the memo that the recipient gave, or pay its address M….");
    }

    bool receive(const xdr::MuxedAccount& destination, const xdr::Asset& asset,
                 std::int64_t amount) {
        const auto id = account_of(destination);
        check_memo(destination);
        auto* to = trial_.account(id);
        if (to != nullptr) return trial_.credit(*to, asset, amount);
        if (trial_.presence(id) == Trial::Presence::not_looked_up) {
            note_unknown(id);
            return true;
        }
        const bool lumens = asset.type == xdr::AssetType::native;
        trial_.fail("op_no_destination", "The account " + to_text(id) + " does not exist.",
                    lumens ? "Create it by a create-account operation with these lumens; check "
                             "the address and the network."
                           : "It must be created with lumens and add a trustline first; check the "
                             "address and the network.");
        return false;
    }

    void path(const xdr::MuxedAccount& destination, const xdr::Asset& asset,
              std::int64_t at_least) {
        receive(destination, asset, at_least);
        trial_.leave_open("at which price the path will trade");
    }

    void offer(const xdr::Asset& selling, const xdr::Asset& buying, std::int64_t sold,
               std::int64_t bought, std::int64_t offer_id) {
        auto* account = trial_.source(source_);
        if (account == nullptr) return;
        if (offer_id != 0) {
            trial_.leave_open("whether offer " + std::to_string(offer_id) +
                              " is there, and what it has promised so far");
            return;
        }
        if (!may_trade(*account, selling, "sell") || !may_trade(*account, buying, "buy")) return;
        if (!trial_.add_entries(*account, 1, "an offer")) return;
        promise(*account, selling, sold, buying, bought);
        trial_.leave_open("how much of the offer will be taken at once");
    }

    bool may_trade(AccountView& account, const xdr::Asset& asset, const std::string& side) {
        if (asset.type == xdr::AssetType::native || is_issuer(account, asset)) return true;
        const auto* line = line_of(account, asset);
        if (line == nullptr) {
            trial_.fail("op_" + side + "_no_trust",
                        to_text(account.id) + " has no trustline for " + to_text(asset) + ".",
                        "Add the trustline first, in the same transaction if need be.");
            return false;
        }
        if (!line->is_authorized) {
            trial_.fail(side + "_not_authorized",
                        "The issuer has not authorized the trustline for " + code_of(asset) + ".",
                        "Ask the issuer to authorize it.");
            return false;
        }
        return true;
    }

    /// What an offer sells and buys is promised from then on.
    void promise(AccountView& account, const xdr::Asset& selling, std::int64_t sold,
                 const xdr::Asset& buying, std::int64_t bought) {
        const auto can_sell = trial_.available(account, selling).value_or(0);
        if (can_sell < sold)
            return trial_.fail("op_underfunded",
                               "The offer sells " + amount_text(sold, selling) + ", and " +
                                   amount_text(std::max<std::int64_t>(can_sell, 0), selling) +
                                   " are free.",
                               "Sell less, add to the balance, or cancel other offers.");
        auto* bought_line = line_of(account, buying);
        if (bought_line != nullptr &&
            bought_line->limit - bought_line->balance - bought_line->buying_liabilities < bought)
            return trial_.fail("op_line_full",
                               "The trustline for " + code_of(buying) + " cannot hold the " +
                                   amount_text(bought, buying) + " that the offer may bring.",
                               "Raise the trustline's limit, or buy less.");
        if (auto* line = line_of(account, selling)) line->selling_liabilities += sold;
        if (selling.type == xdr::AssetType::native) account.selling_liabilities += sold;
        if (bought_line != nullptr) bought_line->buying_liabilities += bought;
        if (buying.type == xdr::AssetType::native) account.buying_liabilities += bought;
    }

    void set_signer(AccountView& account, const xdr::Signer& signer) {
        const auto found = std::ranges::find(account.signers, signer.key);
        if (signer.weight == 0) {
            if (found == account.signers.end())
                return trial_.fail("op_bad_signer", "There is no such signer to remove.",
                                   "Check the key.");
            account.signers.erase(found);
            return trial_.remove_entries(account, 1);
        }
        if (found != account.signers.end()) return;
        if (account.signers.size() >= kSignersMax)
            return trial_.fail("op_too_many_signers", "The account has 20 signers already.",
                               "Remove a signer first.");
        if (trial_.add_entries(account, 1, "a signer")) account.signers.push_back(signer.key);
    }

    void change_trust(AccountView& account, const xdr::Asset& asset, std::int64_t limit) {
        auto* line = line_of(account, asset);
        if (line != nullptr && limit < line->balance + line->buying_liabilities)
            return trial_.fail(
                "op_invalid_limit",
                "The trustline holds " + amount_text(line->balance, asset) +
                    " and offers may buy " + amount_text(line->buying_liabilities, asset) +
                    ", more than the new limit.",
                "Give a higher limit; to remove the trustline empty it first, then give 0.");
        if (line != nullptr && limit == 0) {
            account.lines.erase(account.lines.begin() + (line - account.lines.data()));
            return trial_.remove_entries(account, 1);
        }
        if (line != nullptr) {
            line->limit = limit;
            return;
        }
        if (limit == 0)
            return trial_.fail("op_invalid_limit", "There is no trustline to remove.",
                               "Leave the operation out.");
        add_line(account, asset, limit);
    }

    void add_line(AccountView& account, const xdr::Asset& asset, std::int64_t limit) {
        const auto& issuer = *issuer_of(asset);
        const auto presence = trial_.presence(issuer);
        if (presence == Trial::Presence::absent)
            return trial_.fail("op_no_issuer", "The issuer " + to_text(issuer) + " does not exist.",
                               "Check the asset and the network.");
        if (presence == Trial::Presence::not_looked_up) note_unknown(issuer);
        if (!trial_.add_entries(account, 1, "a trustline")) return;
        const auto* issuing = trial_.account(issuer);
        const bool authorized = issuing == nullptr || (issuing->flags & kAuthRequired) == 0;
        account.lines.push_back({asset, 0, limit, 0, 0, authorized, authorized});
    }

    Trial& trial_;
    const xdr::PublicKey& source_;
    bool has_memo_;
};

}  // namespace

void try_operation(Trial& trial, const xdr::Operation& operation, const xdr::PublicKey& source,
                   bool has_memo) {
    Step step(trial, source, has_memo);
    if (std::holds_alternative<std::monostate>(operation.body.value))
        return step.without_body(operation.body.type);
    std::visit([&](const auto& body) { step(body); }, operation.body.value);
}

}  // namespace astro::stellar
