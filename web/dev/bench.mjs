// The terminal's two speeds, in Chromium against the real program:
//   node web/dev/bench.mjs [--program build/release/src/server/cli/astrolabe] [--views 7] [--seconds 20]
// First view: a fresh browser profile on loopback until the first finding is on the page, at the chain's
// own pace. Frames: the demo at about 200 findings a second. Prints one JSON object a line, each figure
// beside its limit; ends with 1 when a limit is broken. Wants a machine that does nothing else: the
// browser draws without a graphics card.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { values: args } = parseArgs({
  options: {
    program: { type: 'string', default: join(root, 'build/release/src/server/cli/astrolabe') },
    views: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '20' },
  },
});
const program = resolve(args.program);

const sleep = (ms) => new Promise((next) => setTimeout(next, ms));
const quantile = (values, q) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
};

let broken = false;
function report(bench, value, unit, limit, extra = {}) {
  if (limit !== null && value > limit) broken = true;
  console.log(JSON.stringify({ bench, value: Math.round(value * 100) / 100, unit, limit, ...extra }));
}

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Runs the demo with its own data folder while `use` works with it. */
async function withDemo(slotMs, use) {
  const data = mkdtempSync(join(tmpdir(), 'astrolabe-bench-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(program, ['serve', '--feed', 'demo', '--listen', url.slice(7), '--data', data], {
    cwd: root,
    env: { ...process.env, ASTROLABE_FEED_SLOT_MS: String(slotMs) },
    stdio: 'ignore',
  });
  const ended = new Promise((done) => child.once('exit', done));
  try {
    await answers(child, `${url}/api/v1/mev/opportunities?limit=1`);
    await use(url);
  } finally {
    child.kill();
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

/** Until the server holds a finding that a page could show. */
async function answers(child, url) {
  for (let i = 0; i < 600; i++) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok && (await answer.json()).items.length > 0) return;
    await sleep(50);
  }
  throw new Error('the program does not answer');
}

const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const window = { viewport: { width: 1440, height: 900 } };

/** Milliseconds from navigation to the frame in which the first finding stands. */
async function firstView(url) {
  const browser = await launch();
  try {
    const page = await (await browser.newContext(window)).newPage();
    await page.addInitScript(() => {
      const look = () => {
        if (!document.querySelector('.finding-data')) return requestAnimationFrame(look);
        requestAnimationFrame(() => (globalThis.firstFinding = performance.now()));
      };
      requestAnimationFrame(look);
    });
    await page.goto(`${url}/mev`);
    await page.waitForFunction(() => globalThis.firstFinding, null, { timeout: 20_000 });
    return await page.evaluate(() => ({
      finding: globalThis.firstFinding,
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    }));
  } finally {
    await browser.close();
  }
}

/** Times between frames, and the long tasks, of a page that findings pour into. */
async function watchFrames(url, seconds) {
  const browser = await launch();
  try {
    const page = await (await browser.newContext(window)).newPage();
    let findings = 0;
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (payload.toString().startsWith('{"type":"event","channel":"mev.opportunity"')) findings++;
      }),
    );
    await page.goto(`${url}/mev`);
    await page.locator('.finding-data').first().waitFor();
    await sleep(3000);
    const before = findings;
    const watch = await page.evaluate(async (ms) => {
      const gaps = [];
      const tasks = [];
      const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)));
      observer.observe({ type: 'longtask' });
      const end = performance.now() + ms;
      for (let last = performance.now(); last < end; ) {
        const now = await new Promise(requestAnimationFrame);
        gaps.push(now - last);
        last = now;
      }
      observer.disconnect();
      const heap = performance.memory?.usedJSHeapSize ?? 0;
      return { gaps: gaps.slice(1), tasks, heap, rows: document.querySelectorAll('.finding-data').length };
    }, seconds * 1000);
    return { ...watch, rate: (findings - before) / seconds };
  } finally {
    await browser.close();
  }
}

await withDemo(400, async (url) => {
  const views = [];
  for (let i = 0; i < Number(args.views); i++) views.push(await firstView(url));
  const found = views.map((view) => view.finding);
  const extra = { views: found.length, paint_ms: Math.round(quantile(views.map((view) => view.paint), 0.5)), worst: Math.round(Math.max(...found)) };
  report('terminal_first_view_p50', quantile(found, 0.5), 'ms', 1500, extra);
});
await withDemo(40, async (url) => {
  const watch = await watchFrames(url, Number(args.seconds));
  const extra = { findings_per_second: Math.round(watch.rate), frames: watch.gaps.length };
  report('terminal_frame_p50', quantile(watch.gaps, 0.5), 'ms', null, extra);
  report('terminal_frame_p95', quantile(watch.gaps, 0.95), 'ms', 33, extra);
  report('terminal_longest_task', Math.max(0, ...watch.tasks), 'ms', 100, { ...extra, long_tasks: watch.tasks.length });
  report('terminal_heap', watch.heap / 1e6, 'MB', 100, { ...extra, rows_drawn: watch.rows });
});
process.exit(broken ? 1 : 0);
