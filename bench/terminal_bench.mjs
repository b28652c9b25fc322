// The terminal in Chromium against the real program, one JSON object a line, each figure beside its limit:
//   node bench/terminal_bench.mjs [--program build/release/src/server/cli/astrolabe] [--seconds 60] [--views 5] [--only load,orders]
// - frames and long tasks of the workspace with three markets while their books change 1,000 times a second and 200 trades a
//   second are made by real traders on the venue; heap after a collection, at the beginning and at the end (--seconds 600 for ten minutes);
// - from a cold profile to the first useful paint, and JavaScript on the wire, of the first route and of the workspace;
// - from the click on "Place" to the order's acknowledgement in the page.
// Ends with 1 when a limit is broken. Wants a machine that does nothing else: the browser draws without a graphics card.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { load, trader } from './terminal_load.mjs';
import { end, firstSight, kWindow, launch, quantile, report, root, sleep, watchFrames, withDemo } from './terminal_page.mjs';

const { values: args } = parseArgs({
  options: {
    program: { type: 'string', default: join(root, 'build/release/src/server/cli/astrolabe') },
    seconds: { type: 'string', default: '60' },
    views: { type: 'string', default: '5' },
    orders: { type: 'string', default: '200' },
    only: { type: 'string' },
  },
});
const program = resolve(args.program);
const kSymbols = ['SOL-PERP', 'BTC-PERP', 'ETH-PERP'];
/** A server of its own with the demo's prices and no traders but ours. */
const kServer = {
  host: 'localhost',
  settings: (url) => ({ 'identity.url': url, 'identity.limits': 'false', 'identity.argon2_kib': '64', 'identity.argon2_passes': '1', 'exchange.simulated_traders': 'off' }),
  ready: async (url) => (await (await fetch(`${url}/api/v1/exchange/tickers`)).json()).tickers.every((ticker) => Number(ticker.mark) > 0),
};

const openBrowser = () => launch('--disable-renderer-backgrounding');

/** The preset of three markets, each with chart, book and trades, as a trader would have it. */
async function openMarkets(page, url) {
  await page.goto(`${url}/trade`);
  await page.locator('.book').first().waitFor();
  await page.getByRole('button', { name: /^Layout: / }).click();
  await page.getByRole('menuitem', { name: 'From “Monitor”' }).click();
  for (const symbol of kSymbols) await page.locator('.chart-legend-name', { hasText: symbol }).first().waitFor();
  await page.locator('.book-level').nth(20).waitFor();
}

async function heapOf(devtools) {
  for (let i = 0; i < 2; i++) await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find((metric) => metric.name === 'JSHeapUsedSize').value / 1e6;
}

async function underLoad(url, data, seconds) {
  const traffic = await load(url, data, kSymbols);
  const browser = await openBrowser();
  try {
    const page = await (await browser.newContext(kWindow)).newPage();
    let messages = 0;
    page.on('websocket', (socket) => socket.on('framereceived', () => messages++));
    await openMarkets(page, url);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    await sleep(10_000);
    const heaps = [await heapOf(devtools)];
    const [before, messagesBefore, began] = [{ ...traffic.counted }, messages, Date.now()];
    const gaps = [];
    const tasks = [];
    // By the minute, so that a garbage collection asked for here is in no watched time.
    for (let left = seconds; left > 0; left -= 60) {
      const seen = await watchFrames(page, Math.min(60, left));
      gaps.push(...seen.gaps);
      tasks.push(...seen.tasks);
      heaps.push(await heapOf(devtools));
    }
    const took = (Date.now() - began) / 1000;
    const extra = {
      seconds,
      book_changes_per_second: Math.round((traffic.counted.changes - before.changes) / took),
      trades_per_second: Math.round((traffic.counted.trades - before.trades) / took),
      messages_per_second: Math.round((messages - messagesBefore) / took),
      refused: traffic.counted.refused,
    };
    const frames = gaps.length / gaps.reduce((sum, gap) => sum + gap / 1000, 0);
    report('terminal_load_frames', frames, 'frames/s', 59, { ...extra, gap_p99_ms: Math.round(quantile(gaps, 0.99) * 10) / 10, gap_worst_ms: Math.round(Math.max(...gaps)) }, true);
    report('terminal_load_longest_task', Math.max(0, ...tasks), 'ms', 50, { ...extra, long_tasks: tasks.length });
    report('terminal_load_heap_growth', heaps.at(-1) - heaps[0], 'MB', 5, { seconds, heap_mb: heaps.map((heap) => Math.round(heap * 10) / 10) });
    if (traffic.counted.first) console.error(`first refusal: ${traffic.counted.first}`);
  } finally {
    await browser.close();
    traffic.stop();
  }
}

/** Milliseconds until what people come for stands on the page, and compressed JavaScript until then. */
async function coldLoad(url, path, useful) {
  const browser = await openBrowser();
  try {
    const page = await (await browser.newContext(kWindow)).newPage();
    const sizes = [];
    page.on('requestfinished', (request) => {
      if (/\/assets\/.*\.js$/.test(request.url())) sizes.push(request.sizes().then((size) => size.responseBodySize));
    });
    const at = await firstSight(page, url + path, useful);
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    return { at, bytes };
  } finally {
    await browser.close();
  }
}

async function coldLoads(url, name, path, useful, limitKb) {
  const views = [];
  for (let i = 0; i < Number(args.views); i++) views.push(await coldLoad(url, path, useful));
  const times = views.map((view) => view.at);
  report(`terminal_cold_${name}`, quantile(times, 0.5), 'ms', 1200, { views: views.length, worst: Math.round(Math.max(...times)) });
  report(`terminal_cold_${name}_javascript`, views[0].bytes / 1024, 'KB', limitKb);
}

/** Orders placed by clicks on the form, timed in the page from the click to the acknowledgement. */
async function orderClicks(url, data, count) {
  const { email, password, call, close } = await trader(url, data, 'clicker@example.org');
  const { tickers } = await (await fetch(`${url}/api/v1/exchange/tickers`)).json();
  const far = (0.97 * Number(tickers.find((ticker) => ticker.market === 'SOL-PERP').mark)).toFixed(2);
  const browser = await openBrowser();
  try {
    const page = await (await browser.newContext(kWindow)).newPage();
    await page.addInitScript(() => {
      globalThis.acknowledged = [];
      let clickedAt = 0;
      addEventListener('click', (event) => (clickedAt = event.timeStamp), { capture: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntriesByName('astrolabe.acknowledged')) globalThis.acknowledged.push(entry.startTime + entry.duration - clickedAt);
      }).observe({ type: 'measure' });
    });
    await page.goto(`${url}/sign-in`);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
    await page.goto(`${url}/trade/SOL-PERP`);
    const form = page.locator('form.ticket');
    await form.getByLabel(/^Price, /).fill(far);
    await form.getByLabel(/^Size, SOL/).fill('0.1');
    const button = form.locator('button.ticket-place');
    for (let i = 0; i < count; i++) {
      await button.click();
      await page.waitForFunction((n) => globalThis.acknowledged.length > n, i, { timeout: 10_000 });
      if (i % 50 === 49) await call('DELETE', '/orders');
    }
    // The first ones pay for what was never run before.
    const times = (await page.evaluate(() => globalThis.acknowledged)).slice(10);
    report('terminal_order_acknowledged_p50', quantile(times, 0.5), 'ms', 15, { orders: times.length });
    report('terminal_order_acknowledged_p99', quantile(times, 0.99), 'ms', 60, { orders: times.length, worst: Math.round(Math.max(...times)) });
  } finally {
    await browser.close();
    close();
  }
}

await withDemo(program, kServer, async (url, data) => {
  const parts = {
    first_route: () => coldLoads(url, 'first_route', '/', '.findings-body', 350),
    load: () => underLoad(url, data, Number(args.seconds)),
    // What the traders left rests in the books and stands in the charts.
    orders: () => orderClicks(url, data, Number(args.orders)),
    workspace: () => coldLoads(url, 'workspace', '/trade/SOL-PERP', '.book-level .up', null),
  };
  for (const [name, run] of Object.entries(parts)) if (!args.only || args.only.split(',').includes(name)) await run();
});
end();
