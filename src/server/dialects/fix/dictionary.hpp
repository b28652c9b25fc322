#pragma once

/// What the acceptor speaks of FIX 4.4: one table, from which messages are checked (required
/// fields, formats, values) before anything of ours sees them. Also read as C++14.
namespace astro {
namespace fix {

struct FieldRow {
    int tag;
    const char* name;
    /// S text, C one character, I whole number, Q decimal number, B Y or N, T time in UTC, N count
    /// of a group, L length, D bytes of that length, M characters between spaces.
    char form;
    const char* values;  ///< all that are allowed, between spaces; empty: any
};

struct MessageRow {
    const char* type;
    const char* name;
    const char* fields;  ///< their tags between spaces; "!" after one that is required
};

struct GroupRow {
    const char* type;  ///< of the message
    int count;
    const char* fields;  ///< the first begins each entry
};

struct FieldRows {
    const FieldRow* begin;
    const FieldRow* end;
};
struct MessageRows {
    const MessageRow* begin;
    const MessageRow* end;
};
struct GroupRows {
    const GroupRow* begin;
    const GroupRow* end;
};
FieldRows field_rows();
MessageRows message_rows();
GroupRows group_rows();

}  // namespace fix
}  // namespace astro
