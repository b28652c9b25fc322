/**
 * For developing the terminal without the program: speaks docs/api.md with made-up findings.
 * Nothing but `npm run dev:server` uses it; tests run against the real program.
 *   node dev/server.mjs [port] [findings per second]
 */
import { createServer } from 'node:http';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { WebSocketServer } from 'ws';

const port = Number(process.argv[2] ?? 8080);
const perSecond = Number(process.argv[3] ?? 3);
const dist = new URL('../dist/', import.meta.url).pathname;
const csv = readFileSync(new URL('../../share/solana/labels/atomic_arbs_block_254170887_part1.csv', import.meta.url), 'utf8');
const labelled = csv.trim().split('\n').slice(1).map((line) => line.split(','));

const SOL = 'So11111111111111111111111111111111111111112';
const USDC = 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v';
const UNKNOWN = '6gAZfPf6RjTfZBaDp2Sq5AsHkaHV3LpUWM28NmtHbwnR';
const mints = [SOL, USDC, 'DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263', UNKNOWN];
let state = 12345;
const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
const pick = (list) => list[Math.floor(random() * list.length)];
const shuffled = (text) => [...text].sort(() => random() - 0.5).join('');

const findings = [];
const slots = [];
const events = { 'mev.opportunity': [], 'mev.slot': [], 'feed.status': [], 'mev.swap': [], 'mev.leader': [] };
const clients = new Set();
const started = Date.now();
let slot = 285000037;

function leg(role, signature, i, protocol, pool, trader, a, ain, b, bout, verified = true) {
  return { role, slot, signature, tx_index: 100 + i, ix_index: 2, inner_index: i, protocol, pool, trader, mint_in: a, amount_in: String(ain), mint_out: b, amount_out: String(bout), verified };
}

function makeArbitrage(row) {
  const [, , signature, actor, start, , dexes, pools, delta, fee, tip] = row;
  const names = dexes.split('|');
  const addresses = pools.split('|');
  const ring = [start, ...mints.filter((m) => m !== start).slice(0, Math.max(1, names.length - 1))];
  const legs = names.map((name, i) => leg('hop', signature, i, name, addresses[i], actor, ring[i % ring.length], 1000000 * (i + 1) + 7, ring[(i + 1) % ring.length], 2000000 + i * 777));
  const inSol = start === SOL;
  const net = inSol ? BigInt(delta) - BigInt(fee) - BigInt(tip) : null;
  return base('arbitrage', signature, actor, legs, { pools: addresses, start_mint: start, profit_raw: delta, fee_lamports: fee, tip_lamports: tip, net_lamports: net?.toString() ?? null, profitable: inSol ? net > 0n : true });
}

function makeSandwich() {
  const row = pick(labelled);
  const signature = shuffled(row[2]);
  const actor = row[3];
  const pool = row[7].split('|')[0];
  const n = 1 + Math.floor(random() * 7);
  const victims = Array.from({ length: n }, () => shuffled(row[2]));
  const traders = victims.map(() => shuffled(actor));
  const token = pick([mints[2], UNKNOWN]);
  const front = 5_000_000_000 + Math.floor(random() * 20e9);
  const gain = Math.floor(front * 0.006 * random());
  const legs = [
    leg('front', signature, 0, 'raydium_amm_v4', pool, actor, SOL, front, token, 3_000_000_000),
    ...victims.map((v, i) => leg('victim', v, i + 1, 'raydium_amm_v4', pool, traders[i], SOL, 200_000_000 + Math.floor(random() * 3e9), token, 120_000_000, i % 3 !== 2)),
    leg('back', shuffled(signature), n + 1, 'raydium_amm_v4', pool, actor, token, 3_000_000_000, SOL, front + gain),
  ];
  const fee = 15_000, tip = Math.floor(gain / 4);
  return base('sandwich', signature, actor, legs, {
    signatures: [signature, legs.at(-1).signature], victims, pools: [pool], profit_raw: String(gain), fee_lamports: String(fee), tip_lamports: String(tip),
    net_lamports: String(gain - fee - tip), profitable: gain - fee - tip > 0, synthetic: 'astrolabe mev inject, seed 1',
    losses: victims.map((v, i) => ({ signature: v, trader: traders[i], mint: token, loss_raw: i % 3 === 2 ? null : String(30000 + i), loss_lamports: i % 3 === 2 ? null : String(1_200_000 + i * 5000), method: ['exact', 'bound', 'unknown'][i % 3] })),
  });
}

function makeLiquidation() {
  const row = pick(labelled);
  const signature = shuffled(row[2]);
  const pool = row[7].split('|')[0];
  const legs = [
    leg('repay', signature, 0, 'kamino', pool, row[3], USDC, 812_000_000, UNKNOWN, 0),
    leg('seize', signature, 1, 'kamino', pool, row[3], UNKNOWN, 0, SOL, 5_900_000_000),
  ];
  return base('liquidation', signature, row[3], legs, { pools: [], protocol: 'kamino', profit_raw: '290000000', net_lamports: '289985000', synthetic: 'astrolabe mev inject, seed 1' });
}

let serial = 0;
function base(kind, signature, actor, legs, more) {
  const net = more.net_lamports;
  return {
    id: `${kind.slice(0, 3)}-${(++serial).toString(36)}${signature.slice(0, 8)}`, kind, status: (more.profitable ?? true) ? 'realised' : 'attempted', profitable: true, slot,
    time: new Date().toISOString(), signatures: [signature], victims: [], actor, cluster: [], pools: [], start_mint: SOL, profit_raw: '0', fee_lamports: '5000', tip_lamports: '0',
    net_lamports: null, net_usd_micros: net ? String(BigInt(net) * 143n / 1000n) : null, confidence: 0.6 + random() * 0.4,
    reasons: ['The swaps close a cycle: the last token is the first one.', 'Every hop passes on what it got, within 1 %.', 'Both legs of every swap equal the change of the pool vaults.'],
    backrun: random() > 0.7, backrun_of: null, protocol: '', losses: [], merged: [], legs, leader: 'HEL1USMZKAL2odpNBj2oCjffnFGaYwmbGmyewGv1e2TU', synthetic: '', ...more,
  };
}

function publish(channel, data) {
  const list = events[channel];
  const event = { seq: (list.at(-1)?.seq ?? 0) + 1, time: new Date().toISOString(), data };
  list.push(event);
  if (list.length > 3000) list.shift();
  for (const client of clients) {
    const sub = client.subs.get(channel);
    if (!sub || !matches(data, sub.filter)) continue;
    client.socket.send(JSON.stringify({ type: 'event', channel, event: channel, ...event, prev_seq: sub.last }));
    sub.last = event.seq;
  }
}

function matches(f, filter = {}) {
  const is = (name, test) => filter[name] === undefined || test(String(filter[name]));
  return is('kind', (v) => v.split(',').includes(f.kind)) && is('status', (v) => v === f.status) && is('profitable', (v) => v === String(f.profitable))
    && is('min_net_lamports', (v) => f.net_lamports !== null && BigInt(f.net_lamports) >= BigInt(v)) && is('wallet', (v) => f.actor === v || f.legs.some((l) => l.trader === v))
    && is('pool', (v) => f.pools.includes(v)) && is('mint', (v) => f.legs.some((l) => l.mint_in === v)) && is('signature', (v) => f.signatures.includes(v) || f.victims.includes(v))
    && is('slot_from', (v) => f.slot >= Number(v)) && is('slot_to', (v) => f.slot <= Number(v)) && is('synthetic', (v) => v === String(f.synthetic !== ''));
}

function feed() {
  return { mode: 'demo', label: 'replay', state: 'running', detail: '', slot, tip_slot: slot + 1, blocks: slots.length, skipped_slots: 1, forks: 0, duplicates: 12, gaps_found: 1, gaps_filled: 1, slots_lost: 0, first_by_websocket: 40, first_by_polling: 2, reconnects: 0, endpoints: [{ url: 'http://127.0.0.1:8899', state: 'closed', last_error: '', calls: 100, failures: 1, rate_limited: 0, latency_ms: 1.25 }] };
}

let owed = 0;
setInterval(() => {
  slot += random() > 0.93 ? 3 : 1;
  owed += perSecond * 0.4;
  const n = Math.floor(owed);
  owed -= n;
  for (let i = 0; i < n; i++) {
    const r = random();
    const f = r < 0.6 ? makeArbitrage(pick(labelled)) : r < 0.9 ? makeSandwich() : makeLiquidation();
    findings.unshift(f);
    publish('mev.opportunity', f);
  }
  findings.length = Math.min(findings.length, 20000);
  const s = { slot, parent_slot: slot - 1, leader: pick(labelled)[3], time: new Date().toISOString(), transactions: 557, swaps: 120, findings: n, label: n > 1 ? 'synthetic' : 'replay', synthetic: '', processing_ms: 6.2 };
  slots.push(s);
  publish('mev.slot', s);
}, 400);

function statistics(query) {
  const ms = { '1s': 1e3, '10s': 1e4, '1m': 6e4, '5m': 3e5, '1h': 36e5, '1d': 864e5 }[query.get('bucket')] ?? 6e4;
  const from = Date.parse(query.get('from') ?? '') || 0;
  const rows = new Map();
  for (const f of findings) {
    const time = Math.floor(Date.parse(f.time) / ms) * ms;
    if (time < from) continue;
    const key = `${time}${f.kind}`;
    const row = rows.get(key) ?? { time: new Date(time).toISOString(), kind: f.kind, count: 0, profitable: 0, profit: 0n, tips: 0n, fees: 0n, loss: 0n };
    row.count++;
    if (f.profitable) row.profitable++, (row.profit += BigInt(f.net_lamports ?? 0));
    row.tips += BigInt(f.tip_lamports);
    for (const l of f.losses) row.loss += BigInt(l.loss_lamports ?? 0);
    rows.set(key, row);
  }
  return { bucket: query.get('bucket'), items: [...rows.values()].map(({ profit, tips, fees, loss, ...r }) => ({ ...r, profit_lamports: String(profit), tips_lamports: String(tips), fees_lamports: String(fees), victim_loss_lamports: String(loss) })) };
}

function answer(path, query) {
  const [, , , , what, id] = path.split('/');
  if (path === '/api/v1/health') return { status: 'ok', version: '0.1.0' };
  if (path === '/api/v1/status') return { feed: feed(), streams: Object.entries(events).map(([name, v]) => ({ name, last_seq: v.at(-1)?.seq ?? 0 })), store: { rows: findings.length }, uptime_seconds: Math.floor((Date.now() - started) / 1000), version: '0.1.0' };
  if (what === 'statistics') return statistics(query);
  if (what === 'counters') return { transactions: 12345, votes: 8000, unknown_events: 3, balance_mismatch: 1 };
  if (what === 'opportunities' && id) return findings.find((f) => f.id === decodeURIComponent(id));
  if (what === 'opportunities') {
    const filter = Object.fromEntries(query);
    const start = Number(query.get('cursor') ?? 0);
    const limit = Number(query.get('limit') ?? 50);
    const all = findings.filter((f) => matches(f, filter));
    return { items: all.slice(start, start + limit), next_cursor: all.length > start + limit ? String(start + limit) : null };
  }
  if (what === 'transactions') {
    const about = findings.filter((f) => f.signatures.includes(id) || f.victims.includes(id));
    const loss = about.flatMap((f) => f.losses).find((l) => l.signature === id);
    return { signature: id, known: about.length > 0, slot: about[0]?.slot ?? null, sandwiched: about.some((f) => f.victims.includes(id)), loss_lamports: loss?.loss_lamports ?? null, findings: about, swaps: about.flatMap((f) => f.legs.filter((l) => l.signature === id)) };
  }
  if (what === 'wallets' || what === 'pools') {
    const totals = [{ kind: 'arbitrage', count: 4, profitable: 3, profit_lamports: '123456', tips_lamports: '10', fees_lamports: '5', victim_loss_lamports: '0' }];
    return { address: id, items: [], next_cursor: null, ...(what === 'pools' ? { totals, swaps: 9 } : { as_actor: totals, as_victim: [] }) };
  }
  return undefined;
}

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.woff': 'font/woff' };
const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://x');
  if (url.pathname.startsWith('/api/')) {
    const body = answer(url.pathname, url.searchParams);
    response.writeHead(body ? 200 : 404, { 'content-type': body ? 'application/json' : 'application/problem+json' });
    response.end(JSON.stringify(body ?? { type: '/docs/errors#not_found', title: 'Not found', status: 404, code: 'not_found', detail: 'nothing here', request_id: 'r1' }));
    return;
  }
  let file = join(dist, url.pathname);
  if (!existsSync(file) || statSync(file).isDirectory()) file = join(dist, 'index.html');
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain', 'content-security-policy': "default-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'" });
  createReadStream(file).pipe(response);
});

new WebSocketServer({ server, path: '/ws/live' }).on('connection', (socket) => {
  const client = { socket, subs: new Map() };
  clients.add(client);
  const say = (m) => socket.send(JSON.stringify(m));
  say({ type: 'welcome', version: '0.1.0', time: new Date().toISOString(), heartbeat_seconds: 15, channels: Object.keys(events) });
  socket.on('close', () => clients.delete(client));
  socket.on('message', (raw) => {
    const m = JSON.parse(raw);
    if (m.op === 'ping') return say({ type: 'pong', id: m.id, time: new Date().toISOString() });
    if (m.op === 'unsubscribe') return client.subs.delete(m.channel);
    const list = events[m.channel];
    const seq = list.at(-1)?.seq ?? 0;
    const fitting = list.filter((e) => matches(e.data, m.filter));
    say({ type: 'subscribed', id: m.id, channel: m.channel, seq });
    if (m.resume_from !== undefined) {
      let last = m.resume_from;
      for (const e of fitting.filter((x) => x.seq > m.resume_from)) say({ type: 'event', channel: m.channel, event: m.channel, ...e, prev_seq: last }), (last = e.seq);
      client.subs.set(m.channel, { filter: m.filter, last });
    } else {
      say({ type: 'snapshot', channel: m.channel, seq, items: fitting.slice(-(m.snapshot ?? 0) || list.length) });
      client.subs.set(m.channel, { filter: m.filter, last: seq });
    }
  });
});
server.listen(port, '127.0.0.1', () => console.log(`development server: http://127.0.0.1:${port}`));
