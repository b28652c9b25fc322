// The real program on a venue of play money, with people who trade on it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** ccxt as npm has it, among the terminal's packages for development. */
export const { default: ccxt } = await import(pathToFileURL(join(root, 'web/node_modules/ccxt/js/ccxt.js')));

const password = 'turnip violin marshal eight';
const waitMs = 60_000;

/** Rejects when it takes longer than only a failure would. */
export function within(promise, what) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`${what} never came`)), waitMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again and again until it holds. */
export async function becomes(what, holds) {
  const deadline = Date.now() + waitMs;
  while (Date.now() < deadline) {
    const value = await holds();
    if (value) return value;
    await new Promise((next) => setTimeout(next, 20));
  }
  throw new Error(`${what} never became so`);
}

/** ccxt's binanceusdm with nothing but its addresses replaced. */
export function exchangeAt(url, keys = {}, kind = ccxt.pro.binanceusdm) {
  const exchange = new kind({ apiKey: keys.apiKey, secret: keys.secret, enableRateLimit: false });
  const here = (address) => address.replace(/^https:\/\/[^/]+/, url).replace(/^wss:\/\/[^/]+/, url.replace('http', 'ws'));
  for (const [name, address] of Object.entries(exchange.urls.api))
    exchange.urls.api[name] = typeof address === 'string' ? here(address) : Object.fromEntries(Object.entries(address).map(([kind, value]) => [kind, typeof value === 'string' ? here(value) : value]));
  return exchange;
}

export class Venue {
  /** `extra`: more settings, such as 'fix.listen=127.0.0.1:5201'. */
  static async start(program, extra = []) {
    const venue = new Venue();
    venue.program = program;
    venue.extra = extra;
    venue.data = mkdtempSync(join(tmpdir(), 'astrolabe-dialect-'));
    const next = await venue.launch();
    const invitation = (await next()).split('#')[1].trim();
    const who = { email: 'root@example.org', password };
    await venue.post('identity/admin-sign-up', { token: invitation, ...who });
    venue.admin = (await venue.post('identity/login', who)).tokens.access_token;
    await venue.keepPrices();
    return venue;
  }

  /** Starts the program on what it has; the lines that it prints next. */
  async launch() {
    const settings = ['market.feed=off', 'identity.argon2_kib=64', 'identity.limits=false', 'exchange.simulated_traders=off', 'log.level=warn', `server.terminal=${this.data}/none`, ...this.extra];
    this.child = spawn(
      this.program,
      ['serve', '--listen', '127.0.0.1:0', '--feed', 'replay', '--dir', join(root, 'share/solana/blocks'), '--data', join(this.data, 'data'), ...settings.flatMap((setting) => ['--set', setting])],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    const next = async () => (await within(lines.next(), 'the program')).value ?? assert.fail('the program did not start');
    for (let line = await next(); ; line = await next())
      if (line.includes(' is at http')) {
        this.url = line.split(' is at ')[1].split(/\s/)[0];
        return next;
      }
  }

  /** As a power cut would, and what was there is there again. */
  async kill() {
    const gone = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGKILL');
    await gone;
  }

  stop() {
    this.child.kill('SIGKILL');
    rmSync(this.data, { recursive: true, force: true });
  }

  async ask(method, path, { token, body } = {}) {
    const headers = {};
    if (token) headers.authorization = `Bearer ${token}`;
    if (body) headers['content-type'] = 'application/json';
    const answer = await fetch(`${this.url}/api/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }
  post(path, body, token) {
    return this.ask('POST', path, { token, body });
  }

  /** What the tests set stays good while they run. */
  async keepPrices() {
    const { markets } = await this.ask('GET', 'exchange/markets');
    const market = markets.find(({ symbol }) => symbol === 'SOL-PERP');
    await this.ask('PUT', 'exchange/markets/SOL-PERP', { token: this.admin, body: { ...market, oracle_stale_ms: 600_000 } });
    await this.index('100');
  }
  index(price) {
    return this.ask('PUT', 'exchange/operate/prices', { token: this.admin, body: { market: 'SOL-PERP', index: price } });
  }

  /** Somebody new with play money and a key that trades. */
  async trader(name, usdc, scopes = ['read', 'trade']) {
    const who = { email: `${name}@example.org`, password };
    await this.post('identity/register', who);
    const outbox = join(this.data, 'data/outbox');
    const link = await becomes('mail', () =>
      readdirSync(outbox)
        .map((file) => readFileSync(join(outbox, file), 'utf8'))
        .filter((mail) => mail.includes(who.email))
        .map((mail) => /#([A-Za-z0-9_-]+)/.exec(mail)?.[1])
        .at(-1),
    );
    await this.post('identity/verify-email', { token: link });
    const token = (await this.post('identity/login', who)).tokens.access_token;
    await this.post('exchange/accounts', {}, token);
    await this.post('exchange/faucet', { asset: 'USDC', amount: usdc }, token);
    const made = await this.post('identity/keys', { name: 'ccxt', kind: 'hmac', public_key: '', scopes, ip_allow: [] }, token);
    return { token, apiKey: made.key.id, secret: made.secret };
  }

  exchange(keys, kind) {
    return exchangeAt(this.url, keys, kind);
  }
}

/** Runs what is told one after the other, and says what held. */
export class Story {
  steps = [];
  tell(name, act) {
    this.steps.push({ name, act });
  }
  async run() {
    for (const { name, act } of this.steps) {
      await act();
      console.log(`ok - ${name}`);
    }
    console.log(`${this.steps.length} passed`);
  }
}
