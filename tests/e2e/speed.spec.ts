import { Astrolabe, expect, test as base } from './astrolabe';
import { openLive, rows } from './page';

/** A demo many times faster than the chain. */
const test = base.extend<{ fast: Astrolabe }>({
  fast: async ({}, use) => {
    const fast = await Astrolabe.start({ ASTROLABE_FEED_SLOT_MS: '20' });
    await use(fast);
    await fast.dispose();
  },
  baseURL: async ({ fast }, use) => use(fast.url),
});

const kWatchMs = 8000;

/** What a watched stretch of the page was like. Times are printed, never asserted. */
interface Watch {
  frames: number;
  longTasks: number[];
  tableChanges: number;
}

test('a burst of findings is shown a few times a second, in a bounded page', async ({ page }) => {
  let events = 0;
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (payload.toString().startsWith('{"type":"event","channel":"mev.opportunity"')) events++;
    }),
  );
  await openLive(page);
  const before = events;
  const watch = await page.evaluate(async (ms): Promise<Watch> => {
    const result: Watch = { frames: 0, longTasks: [], tableChanges: 0 };
    const tasks = new PerformanceObserver((list) => result.longTasks.push(...list.getEntries().map((e) => Math.round(e.duration))));
    tasks.observe({ type: 'longtask' });
    const changes = new MutationObserver(() => result.tableChanges++);
    changes.observe(document.querySelector('.findings-body')!, { childList: true });
    const end = performance.now() + ms;
    await new Promise<void>((done) => {
      const frame = () => {
        result.frames++;
        if (performance.now() < end) requestAnimationFrame(frame);
        else done();
      };
      requestAnimationFrame(frame);
    });
    tasks.disconnect();
    changes.disconnect();
    return result;
  }, kWatchMs);
  const arrived = events - before;
  const seconds = kWatchMs / 1000;
  console.log(
    `burst: ${Math.round(arrived / seconds)} findings/s, ${Math.round(watch.frames / seconds)} frames/s, ` +
      `${watch.longTasks.length} long tasks, longest ${Math.max(0, ...watch.longTasks)} ms`,
  );
  expect(arrived).toBeGreaterThan(0);
  // The table changed far less often than findings came …
  expect(watch.tableChanges).toBeLessThanOrEqual(Math.max(arrived, 10 * seconds * 2));
  if (arrived > 40 * seconds) expect(watch.tableChanges).toBeLessThan(arrived / 2);
  // … and holds the rows that fit, not all there are.
  expect(await rows(page).count()).toBeLessThan(80);
  await page.getByRole('link', { name: 'System' }).click();
  await expect(page.getByRole('heading', { name: 'System' })).toBeVisible();
});

test('the first view from cold', async ({ browser, fast }) => {
  const context = await browser.newContext({ baseURL: fast.url });
  const page = await context.newPage();
  let bytes = 0;
  const sizes: Promise<void>[] = [];
  page.on('requestfinished', (request) => {
    if (request.url().includes('/assets/') && request.url().endsWith('.js')) {
      sizes.push(request.sizes().then((s) => void (bytes += s.responseBodySize)));
    }
  });
  const start = Date.now();
  await page.goto('/mev');
  await expect(rows(page).first()).toBeVisible();
  const shown = Date.now() - start;
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
  await Promise.all(sizes);
  console.log(`first view: painted after ${Math.round(paint)} ms, first finding after ${shown} ms, ${Math.round(bytes / 1024)} KB of JavaScript on the wire`);
  expect(bytes).toBeLessThan(350 * 1024);
  await context.close();
});
