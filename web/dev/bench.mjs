// The terminal's two speeds, in Chromium against the real program:
//   node web/dev/bench.mjs [--program build/release/src/server/cli/astrolabe] [--views 7] [--seconds 20]
// First view: a fresh browser profile on loopback until the first finding is on the page, at the chain's
// own pace. Frames: the demo at about 200 findings a second. Prints one JSON object a line, each figure
// beside its limit; ends with 1 when a limit is broken. Wants a machine that does nothing else: the
// browser draws without a graphics card.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { end, firstSight, kWindow, launch, quantile, report, root, sleep, watchFrames, withDemo } from '../../bench/terminal_page.mjs';

const { values: args } = parseArgs({
  options: {
    program: { type: 'string', default: join(root, 'build/release/src/server/cli/astrolabe') },
    views: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '20' },
  },
});
const program = resolve(args.program);

/** Once the server holds a finding that a page could show. */
const atPace = (slotMs) => ({
  env: { ASTROLABE_FEED_SLOT_MS: String(slotMs) },
  ready: async (url) => {
    const answer = await fetch(`${url}/api/v1/mev/opportunities?limit=1`);
    return answer.ok && (await answer.json()).items.length > 0;
  },
});

/** Milliseconds from navigation to the frame in which the first finding stands. */
async function firstView(url) {
  const browser = await launch();
  try {
    const page = await (await browser.newContext(kWindow)).newPage();
    const finding = await firstSight(page, `${url}/mev`, '.finding-data');
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
    return { finding, paint };
  } finally {
    await browser.close();
  }
}

/** Times between frames, and the long tasks, of a page that findings pour into. */
async function underFindings(url, seconds) {
  const browser = await launch();
  try {
    const page = await (await browser.newContext(kWindow)).newPage();
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
    const watch = await watchFrames(page, seconds);
    const { heap, rows } = await page.evaluate(() => ({ heap: performance.memory?.usedJSHeapSize ?? 0, rows: document.querySelectorAll('.finding-data').length }));
    return { ...watch, heap, rows, rate: (findings - before) / seconds };
  } finally {
    await browser.close();
  }
}

await withDemo(program, atPace(400), async (url) => {
  const views = [];
  for (let i = 0; i < Number(args.views); i++) views.push(await firstView(url));
  const found = views.map((view) => view.finding);
  const extra = { views: found.length, paint_ms: Math.round(quantile(views.map((view) => view.paint), 0.5)), worst: Math.round(Math.max(...found)) };
  report('terminal_first_view_p50', quantile(found, 0.5), 'ms', 1500, extra);
});
await withDemo(program, atPace(40), async (url) => {
  const watch = await underFindings(url, Number(args.seconds));
  const extra = { findings_per_second: Math.round(watch.rate), frames: watch.gaps.length };
  report('terminal_frame_p50', quantile(watch.gaps, 0.5), 'ms', null, extra);
  report('terminal_frame_p95', quantile(watch.gaps, 0.95), 'ms', 33, extra);
  report('terminal_longest_task', Math.max(0, ...watch.tasks), 'ms', 100, { ...extra, long_tasks: watch.tasks.length });
  report('terminal_heap', watch.heap / 1e6, 'MB', 100, { ...extra, rows_drawn: watch.rows });
});
end();
