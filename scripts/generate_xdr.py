#!/usr/bin/env python3
"""Writes the C++ of Stellar's XDR types from share/stellar/xdr_schema.json.

    generate_xdr.py SCHEMA OUTPUT_DIR     writes the files that changed
    generate_xdr.py --list SCHEMA         prints the names of the files, for the build

For each schema file (Stellar-ledger-entries.x: ledger_entries) there are the types with the declarations of
their codec (.hpp) and those of XDR-JSON (_json.hpp); for each group of schema files the codec (_xdr.cpp),
XDR-JSON of SEP-51 (_json.cpp) and the table by which a type is found by its name (_table.cpp); forward.hpp
declares every type.

Names in C++: types as the schema calls them, with a capital first (uint256: Uint256) and nested ones after
their place (Operation.body: OperationBody); members and enumerators as XDR-JSON writes them: snake_case,
enumerators without their common prefix (a name that C++ keeps for itself gets a trailing _, one that begins
with a digit an n).

Shapes: an enum is an enum class over int32; a union is a struct of its discriminant and `value`, a variant of
the different types of its arms (std::monostate for arms without a value), or of the discriminant alone where
no arm has a value; a union of one case is a struct of that arm, since its discriminant says nothing; opaque[n]
by name is a FixedBytes of its own; what would contain itself is a Box.
"""

import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

# Written by hand (special_json.cpp), since XDR-JSON gives them as StrKeys, asset codes or whole numbers.
SPECIAL_JSON = {
    "PublicKey", "MuxedAccount", "MuxedEd25519Account", "MuxedAccountMed25519", "SignerKey",
    "SignerKeyEd25519SignedPayload", "SCAddress", "ClaimableBalanceID", "PoolID", "ContractID", "AssetCode4",
    "AssetCode12", "AssetCode", "Int128Parts", "UInt128Parts", "Int256Parts", "UInt256Parts",
}
KEYWORDS = set("""alignas and asm auto bool break case catch char class const continue default delete do double
else enum explicit export extern false float for friend goto if inline int long mutable namespace new not null
operator or private protected public register return short signed sizeof static struct switch template this throw
true try typedef union unsigned using virtual void volatile while xor""".split())
PRIMITIVES = {"int": "std::int32_t", "unsigned int": "std::uint32_t", "hyper": "std::int64_t",
              "unsigned hyper": "std::uint64_t", "bool": "bool"}
UNBOUNDED = 0xFFFFFFFF
# The files of a group are compiled together, since reading the headers takes most of the time; one that is named
# nowhere is compiled by itself.
GROUPS = {
    "types": "contracts", "contract_env_meta": "contracts", "contract_meta": "contracts", "contract_spec": "contracts",
    "contract_config_setting": "contracts", "contract": "contracts", "ledger_entries": "entries", "scp": "entries",
    "ledger": "ledger", "exporter": "ledger",
}
HEAD = "// Written by scripts/generate_xdr.py from share/stellar/xdr_schema.json; changes here are lost.\n"


def snake(name: str) -> str:
    """As the official SDK does it: sellerID: seller_id, rentFee1KB: rent_fee1_kb."""
    out, name = "", name.rstrip("_")
    for i, ch in enumerate(name):
        before, after = name[i - 1:i], name[i + 1:i + 2]
        camel = ch.isupper() and (before.islower() or before.isdigit())
        acronym = ch.isupper() and before.isupper() and after.islower()
        out += ("_" if i and (camel or acronym) else "") + ch.lower()
    return out


def words_of(member: str) -> list[str]:
    """SCV_U32: SCV, U32; txBAD_SEQ: tx, BAD, SEQ; WasmInsnExec: itself."""
    match = re.match(r"^(tx|op)(?=[A-Z])", member)
    if match and member[len(match[0]):].isupper():
        return [match[0]] + member[len(match[0]):].split("_")
    return member.split("_")


def enum_names(members: list[str]) -> dict[str, str]:
    """The JSON name of each member: without the words that all begin with."""
    words = {m: words_of(m) for m in members}
    common = 0
    if len(members) > 1 and not all(re.match(r"^(tx|op)[A-Z]", m) for m in members):
        shortest = min(len(w) for w in words.values())
        while common < shortest - 1 and len({w[common] for w in words.values()}) == 1:
            common += 1
    out = {}
    for member, parts in words.items():
        if len(parts) == 1:
            out[member] = snake(parts[0]) if not parts[0].isupper() else parts[0].lower()
        else:
            out[member] = "_".join(p.lower() for p in parts[common:])
    return out


def identifier(name: str) -> str:
    if name[0].isdigit():
        return "n" + name
    return name + "_" if name in KEYWORDS else name


def upper_first(name: str) -> str:
    return name[0].upper() + name[1:]


@dataclass
class Type:
    """What stands in a field: kind is a primitive, fixed, opaque, string, named, list, array or optional."""
    kind: str
    name: str = ""         # named, fixed
    item: "Type | None" = None
    size: int = 0          # fixed, array: exactly; opaque, string, list: at most
    boxed: bool = False

    def cpp(self) -> str:
        if self.kind in PRIMITIVES:
            return PRIMITIVES[self.kind]
        inner = {
            "fixed": lambda: self.name or f"std::array<std::uint8_t, {self.size}>",
            "opaque": lambda: "Bytes",
            "string": lambda: "std::string",
            "named": lambda: self.name,
            "list": lambda: f"std::vector<{self.item.cpp()}>",
            "array": lambda: f"std::array<{self.item.cpp()}, {self.size}>",
            "optional": lambda: f"std::optional<{self.item.cpp()}>",
        }[self.kind]()
        return f"Box<{inner}>" if self.boxed else inner


@dataclass
class Arm:
    values: list          # (number, JSON name, C++ label)
    type: "Type | None"
    name: str = ""


@dataclass
class Definition:
    name: str
    kind: str             # struct, union, enum, alias
    file: str
    fields: list = field(default_factory=list)     # struct: (JSON name, Type)
    switch: str = ""                               # union: JSON name of the discriminant
    switch_enum: str = ""                          # union: name of its enum; "" for int
    arms: list = field(default_factory=list)
    members: list = field(default_factory=list)    # enum: (number, JSON name), by number
    target: "Type | None" = None                   # alias
    recursive: bool = False
    own_type: bool = False                         # alias: a FixedBytes of its own

    def single(self) -> "Arm | None":
        return self.arms[0] if len(self.arms) == 1 and len(self.arms[0].values) == 1 else None

    def all_void(self) -> bool:
        return all(arm.type is None for arm in self.arms)


class Schema:
    def __init__(self, document):
        self.files = document["files"]
        self.raw = {d["name"]: d for d in document["definitions"]}
        self.constants = {d["name"]: d["value"] for d in document["definitions"] if d["kind"] == "const"}
        self.enum_values, self.enum_json = {}, {}
        self.definitions: dict[str, Definition] = {}
        self.order: list[str] = []
        for d in document["definitions"]:
            if d["kind"] == "enum":
                self.read_enum(d)
        for d in document["definitions"]:
            if d["kind"] in ("struct", "union", "typedef"):
                self.read_definition(d)
        self.break_cycles()

    def number(self, value) -> int:
        if value is None:
            return UNBOUNDED
        return int(self.constants[value]) if value in self.constants else int(value, 0)

    def read_enum(self, d):
        values = {}
        for member, value in d["values"].items():
            values[member] = value if isinstance(value, int) else self.member_value(value, values)
        self.enum_values[d["name"]] = values
        self.enum_json[d["name"]] = enum_names(list(values))
        names = self.enum_json[d["name"]]
        members = sorted((number, names[member]) for member, number in values.items())
        self.add(Definition(d["name"], "enum", d["file"], members=members))

    def member_value(self, member, own) -> int:
        for values in [own, *self.enum_values.values()]:
            if member in values:
                return values[member]
        raise ValueError(member)

    def add(self, definition):
        if definition.name in self.definitions:
            raise ValueError(f"two types of the name {definition.name}")
        self.definitions[definition.name] = definition
        self.order.append(definition.name)

    def read_definition(self, d):
        name = upper_first(d["name"])
        if d["kind"] == "typedef":
            target = self.type_of(d, name, d["file"], alias=True)
            own = target.kind == "fixed"
            if own:
                target = Type("fixed", name, size=target.size)
            self.add(Definition(name, "alias", d["file"], target=target, own_type=own))
        elif d["kind"] == "struct":
            self.read_struct(name, d["fields"], d["file"])
        else:
            self.read_union(name, d["switch"], d["arms"], d["file"])

    def read_struct(self, name, fields, file):
        definition = Definition(name, "struct", file)
        for f in fields:
            definition.fields.append((snake(f["name"]), self.type_of(f, name + upper_first(f["name"]), file)))
        self.add(definition)

    def read_union(self, name, switch, arms, file):
        enum = "" if switch["type"] in ("int", "unsigned int", "uint32") else switch["type"]
        definition = Definition(name, "union", file, switch=snake(switch["name"]), switch_enum=enum)
        for arm in arms:
            values = [self.case(enum, case) for case in arm["case"]]
            void = arm.get("void", False)
            kind = None if void else self.type_of(arm, name + upper_first(arm["name"]), file)
            definition.arms.append(Arm(values, kind, "" if void else snake(arm["name"])))
        self.add(definition)

    def case(self, enum, case):
        if not enum:
            return int(case), "v" + case, case
        name = self.enum_json[enum][case]
        return self.enum_values[enum][case], name, f"{enum}::{identifier(name)}"

    def type_of(self, spec, nested_name, file, alias=False) -> Type:
        base = spec["type"]
        if isinstance(base, dict):
            if "struct" in base:
                self.read_struct(nested_name, base["struct"], file)
            else:
                self.read_union(nested_name, base["union"]["switch"], base["union"]["arms"], file)
            item = Type("named", nested_name)
        elif base == "opaque":
            if "fixed" in spec:
                return Type("fixed", size=self.number(spec["fixed"]))
            return self.maybe(spec, Type("opaque", size=self.number(spec["max"])))
        elif base == "string":
            return self.maybe(spec, Type("string", size=self.number(spec["max"])))
        else:
            item = Type(base) if base in PRIMITIVES else self.resolve(base)
        if "fixed" in spec:
            item = Type("array", item=item, size=self.number(spec["fixed"]))
        elif "max" in spec:
            item = Type("list", item=item, size=self.number(spec["max"]))
        return self.maybe(spec, item)

    @staticmethod
    def maybe(spec, item):
        return Type("optional", item=item) if spec.get("optional") else item

    def resolve(self, name) -> Type:
        """An alias is what it stands for, but for the opaque ones."""
        raw = self.raw[name]
        if raw["kind"] != "typedef":
            return Type("named", upper_first(name))
        target = self.type_of(raw, name, raw["file"], alias=True)
        return Type("fixed", upper_first(name), size=target.size) if target.kind == "fixed" else target

    # A type that contains itself other than in a list would be endless: one edge of each such cycle is a Box.
    def edges(self, name):
        d = self.definitions[name]
        types = [t for _, t in d.fields] + [arm.type for arm in d.arms if arm.type]
        for t in types:
            weak, outer = False, t
            while t.kind in ("list", "optional", "array"):
                weak = weak or t.kind == "list"
                t = t.item
            if t.kind == "named" and self.definitions[t.name].kind != "enum":
                yield t, weak, outer

    def break_cycles(self):
        state = {}

        def visit(name):
            state[name] = 1
            for t, weak, _ in self.edges(name):
                if weak or t.boxed:
                    continue
                if state.get(t.name) == 1:
                    t.boxed = True
                elif t.name not in state:
                    visit(t.name)
            state[name] = 2

        unions_first = sorted(self.order, key=lambda n: self.definitions[n].kind != "union" or not self.reaches(n))
        for name in unions_first:
            if name not in state:
                visit(name)
        for name in self.order:
            self.definitions[name].recursive = self.reaches(name)
        self.order = self.sorted_by_use()

    def reaches(self, start) -> bool:
        """Whether a value of the type can contain another of it."""
        seen, todo = set(), [t.name for t, _, _ in self.edges(start)]
        while todo:
            name = todo.pop()
            if name == start:
                return True
            if name not in seen:
                seen.add(name)
                todo += [t.name for t, _, _ in self.edges(name)]
        return False

    def sorted_by_use(self):
        """Each after what it contains directly; a list or a Box may be of what comes later."""
        out, done = [], set()

        def visit(name):
            if name in done:
                return
            done.add(name)
            for t, weak, _ in self.edges(name):
                if not weak and not t.boxed:
                    visit(t.name)
            out.append(name)

        for name in self.order:
            visit(name)
        return out


class Emitter:
    def __init__(self, schema: Schema):
        self.schema = schema
        self.units = [self.unit(f) for f in schema.files]
        self.by_unit = {u: [] for u in self.units}
        self.groups: dict[str, list[str]] = {}
        for unit in self.units:
            self.groups.setdefault(GROUPS.get(unit, unit), []).append(unit)
        for name in schema.order:
            d = schema.definitions[name]
            self.by_unit[self.unit(d.file)].append(d)

    @staticmethod
    def unit(file):
        return file.removeprefix("Stellar-").removesuffix(".x").replace("-", "_").lower()

    def definitions_of(self, group):
        return [d for unit in self.groups[group] for d in self.by_unit[unit]]

    def including(self, group, suffix, further) -> str:
        names = [f"{unit}{suffix}" for unit in self.groups[group]] + further
        return HEAD + "".join(f"#include \"chains/stellar/xdr/{n}.hpp\"\n" for n in names) + "\n"

    def includes_of(self, unit):
        out = set()
        for d in self.by_unit[unit]:
            types = [t for _, t in d.fields] + [a.type for a in d.arms if a.type] + ([d.target] if d.target else [])
            names = {d.switch_enum} - {""}
            for t in types:
                while t.item:
                    t = t.item
                if t.name:
                    names.add(t.name)
            out |= {self.unit(self.schema.definitions[n].file) for n in names}
        return sorted(out - {unit})

    # --- expressions -------------------------------------------------------------------------------------

    # Nested lists make nested lambdas: `depth` tells their parameters apart.

    def read(self, t: Type, at: str, stream="in", depth=1) -> str:
        if t.kind in PRIMITIVES or t.kind == "named":
            return f"read({stream}, {'*' if t.boxed else ''}{at})"
        if t.kind == "fixed":
            return f"{stream}.fixed({at}{'.bytes' if t.name else ''})"
        if t.kind in ("opaque", "string"):
            return f"{stream}.{t.kind}({at}, {t.size}U)"
        inner = self.read(t.item, f"item{depth}", f"in{depth}", depth + 1)
        item = f"[](Reader& in{depth}, {t.item.cpp()}& item{depth}) {{ return {inner}; }}"
        limit = f"{t.size}U, " if t.kind == "list" else ""
        return f"read_{t.kind}({stream}, {at}, {limit}{item})"

    def write(self, t: Type, at: str, stream="out", depth=1) -> str:
        if t.kind in PRIMITIVES or t.kind == "named":
            return f"write({stream}, {'*' if t.boxed else ''}{at})"
        if t.kind == "fixed":
            return f"{stream}.fixed({at}{'.bytes' if t.name else ''})"
        if t.kind in ("opaque", "string"):
            return f"{stream}.{t.kind}({at}, {t.size}U)"
        inner = self.write(t.item, f"item{depth}", f"out{depth}", depth + 1)
        by_value = t.item.cpp() if t.item.kind in PRIMITIVES else f"const {t.item.cpp()}&"
        item = f"[](Writer& out{depth}, {by_value} item{depth}) {{ {inner}; }}"
        limit = f"{t.size}U, " if t.kind == "list" else ""
        return f"write_{t.kind}({stream}, {at}, {limit}{item})"

    def put(self, t: Type, at: str, stream="out", depth=1) -> str:
        if t.kind in ("list", "array", "optional"):
            inner = self.put(t.item, f"item{depth}", f"out{depth}", depth + 1)
            by_value = t.item.cpp() if t.item.kind in PRIMITIVES else f"const {t.item.cpp()}&"
            item = f"[](JsonWriter& out{depth}, {by_value} item{depth}) {{ {inner}; }}"
            return f"put_{'list' if t.kind == 'array' else t.kind}({stream}, {at}, {item})"
        if t.kind in ("opaque", "string"):
            return f"{stream}.{t.kind}({at})"
        if t.kind == "fixed" and t.name not in SPECIAL_JSON:
            return f"{stream}.opaque({at}{'.bytes' if t.name else ''})"
        return f"put({stream}, {'*' if t.boxed else ''}{at})"

    def take(self, t: Type, source: str, at: str, stream="in", depth=1) -> str:
        if t.kind in ("opaque", "string"):
            return f"{stream}.{t.kind}({source}, {at}, {t.size}U)"
        if t.kind == "fixed" and t.name not in SPECIAL_JSON:
            return f"{stream}.fixed({source}, {at}{'.bytes' if t.name else ''})"
        if t.kind in ("list", "array", "optional"):
            inner = self.take(t.item, f"from{depth}", f"item{depth}", f"in{depth}", depth + 1)
            item = (f"[](JsonReader& in{depth}, JsonValue from{depth}, {t.item.cpp()}& item{depth}) "
                    f"{{ return {inner}; }}")
            limit = f"{t.size}U, " if t.kind == "list" else ""
            return f"take_{t.kind}({stream}, {source}, {at}, {limit}{item})"
        return f"take({stream}, {source}, {'*' if t.boxed else ''}{at})"

    # --- the types ---------------------------------------------------------------------------------------

    def variant_types(self, d) -> list[str]:
        out = []
        for arm in d.arms:
            name = arm.type.cpp() if arm.type else "std::monostate"
            if name not in out:
                out.append(name)
        return out

    def declare(self, d) -> str:
        if d.kind == "enum":
            members = "".join(f"    {identifier(name)} = {number},\n" for number, name in d.members)
            return f"enum class {d.name} : std::int32_t {{\n{members}}};\n"
        if d.kind == "alias":
            if d.own_type:
                return f"struct {d.name}Tag {{}};\nusing {d.name} = FixedBytes<{d.name}Tag, {d.target.size}>;\n"
            return f"using {d.name} = {d.target.cpp()};\n"
        lines = ""
        if d.kind == "struct":
            lines = "".join(f"    {t.cpp()} {identifier(n)}{self.initial(d, t)};\n" for n, t in d.fields)
        elif arm := d.single():
            if arm.type:
                lines = f"    {arm.type.cpp()} {identifier(arm.name)}{{}};\n"
        else:
            first = d.arms[0].values[0][2]
            lines = f"    {d.switch_enum or 'std::int32_t'} {identifier(d.switch)} = {first};\n"
            if not d.all_void():
                lines += f"    std::variant<{', '.join(self.variant_types(d))}> value{self.initial(d)};\n"
        return f"struct {d.name} {{\n{lines}    bool operator==(const {d.name}&) const = default;\n}};\n"

    @staticmethod
    def initial(d, t=None) -> str:
        """Braces that make a member's value certain. A list of what is not complete yet, as recursive types
        have them, must not be made where it stands (clang does that for braces); it is empty without them."""
        return "" if d.recursive and (t is None or t.kind in ("optional", "list")) else "{}"

    def header(self, unit) -> str:
        out = HEAD + "#pragma once\n\n#include \"chains/stellar/xdr/support.hpp\"\n"
        out += "".join(f"#include \"chains/stellar/xdr/{i}.hpp\"\n" for i in self.includes_of(unit))
        out += "\nnamespace astro::stellar::xdr {\n\n"
        body = self.by_unit[unit]
        out += "".join(f"struct {d.name};\n" for d in body if d.kind in ("struct", "union")) + "\n"
        out += "\n".join(self.declare(d) for d in self.in_order(body)) + "\n"
        for d in body:
            if d.kind == "enum":
                out += f"[[nodiscard]] const EnumTable& table_of({d.name} value);\n"
            if d.kind != "alias":
                by_value = d.name if d.kind == "enum" else f"const {d.name}&"
                out += f"[[nodiscard]] bool read(Reader& in, {d.name}& out);\n"
                out += f"void write(Writer& out, {by_value} from);\n"
        return out + "\n}  // namespace astro::stellar::xdr\n"

    @staticmethod
    def in_order(body):
        """Enums and opaque names first: everything uses them by value."""
        early = [d for d in body if d.kind == "enum" or d.own_type]
        late = [d for d in body if d.kind == "alias" and not d.own_type]
        return early + [d for d in body if d not in early and d not in late] + late

    def forward(self) -> str:
        out = HEAD + "#pragma once\n\n#include <cstdint>\n\nnamespace astro::stellar::xdr {\n\n"
        for name in self.schema.order:
            d = self.schema.definitions[name]
            if d.kind == "enum":
                out += f"enum class {d.name} : std::int32_t;\n"
            elif d.kind != "alias":
                out += f"struct {d.name};\n"
        return out + "\n}  // namespace astro::stellar::xdr\n"

    # --- the codec ---------------------------------------------------------------------------------------

    def enum_xdr(self, d) -> str:
        entries = ", ".join(f"{{{number}, \"{name}\"}}" for number, name in d.members)
        return (f"constexpr EnumEntry k{d.name}Entries[] = {{{entries}}};\n"
                f"constexpr EnumTable k{d.name}Table{{\"{d.name}\", k{d.name}Entries}};\n"
                f"const EnumTable& table_of({d.name}) {{ return k{d.name}Table; }}\n"
                f"bool read(Reader& in, {d.name}& out) {{ return in.enumeration(k{d.name}Table, out); }}\n"
                f"void write(Writer& out, {d.name} from) {{ out.enumeration(k{d.name}Table, from); }}\n")

    def read_body(self, d) -> str:
        deeper = "    const Reader::Deeper deeper(in);\n    if (!deeper) return false;\n" if d.recursive else ""
        if d.kind == "struct":
            parts = [f"({self.read(t, 'out.' + identifier(n))} || in.at(\"{n}\"))" for n, t in d.fields]
            return deeper + "    return " + " &&\n           ".join(parts) + ";\n"
        if arm := d.single():
            number, name, _ = arm.values[0]
            kind = f"\"{d.switch_enum or 'int'}\""
            out = f"    if (!in.only({number}, {kind}, \"{d.name}\")) return in.at(\"{d.switch}\");\n"
            return deeper + out + "    return " + (self.read(arm.type, "out." + identifier(arm.name)) if arm.type
                                                   else "true") + ";\n"
        switch = "out." + identifier(d.switch)
        out = deeper + f"    if (!read(in, {switch})) return in.at(\"{d.switch}\");\n    switch ({switch}) {{\n"
        for arm in d.arms:
            out += "".join(f"        case {label}:\n" for _, _, label in arm.values)
            if arm.type:
                out += (f"            return {self.read(arm.type, f'out.value.emplace<{arm.type.cpp()}>()')};\n")
            elif d.all_void():
                out += "            return true;\n"
            else:
                out += "            out.value.emplace<std::monostate>();\n            return true;\n"
        table = f"&table_of({switch})" if d.switch_enum else "nullptr"
        out += (f"        default:\n            return in.no_arm({table}, static_cast<std::int32_t>({switch}), "
                f"\"{d.name}\") || in.at(\"{d.switch}\");\n    }}\n")
        return out

    def write_body(self, d) -> str:
        if d.kind == "struct":
            return "".join(f"    {self.write(t, 'from.' + identifier(n))};\n" for n, t in d.fields)
        if arm := d.single():
            out = f"    out.u32({arm.values[0][0]}U);\n"
            return out + (f"    {self.write(arm.type, 'from.' + identifier(arm.name))};\n" if arm.type else
                          "    (void)from;\n")
        switch = "from." + identifier(d.switch)
        out = f"    write(out, {switch});\n    switch ({switch}) {{\n"
        for arm in d.arms:
            out += "".join(f"        case {label}:\n" for _, _, label in arm.values)
            if arm.type:
                out += f"            {self.write(arm.type, f'arm_of<{arm.type.cpp()}>(from.value)')};\n"
            out += "            return;\n"
        return out + f"        default:\n            out.no_arm(\"{d.name}\");\n    }}\n"

    def xdr_cpp(self, group) -> str:
        out = self.including(group, "", ["lists"]) + "namespace astro::stellar::xdr {\n\n"
        for d in self.definitions_of(group):
            if d.kind == "enum":
                out += self.enum_xdr(d) + "\n"
        for d in self.definitions_of(group):
            if d.kind in ("struct", "union"):
                empty = " [[maybe_unused]]" if d.kind == "union" and d.single() and not d.single().type else ""
                out += f"bool read(Reader& in,{empty} {d.name}& out) {{\n{self.read_body(d)}}}\n"
                out += f"void write(Writer& out, const {d.name}& from) {{\n{self.write_body(d)}}}\n\n"
        return out + "}  // namespace astro::stellar::xdr\n"

    # --- XDR-JSON ----------------------------------------------------------------------------------------

    def json_header(self, unit) -> str:
        out = HEAD + f"#pragma once\n\n#include \"chains/stellar/xdr/{unit}.hpp\"\n"
        out += "#include \"chains/stellar/xdr/json_support.hpp\"\n"
        out += "".join(f"#include \"chains/stellar/xdr/{i}_json.hpp\"\n" for i in self.includes_of(unit))
        out += "\nnamespace astro::stellar::xdr {\n\n"
        for d in self.by_unit[unit]:
            if d.kind == "alias" and not (d.own_type and d.name in SPECIAL_JSON):
                continue
            by_value = d.name if d.kind == "enum" else f"const {d.name}&"
            out += f"void put(JsonWriter& out, {by_value} from);\n"
            out += f"[[nodiscard]] bool take(JsonReader& in, JsonValue from, {d.name}& out);\n"
        return out + "\n}  // namespace astro::stellar::xdr\n"

    def put_body(self, d) -> str:
        if d.kind == "struct":
            out, before = "", "{"
            for n, t in d.fields:
                out += f"    out.raw(R\"({before}\"{n}\":)\");\n    {self.put(t, 'from.' + identifier(n))};\n"
                before = ","
            return out + "    out.raw(\"}\");\n"
        if arm := d.single():
            name = arm.values[0][1]
            if not arm.type:
                return f"    (void)from;\n    out.raw(R\"(\"{name}\")\");\n"
            return (f"    out.raw(R\"({{\"{name}\":)\");\n    {self.put(arm.type, 'from.' + identifier(arm.name))};\n"
                    "    out.raw(\"}\");\n")
        switch = "from." + identifier(d.switch)
        out = f"    switch ({switch}) {{\n"
        for arm in d.arms:
            if not arm.type:
                continue
            at = self.put(arm.type, f"arm_of<{arm.type.cpp()}>(from.value)")
            for _, name, label in arm.values:
                out += (f"        case {label}:\n            out.raw(R\"({{\"{name}\":)\");\n            {at};\n"
                        "            return out.raw(\"}\");\n")
        plain = f"put(out, {switch})" if d.switch_enum else f"out.version({switch})"
        return out + f"        default:\n            return {plain};\n    }}\n"

    def take_body(self, d) -> str:
        if d.kind == "struct":
            names = ", ".join(f'"{n}"' for n, _ in d.fields)
            optional = sum(1 << i for i, (_, t) in enumerate(d.fields) if t.kind == "optional")
            out = (f"    static constexpr std::string_view kNames[] = {{{names}}};\n"
                   f"    JsonValue found[{len(d.fields)}];\n"
                   f"    if (!in.members(from, kNames, found, {optional}U)) return false;\n")
            parts = [f"({self.take(t, f'found[{i}]', 'out.' + identifier(n))} || in.at(\"{n}\"))"
                     for i, (n, t) in enumerate(d.fields)]
            return out + "    return " + " &&\n           ".join(parts) + ";\n"
        out = "    JsonArm arm;\n    if (!in.arm(from, arm)) return false;\n"
        if arm := d.single():
            out += f"    if (!in.arm_is(arm, \"{arm.values[0][1]}\", \"{d.name}\")) return false;\n"
            if not arm.type:
                return out + "    return in.no_payload(arm);\n"
            call = self.take(arm.type, "arm.payload", "out." + identifier(arm.name))
            return out + f"    return in.payload(arm) && ({call} || in.at(arm.name));\n"
        switch = "out." + identifier(d.switch)
        find = (f"in.arm_name(arm, table_of({switch}), {switch})" if d.switch_enum
                else f"in.arm_version(arm, {switch})")
        out += f"    if (!{find}) return false;\n    switch ({switch}) {{\n"
        for arm in d.arms:
            out += "".join(f"        case {label}:\n" for _, _, label in arm.values)
            if arm.type:
                call = self.take(arm.type, "arm.payload", f"out.value.emplace<{arm.type.cpp()}>()")
                out += f"            return in.payload(arm) && ({call} || in.at(arm.name));\n"
            elif d.all_void():
                out += "            return in.no_payload(arm);\n"
            else:
                out += "            out.value.emplace<std::monostate>();\n            return in.no_payload(arm);\n"
        return out + f"        default:\n            return in.no_arm(arm, \"{d.name}\");\n    }}\n"

    def json_cpp(self, group) -> str:
        out = self.including(group, "_json", ["json_lists"]) + "namespace astro::stellar::xdr {\n\n"
        for d in self.definitions_of(group):
            if d.kind == "enum":
                out += (f"void put(JsonWriter& out, {d.name} from) {{\n    out.name(table_of(from), "
                        f"static_cast<std::int32_t>(from));\n}}\nbool take(JsonReader& in, JsonValue from, {d.name}& "
                        f"out) {{\n    return in.enumeration(from, table_of(out), out);\n}}\n\n")
            elif d.kind != "alias" and d.name not in SPECIAL_JSON:
                out += f"void put(JsonWriter& out, const {d.name}& from) {{\n{self.put_body(d)}}}\n"
                empty = "[[maybe_unused]] " if d.kind == "union" and d.single() and not d.single().type else ""
                out += (f"bool take(JsonReader& in, JsonValue from, {empty}{d.name}& out) {{\n"
                        f"{self.take_body(d)}}}\n\n")
        return out + "}  // namespace astro::stellar::xdr\n"

    # --- the table of types ------------------------------------------------------------------------------

    def table_cpp(self, group) -> str:
        out = self.including(group, "_json", ["json_lists", "lists", "type_table"])
        out += "namespace astro::stellar::xdr {\nnamespace {\n\n"
        names = []
        for d in self.definitions_of(group):
            t = d.target if d.kind == "alias" else Type("named", d.name)
            names.append(d.name)
            out += (f"struct {d.name}Codec {{\n    using Type = {t.cpp()};\n"
                    f"    static bool read_value(Reader& in, Type& out) {{ return {self.read(t, 'out')}; }}\n"
                    f"    static void write_value(Writer& out, const Type& from) {{ {self.write(t, 'from')}; }}\n"
                    f"    static void put_value(JsonWriter& out, const Type& from) {{ {self.put(t, 'from')}; }}\n"
                    f"    static bool take_value(JsonReader& in, JsonValue from, Type& out) "
                    f"{{ return {self.take(t, 'from', 'out')}; }}\n}};\n")
        entries = ",\n    ".join(f"type_entry<{n}Codec>(\"{n}\")" for n in names)
        out += (f"\nconstexpr TypeEntry kEntries[] = {{\n    {entries},\n}};\n\n}}  // namespace\n\n"
                f"std::span<const TypeEntry> {group}_types() {{ return kEntries; }}\n")
        return out + "\n}  // namespace astro::stellar::xdr\n"

    def tables_header(self) -> str:
        out = HEAD + "#pragma once\n\n#include <span>\n\n#include \"chains/stellar/xdr/type_table.hpp\"\n\n"
        out += "namespace astro::stellar::xdr {\n\n"
        out += "".join(f"std::span<const TypeEntry> {g}_types();\n" for g in self.groups)
        names = ", ".join(f"&{g}_types" for g in self.groups)
        out += f"\ninline constexpr std::span<const TypeEntry> (*kTypeTables[])() = {{{names}}};\n"
        return out + "\n}  // namespace astro::stellar::xdr\n"

    def files(self) -> dict[str, str]:
        out = {"forward.hpp": self.forward(), "type_tables.hpp": self.tables_header()}
        for unit in self.units:
            out[f"{unit}.hpp"] = self.header(unit)
            out[f"{unit}_json.hpp"] = self.json_header(unit)
        for group in self.groups:
            out[f"{group}_xdr.cpp"] = self.xdr_cpp(group)
            out[f"{group}_json.cpp"] = self.json_cpp(group)
            out[f"{group}_table.cpp"] = self.table_cpp(group)
        return out


def main() -> int:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    listing = sys.argv[1] == "--list"
    document = json.loads(Path(sys.argv[2] if listing else sys.argv[1]).read_text())
    files = Emitter(Schema(document)).files()
    if listing:
        print(";".join(sorted(files)), end="")
        return 0
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
