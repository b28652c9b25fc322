#include "capabilities/market/parquet.hpp"

#include "foundation/base/assert.hpp"

namespace astro::market {
namespace {

constexpr std::string_view kMagic = "PAR1";
// Numbers of parquet.thrift.
constexpr std::int32_t kInt64 = 2, kByteArray = 6;
constexpr std::int32_t kRequired = 0;
constexpr std::int32_t kUtf8 = 0, kDecimal = 5, kTimestampMillis = 9, kPlainNumber = 18;
constexpr std::int32_t kPlain = 0, kRunLength = 3;
constexpr std::int32_t kUncompressed = 0, kDataPage = 0;
constexpr int kDecimalPrecision = 18;

/// Thrift's compact protocol, as far as it is needed: fields in ascending order.
class Thrift {
  public:
    void i32(int field, std::int64_t value) { number(field, 5, value); }
    void i64(int field, std::int64_t value) { number(field, 6, value); }
    void text(int field, std::string_view value) {
        head(field, 8);
        bare_text(value);
    }
    void begin_list(int field, int element, std::size_t size) {
        head(field, 9);
        if (size < 15) {
            out_.push_back(static_cast<char>((size << 4) | static_cast<unsigned>(element)));
            return;
        }
        out_.push_back(static_cast<char>(0xf0 | static_cast<unsigned>(element)));
        varint(size);
    }
    void bare_i32(std::int64_t value) { zigzag(value); }
    void bare_text(std::string_view value) {
        varint(value.size());
        out_.append(value);
    }
    void begin_struct(int field) {
        head(field, 12);
        begin_element();
    }
    void begin_element() {
        outer_.push_back(last_);
        last_ = 0;
    }
    void end_struct() {
        out_.push_back('\0');
        last_ = outer_.back();
        outer_.pop_back();
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

    static constexpr int kI32 = 5, kText = 8, kStruct = 12;

  private:
    void head(int field, int type) {
        ASTRO_ASSERT(field > last_ && field - last_ < 16);
        out_.push_back(static_cast<char>(((field - last_) << 4) | type));
        last_ = field;
    }
    void number(int field, int type, std::int64_t value) {
        head(field, type);
        zigzag(value);
    }
    void zigzag(std::int64_t value) {
        varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
    }
    void varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
        out_.push_back(static_cast<char>(value));
    }

    std::string out_;
    std::vector<int> outer_;
    int last_ = 0;
};

template <class Integer>
void append_little_endian(std::string& out, Integer value) {
    for (std::size_t i = 0; i < sizeof value; ++i)
        out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i)));
}

bool is_text(const ParquetColumn& column) {
    return column.kind == ParquetColumn::Kind::text;
}

std::size_t rows_of(const ParquetColumn& column) {
    return is_text(column) ? column.texts.size() : column.numbers.size();
}

std::string page_of(const ParquetColumn& column) {
    std::string values;
    for (const std::int64_t value : column.numbers) append_little_endian(values, value);
    for (const auto& text : column.texts) {
        append_little_endian(values, static_cast<std::uint32_t>(text.size()));
        values += text;
    }
    const auto size = static_cast<std::int64_t>(values.size());
    Thrift head;
    head.begin_element();
    head.i32(1, kDataPage);
    head.i32(2, size);
    head.i32(3, size);
    head.begin_struct(5);
    head.i32(1, static_cast<std::int64_t>(rows_of(column)));
    head.i32(2, kPlain);
    head.i32(3, kRunLength);
    head.i32(4, kRunLength);
    head.end_struct();
    head.end_struct();
    return head.take() + values;
}

void write_schema(Thrift& out, const std::vector<ParquetColumn>& columns) {
    out.begin_list(2, Thrift::kStruct, columns.size() + 1);
    out.begin_element();
    out.text(4, "table");
    out.i32(5, static_cast<std::int64_t>(columns.size()));
    out.end_struct();
    for (const auto& column : columns) {
        using Kind = ParquetColumn::Kind;
        out.begin_element();
        out.i32(1, is_text(column) ? kByteArray : kInt64);
        out.i32(3, kRequired);
        out.text(4, column.name);
        out.i32(6, column.kind == Kind::text           ? kUtf8
                   : column.kind == Kind::decimal      ? kDecimal
                   : column.kind == Kind::timestamp_ms ? kTimestampMillis
                                                       : kPlainNumber);
        if (column.kind == Kind::decimal) {
            out.i32(7, column.decimals);
            out.i32(8, kDecimalPrecision);
        }
        out.end_struct();
    }
}

/// Where a column's page is in the file, and how long.
struct Chunk {
    std::int64_t offset = 0, size = 0;
};

void write_chunk(Thrift& out, const ParquetColumn& column, const Chunk& chunk) {
    out.begin_element();
    out.i64(2, chunk.offset);
    out.begin_struct(3);
    out.i32(1, is_text(column) ? kByteArray : kInt64);
    out.begin_list(2, Thrift::kI32, 2);
    out.bare_i32(kPlain);
    out.bare_i32(kRunLength);
    out.begin_list(3, Thrift::kText, 1);
    out.bare_text(column.name);
    out.i32(4, kUncompressed);
    out.i64(5, static_cast<std::int64_t>(rows_of(column)));
    out.i64(6, chunk.size);
    out.i64(7, chunk.size);
    out.i64(9, chunk.offset);
    out.end_struct();
    out.end_struct();
}

}  // namespace

std::string parquet_file(const std::vector<ParquetColumn>& columns) {
    ASTRO_ASSERT(!columns.empty());
    const std::size_t rows = rows_of(columns.front());
    std::string file(kMagic);
    std::vector<Chunk> chunks;
    for (const auto& column : columns) {
        ASTRO_ASSERT(rows_of(column) == rows);
        const std::string page = page_of(column);
        chunks.push_back(
            {static_cast<std::int64_t>(file.size()), static_cast<std::int64_t>(page.size())});
        file += page;
    }
    Thrift meta;
    meta.begin_element();
    meta.i32(1, 1);
    write_schema(meta, columns);
    meta.i64(3, static_cast<std::int64_t>(rows));
    meta.begin_list(4, Thrift::kStruct, 1);
    meta.begin_element();
    meta.begin_list(1, Thrift::kStruct, columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) write_chunk(meta, columns[i], chunks[i]);
    meta.i64(2, static_cast<std::int64_t>(file.size() - kMagic.size()));
    meta.i64(3, static_cast<std::int64_t>(rows));
    meta.end_struct();
    meta.text(6, "astrolabe");
    meta.end_struct();
    const std::string footer = meta.take();
    file += footer;
    append_little_endian(file, static_cast<std::uint32_t>(footer.size()));
    return file.append(kMagic);
}

}  // namespace astro::market
