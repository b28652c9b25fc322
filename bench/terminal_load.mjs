// Traders for the terminal's benchmark: they trade on a running server over its own WebSocket, as anybody may, so
// that three books change 1,000 times a second and 200 trades a second are made.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(new URL('../web/package.json', import.meta.url));
const WebSocket = require('ws');

const kPassword = 'turnip violin marshal eight';
const kEveryMs = 50;
/** Levels of each side that the maker holds. */
const kLevels = 12;

async function post(url, path, body, token) {
  const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** The token of the link in the mail to the address, which a server without SMTP lays into its outbox. */
async function mailedToken(data, email) {
  for (let i = 0; i < 100; i++) {
    for (const name of readdirSync(join(data, 'outbox'))) {
      const text = readFileSync(join(data, 'outbox', name), 'utf8');
      const token = text.includes(`To: ${email}`) ? /#(\S+)/.exec(text)?.[1] : undefined;
      if (token) return decodeURIComponent(token);
    }
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`no mail to ${email}`);
}

async function register(url, data, email) {
  await post(url, '/api/v1/identity/register', { email, password: kPassword });
  await post(url, '/api/v1/identity/verify-email', { token: await mailedToken(data, email) });
}

/** A trader with play money, on a connection of his own. */
export async function trader(url, data, email) {
  await register(url, data, email);
  const { tokens } = await post(url, '/api/v1/identity/login', { email, password: kPassword });
  const token = tokens.access_token;
  await post(url, '/api/v1/exchange/accounts', {}, token);
  await post(url, '/api/v1/exchange/faucet', { asset: 'USDC', amount: '100000' }, token);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/live`, { headers: { Authorization: `Bearer ${token}` } });
  await new Promise((done, fail) => socket.once('open', done).once('error', fail));
  const waiting = new Map();
  let ids = 0;
  socket.on('message', (text) => {
    const message = JSON.parse(String(text));
    if (message.type !== 'answer' && message.type !== 'error') return;
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  const call = (method, path, body) =>
    new Promise((done) => {
      const id = ++ids;
      waiting.set(id, done);
      socket.send(JSON.stringify({ op: 'call', id, method, path: `/api/v1/exchange${path}`, body }));
    });
  return { email, password: kPassword, call, close: () => socket.close() };
}

/** Small deterministic noise, so that runs are alike. */
function noise(seed) {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** One market of the maker: levels around a middle that wanders, each replaced from time to time. */
class Market {
  constructor(settings, mark, seed) {
    this.symbol = settings.symbol;
    this.tick = Number(settings.tick_size);
    this.places = settings.tick_size.split('.')[1]?.length ?? 0;
    this.sizePlaces = settings.lot_size.split('.')[1]?.length ?? 0;
    this.middle = mark;
    this.random = noise(seed);
    // Worth some dollars: a day of trades must not move the margin.
    this.unit = Math.max(Number(settings.order_size_min), (1.3 * Number(settings.order_notional_min)) / mark);
    this.orders = new Map();
  }

  price(side, level) {
    const step = Math.max(this.tick, this.middle * 0.000_1);
    const raw = this.middle + (side === 'buy' ? -1 : 1) * step * (level + 1);
    return (Math.round(raw / this.tick) * this.tick).toFixed(this.places);
  }

  size(units) {
    const lot = 10 ** -this.sizePlaces;
    return (Math.ceil((this.unit * units) / lot) * lot).toFixed(this.sizePlaces);
  }

  /** Replaces `count` levels: each is two changes of the book. */
  replacements(count) {
    this.middle *= 1 + (this.random() - 0.5) * 0.000_02;
    const items = [];
    for (let i = 0; i < count; i++) {
      const side = this.random() < 0.5 ? 'buy' : 'sell';
      const level = Math.floor(this.random() * kLevels);
      const key = `${side}${level}`;
      const before = this.orders.get(key);
      if (before) items.push({ cancel: { client_id: before } });
      const id = `${this.symbol.slice(0, 3)}-${key}-${Math.floor(this.random() * 1e9)}`;
      this.orders.set(key, id);
      items.push({ place: { market: this.symbol, side, price: this.price(side, level), size: this.size(4 + 20 * this.random()), client_id: id } });
    }
    return items;
  }
}

/**
 * Trades on the markets until stop(): `books` changes and `trades` trades a second over all of them. What was
 * really done is counted from the answers.
 */
export async function load(url, data, symbols, { books = 1000, trades = 200 } = {}) {
  const answer = await (await fetch(`${url}/api/v1/exchange/markets`)).json();
  const { tickers } = await (await fetch(`${url}/api/v1/exchange/tickers`)).json();
  const marks = new Map(tickers.map((ticker) => [ticker.market, Number(ticker.mark)]));
  const markets = symbols.map((symbol, i) => new Market(answer.markets.find((market) => market.symbol === symbol), marks.get(symbol), 11 + i));
  const makers = await Promise.all(symbols.map((_, i) => trader(url, data, `maker${i}@example.org`)));
  const takers = await Promise.all(symbols.map((_, i) => trader(url, data, `taker${i}@example.org`)));
  const counted = { changes: 0, trades: 0, refused: 0, first: '' };
  const refused = (text) => {
    counted.refused++;
    if (!counted.first) counted.first = text;
  };

  const changesEach = Math.ceil((books * kEveryMs) / 1000 / markets.length / 2);
  const quote = async (i, count) => {
    const { status, body } = await makers[i].call('POST', '/orders/batch', { mode: 'best_effort', items: markets[i].replacements(count) });
    if (status !== 201) return refused(JSON.stringify(body));
    // A level that was traded away is gone already when it is cancelled.
    counted.changes += body.items.filter((item) => !item.code).length;
  };
  for (let i = 0; i < markets.length; i++) for (let round = 0; round < 3; round++) await quote(i, 30);

  let sides = 0;
  const trade = async (i) => {
    const market = markets[i];
    const side = ++sides % 2 ? 'buy' : 'sell';
    const { status, body } = await takers[i].call('POST', '/orders', { market: market.symbol, side, type: 'market', size: market.size(1) });
    if (status !== 201) return refused(JSON.stringify(body));
    counted.trades += body.fills.length;
  };
  let debt = 0;
  let turn = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < markets.length; i++) void quote(i, changesEach);
    for (debt += (trades * kEveryMs) / 1000; debt >= 1; debt--) void trade(turn++ % markets.length);
  }, kEveryMs);
  return {
    counted,
    stop() {
      clearInterval(timer);
      for (const each of [...makers, ...takers]) each.close();
    },
  };
}
