// QuickFIX behind our session, its only user. Compiled as C++14: see session.hpp.
#include <quickfix/Application.h>
#include <quickfix/DataDictionary.h>
#include <quickfix/DataDictionaryProvider.h>
#include <quickfix/Message.h>
#include <quickfix/Session.h>

#include <sstream>

#include "server/dialects/fix/dictionary.hpp"
#include "server/dialects/fix/session.hpp"

namespace astro {
namespace fix {
namespace {

const char kVersion[] = "FIX.4.4";
const int kLatencySecondsMax = 120;

FIX::TYPE::Type type_of(char form) {
    switch (form) {
        case 'C':
            return FIX::TYPE::Char;
        case 'I':
            return FIX::TYPE::Int;
        case 'Q':
            return FIX::TYPE::Qty;
        case 'B':
            return FIX::TYPE::Boolean;
        case 'T':
            return FIX::TYPE::UtcTimeStamp;
        case 'N':
            return FIX::TYPE::NumInGroup;
        case 'L':
            return FIX::TYPE::Length;
        case 'D':
            return FIX::TYPE::Data;
        case 'M':
            return FIX::TYPE::MultipleValueString;
        default:
            return FIX::TYPE::String;
    }
}

struct Tag {
    int number;
    bool is_required;
};
std::vector<Tag> tags_of(const char* text) {
    std::vector<Tag> out;
    std::istringstream words(text);
    for (std::string word; words >> word;)
        out.push_back({std::stoi(word), word.back() == '!'});  // stoi stops at the mark
    return out;
}

void add_fields(FIX::DataDictionary& out) {
    for (const FieldRow* row = field_rows().begin; row != field_rows().end; ++row) {
        out.addField(row->tag);
        out.addFieldName(row->tag, row->name);
        out.addFieldType(row->tag, type_of(row->form));
        std::istringstream values(row->values);
        for (std::string value; values >> value;) out.addFieldValue(row->tag, value);
    }
}

void add_messages(FIX::DataDictionary& out) {
    for (const MessageRow* row = message_rows().begin; row != message_rows().end; ++row) {
        out.addMsgType(row->type);
        out.addValueName(35, row->type, row->name);
        for (const Tag& tag : tags_of(row->fields)) {
            out.addMsgField(row->type, tag.number);
            if (tag.is_required) out.addRequiredField(row->type, tag.number);
        }
    }
    for (const GroupRow* row = group_rows().begin; row != group_rows().end; ++row) {
        FIX::DataDictionary group;
        const auto tags = tags_of(row->fields);
        for (const Tag& tag : tags) {
            group.addField(tag.number);
            group.addMsgField(row->type, tag.number);
        }
        out.addGroup(row->type, row->count, tags.front().number, group);
    }
}

ptr::shared_ptr<FIX::DataDictionary> make_dictionary() {
    ptr::shared_ptr<FIX::DataDictionary> out(new FIX::DataDictionary);
    out->setVersion(kVersion);
    for (const Tag& tag : tags_of("8! 9! 35! 49! 56! 34! 43 97 52! 122 50 57 115 128 369"))
        out->addHeaderField(tag.number, tag.is_required);
    out->addTrailerField(10, true);
    add_fields(*out);
    add_messages(*out);
    out->checkUserDefinedFields(false);
    return out;
}

const FIX::DataDictionary& dictionary() {
    static const auto kDictionary = make_dictionary();
    return *kDictionary;
}

FIX::DataDictionaryProvider provider() {
    FIX::DataDictionaryProvider out;
    ptr::shared_ptr<FIX::DataDictionary> copy(new FIX::DataDictionary(dictionary()));
    out.addTransportDataDictionary(FIX::BeginString(kVersion), copy);
    out.addApplicationDataDictionary(FIX::ApplVerID(FIX::ApplVerID_FIX44), copy);
    return out;
}

/// Sessions here never begin anew by the clock, so QuickFIX is told that this one began just now.
class Store final : public FIX::MessageStore {
  public:
    explicit Store(SessionMemory& memory) : memory_(memory) {}

    bool set(int number, const std::string& message) noexcept override {
        memory_.keep(number, message);
        return true;
    }
    void get(int from, int to, std::vector<std::string>& out) const noexcept override {
        out = memory_.kept(from, to);
    }
    int getNextSenderMsgSeqNum() const noexcept override { return memory_.next_out(); }
    int getNextTargetMsgSeqNum() const noexcept override { return memory_.next_in(); }
    void setNextSenderMsgSeqNum(int number) noexcept override { memory_.set_next_out(number); }
    void setNextTargetMsgSeqNum(int number) noexcept override { memory_.set_next_in(number); }
    void incrNextSenderMsgSeqNum() noexcept override { memory_.set_next_out(next_out() + 1); }
    void incrNextTargetMsgSeqNum() noexcept override { memory_.set_next_in(next_in() + 1); }
    FIX::UtcTimeStamp getCreationTime() const noexcept override { return FIX::UtcTimeStamp(); }
    /// Only when the other side asked for it: a clock that is read twice around midnight must not.
    void reset() noexcept override {
        if (may_reset) memory_.begin_anew();
    }
    void refresh() noexcept override {}

    bool may_reset = false;

  private:
    int next_out() const { return memory_.next_out(); }
    int next_in() const { return memory_.next_in(); }
    SessionMemory& memory_;
};

class OneStore final : public FIX::MessageStoreFactory {
  public:
    explicit OneStore(Store& store) : store_(store) {}
    FIX::MessageStore* create(const FIX::SessionID&) override { return &store_; }
    void destroy(FIX::MessageStore*) override {}

  private:
    Store& store_;
};

class Quickfix final : public Session, FIX::Application {
  public:
    Quickfix(const std::string& ours, const std::string& theirs, SessionMemory& memory,
             SessionUser& user)
        : user_(user),
          store_(memory),
          stores_(store_),
          session_(*this, stores_, FIX::SessionID(kVersion, ours, theirs), provider(),
                   FIX::TimeRange(FIX::UtcTimeOnly(0, 0, 0), FIX::UtcTimeOnly(0, 0, 0)), 0,
                   nullptr) {
        session_.setCheckLatency(true);
        session_.setMaxLatency(kLatencySecondsMax);
        session_.setTimestampPrecision(3);
    }

    void connect() override {
        session_.logon();
        session_.setResponder(&wire_);
        is_connected_ = true;
    }
    bool receive(const std::string& message) override {
        try {
            const FIX::Message parsed(message, dictionary(), true);
            store_.may_reset = is_reset(parsed);
            session_.next(parsed, FIX::UtcTimeStamp(), false);
            store_.may_reset = false;
            return true;
        } catch (const FIX::Exception&) {
            store_.may_reset = false;
            return false;
        }
    }
    void tick() override {
        if (is_connected_) session_.next(FIX::UtcTimeStamp());
    }
    void send(const std::string& type, const std::string& body) override {
        const std::string text = std::string("8=") + kVersion +
                                 "\001"
                                 "9=0\001"
                                 "35=" +
                                 type + "\001" + body + "10=000\001";
        FIX::Message message(text, dictionary(), false);
        session_.send(message);
    }
    void log_out(const std::string& text) override { session_.logout(text); }
    void disconnect() override {
        if (!is_connected_) return;
        is_connected_ = false;
        session_.disconnect();
    }
    bool is_logged_on() const override {
        return is_connected_ && const_cast<FIX::Session&>(session_).isLoggedOn();
    }

  private:
    static bool is_reset(const FIX::Message& message) {
        return message.isSetField(141) && message.getField(141) == "Y";
    }

    // Of FIX::Application.
    void onCreate(const FIX::SessionID&) override {}
    void onLogon(const FIX::SessionID&) override {}
    void onLogout(const FIX::SessionID&) override {}
    void toAdmin(FIX::Message&, const FIX::SessionID&) override {}
    void toApp(FIX::Message&, const FIX::SessionID&) noexcept override {}
    void fromAdmin(const FIX::Message&, const FIX::SessionID&) noexcept override {}
    void fromApp(const FIX::Message& message,
                 const FIX::SessionID&) throw(FIX::FieldNotFound, FIX::IncorrectDataFormat,
                                              FIX::IncorrectTagValue,
                                              FIX::UnsupportedMessageType) override {
        const Fault fault = user_.take(message.toString());
        if (fault.kind == Fault::Kind::missing) throw FIX::FieldNotFound(fault.tag);
        if (fault.kind == Fault::Kind::bad_value) throw FIX::IncorrectTagValue(fault.tag);
        if (fault.kind == Fault::Kind::unsupported) throw FIX::UnsupportedMessageType();
    }

    class Wire final : public FIX::Responder {
      public:
        explicit Wire(Quickfix& owner) : owner_(owner) {}
        bool send(const std::string& bytes) override {
            owner_.user_.write(bytes);
            return true;
        }
        void disconnect() override {
            owner_.is_connected_ = false;
            owner_.user_.close();
        }

      private:
        Quickfix& owner_;
    };

    SessionUser& user_;
    Wire wire_{*this};
    Store store_;
    OneStore stores_;
    FIX::Session session_;
    bool is_connected_ = false;
};

}  // namespace

std::unique_ptr<Session> make_session(const std::string& ours, const std::string& theirs,
                                      SessionMemory& memory, SessionUser& user) {
    return std::unique_ptr<Session>(new Quickfix(ours, theirs, memory, user));
}

}  // namespace fix
}  // namespace astro
