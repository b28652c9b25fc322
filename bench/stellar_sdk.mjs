// The official JS SDK on the work of stellar_bench, in the same run: decode and hash of the main
// network's envelopes. Prints one JSON line with the ratio beside its floor.
//
//     npm ci --prefix tests/stellar && node bench/stellar_sdk.mjs --program build/release/bench/stellar_bench
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join, dirname } from "node:path";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "tests/stellar/node_modules/@stellar/stellar-sdk");
const { TransactionBuilder, Networks } = await import(pathToFileURL(join(folder, "lib/esm/index.js")));
const at = process.argv.indexOf("--program");
const program = at < 0 ? join(root, "build/release/bench/stellar_bench") : process.argv[at + 1];

const vectors = JSON.parse(readFileSync(join(root, "share/stellar/tx_mainnet.json"), "utf8")).vectors;
const run = () => {
  for (const v of vectors)
    if (Buffer.from(TransactionBuilder.fromXDR(v.envelope_xdr, Networks.PUBLIC).hash()).toString("hex") !== v.hash) throw new Error(v.id);
};
const seconds = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
for (let i = 0; i < 20; ++i) run();
let best = Infinity;
for (let i = 0; i < 20; ++i) {
  const start = seconds();
  for (let k = 0; k < 5; ++k) run();
  best = Math.min(best, (seconds() - start) / 5);
}
const theirs = vectors.length / best;
const ours = execFileSync(program, { encoding: "utf8" }).trim().split("\n").map((l) => JSON.parse(l)).find((l) => l.bench === "stellar.decode_hash_base64").value;
console.log(JSON.stringify({ bench: "stellar.decode_hash_times_sdk", value: Math.round(ours / theirs * 10) / 10, unit: "times", clock: "cpu", limit: 20, limit_is: "at least",
  ok: ours / theirs >= 20, peer: Math.round(theirs), peer_is: "@stellar/stellar-sdk 17.2.0, envelopes/s from base64" }));
