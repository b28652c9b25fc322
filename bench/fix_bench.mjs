// From an order over FIX to its execution report, on loopback, one JSON object a line:
//   node bench/fix_bench.mjs [--program build/release/src/server/cli/astrolabe] [--orders 2000]
// One order at a time, each cancelled before the next: durable in the journal and in the session's store before it is acknowledged.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, FixClient } from '../tests/dialect/fix_client.mjs';
import { root, Venue } from '../tests/dialect/venue.mjs';

const { values: args } = parseArgs({
  options: {
    program: { type: 'string', default: join(root, 'build/release/src/server/cli/astrolabe') },
    orders: { type: 'string', default: '2000' },
  },
});
const port = await freePort();
const venue = await Venue.start(resolve(args.program), [`fix.listen=127.0.0.1:${port}`, 'fix.messages_per_second=100000']);
const fix = new FixClient(port, await venue.trader('bench', '100000'));
await fix.logOn();
const times = [];
for (let i = 0; i < Number(args.orders); ++i) {
  const begun = performance.now();
  fix.order(`b${i}`, { price: '90', size: '1' });
  await fix.next((m) => m[35] === '8' && m[11] === `b${i}`);
  times.push(performance.now() - begun);
  fix.cancel(`c${i}`, `b${i}`);
  await fix.next((m) => m[35] === '8' && m[11] === `c${i}`);
}
times.sort((a, b) => a - b);
const quantile = (q) => Number(times[Math.floor(times.length * q)].toFixed(3));
console.log(JSON.stringify({ benchmark: 'fix order to report', orders: times.length, p50_ms: quantile(0.5), p99_ms: quantile(0.99), max_ms: Number(times.at(-1).toFixed(3)) }));
venue.stop();
process.exit(0);
