#include "capabilities/exchange/account_stream.hpp"

#include "capabilities/exchange/account_view.hpp"
#include "capabilities/exchange/caller_accounts.hpp"
#include "capabilities/exchange/named_json.hpp"

namespace astro::exchange {

/// A trade from one side.
struct OwnFill {
    TradeId trade{};
    MarketId market{};
    OrderId order{};
    Side side = Side::buy;
    Price price{};
    Base size{};
    Quote fee{}, builder_fee{};
    Liquidity liquidity = Liquidity::taker;
};
BOOST_DESCRIBE_STRUCT(OwnFill, (),
                      (trade, market, order, side, price, size, fee, builder_fee, liquidity))

/// A deleveraging from one side: the account's own part was closed at that price.
struct OwnDeleveraging {
    MarketId market{};
    Side side = Side::buy;
    Price price{};
    Base size{};
    std::int64_t rank = 0;
    bool liquidated = false;  ///< it was this account that had nothing left
};
BOOST_DESCRIBE_STRUCT(OwnDeleveraging, (), (market, side, price, size, rank, liquidated))

/// What a subscription begins with, of one account.
struct AccountState {
    AccountId account{};
    std::uint64_t account_seq = 0;
    AccountView balances{};
    std::vector<PositionView> positions{};
    std::vector<OpenOrder> orders{};
};
BOOST_DESCRIBE_STRUCT(AccountState, (), (account, account_seq, balances, positions, orders))
struct OwnerState {
    std::vector<AccountState> accounts{};
};
BOOST_DESCRIBE_STRUCT(OwnerState, (), (accounts))

/// An event of the stream; `data` has the members of what its kind names.
struct AccountEvent {
    AccountId account{};
    std::uint64_t account_seq = 0, prev_account_seq = 0;
    std::uint64_t seq = 0;  ///< of the journal
    std::string kind{};
    std::map<std::string, std::string> data{};
};
BOOST_DESCRIBE_STRUCT(AccountEvent, (), (account, account_seq, prev_account_seq, seq, kind, data))

namespace {

constexpr std::size_t kRetained = 20'000;
constexpr std::uint64_t kKeepEvery = 20'000;  ///< events

Side opposite_of(Side side) {
    return side == Side::buy ? Side::sell : Side::buy;
}

/// OrderAccepted: "order_accepted". From the type, so that no event is without a name.
template <class E>
const std::string& kind_of() {
    static const std::string kKind = [] {
        const std::string full = astro::detail::demangle(typeid(E).name());
        std::string out;
        for (const char c : full.substr(full.rfind(':') + 1)) {
            if (c >= 'A' && c <= 'Z') {
                if (!out.empty()) out += '_';
                out += static_cast<char>(c - 'A' + 'a');
            } else {
                out += c;
            }
        }
        return out;
    }();
    return kKind;
}

/// Kind and data of an event for one account.
class Teller {
  public:
    Teller(const Directory& directory, bool takes, std::string& out)
        : directory_(directory), takes_(takes), out_(out) {}

    void operator()(const Traded& e) const {
        put("fill", OwnFill{e.trade, e.market, takes_ ? e.taker_order : e.maker_order,
                            takes_ ? e.taker_side : opposite_of(e.taker_side), e.price, e.size,
                            takes_ ? e.taker_fee : e.maker_fee,
                            takes_ ? e.taker_builder_fee : e.maker_builder_fee,
                            takes_ ? Liquidity::taker : Liquidity::maker});
    }
    void operator()(const Deleveraged& e) const {
        put("deleveraged", OwnDeleveraging{e.market, takes_ ? e.side : opposite_of(e.side), e.price,
                                           e.size, e.rank, takes_});
    }
    template <class E>
    void operator()(const E& e) const {
        put(kind_of<E>(), e);
    }

  private:
    template <class T>
    void put(std::string_view kind, const T& data) const {
        out_.append(",\"kind\":\"").append(kind).append("\",\"data\":");
        append_named(directory_, out_, data);
    }

    const Directory& directory_;
    const bool takes_;
    std::string& out_;
};

}  // namespace

Result<std::unique_ptr<AccountStream>> AccountStream::open(store::Store& store, Bus& bus,
                                                           const Directory& directory,
                                                           WorkQueue& encoder) {
    std::unique_ptr<AccountStream> out(new AccountStream(store, bus, directory, encoder));
    ASTRO_CHECK(out->load());
    return out;
}

Result<void> AccountStream::load() {
    ASTRO_TRY(const auto cursor,
              store_.query("SELECT sequence FROM exchange_cursor WHERE name = 'accounts'"));
    if (cursor.empty()) return {};
    counted_ = journal::Sequence{static_cast<std::uint64_t>(store::to_int(cursor[0][0]))};
    ASTRO_TRY(const auto rows, store_.query("SELECT account, seq FROM exchange_account_seqs"));
    for (const auto& row : rows) {
        const auto account = static_cast<std::size_t>(store::to_int(row[0]));
        if (counts_.size() <= account) counts_.resize(account + 1);
        counts_[account] = static_cast<std::uint64_t>(store::to_int(row[1]));
        total_ += counts_[account];
    }
    is_changed_.resize(counts_.size());
    kept_total_ = total_;
    return {};
}

void AccountStream::attach(Service& service) {
    service.read([&](const Venue&) {
        service_ = &service;
        bus_.declare(std::string(kAccountStream), kRetained, total_ - early_mentions_);
        for (auto& told : early_) encoder_.post([this, told = std::move(told)] { tell(told); });
        early_.clear();
    });
}

void AccountStream::on_applied(const Applied& applied) {
    if (applied.sequence.value() <= counted_.value()) return;
    counted_ = applied.sequence;
    Told told{applied.sequence,
              applied.time,
              applied.kept_events,
              mentions_of(applied.events, applied.venue),
              {}};
    if (told.mentions.empty()) return;
    for (const Mention& mention : told.mentions) {
        const std::size_t account = mention.account.value();
        if (counts_.size() <= account) {
            counts_.resize(account + 1);
            is_changed_.resize(account + 1);
        }
        told.numbers.push_back(++counts_[account]);
        if (!is_changed_[account]) changed_.push_back(mention.account);
        is_changed_[account] = true;
    }
    total_ += told.mentions.size();
    if (service_ != nullptr) {
        encoder_.post([this, told = std::move(told)] { tell(told); });
    } else {
        early_mentions_ += told.mentions.size();
        early_.push_back(std::move(told));
        while (early_mentions_ > kRetained) {
            early_mentions_ -= early_.front().mentions.size();
            early_.pop_front();
        }
    }
    // Until the store has it, the journal tells it again: a failure costs time at the next start.
    if (total_ - kept_total_ >= kKeepEvery && service_ != nullptr)
        encoder_.post([this, counted = take_changed()] { (void)keep(counted); });
}

AccountStream::Counted AccountStream::take_changed() {
    Counted out{counted_, total_, {}};
    for (const AccountId account : changed_) {
        out.counts.emplace_back(account, counts_[account.value()]);
        is_changed_[account.value()] = false;
    }
    changed_.clear();
    kept_total_ = total_;
    return out;
}

Result<void> AccountStream::keep(const Counted& counted) {
    return store_.write([&](store::Writer& w) -> Result<void> {
        for (const auto& [account, seq] : counted.counts)
            ASTRO_CHECK(
                w.execute("INSERT INTO exchange_account_seqs VALUES (?, ?) ON CONFLICT "
                          "(account) DO UPDATE SET seq = excluded.seq",
                          {std::int64_t{account.value()}, static_cast<std::int64_t>(seq)}));
        ASTRO_CHECK(
            w.execute("INSERT INTO exchange_cursor VALUES ('accounts', ?) ON CONFLICT "
                      "(name) DO UPDATE SET sequence = excluded.sequence",
                      {static_cast<std::int64_t>(counted.sequence.value())}));
        return {};
    });
}

Result<void> AccountStream::save() {
    return keep(take_changed());
}

void AccountStream::tell(const Told& told) {
    const TimestampNs time = to_timestamp(told.time);
    for (std::size_t i = 0; i < told.mentions.size(); ++i) {
        const Mention& mention = told.mentions[i];
        const auto entry = directory_.account(mention.account);
        std::string out = "{\"account\":" + std::to_string(mention.account.value()) +
                          ",\"account_seq\":" + std::to_string(told.numbers[i]) +
                          ",\"prev_account_seq\":" + std::to_string(told.numbers[i] - 1) +
                          ",\"seq\":" + std::to_string(told.sequence.value());
        std::visit(Teller(directory_, mention.takes, out), (*told.events)[mention.event]);
        out.push_back('}');
        bus_.publish(kAccountStream, time, std::string(kAccountStream), std::move(out),
                     {{"owner", entry ? to_text(entry->owner) : ""},
                      {"account", std::to_string(mention.account.value())}});
    }
}

Result<std::string> AccountStream::state(const gateway::Caller& caller,
                                         const gateway::FilterValues& filter) const {
    const OwnerId owner = owner_of_user(caller.user);
    if (owner.is_zero())
        return unauthenticated("sign_in_needed", "in this channel everybody sees his own only");
    const std::vector<AccountId> accounts = followed_accounts(directory_, owner, filter);
    OwnerState out;
    service_->read([&](const Venue& venue) {
        for (const AccountId account : accounts)
            out.accounts.push_back({account,
                                    account.value() < counts_.size() ? counts_[account.value()] : 0,
                                    account_view(venue, account), position_views(venue, account),
                                    open_orders(venue, account, {})});
    });
    return to_json(out);
}

gateway::Channel AccountStream::channel() {
    return {.stream = std::string(kAccountStream),
            .summary =
                "All that happens to the caller's accounts, numbered by account without a "
                "hole; begins with orders, positions and balances",
            .filters = {account_filter()},
            .permission = "exchange.read",
            .data = json_document<AccountEvent>(),
            .owner_tag = "owner",
            .snapshot = [this](const gateway::Caller& caller, const gateway::FilterValues& filter) {
                return state(caller, filter);
            }};
}

}  // namespace astro::exchange
