#include "capabilities/mev/queries.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

namespace astro::mev {
namespace {

using store::Row;
using store::Store;
using store::to_int;
using store::to_string;
using store::Value;

constexpr std::int64_t kDocumentsOfOne = 200;  ///< findings or swaps of one transaction

std::int64_t to_ms(TimestampNs t) {
    return t.value() / 1'000'000;
}

/// Conditions joined by AND, and their values.
class Where {
  public:
    void add(std::string_view condition, Value value) {
        text_ += (text_.empty() ? " WHERE " : " AND ") + std::string(condition);
        values_.push_back(std::move(value));
    }
    template <class T>
    void add_if(std::string_view condition, const std::optional<T>& value) {
        if (value) add(condition, Value(*value));
    }
    void add_if(std::string_view condition, const std::optional<bool>& value) {
        if (value) add(condition, Value(std::int64_t{*value ? 1 : 0}));
    }
    void add_if(std::string_view condition, const std::optional<TimestampNs>& value) {
        if (value) add(condition, Value(to_ms(*value)));
    }
    void add_in(std::string_view column, const std::vector<std::string>& values) {
        if (values.empty()) return;
        std::string marks;
        for (const auto& value : values) {
            marks += marks.empty() ? "?" : ", ?";
            values_.emplace_back(value);
        }
        text_ +=
            (text_.empty() ? " WHERE " : " AND ") + std::string(column) + " IN (" + marks + ")";
    }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] std::vector<Value> values_with(Value last) const {
        auto out = values_;
        out.push_back(std::move(last));
        return out;
    }

  private:
    std::string text_;
    std::vector<Value> values_;
};

std::string key_condition(std::string_view names) {
    return "o.seq IN (SELECT k.seq FROM mev_opportunity_keys k WHERE k.name IN (" +
           std::string(names) + ") AND k.value = ?)";
}

Where where_of(const FindingQuery& q) {
    Where where;
    where.add_in("o.kind", q.kinds);
    where.add_if("o.status = ?", q.status);
    where.add_if("o.profitable = ?", q.profitable);
    where.add_if("o.synthetic = ?", q.synthetic);
    where.add_if("o.net_lamports >= ?", q.min_net_lamports);
    where.add_if("o.confidence >= ?", q.min_confidence);
    where.add_if("o.leader = ?", q.leader);
    where.add_if("o.slot >= ?", q.slot_from);
    where.add_if("o.slot <= ?", q.slot_to);
    where.add_if("o.time_ms >= ?", q.time_from);
    where.add_if("o.time_ms < ?", q.time_to);
    where.add_if(key_condition("'actor', 'victim'"), q.wallet);
    where.add_if(key_condition("'pool'"), q.pool);
    where.add_if(key_condition("'mint'"), q.mint);
    where.add_if(key_condition("'protocol'"), q.protocol);
    where.add_if(key_condition("'signature', 'victim_signature'"), q.signature);
    where.add_if("o.seq < ?", q.before_seq);
    return where;
}

/// Rows of (seq, document), one more than the page to see whether another follows.
DocumentPage to_page(std::vector<Row> rows, std::int64_t limit) {
    DocumentPage page;
    const auto wanted = static_cast<std::size_t>(limit);
    if (rows.size() > wanted) {
        rows.resize(wanted);
        page.next_before_seq = to_int(rows.back()[0]);
    }
    for (auto& row : rows) page.documents.push_back(std::move(std::get<std::string>(row[1])));
    return page;
}

std::uint64_t to_count(const Value& v) {
    return static_cast<std::uint64_t>(to_int(v));
}

/// What the victim in this sandwich lost, by its document.
std::optional<Lamports> loss_of(const std::string& document, std::string_view signature) {
    namespace bj = boost::json;
    bj::error_code error;
    const auto value = bj::parse(document, error);
    if (error || !value.is_object()) return std::nullopt;
    const auto* losses = value.as_object().if_contains("losses");
    if (losses == nullptr || !losses->is_array()) return std::nullopt;
    for (const auto& loss : losses->as_array()) {
        const auto& object = loss.as_object();
        const auto* lamports = object.at("loss_lamports").if_string();
        if (object.at("signature").as_string() ==
                bj::string_view(signature.data(), signature.size()) &&
            lamports != nullptr)
            return Lamports{std::strtoll(lamports->c_str(), nullptr, 10)};
    }
    return std::nullopt;
}

}  // namespace

Result<DocumentPage> query_findings(Store& store, const FindingQuery& query) {
    const auto where = where_of(query);
    ASTRO_TRY(auto rows, store.query("SELECT o.seq, d.document FROM mev_opportunities o "
                                     "JOIN mev_opportunity_documents d ON d.seq = o.seq" +
                                         where.text() + " ORDER BY o.seq DESC LIMIT ?",
                                     where.values_with(query.limit + 1)));
    return to_page(std::move(rows), query.limit);
}

Result<DocumentPage> query_swaps(Store& store, const SwapQuery& query) {
    Where where;
    where.add_if("protocol = ?", query.protocol);
    where.add_if("pool = ?", query.pool);
    where.add_if("trader = ?", query.trader);
    where.add_if("signature = ?", query.signature);
    where.add_if("verified = ?", query.verified);
    where.add_if("slot >= ?", query.slot_from);
    where.add_if("slot <= ?", query.slot_to);
    where.add_if("seq < ?", query.before_seq);
    if (query.mint) {
        where.add("? IN (mint_in, mint_out)", *query.mint);
    }
    ASTRO_TRY(auto rows, store.query("SELECT seq, document FROM mev_swaps" + where.text() +
                                         " ORDER BY seq DESC LIMIT ?",
                                     where.values_with(query.limit + 1)));
    return to_page(std::move(rows), query.limit);
}

Result<std::string> query_finding(Store& store, std::string_view id) {
    ASTRO_TRY(const auto rows,
              store.query("SELECT d.document FROM mev_opportunities o "
                          "JOIN mev_opportunity_documents d ON d.seq = o.seq WHERE o.id = ?",
                          {std::string(id)}));
    if (rows.empty())
        return not_found("no_such_opportunity", "no finding of this id is kept", std::string(id));
    return to_string(rows[0][0]);
}

Result<std::vector<KindTotals>> query_totals(Store& store, std::string_view key_name,
                                             std::string_view key_value) {
    const std::string loss = key_name == "victim" ? "k.amount" : "o.victim_loss_lamports";
    ASTRO_TRY(const auto rows,
              store.query("SELECT o.kind, COUNT(*), SUM(o.profitable), SUM(o.gain_lamports), "
                          "SUM(o.tip_lamports), SUM(o.fee_lamports), COALESCE(SUM(" +
                              loss +
                              "), 0) FROM mev_opportunity_keys k "
                              "JOIN mev_opportunities o ON o.seq = k.seq "
                              "WHERE k.name = ? AND k.value = ? GROUP BY o.kind ORDER BY o.kind",
                          {std::string(key_name), std::string(key_value)}));
    std::vector<KindTotals> out;
    for (const auto& r : rows)
        out.push_back({to_string(r[0]), to_count(r[1]), to_count(r[2]), Lamports{to_int(r[3])},
                       Lamports{to_int(r[4])}, Lamports{to_int(r[5])}, Lamports{to_int(r[6])}});
    return out;
}

Result<std::vector<BucketTotals>> query_statistics(Store& store, DurationNs bucket,
                                                   std::optional<TimestampNs> from,
                                                   std::optional<TimestampNs> to) {
    Where where;
    where.add_if("time_ms >= ?", from);
    where.add_if("time_ms < ?", to);
    // A literal, not a placeholder: the same expression must stand in SELECT and GROUP BY.
    const auto ms = std::to_string(bucket.value() / 1'000'000);
    const auto begin = "time_ms / " + ms + " * " + ms;
    ASTRO_TRY(auto rows,
              store.query("SELECT " + begin +
                              ", kind, COUNT(*), SUM(profitable), SUM(gain_lamports), "
                              "SUM(tip_lamports), SUM(fee_lamports), SUM(victim_loss_lamports) "
                              "FROM mev_opportunities" +
                              where.text() + " GROUP BY " + begin +
                              ", kind ORDER BY 1 DESC, kind "
                              "LIMIT ?",
                          where.values_with(kBucketsMax)));
    std::ranges::reverse(rows);
    std::vector<BucketTotals> out;
    for (const auto& r : rows)
        out.push_back({TimestampNs{to_int(r[0]) * 1'000'000}, to_string(r[1]), to_count(r[2]),
                       to_count(r[3]), Lamports{to_int(r[4])}, Lamports{to_int(r[5])},
                       Lamports{to_int(r[6])}, Lamports{to_int(r[7])}});
    return out;
}

Result<TransactionDocuments> query_transaction(Store& store, std::string_view signature) {
    TransactionDocuments out;
    const std::string text(signature);
    ASTRO_TRY(const auto findings,
              store.query("SELECT o.slot, d.document, k.name, o.kind FROM mev_opportunity_keys k "
                          "JOIN mev_opportunities o ON o.seq = k.seq "
                          "JOIN mev_opportunity_documents d ON d.seq = k.seq "
                          "WHERE k.name IN ('signature', 'victim_signature') AND k.value = ? "
                          "ORDER BY k.seq DESC LIMIT ?",
                          {text, kDocumentsOfOne}));
    for (const auto& row : findings) {
        out.slot = to_int(row[0]);
        out.findings.push_back(to_string(row[1]));
        if (to_string(row[2]) != "victim_signature" || to_string(row[3]) != "sandwich") continue;
        out.sandwiched = true;
        if (const auto loss = loss_of(out.findings.back(), signature))
            out.loss_lamports = out.loss_lamports.value_or(Lamports{0}) + *loss;
    }
    ASTRO_TRY(const auto swaps,
              store.query("SELECT slot, document FROM mev_swaps WHERE signature = ? "
                          "ORDER BY ix_index, inner_index LIMIT ?",
                          {text, kDocumentsOfOne}));
    for (const auto& row : swaps) {
        out.slot = to_int(row[0]);
        out.swaps.push_back(to_string(row[1]));
    }
    return out;
}

Result<std::int64_t> query_swap_count(Store& store, std::string_view pool) {
    ASTRO_TRY(const auto rows,
              store.query("SELECT COUNT(*) FROM mev_swaps WHERE pool = ?", {std::string(pool)}));
    return to_int(rows[0][0]);
}

}  // namespace astro::mev
