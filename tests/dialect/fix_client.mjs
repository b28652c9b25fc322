// A FIX 4.4 initiator of its own, for what an engine would not let a test do: numbers that are known,
// connections that break, messages that are wrong.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { within } from './venue.mjs';

const SOH = '\u0001';
const sessionTypes = new Set(['0', '1', '2', '3', '4', '5', 'A']);

const now = () => {
  const [date, time] = new Date().toISOString().slice(0, -1).split('T');
  return `${date.replaceAll('-', '')}-${time}`;
};

/** A port that nobody listens at. */
export const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** A whole message of "tag=value" fields. */
export function encode(fields) {
  const body = fields.map(([tag, value]) => `${tag}=${value}${SOH}`).join('');
  const text = `8=FIX.4.4${SOH}9=${body.length}${SOH}${body}`;
  const sum = [...text].reduce((total, char) => total + char.charCodeAt(0), 0) % 256;
  return `${text}10=${String(sum).padStart(3, '0')}${SOH}`;
}

/** The first of each tag by its number; `fields` has all of them in order. */
function decode(text) {
  const fields = text.split(SOH).slice(0, -1).map((field) => {
    const at = field.indexOf('=');
    return [Number(field.slice(0, at)), field.slice(at + 1)];
  });
  const out = { fields, text };
  for (const [tag, value] of fields) out[tag] ??= value;
  return out;
}

export class FixClient {
  /** `trader`: of Venue.trader(). */
  constructor(port, trader) {
    this.port = port;
    this.key = trader.apiKey;
    this.secret = trader.secret;
    this.nextOut = 1;
    this.nextIn = 1;
    this.sent = new Map();
    this.seen = []; // messages of the application, each number once
    this.all = []; // everything, as it came
    this.waiters = [];
  }

  /** Opens the connection; nothing is sent. */
  async open() {
    this.buffer = '';
    this.early = [];
    this.socket = connect(this.port, '127.0.0.1');
    this.socket.setEncoding('latin1');
    this.ended = new Promise((done) => this.socket.once('close', done));
    this.socket.on('error', () => {});
    this.socket.on('data', (bytes) => this.#read(bytes));
    await within(new Promise((done, fail) => this.socket.once('connect', done).once('error', fail)), 'the connection');
  }

  logonFields({ reset = false, heartbeat = 30, extra = [], secret = this.secret, sender = this.key, number = reset ? 1 : this.nextOut } = {}) {
    const time = now();
    const signature = createHmac('sha256', secret).update([time, number, sender, 'ASTROLABE'].join(SOH)).digest('hex');
    return [[35, 'A'], [49, sender], [56, 'ASTROLABE'], [34, number], [52, time], [98, 0], [108, heartbeat], [95, signature.length], [96, signature], ...(reset ? [[141, 'Y']] : []), ...extra];
  }

  /** Logs on; the answer. */
  async logOn(options = {}) {
    await this.open();
    if (options.reset) {
      this.nextOut = this.nextIn = 1;
      this.sent.clear();
    }
    const fields = this.logonFields(options);
    this.nextOut = fields[3][1] + 1;
    const from = this.all.length;
    this.socket.write(encode(fields));
    return this.comes((message) => this.all.indexOf(message) >= from && (message[35] === 'A' || message[35] === '5'), 'the answer to the logon');
  }

  /** Sends a message; its number. */
  send(type, fields = []) {
    const number = this.nextOut++;
    this.sent.set(number, { type, fields, time: now() });
    this.#write(type, number, fields);
    return number;
  }

  /** Bytes as they are. */
  raw(bytes) {
    this.socket.write(bytes, 'latin1');
  }

  #write(type, number, fields, again) {
    const time = now();
    const header = [[35, type], [49, this.key], [56, 'ASTROLABE'], [34, number], ...(again ? [[43, 'Y']] : []), [52, time], ...(again ? [[122, again]] : [])];
    this.socket.write(encode([...header, ...fields]), 'latin1');
  }

  #read(bytes) {
    this.buffer += bytes;
    for (;;) {
      const end = /\u000110=\d{3}\u0001/.exec(this.buffer);
      if (!end) return;
      const size = end.index + end[0].length;
      const message = decode(this.buffer.slice(0, size));
      this.buffer = this.buffer.slice(size);
      this.#take(message);
    }
  }

  #take(message) {
    this.all.push(message);
    const number = Number(message[34]);
    const type = message[35];
    if (type === '4' && message[123] !== 'Y') this.nextIn = Number(message[36]);
    else if (type === '5' && !this.loggedOn) this.nextIn = Math.max(this.nextIn, number + 1);
    else if (number > this.nextIn) {
      if (type === '2') this.#resend(Number(message[7]), Number(message[16]));
      if (type === 'A') this.loggedOn = true;
      if (!this.asked) {
        this.asked = true;
        this.send('2', [[7, this.nextIn], [16, 0]]);
      }
    } else if (number === this.nextIn) {
      this.nextIn = type === '4' ? Number(message[36]) : number + 1;
      this.asked = false;
      if (type === 'A') this.loggedOn = true;
      if (type === '1') this.send('0', [[112, message[112]]]);
      if (type === '2') this.#resend(Number(message[7]), Number(message[16]));
      if (!sessionTypes.has(type)) this.seen.push(message);
    }
    this.waiters = this.waiters.filter(({ holds, done }) => !(holds(message) && (done(message), true)));
  }

  #resend(from, to) {
    const last = to === 0 ? this.nextOut - 1 : to;
    for (let number = from; number <= last; ) {
      const message = this.sent.get(number);
      if (message && !sessionTypes.has(message.type)) {
        this.#write(message.type, number++, message.fields, message.time);
        continue;
      }
      let next = number + 1;
      while (next <= last && (!this.sent.has(next) || sessionTypes.has(this.sent.get(next).type))) ++next;
      this.#write('4', number, [[123, 'Y'], [36, next]], now());
      number = next;
    }
  }

  /** A message that has come or will. */
  comes(holds, what) {
    const known = this.all.find(holds);
    if (known) return Promise.resolve(known);
    return within(new Promise((done) => this.waiters.push({ holds, done })), what);
  }

  /** The next that comes. */
  next(holds) {
    return new Promise((done) => this.waiters.push({ holds, done }));
  }

  /** The execution report of a request (ClOrdID) of that kind (ExecType). */
  report(clientId, type) {
    return this.comes((m) => m[35] === '8' && m[11] === clientId && m[150] === type, `report ${type} of ${clientId}`);
  }

  order(clientId, fields = {}) {
    const { symbol = 'SOL-PERP', side = 1, size = '1', type = 2, price, extra = [] } = fields;
    return this.send('D', [[11, clientId], [55, symbol], [54, side], [38, size], [40, type], ...(price ? [[44, price]] : []), [60, now()], ...extra]);
  }

  cancel(clientId, original, { symbol = 'SOL-PERP', side = 1 } = {}) {
    return this.send('F', [[11, clientId], [41, original], [55, symbol], [54, side], [60, now()]]);
  }

  replace(clientId, original, { symbol = 'SOL-PERP', side = 1, price, size } = {}) {
    return this.send('G', [[11, clientId], [41, original], [55, symbol], [54, side], [40, 2], ...(size ? [[38, size]] : []), ...(price ? [[44, price]] : []), [60, now()]]);
  }

  /** Says good-bye. */
  async logOut() {
    this.send('5');
    await within(this.ended, 'the end of the connection');
    this.loggedOn = false;
  }

  /** As a cable that is cut. */
  async cut() {
    this.socket.destroy();
    await this.ended;
    this.loggedOn = false;
  }
}

/** Reports by ExecID: fails when one came twice. */
export function eachOnce(client) {
  const ids = client.seen.filter((m) => m[35] === '8' && m[150] !== 'I').map((m) => m[17]);
  assert.equal(new Set(ids).size, ids.length, 'an execution was reported twice');
  return ids;
}
