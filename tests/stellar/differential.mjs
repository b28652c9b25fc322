// Random transactions of the official SDK against `astrolabe stellar`: equal bytes, XDR-JSON, hashes
// and signatures in both directions.
//
//     npm ci --prefix tests/stellar
//     node tests/stellar/differential.mjs --program build/astrolabe [--count 20000] [--seed 1]
//
// Exit code 1 when anything differs; the first differences are printed with the seed.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, openSync, closeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Asset, AuthClawbackEnabledFlag, Claimant, Keypair, LiquidityPoolAsset, Memo, MuxedAccount, Account, Networks,
  Operation, StrKey, TransactionBuilder, getLiquidityPoolId, hash, nativeToScVal, xdr,
} from "@stellar/stellar-sdk";

function argument(name, fallback) {
  const at = process.argv.indexOf("--" + name);
  return at < 0 ? fallback : process.argv[at + 1];
}
const program = argument("program", "build/astrolabe");
const count = Number(argument("count", "20000"));
const seed = Number(argument("seed", "1"));

// xorshift128+, so that a seed gives the same transactions everywhere
let state = [BigInt(seed) * 0x9e3779b97f4a7c15n & (1n << 64n) - 1n || 1n, 0xbf58476d1ce4e5b9n];
function next() {
  const mask = (1n << 64n) - 1n;
  let [x, y] = state;
  x = (x ^ x << 23n) & mask;
  x = x ^ x >> 17n ^ y ^ y >> 26n;
  state = [y, x];
  return (x + y) & mask;
}
const below = (n) => Number(next() % BigInt(n));
const chance = (part) => below(100) < part;
const pick = (list) => list[below(list.length)];
const bytes = (n) => Buffer.from(Array.from({ length: n }, () => below(256)));
const whole64 = () => next() >> 1n;

const people = Array.from({ length: 40 }, (_, i) => Keypair.fromRawEd25519Seed(hash(Buffer.from(`person ${i}`))));
const account = () => pick(people).publicKey();
const muxed = () => {
  if (chance(70)) return account();
  return new MuxedAccount(new Account(account(), "0"), next().toString()).accountId();
};
const contract = () => StrKey.encodeContract(bytes(32));
const amount = () => {
  const stroops = chance(10) ? (1n << 63n) - 1n : whole64() >> BigInt(below(60)) | 1n;
  const text = stroops.toString().padStart(8, "0");
  return `${text.slice(0, -7)}.${text.slice(-7)}`;
};
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const text = (n) => Array.from({ length: n }, () => pick(letters)).join("");
const credit = () => new Asset(text(1 + below(12)), account());
const asset = () => (chance(20) ? Asset.native() : credit());
const path = () => Array.from({ length: below(6) }, asset);
const price = () => ({ n: 1 + below(2 ** 31 - 1), d: 1 + below(2 ** 31 - 1) });
const balance = () => "00000000" + bytes(32).toString("hex");
const maybe = (part, make) => (chance(part) ? make() : undefined);

function pool() {
  const [a, b] = [credit(), credit()].sort(Asset.compare);
  return new LiquidityPoolAsset(a, b, 30);
}
const poolId = () => Buffer.from(getLiquidityPoolId("constant_product", pool().getLiquidityPoolParameters())).toString("hex");

function predicate(depth = 0) {
  switch (depth > 2 ? 0 : below(6)) {
    case 1: return Claimant.predicateNot(predicate(depth + 1));
    case 2: return Claimant.predicateAnd(predicate(depth + 1), predicate(depth + 1));
    case 3: return Claimant.predicateOr(predicate(depth + 1), predicate(depth + 1));
    case 4: return Claimant.predicateBeforeAbsoluteTime(whole64().toString());
    case 5: return Claimant.predicateBeforeRelativeTime(whole64().toString());
    default: return Claimant.predicateUnconditional();
  }
}

function value(depth = 0) {
  switch (below(depth > 2 ? 10 : 12)) {
    case 0: return nativeToScVal(below(2) === 1);
    case 1: return nativeToScVal(below(2 ** 32), { type: "u32" });
    case 2: return nativeToScVal(-below(2 ** 31), { type: "i32" });
    case 3: return nativeToScVal(next(), { type: "u64" });
    case 4: return nativeToScVal(-whole64(), { type: "i64" });
    case 5: return nativeToScVal(next() << 64n | next(), { type: "u128" });
    case 6: return nativeToScVal(-(whole64() << 64n | next()), { type: "i128" });
    case 7: return nativeToScVal(chance(50) ? -(whole64() << 192n | next()) : whole64(), { type: "i256" });
    case 8: return nativeToScVal(bytes(below(40)));
    case 9: return nativeToScVal(text(1 + below(30)), { type: chance(50) ? "symbol" : "string" });
    case 10: return xdr.ScVal.scvVec(Array.from({ length: below(4) }, () => value(depth + 1)));
    default: return xdr.ScVal.scvMap(Array.from({ length: below(4) }, () =>
      new xdr.ScMapEntry({ key: value(depth + 1), val: value(depth + 1) })));
  }
}

const operations = [
  (source) => Operation.createAccount({ destination: account(), startingBalance: amount(), source }),
  (source) => Operation.payment({ destination: muxed(), asset: asset(), amount: amount(), source }),
  (source) => Operation.pathPaymentStrictReceive({ sendAsset: asset(), sendMax: amount(), destination: muxed(), destAsset: asset(), destAmount: amount(), path: path(), source }),
  (source) => Operation.pathPaymentStrictSend({ sendAsset: asset(), sendAmount: amount(), destination: muxed(), destAsset: asset(), destMin: amount(), path: path(), source }),
  (source) => Operation.manageSellOffer({ selling: asset(), buying: asset(), amount: amount(), price: price(), offerId: whole64().toString(), source }),
  (source) => Operation.manageBuyOffer({ selling: asset(), buying: asset(), buyAmount: amount(), price: price(), offerId: whole64().toString(), source }),
  (source) => Operation.createPassiveSellOffer({ selling: asset(), buying: asset(), amount: amount(), price: price(), source }),
  (source) => Operation.setOptions({
    inflationDest: maybe(30, account), clearFlags: maybe(30, () => below(16)), setFlags: maybe(30, () => AuthClawbackEnabledFlag),
    masterWeight: maybe(50, () => below(256)), lowThreshold: maybe(50, () => below(256)), medThreshold: maybe(50, () => below(256)),
    highThreshold: maybe(50, () => below(256)), homeDomain: maybe(50, () => text(below(33))),
    signer: maybe(60, () => pick([
      () => ({ ed25519PublicKey: account(), weight: below(256) }),
      () => ({ sha256Hash: bytes(32), weight: below(256) }),
      () => ({ preAuthTx: bytes(32), weight: below(256) }),
    ])()), source }),
  (source) => Operation.changeTrust({ asset: chance(30) ? pool() : credit(), limit: maybe(60, amount), source }),
  (source) => Operation.allowTrust({ trustor: account(), assetCode: text(1 + below(12)), authorize: below(3), source }),
  (source) => Operation.accountMerge({ destination: muxed(), source }),
  (source) => Operation.inflation({ source }),
  (source) => Operation.manageData({ name: text(1 + below(64)), value: chance(30) ? null : bytes(1 + below(64)), source }),
  (source) => Operation.bumpSequence({ bumpTo: whole64().toString(), source }),
  (source) => Operation.createClaimableBalance({ asset: asset(), amount: amount(), claimants: Array.from({ length: 1 + below(4) }, () => new Claimant(account(), predicate())), source }),
  (source) => Operation.claimClaimableBalance({ balanceId: balance(), source }),
  (source) => Operation.beginSponsoringFutureReserves({ sponsoredId: account(), source }),
  (source) => Operation.endSponsoringFutureReserves({ source }),
  (source) => Operation.revokeAccountSponsorship({ account: account(), source }),
  (source) => Operation.revokeTrustlineSponsorship({ account: account(), asset: credit(), source }),
  (source) => Operation.revokeOfferSponsorship({ seller: account(), offerId: whole64().toString(), source }),
  (source) => Operation.revokeDataSponsorship({ account: account(), name: text(1 + below(64)), source }),
  (source) => Operation.revokeClaimableBalanceSponsorship({ balanceId: balance(), source }),
  (source) => Operation.revokeLiquidityPoolSponsorship({ liquidityPoolId: poolId(), source }),
  (source) => Operation.revokeSignerSponsorship({ account: account(), signer: { ed25519PublicKey: account() }, source }),
  (source) => Operation.clawback({ asset: credit(), from: muxed(), amount: amount(), source }),
  (source) => Operation.clawbackClaimableBalance({ balanceId: balance(), source }),
  (source) => Operation.setTrustLineFlags({ trustor: account(), asset: credit(), flags: { authorized: chance(50), authorizedToMaintainLiabilities: chance(50), clawbackEnabled: maybe(50, () => false) }, source }),
  (source) => Operation.liquidityPoolDeposit({ liquidityPoolId: poolId(), maxAmountA: amount(), maxAmountB: amount(), minPrice: price(), maxPrice: price(), source }),
  (source) => Operation.liquidityPoolWithdraw({ liquidityPoolId: poolId(), amount: amount(), minAmountA: amount(), minAmountB: amount(), source }),
];
const contractOperations = [
  (source) => Operation.invokeContractFunction({ contract: contract(), function: text(1 + below(32)), args: Array.from({ length: below(5) }, () => value()), source }),
  (source) => Operation.uploadContractWasm({ wasm: bytes(below(200)), source }),
  (source) => Operation.extendFootprintTtl({ extendTo: 1 + below(100000), source }),
  (source) => Operation.restoreFootprint({ source }),
];

const memos = [
  () => Memo.none(), () => Memo.text(text(below(29))), () => Memo.text(bytes(below(29))), () => Memo.id(next().toString()),
  () => Memo.hash(bytes(32)), () => Memo.return(bytes(32)),
];

function transaction(network) {
  const source = new Account(account(), (whole64() >> 1n).toString());
  const from = chance(15) ? new MuxedAccount(source, next().toString()) : source;
  const builder = new TransactionBuilder(from, { fee: String(100 + below(1000)), networkPassphrase: network });
  if (chance(15)) {
    builder.addOperation(pick(contractOperations)(maybe(30, muxed)));
  } else {
    const size = chance(2) ? 100 : 1 + below(4);
    for (let i = 0; i < size; ++i) builder.addOperation(pick(operations)(maybe(30, muxed)));
  }
  const memo = pick(memos)();
  builder.addMemo(memo);
  if (chance(20)) builder.setTimeout(0);
  else builder.setTimebounds(below(2 ** 31), 2 ** 31 + below(2 ** 31));
  if (chance(15)) builder.setLedgerbounds(below(1000), 1000 + below(1000));
  if (chance(15)) builder.setMinAccountSequence(whole64().toString());
  if (chance(15)) builder.setMinAccountSequenceAge(next() >> 1n);
  if (chance(15)) builder.setMinAccountSequenceLedgerGap(below(1000));
  if (chance(15)) builder.setExtraSigners(Array.from({ length: 1 + below(2) }, () => pick([
    () => account(), () => StrKey.encodeSha256Hash(bytes(32)), () => StrKey.encodePreAuthTx(bytes(32)),
  ])()));
  const inner = builder.build();
  for (let i = below(3); i > 0; --i) inner.sign(pick(people));
  if (chance(85) || inner.operations.length > 50) return inner;
  const outer = TransactionBuilder.buildFeeBumpTransaction(pick(people), String(20000 + below(10000)), inner, network);
  outer.sign(pick(people));
  return outer;
}

const folder = mkdtempSync(join(tmpdir(), "stellar-differential-"));
function astrolabe(args, lines) {
  writeFileSync(join(folder, "in"), lines.join("\n") + "\n");
  const out = openSync(join(folder, "out"), "w");
  try {
    execFileSync(program, ["stellar", ...args, join(folder, "in")], { stdio: ["ignore", out, "inherit"] });
  } finally {
    closeSync(out);
  }
  return readFileSync(join(folder, "out"), "utf8").trimEnd().split("\n");
}

let wrong = 0;
function compare(what, ours, theirs) {
  if (ours.length !== theirs.length) {
    ++wrong;
    console.error(`${what}: ${ours.length} lines for ${theirs.length}`);
  }
  for (let i = 0; i < theirs.length; ++i) {
    if (ours[i] === theirs[i]) continue;
    if (++wrong <= 5) console.error(`${what}, seed ${seed}, item ${i}:\n  ours   ${ours[i]}\n  theirs ${theirs[i]}`);
  }
}

const kinds = new Map();
for (const [name, network] of [["mainnet", Networks.PUBLIC], ["testnet", Networks.TESTNET]]) {
  const made = Array.from({ length: count / 2 }, () => transaction(network));
  for (const tx of made)
    for (const operation of (tx.innerTransaction ?? tx).operations) kinds.set(operation.type, (kinds.get(operation.type) ?? 0) + 1);
  const base64 = made.map((tx) => tx.toEnvelope().toXdr("base64"));
  const json = made.map((tx) => JSON.stringify(tx.toEnvelope().toJson()));
  compare(`decode ${name}`, astrolabe(["decode", "--type", "TransactionEnvelope"], base64), json);
  compare(`encode ${name}`, astrolabe(["encode", "--type", "TransactionEnvelope"], json), base64);
  compare(`hash ${name}`, astrolabe(["hash", "--network", name], base64), made.map((tx) => Buffer.from(tx.hash()).toString("hex")));
  const signer = Keypair.fromRawEd25519Seed(hash(Buffer.from("one who signed nothing yet")));
  writeFileSync(join(folder, "key"), signer.secret() + "\n", { mode: 0o600 });
  const signed = astrolabe(["sign", "--network", name, "--key-file", join(folder, "key")], base64);
  for (const tx of made) tx.sign(signer);
  compare(`sign ${name}`, signed, made.map((tx) => tx.toEnvelope().toXdr("base64")));
}
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ transactions: count, seed, operations: Object.fromEntries([...kinds].sort()), kinds: kinds.size, differences: wrong }));
process.exit(wrong === 0 ? 0 : 1);
