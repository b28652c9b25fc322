// What the terminal's benches share: the program with a data folder of its own, Chromium, and what is read in a page.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { chromium } = createRequire(join(root, 'web/package.json'))('@playwright/test');

export const sleep = (ms) => new Promise((next) => setTimeout(next, ms));
export const quantile = (values, q) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
};

let broken = false;
/** `limit`: at most; with `least` at least; null: none. */
export function report(bench, value, unit, limit, extra = {}, least = false) {
  if (limit !== null && (least ? value < limit : value > limit)) broken = true;
  console.log(JSON.stringify({ bench, value: Math.round(value * 100) / 100, unit, limit, ...extra }));
}
/** Ends with 1 when a limit was broken. */
export const end = () => process.exit(broken ? 1 : 0);

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/**
 * Runs the demo while `use` works with its URL and data folder. `ready(url)` says whether it has begun; `settings(url)`
 * are those that differ from the defaults.
 */
export async function withDemo(program, { host = '127.0.0.1', env = {}, settings = () => ({}), ready }, use) {
  const data = mkdtempSync(join(tmpdir(), 'astrolabe-bench-'));
  const port = await freePort();
  const url = `http://${host}:${port}`;
  const set = Object.entries(settings(url)).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const child = spawn(program, ['serve', '--feed', 'demo', '--listen', `127.0.0.1:${port}`, '--data', data, ...set], { cwd: root, env: { ...process.env, ...env }, stdio: 'ignore' });
  const ended = new Promise((done) => child.once('exit', done));
  try {
    for (let i = 0; !(await ready(url).catch(() => false)); i++) {
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
      if (i > 600) throw new Error('the program does not answer');
      await sleep(50);
    }
    await use(url, data);
  } finally {
    child.kill();
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

export const launch = (...flags) => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', ...flags] });
export const kWindow = { viewport: { width: 1440, height: 900 } };

/** Opens `address` and says after how many milliseconds the frame came in which `selector` stands. */
export async function firstSight(page, address, selector) {
  await page.addInitScript((wanted) => {
    const look = () => {
      if (!document.querySelector(wanted)) return requestAnimationFrame(look);
      requestAnimationFrame(() => (globalThis.firstSight = performance.now()));
    };
    requestAnimationFrame(look);
  }, selector);
  await page.goto(address);
  await page.waitForFunction(() => globalThis.firstSight, null, { timeout: 20_000 });
  return page.evaluate(() => globalThis.firstSight);
}

/** Times between frames, and the lengths of long tasks. */
export function watchFrames(page, seconds) {
  return page.evaluate(async (ms) => {
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
    return { gaps: gaps.slice(1), tasks };
  }, seconds * 1000);
}
