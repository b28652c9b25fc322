// FIX 4.4 on the real program, by an initiator that shares no code with it: node fix.mjs PROGRAM
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eachOnce, encode, FixClient, freePort } from './fix_client.mjs';
import { Engine } from './fix_engine.mjs';
import { becomes, root, Venue, within } from './venue.mjs';

const port = await freePort();
const venue = await Venue.start(process.argv[2], [`fix.listen=127.0.0.1:${port}`]);

const tests = [];
const test = (name, run) => tests.push({ name, run });
let count = 0;
/** Somebody new, logged on. */
async function client(options = {}) {
  const trader = await venue.trader(`fix${++count}`, '100000');
  const fix = new FixClient(port, trader);
  fix.trader = trader;
  const answer = await fix.logOn(options);
  assert.equal(answer[35], 'A', answer[58]);
  return fix;
}
const rest = (fix, body) => venue.post('exchange/orders', { market: 'SOL-PERP', ...body }, fix.trader.token);
const restBook = async () => venue.ask('GET', 'exchange/book?market=SOL-PERP&depth=1000');
/** Far from each other's prices, so that tests do not meet. */
const quiet = async (...clients) => {
  for (const fix of clients) {
    const id = `q${++count}`;
    fix.send('q', [[11, id], [530, 7], [60, '20260101-00:00:00']]);
    await fix.comes((m) => m[35] === 'r' && m[11] === id, 'the mass cancel');
    await fix.logOut();
  }
};

test('a logon that proves nothing is told why', async () => {
  const trader = await venue.trader('stranger', '10');
  const answers = async (options) => {
    const fix = new FixClient(port, trader);
    const answer = await fix.logOn(options);
    await within(fix.ended, 'the end');
    assert.equal(answer[35], '5');
    return answer[58];
  };
  assert.match(await answers({ secret: 'wrong' }), /signature/i);
  assert.match(await answers({ sender: '00000000000000000000000000000000' }), /key/);
  assert.match(await answers({ sender: 'nobody' }), /key/);
  assert.match(await answers({ heartbeat: 0 }), /108/);
  assert.match(await answers({ extra: [[1, '9999']] }), /account/);
  const read = await venue.trader('reader', '10', ['read']);
  const fix = new FixClient(port, read);
  assert.equal((await fix.logOn())[35], 'A');
  fix.order('r1', { price: '50' });
  const refused = await fix.comes((m) => m[35] === 'j', 'a refusal');
  assert.equal(refused[380], '6');
  assert.equal(refused[379], 'r1');
  await fix.logOut();
});

test('bytes that are no logon are answered with silence', async () => {
  const trader = await venue.trader('garbage', '10');
  for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\0'.repeat(5000), '8=FIX.4.2\u00019=5\u0001', encode([[35, '0'], [49, 'a'], [56, 'ASTROLABE'], [34, 1], [52, '20260101-00:00:00']])]) {
    const fix = new FixClient(port, trader);
    await fix.open();
    fix.raw(bytes);
    await within(fix.ended, 'the end');
    assert.equal(fix.all.length, 0);
  }
});

test('one session a key', async () => {
  const fix = await client();
  const second = new FixClient(port, fix.trader);
  const answer = await second.logOn({ reset: true });
  assert.equal(answer[35], '5');
  assert.match(answer[58], /already/);
  fix.send('1', [[112, 'still there']]);
  await fix.comes((m) => m[35] === '0' && m[112] === 'still there', 'a heartbeat');
  await fix.logOut();
});

test('a logon that was seen is worth nothing', async () => {
  const fix = await client();
  await fix.logOut();
  const again = new FixClient(port, fix.trader);
  await again.open();
  const fields = again.logonFields({ number: fix.nextOut });
  again.raw(encode(fields));
  await again.comes((m) => m[35] === 'A', 'the answer');
  await again.cut();
  const thief = new FixClient(port, fix.trader);
  await thief.open();
  thief.raw(encode(fields));
  const answer = await thief.comes((m) => m[35] === '5', 'the refusal');
  assert.ok(answer[58]);
});

test('every type of order is taken and told as it is', async () => {
  const fix = await client();
  fix.order('limit', { price: '50.01', size: '1.5' });
  let report = await fix.report('limit', '0');
  assert.deepEqual([report[39], report[40], report[44], report[38], report[151], report[14], report[59], report[55], report[54]], ['0', '2', '50.01', '1.5', '1.5', '0', '1', 'SOL-PERP', '1']);
  fix.order('post', { price: '50', extra: [[18, '6']] });
  assert.equal((await fix.report('post', '0'))[18], '6');
  fix.order('iceberg', { price: '50', size: '10', extra: [[111, '2']] });
  assert.equal((await fix.report('iceberg', '0'))[111], '2');
  fix.order('gtd', { price: '50', extra: [[59, 6], [126, '20361130-12:00:00']] });
  report = await fix.report('gtd', '0');
  assert.deepEqual([report[59], report[126]], ['6', '20361130-12:00:00.000']);
  fix.order('ioc', { price: '50', extra: [[59, 3]] });
  assert.equal((await fix.report('ioc', '4'))[39], '4');
  fix.order('stop', { type: 3, extra: [[99, '150']] });
  report = await fix.report('stop', '0');
  assert.deepEqual([report[40], report[99]], ['3', '150']);
  fix.order('stoplimit', { type: 4, price: '151', extra: [[99, '150']] });
  report = await fix.report('stoplimit', '0');
  assert.deepEqual([report[40], report[44], report[99]], ['4', '151', '150']);
  fix.order('touched', { type: 'J', extra: [[99, '60']] });
  assert.equal((await fix.report('touched', '0'))[40], 'J');
  fix.order('trailing', { type: 'P', side: 2, extra: [[18, 'a'], [211, '500'], [836, '1']] });
  report = await fix.report('trailing', '0');
  assert.deepEqual([report[40], report[18], report[211]], ['P', 'a', '500']);
  await quiet(fix);
});

test('what may not be is refused with the reason FIX has for it', async () => {
  const fix = await client();
  const refused = async (id, fields, reason, text) => {
    fix.order(id, fields);
    const report = await fix.report(id, '8');
    assert.equal(report[39], '8');
    assert.equal(report[103], reason, report[58]);
    assert.match(report[58], text);
  };
  await refused('x1', { symbol: 'NO-PERP', price: '50' }, '1', /55/);
  await refused('x2', { price: '50.0001' }, '99', /tick|price/);
  await refused('x3', { price: '50', size: '0.00000001' }, '13', /./);
  await refused('x4', { price: '106', size: '20000' }, '3', /margin|needs|most/);
  await refused('x5', { price: '50', extra: [[1, '4711']] }, '15', /account|session/);
  await refused('x6', { price: '50', extra: [[126, '20361130-12:00:00']] }, '11', /59|TimeInForce/);
  await refused('x7', { price: '50', extra: [[18, 'E']] }, '99', /reduce/);
  await refused('x8', { type: 1, extra: [[59, 4]] }, '99', /./);
  fix.order('x9', { price: '50' });
  await fix.report('x9', '0');
  await refused('x9', { price: '50' }, '6', /before|way/);
  await refused('not a name', { price: '50' }, '99', /11/);
  fix.cancel('x10', 'none');
  let reject = await fix.comes((m) => m[35] === '9' && m[11] === 'x10', 'a reject');
  assert.deepEqual([reject[37], reject[39], reject[102], reject[434]], ['NONE', '8', '1', '1']);
  fix.replace('x11', 'none', { price: '51' });
  reject = await fix.comes((m) => m[35] === '9' && m[11] === 'x11', 'a reject');
  assert.equal(reject[434], '2');
  fix.replace('x12', 'x9', { price: '51', side: 2 });
  reject = await fix.comes((m) => m[35] === '9' && m[11] === 'x12', 'a reject');
  assert.deepEqual([reject[39], reject[102], reject[41]], ['0', '2', 'x9']);
  await quiet(fix);
});

test('what is malformed is rejected by its tag, and the session stays', async () => {
  const fix = await client();
  const rejected = async (number, tag, reason) => {
    const reject = await fix.comes((m) => m[35] === '3' && m[45] === String(number), 'a reject');
    assert.deepEqual([reject[371], reject[373]], [tag, reason], reject[58]);
  };
  await rejected(fix.send('D', [[11, 'm1'], [55, 'SOL-PERP'], [54, 1], [38, 1], [60, '20260101-00:00:00']]), '40', '1');
  await rejected(fix.order('m2', { side: 9, price: '50' }), '54', '5');
  await rejected(fix.order('m3', { size: 'many', price: '50' }), '38', '6');
  await rejected(fix.order('m4', { price: '50', extra: [[110, '1']] }), '110', '0');
  await rejected(fix.send('D', [[11, ''], [55, 'SOL-PERP'], [54, 1], [38, 1], [40, 1]]), '11', '4');
  const unknown = fix.send('B', [[148, 'news']]);
  const reject = await fix.comes((m) => (m[35] === '3' || m[35] === 'j') && m[45] === String(unknown), 'a reject');
  assert.equal(reject[35] === '3' ? reject[373] : reject[380], reject[35] === '3' ? '11' : '3');
  fix.raw('8=FIX.4.4\u00019=12\u0001nonsense, that is no message\u0001');
  fix.order('m5', { price: '50' });
  await fix.report('m5', '0');
  await quiet(fix);
});

test('trades with who trades by REST, in parts, with price, fee and liquidity', async () => {
  const [maker, taker] = [await client(), await client()];
  maker.order('mk', { price: '95', size: '3' });
  await maker.report('mk', '0');
  await rest(taker, { side: 'sell', type: 'limit', time_in_force: 'ioc', price: '95', size: '1' });
  let fill = await maker.report('mk', 'F');
  assert.deepEqual([fill[39], fill[32], fill[31], fill[14], fill[151], fill[6], fill[851]], ['1', '1', '95', '1', '2', '95', '1']);
  // Who trades by REST is told here too.
  const other = await taker.comes((m) => m[35] === '8' && m[150] === 'F', 'the other side');
  assert.deepEqual([other[39], other[851], other[527]], ['2', '2', fill[527]]);
  taker.order('tk', { side: 2, price: '94.5', size: '5' });
  fill = await taker.report('tk', 'F');
  assert.deepEqual([fill[39], fill[32], fill[31], fill[14], fill[151], fill[6]], ['1', '2', '95', '2', '3', '95']);
  assert.ok(Number(fill[12]) > 0);
  await maker.comes((m) => m[35] === '8' && m[11] === 'mk' && m[39] === '2', 'the last part');
  maker.send('AN', [[710, 'p1'], [724, 0], [60, '20260101-00:00:00']]);
  const position = await maker.comes((m) => m[35] === 'AP', 'the position');
  assert.deepEqual([position[710], position[728], position[55], position[704], position[705], position[734]], ['p1', '0', 'SOL-PERP', '3', '0', '95']);
  await quiet(maker, taker);
});

test('orders are replaced, cancelled, and asked for, under the names that they have then', async () => {
  const fix = await client();
  fix.order('a1', { price: '50', size: '2' });
  const id = (await fix.report('a1', '0'))[37];
  fix.replace('a2', 'a1', { price: '51', size: '3' });
  let report = await fix.report('a2', '5');
  assert.deepEqual([report[41], report[37], report[44], report[38], report[39]], ['a1', id, '51', '3', '0']);
  fix.send('H', [[11, 'a2'], [55, 'SOL-PERP'], [54, 1], [790, 's1']]);
  report = await fix.comes((m) => m[35] === '8' && m[790] === 's1', 'the status');
  assert.deepEqual([report[150], report[17], report[44]], ['I', '0', '51']);
  fix.cancel('a3', 'a1');
  await fix.comes((m) => m[35] === '9' && m[11] === 'a3', 'a reject');
  fix.cancel('a4', 'a2');
  report = await fix.report('a4', '4');
  assert.deepEqual([report[41], report[39], report[151]], ['a2', '4', '0']);
  fix.send('H', [[11, 'nowhere'], [55, 'SOL-PERP'], [54, 1], [790, 's2']]);
  assert.equal((await fix.comes((m) => m[790] === 's2', 'the status'))[39], '8');
  // By REST, and told here.
  const placed = await rest(fix, { side: 'buy', type: 'limit', price: '49', size: '1', client_id: 'by-rest' });
  await fix.report('by-rest', '0');
  await venue.ask('DELETE', `exchange/orders/${placed.order_id ?? placed.order?.order_id}`, { token: fix.trader.token });
  await fix.report('by-rest', '4');
  for (const name of ['b1', 'b2', 'b3']) fix.order(name, { price: '50' });
  await fix.report('b3', '0');
  fix.send('AF', [[584, 'all'], [585, 7]]);
  await fix.comes((m) => m[584] === 'all' && m[912] === 'Y', 'the last status');
  assert.deepEqual(fix.all.filter((m) => m[584] === 'all').map((m) => [m[11], m[911]]), [['b1', '3'], ['b2', '3'], ['b3', '3']]);
  fix.send('q', [[11, 'mass'], [530, 1], [55, 'SOL-PERP'], [60, '20260101-00:00:00']]);
  const mass = await fix.comes((m) => m[35] === 'r', 'the mass cancel');
  assert.deepEqual([mass[11], mass[531], mass[533]], ['mass', '1', '3']);
  for (const name of ['b1', 'b2', 'b3']) assert.equal((await fix.report(name, '4'))[39], '4');
  await fix.logOut();
});

test('a stop that is met is told as triggered, and trades under its own number', async () => {
  const [fix, maker] = [await client(), await client()];
  maker.order('ask', { side: 2, price: '104', size: '2' });
  await maker.report('ask', '0');
  fix.order('st', { type: 3, size: '1', extra: [[99, '103']] });
  const { 37: id } = await fix.report('st', '0');
  await venue.index('104');
  const triggered = await fix.report('st', 'L');
  assert.equal(triggered[37], id);
  assert.notEqual(triggered[198], undefined);
  const fill = await fix.report('st', 'F');
  assert.deepEqual([fill[37], fill[39], fill[31]], [id, '2', '104']);
  await venue.index('100');
  await quiet(fix, maker);
});

test('market data begins with the book and stays equal to it', async () => {
  const [fix, maker] = [await client(), await client()];
  fix.send('x', [[320, 'list'], [559, 4]]);
  const list = await fix.comes((m) => m[35] === 'y', 'the list');
  assert.ok(list.fields.some(([tag, value]) => tag === 55 && value === 'SOL-PERP'));
  maker.order('d1', { price: '95', size: '1' });
  maker.order('d2', { price: '96', size: '2' });
  maker.order('d3', { side: 2, price: '109', size: '3' });
  await maker.report('d3', '0');
  await becomes('the public book', async () => (await restBook()).asks.some(({ price }) => price === '109'));
  fix.send('V', [[262, 'md'], [263, 1], [264, 0], [265, 1], [267, 3], [269, 0], [269, 1], [269, 2], [146, 1], [55, 'SOL-PERP']]);
  const book = { 0: new Map(), 1: new Map() };
  const trades = [];
  const entries = (message, begin) => {
    const out = [];
    for (const [tag, value] of message.fields) {
      if (tag === begin) out.push({});
      if (out.length > 0) out.at(-1)[tag] = value;
    }
    return out;
  };
  const first = await fix.comes((m) => m[35] === 'W' && m[262] === 'md', 'the snapshot');
  for (const entry of entries(first, 269)) if (entry[269] !== '2') book[entry[269]].set(entry[270], entry[271]);
  const rows = (side) => side.map(({ price, size }) => [price, size]);
  const same = async () => {
    const truth = await restBook();
    const told = { 0: new Map(book[0]), 1: new Map(book[1]) };
    for (const message of fix.all.filter((m) => m[35] === 'X' && m[262] === 'md'))
      for (const entry of entries(message, 279)) {
        if (entry[269] === '2') continue;
        if (entry[279] === '2') assert.ok(told[entry[269]].delete(entry[270]), 'a level was deleted that was not told');
        else told[entry[269]].set(entry[270], entry[271]);
      }
    const sorted = (side, sign) => [...told[side]].sort((a, b) => sign * (a[0] - b[0]));
    return JSON.stringify([sorted(0, -1), sorted(1, 1)]) === JSON.stringify([rows(truth.bids), rows(truth.asks)]);
  };
  await becomes('the book of the snapshot', same);
  maker.replace('d4', 'd1', { price: '97', size: '4' });
  maker.cancel('d5', 'd2');
  maker.order('d6', { price: '90.5', size: '1' });
  await maker.report('d6', '0');
  const other = await client();
  other.order('t1', { side: 2, type: 1, size: '1.5' });
  await other.report('t1', 'F');
  await becomes('the book after changes', same);
  const trade = await fix.comes((m) => m[35] === 'X' && m.fields.some(([tag, value]) => tag === 269 && value === '2'), 'a trade');
  trades.push(...entries(trade, 279).filter((entry) => entry[269] === '2'));
  assert.deepEqual([trades[0][270], trades[0][271], trades[0][5796]], ['97', '1.5', '2']);
  fix.send('V', [[262, 'bad'], [263, 1], [264, 1], [265, 1], [267, 1], [269, 0], [146, 1], [55, 'NO-PERP']]);
  assert.equal((await fix.comes((m) => m[35] === 'Y', 'a reject'))[281], '0');
  fix.send('V', [[262, 'md'], [263, 2], [264, 0], [267, 1], [269, 0], [146, 1], [55, 'SOL-PERP']]);
  await quiet(fix, maker, other);
});

test('what is asked for again comes again, marked, with gaps for what is of no use', async () => {
  const fix = await client();
  fix.order('again', { price: '50' });
  const first = await fix.report('again', '0');
  const from = fix.all.length;
  fix.send('2', [[7, 1], [16, 0]]);
  const second = await fix.comes((m) => fix.all.indexOf(m) >= from && m[35] === '8' && m[11] === 'again', 'the report again');
  assert.deepEqual([second[43], second[34], second[17], second[122] !== undefined], ['Y', first[34], first[17], true]);
  const gap = fix.all.slice(from).find((m) => m[35] === '4');
  assert.deepEqual([gap[123], gap[34], gap[43]], ['Y', '1', 'Y']);
  // A number that was skipped is asked for.
  fix.nextOut += 2;
  fix.order('skipped', { price: '50' });
  await fix.comes((m) => m[35] === '2', 'a resend request');
  await fix.report('skipped', '0');
  // One that is too low ends the session.
  fix.nextOut = 2;
  fix.send('0');
  assert.match((await fix.comes((m) => m[35] === '5', 'a logout'))[58], /too low/);
  await within(fix.ended, 'the end');
  fix.loggedOn = false;
  assert.equal((await fix.logOn({ reset: true }))[34], '1');
  await quiet(fix);
});

test('what happens while nobody is logged on is told at the next logon, each once', async () => {
  const [fix, other] = [await client(), await client()];
  for (const name of ['o1', 'o2', 'o3']) fix.order(name, { price: '96', size: '1' });
  await fix.report('o3', '0');
  await fix.logOut();
  other.order('hit', { side: 2, price: '96', size: '2.5' });
  await other.report('hit', 'F');
  await becomes('all of it', () => other.seen.some((m) => m[11] === 'hit' && m[14] === '2.5'));
  await fix.logOn();
  await becomes('the fills', () => fix.seen.filter((m) => m[150] === 'F').length === 3);
  assert.deepEqual(fix.seen.filter((m) => m[150] === 'F').map((m) => [m[11], m[39]]), [['o1', '2'], ['o2', '2'], ['o3', '1']]);
  eachOnce(fix);
  await quiet(fix, other);
});

test('orders go with their connection when the logon says so', async () => {
  const fix = await client({ extra: [[8013, 'Y']] });
  fix.order('c1', { price: '50' });
  await fix.report('c1', '0');
  await fix.cut();
  await becomes('no order', async () => (await venue.ask('GET', 'exchange/orders', { token: fix.trader.token })).orders?.length === 0 || (await venue.ask('GET', 'exchange/orders', { token: fix.trader.token })).length === 0);
  await fix.logOn();
  await fix.report('c1', '4');
  await fix.logOut();
});

test('the server is killed: every report comes, and each once', async () => {
  const [fix, other, bound] = [await client(), await client(), await client({ extra: [[8013, 'Y']] })];
  bound.order('bound', { price: '40' });
  await bound.report('bound', '0');
  const names = [];
  for (let round = 0; round < 6; ++round) {
    // Killed right after sending, while some reports are on their way and some requests are not.
    for (let i = 0; i < 8; ++i) {
      names.push(`k${round}-${i}`);
      fix.order(names.at(-1), { price: '97', size: '1' });
    }
    other.order(`h${round}`, { side: 2, price: '97', size: '3' });
    if (round % 2 === 0) await fix.report(names.at(-1 - (round % 4)), '0');
    await venue.kill();
    for (const each of [fix, other]) {
      await within(each.ended, 'the end');
      each.loggedOn = false;
    }
    await venue.launch();
    for (const each of [fix, other]) assert.equal((await each.logOn())[35], 'A');
    // What was sent and not answered came again by the server's own resend request.
    await fix.report(names.at(-1), '0');
    await other.comes((m) => m[35] === '8' && m[11] === `h${round}` && m[150] === '0', 'the other order');
  }
  const traded = () => [fix, other].map((each) => each.seen.filter((m) => m[150] === 'F').reduce((sum, m) => sum + Number(m[32]), 0));
  await becomes('all trades', () => traded().every((size) => size === 18));
  eachOnce(fix);
  eachOnce(other);
  for (const name of names) assert.equal(fix.seen.filter((m) => m[11] === name && m[150] === '0').length, 1, name);
  // As the tables have it.
  const told = fix.seen.filter((m) => m[150] === 'F').map((m) => m[527]).sort();
  const ids = await becomes('all fills in the tables', async () => {
    const { items } = await venue.ask('GET', 'exchange/fills?limit=500', { token: fix.trader.token });
    return items.length >= told.length && items.map((fill) => String(fill.trade_id)).sort();
  });
  assert.deepEqual(told, ids);
  await within(bound.ended, 'the end');
  bound.loggedOn = false;
  await bound.logOn();
  await bound.report('bound', '4');
  await bound.logOut();
  await quiet(fix, other);
});

test('an engine that is not ours trades, by its own dictionary', async () => {
  const trader = await venue.trader('engine', '100000');
  const maker = await client();
  maker.order('em', { side: 2, price: '101', size: '2' });
  await maker.report('em', '0');
  const engine = new Engine(port, trader);
  await engine.start();
  const is = (id, kind) => (type, m) => type === '8' && m.ClOrdID === id && m.ExecType === kind;
  const order = { Instrument: { Symbol: 'SOL-PERP' }, Side: '1', TransactTime: new Date(), OrdType: '2', TimeInForce: '1' };
  engine.send('D', { ...order, ClOrdID: 'e1', OrderQtyData: { OrderQty: 3 }, Price: 101 });
  const fill = await engine.comes(is('e1', 'F'), 'the fill');
  assert.deepEqual([fill.OrdStatus, fill.LastPx, fill.LastQty, fill.CumQty, fill.LeavesQty, fill.AvgPx, fill.LastLiquidityInd], ['1', 101, 2, 2, 1, 101, 2]);
  assert.equal(fill.CommissionData.CommType, '3');
  engine.send('G', { ...order, ClOrdID: 'e2', OrigClOrdID: 'e1', OrderQtyData: { OrderQty: 3 }, Price: 100 });
  const replaced = await engine.comes(is('e2', '5'), 'the replacement');
  assert.deepEqual([replaced.OrigClOrdID, replaced.Price, replaced.OrdStatus], ['e1', 100, '1']);
  engine.send('F', { ...order, ClOrdID: 'e3', OrigClOrdID: 'e2', OrderQtyData: { OrderQty: 3 } });
  await engine.comes(is('e3', '4'), 'the cancel');
  engine.send('V', { MDReqID: 'e4', SubscriptionRequestType: '0', MarketDepth: 5, MDReqGrp: [{ MDEntryType: '2' }], InstrmtMDReqGrp: [{ Instrument: { Symbol: 'SOL-PERP' } }] });
  const snapshot = await engine.comes((type) => type === 'W', 'the snapshot');
  assert.equal(snapshot.MDReqID, 'e4');
  engine.send('AN', { PosReqID: 'e5', PosReqType: 0, Account: fill.Account, AccountType: 1, ClearingBusinessDate: new Date(), TransactTime: new Date(), Instrument: { Symbol: 'SOL-PERP' } });
  const position = await engine.comes((type) => type === 'AP', 'the position');
  assert.equal(position.PosReqID, 'e5');
  engine.stop();
  await quiet(maker);
});

test('the sample of the documentation logs on', async () => {
  const trader = await venue.trader('sample', '10');
  const sample = /```python\n([^]*?)```/.exec(readFileSync(join(root, 'docs/fix.md'), 'utf8'))[1];
  const { stdout } = await promisify(execFile)('python3', ['-c', sample], { env: { ...process.env, KEY: trader.apiKey, SECRET: trader.secret, PORT: String(port) } });
  assert.match(stdout, /^8=FIX\.4\.4\|9=\d+\|35=A\|34=1\|49=ASTROLABE\|/);
});

let failed = 0;
const only = process.argv[3];
try {
  for (const { name, run } of tests.filter((each) => !only || each.name.includes(only))) {
    try {
      await run();
      console.log(`ok    ${name}`);
    } catch (error) {
      ++failed;
      console.log(`FAIL  ${name}\n${error.stack}`);
    }
  }
} finally {
  venue.stop();
}
process.exit(failed ? 1 : 0);
