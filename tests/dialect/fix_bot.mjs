// A program on FIX 4.4, beside other traders: node fix_bot.mjs PORT, {"apiKey","secret"} on the first
// line of its input. Rests on both sides of the best prices and now and then takes, until its input
// ends; then it cancels, closes its position and says what it did, by its execution reports.
import { createInterface } from 'node:readline';
import { eachOnce, FixClient } from './fix_client.mjs';

const stepMs = 1_000;
const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const fix = new FixClient(Number(process.argv[2]), JSON.parse((await input.next()).value));
let ended = false;
void input.next().then(() => (ended = true));

const answer = await fix.logOn({ extra: [[8013, 'Y']] });
if (answer[35] !== 'A') throw new Error(`not logged on: ${answer[58]}`);
let count = 0;
const name = () => `b${++count}`;
const isReport = (type) => (message) => message[35] === '8' && message[150] === type;
const reports = (type) => fix.seen.filter(isReport(type));

/** The best bid and ask. */
async function touch() {
  const id = name();
  fix.send('V', [[262, id], [263, 0], [264, 1], [267, 2], [269, 0], [269, 1], [146, 1], [55, 'SOL-PERP']]);
  const snapshot = await fix.comes((m) => m[35] === 'W' && m[262] === id, 'the book');
  const prices = {};
  let side;
  for (const [tag, value] of snapshot.fields) {
    if (tag === 269) side = value;
    if (tag === 270) prices[side] ??= Number(value);
  }
  return { bid: prices[0], ask: prices[1] };
}
/** Its first answer: taken or refused. */
function place(fields) {
  const id = name();
  fix.order(id, fields);
  return fix.comes((m) => m[35] === '8' && m[11] === id && (m[150] === '0' || m[150] === '8'), `the answer to ${id}`);
}
async function cancelAll() {
  const id = name();
  fix.send('q', [[11, id], [530, 7], [60, '20260101-00:00:00']]);
  await fix.comes((m) => m[35] === 'r' && m[11] === id, 'the mass cancel');
}
const held = () => reports('F').reduce((sum, m) => sum + Number(m[32]) * (m[54] === '1' ? 1 : -1), 0);

for (let step = 0; !ended; ++step) {
  const { bid, ask } = await touch();
  if (bid !== undefined && ask !== undefined) {
    await place({ side: 1, price: (bid - 0.02).toFixed(2), size: '1' });
    await place({ side: 2, price: (ask + 0.02).toFixed(2), size: '1' });
    if (step % 4 === 1) await place({ side: held() > 0 ? 2 : 1, type: 1, size: '0.5' });
  }
  await new Promise((next) => setTimeout(next, stepMs));
  await cancelAll();
}
for (let tries = 0; tries < 20 && Math.abs(held()) > 0.001; ++tries) {
  await place({ side: held() > 0 ? 2 : 1, type: 1, size: Math.abs(held()).toFixed(2) });
  await new Promise((next) => setTimeout(next, 200));
}
eachOnce(fix);
const refused = {};
for (const m of reports('8')) refused[m[58]] = (refused[m[58]] ?? 0) + 1;
console.log(JSON.stringify({ placed: reports('0').length, trades: reports('F').length, position: Number(held().toFixed(3)), refused }));
await fix.logOut();
process.exit(0);
