import type { Page } from '@playwright/test';
import type { Astrolabe } from './astrolabe';
import { accessibilityProblems } from './axe';
import { expect, register, signIn, test } from './people';

// Wide enough that nothing of the toolbar is folded into its menu.
test.use({ viewport: { width: 1920, height: 1000 } });
test.describe.configure({ timeout: 120_000 });

/** What the recorded captures trade: bars every second, without anybody signing in. */
const kBusy = 'binance_spot:BTCUSDT';

const chart = (page: Page) => page.locator('.chart');
const legend = (page: Page) => chart(page).locator('.chart-legend-line').first();
const interval = (page: Page) => chart(page).getByRole('combobox', { name: 'Interval' });

/** The panel on the workspace, at the series and at bars of a second. */
async function openChart(page: Page, site: string, symbol = kBusy, bars = '1s'): Promise<void> {
  await page.goto(`${site}/trade/${encodeURIComponent(symbol)}`);
  await expect(chart(page)).toBeVisible();
  await interval(page).selectOption(bars);
  await expect(legend(page)).toContainText(symbol);
}

async function barsOf(own: Astrolabe, symbol: string, bars: string): Promise<{ start: number; close: string; trades: number }[]> {
  return (await own.get<{ candles: { start: number; close: string; trades: number }[] }>(`/api/v1/market/candles?symbol=${encodeURIComponent(symbol)}&interval=${bars}&limit=500`)).candles;
}

/** A point of the canvas, by shares of its width and height. */
async function at(page: Page, x: number, y: number): Promise<[number, number]> {
  const box = (await chart(page).locator('.chart-canvas').boundingBox())!;
  return [box.x + box.width * x, box.y + box.height * y];
}

async function drawBetween(page: Page, tool: string, from: [number, number], to: [number, number]): Promise<void> {
  await chart(page).getByRole('button', { name: tool, exact: true }).click();
  await page.mouse.click(...(await at(page, ...from)));
  await page.mouse.move(...(await at(page, ...to)));
  await page.mouse.click(...(await at(page, ...to)));
  await expect(chart(page).getByRole('button', { name: 'Pointer' })).toHaveAttribute('aria-pressed', 'true');
}

const drawings = (page: Page, symbol: string) => page.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? '[]') as { kind: string; anchors: { time: number; price: string }[] }[], `astrolabe.drawings.${symbol}`);

test('bars appear, move, and are those of the server, once each', async ({ page, own, site }) => {
  await openChart(page, site);
  const before = await legend(page).innerText();
  await expect.poll(() => legend(page).innerText()).not.toBe(before);
  // The table is the chart in words: what it says is what the server has.
  await expect.poll(async () => (await barsOf(own, kBusy, '1s')).length).toBeGreaterThan(5);
  await chart(page).getByRole('button', { name: 'Table' }).click();
  const rows = page.getByRole('dialog', { name: 'Bars shown' }).getByRole('row');
  const shown = (await rows.allInnerTexts()).slice(1).map((text) => text.split('\t').map((cell) => cell.trim()));
  expect(new Set(shown.map(([time]) => time)).size).toBe(shown.length);
  const known = new Map((await barsOf(own, kBusy, '1s')).map((bar) => [new Date(bar.start).toISOString().slice(11, 19), bar]));
  // The newest one was still running when the table was opened.
  const closed = shown.slice(1).filter((row) => row.length > 3);
  expect(closed.length).toBeGreaterThan(3);
  for (const row of closed) expect(Number(row[4]!.replaceAll(',', '')), row[0]).toBe(Number(known.get(row[0]!.slice(-8))!.close));
});

test('an interval is typed, and a wrong one is refused with the nearest', async ({ page, site }) => {
  await openChart(page, site);
  await chart(page).getByRole('application').focus();
  await page.keyboard.press('7');
  const box = page.getByRole('dialog', { name: 'Interval' });
  await expect(box.getByText('There is no interval of 7; the nearest is 5m.')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('5');
  await page.keyboard.press('Enter');
  await expect(interval(page)).toHaveValue('5m');
});

test('the keyboard walks from bar to bar and each is said', async ({ page, own, site }) => {
  await openChart(page, site);
  await expect.poll(async () => (await barsOf(own, kBusy, '1s')).length).toBeGreaterThan(5);
  await chart(page).getByRole('application').focus();
  const said = chart(page).getByRole('status').last();
  await page.keyboard.press('End');
  await expect(said).toContainText(/\d\d:\d\d:\d\d: (open .+ close .+ volume|no trades)/);
  const last = await said.innerText();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => said.innerText()).not.toBe(last);
  for (const key of ['+', '-', 'Home', 'e']) await page.keyboard.press(key);
  await expect(chart(page)).toBeVisible();
});

test('the palette has every tool for the chart that was used last', async ({ page, site }) => {
  await openChart(page, site);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /Page, action/ }).fill('draw ray');
  await page.keyboard.press('Enter');
  await expect(chart(page).getByRole('button', { name: 'Ray', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');
  await expect(chart(page).getByRole('button', { name: 'Pointer' })).toHaveAttribute('aria-pressed', 'true');
});

test('indicators are computed by the server, stand in panes, and their numbers are bounded', async ({ page, own, site }) => {
  await openChart(page, site);
  await expect.poll(async () => (await barsOf(own, kBusy, '1s')).length, { timeout: 30_000 }).toBeGreaterThan(22);
  await chart(page).getByRole('button', { name: 'Indicators' }).click();
  const dialog = page.getByRole('dialog', { name: 'Indicators' });
  await dialog.getByLabel('Add an indicator').selectOption('rsi');
  await dialog.getByLabel('Period, bars').fill('1');
  await expect(dialog.getByText('A whole number from 2 to 1000; the nearest is 2.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Add RSI' })).toBeDisabled();
  await dialog.getByLabel('Period, bars').fill('5');
  await dialog.getByRole('button', { name: 'Add RSI' }).click();
  await dialog.getByLabel('Add an indicator').selectOption('ema');
  await dialog.getByLabel('Period, bars').fill('9');
  await dialog.getByRole('button', { name: 'Add Exponential average' }).click();
  await expect(dialog.getByText('It is on the chart already with these numbers.')).toBeVisible();
  await page.keyboard.press('Escape');
  const line = chart(page).locator('.chart-legend-line').filter({ hasText: 'RSI 5' });
  await expect(line).toContainText(/RSI 5\s*\d+\.\d\d/);
  // A pane of its own: the canvas has two of them above the axis of time.
  await expect(chart(page).locator('.chart-canvas table tr').filter({ has: page.locator('canvas') })).not.toHaveCount(2);
  await expect(chart(page).locator('.chart-legend-line').filter({ hasText: 'Exponential average 9' })).toContainText(/6\d,\d{3}\.\d/);
  await line.getByRole('button', { name: 'Remove RSI 5' }).click();
  await expect(line).toHaveCount(0);
});

test('a line is drawn, moved, found again after a reload, undone and deleted', async ({ page, own, site }) => {
  await openChart(page, site);
  await expect.poll(async () => (await barsOf(own, kBusy, '1s')).length).toBeGreaterThan(5);
  await drawBetween(page, 'Trend line', [0.3, 0.5], [0.6, 0.3]);
  const [line] = await drawings(page, kBusy);
  expect(line).toMatchObject({ kind: 'trend' });
  expect(line!.anchors[0]!.time).toBeLessThan(line!.anchors[1]!.time);
  expect(Number(line!.anchors[0]!.price)).toBeLessThan(Number(line!.anchors[1]!.price));

  await page.reload();
  await openChart(page, site);
  expect(await drawings(page, kBusy)).toEqual([line]);
  await drawBetween(page, 'Rectangle', [0.2, 0.2], [0.4, 0.4]);
  expect(await drawings(page, kBusy)).toHaveLength(2);
  // By its side, to the right and down; the chart keeps moving with the market, the drawing with the chart.
  await page.mouse.move(...(await at(page, 0.3, 0.2)));
  await page.mouse.down();
  await page.mouse.move(...(await at(page, 0.4, 0.3)), { steps: 4 });
  await page.mouse.up();
  const moved = (await drawings(page, kBusy))[1]!;
  expect(moved.kind).toBe('rectangle');

  await chart(page).getByRole('button', { name: 'Undo drawing' }).click();
  await chart(page).getByRole('button', { name: 'Undo drawing' }).click();
  expect(await drawings(page, kBusy)).toEqual([line]);
  await drawBetween(page, 'Ray', [0.5, 0.6], [0.7, 0.5]);
  await chart(page).getByRole('application').focus();
  await page.keyboard.press('Delete');
  expect(await drawings(page, kBusy)).toEqual([line]);
  await page.keyboard.press('Escape');
  await chart(page).getByRole('button', { name: 'Delete all drawings' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete all drawings' }).click();
  expect(await drawings(page, kBusy)).toEqual([]);
});

test('another symbol is compared, styles and scales change, and both files can be saved', async ({ page, site }) => {
  await openChart(page, site);
  await chart(page).getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('dialog', { name: 'Compare' }).getByRole('checkbox', { name: 'binance_spot:ETHUSDT' }).check();
  await page.keyboard.press('Escape');
  await expect(chart(page).locator('.chart-legend')).toContainText('binance_spot:ETHUSDT');
  await expect(chart(page).getByRole('combobox', { name: 'Scale' })).toBeDisabled();
  await chart(page).getByRole('button', { name: 'Stop comparing with binance_spot:ETHUSDT' }).click();
  for (const style of ['bars', 'line', 'area', 'candles']) await chart(page).getByRole('combobox', { name: 'Style' }).selectOption(style);
  for (const scale of ['logarithmic', 'percent', 'linear']) await chart(page).getByRole('combobox', { name: 'Scale' }).selectOption(scale);
  for (const clock of ['local', 'utc']) await chart(page).getByRole('combobox', { name: 'Time', exact: true }).selectOption(clock);
  await expect(chart(page).locator('canvas').first()).toBeVisible();

  const picture = page.waitForEvent('download');
  await chart(page).getByRole('button', { name: 'Save as picture' }).click();
  expect((await picture).suggestedFilename()).toBe('binance_spot-BTCUSDT-1s.png');
  const csv = page.waitForEvent('download');
  await chart(page).getByRole('link', { name: 'Save bars as CSV' }).click();
  expect((await csv).suggestedFilename()).toContain('.csv');
});

test('on a phone what does not fit is in a menu, and nothing is cut off sideways', async ({ page, site }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${site}/trade/SOL-PERP`);
  await page.getByRole('button', { name: 'Market', exact: true }).click();
  await expect(chart(page)).toBeVisible();
  await chart(page).getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitemradio', { name: 'Logarithmic scale' }).click();
  await chart(page).getByRole('button', { name: 'More' }).click();
  await expect(page.getByRole('menuitemradio', { name: 'Logarithmic scale' })).toHaveAttribute('aria-checked', 'true');
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('after the server is gone and back no bar is missing and none is there twice', async ({ page, own, site }) => {
  await openChart(page, site);
  await expect.poll(async () => (await barsOf(own, kBusy, '1s')).length).toBeGreaterThan(5);
  await own.kill();
  await expect(page.getByText('The connection to the server is lost')).toBeVisible();
  await own.run();
  await expect(page.locator('.connection')).toContainText('Connected', { timeout: 30_000 });
  const came = (await barsOf(own, kBusy, '1s')).at(-1)!.start;
  await expect.poll(async () => (await barsOf(own, kBusy, '1s')).at(-1)!.start).toBeGreaterThan(came + 3000);
  await chart(page).getByRole('button', { name: 'Table' }).click();
  const times = (await page.getByRole('dialog', { name: 'Bars shown' }).getByRole('row').allInnerTexts()).slice(1).filter((text) => !text.includes('no trades')).map((text) => text.split('\t')[0]!.trim().slice(-8));
  expect(new Set(times).size).toBe(times.length);
  const known = (await barsOf(own, kBusy, '1s')).map((bar) => new Date(bar.start).toISOString().slice(11, 19));
  const oldest = known.indexOf(times.at(-1)!);
  const newest = known.indexOf(times[1]!);
  expect(known.slice(oldest, newest + 1).filter((time) => !times.includes(time))).toEqual([]);
});

/** A call with the session of the page. */
function call(page: Page, method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  return page.evaluate(
    async ([verb, where, json]) => {
      const csrf = /(?:^|; )__Host-astro_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? '';
      const answer = await fetch(`/api/v1/exchange${where}`, { method: verb, headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: json });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    [method, path, body === undefined ? undefined : JSON.stringify(body)] as const,
  );
}

/** Signed in, with an account that holds play money. */
async function newTrader(page: Page, own: Astrolabe, site: string, email: string): Promise<(order: object) => Promise<void>> {
  await register(page, own, site, email);
  await signIn(page, email);
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  expect((await call(page, 'POST', '/accounts', {})).status).toBe(201);
  expect((await call(page, 'POST', '/faucet', { asset: 'USDC', amount: '5000' })).status).toBeLessThan(300);
  return async (order) => {
    const placed = await call(page, 'POST', '/orders', { market: 'SOL-PERP', ...order });
    expect(placed.status, JSON.stringify(placed.body)).toBe(201);
  };
}

test('a resting order is dragged to another price, refused in words where it may not go, and cancelled', async ({ page, own, site, browser }) => {
  const place = await newTrader(page, own, site, 'ada@example.org');
  const other = await browser.newPage();
  const meet = await newTrader(other, own, site, 'bob@example.org');
  const { tickers } = await own.get<{ tickers: { market: string; mark: string }[] }>('/api/v1/exchange/tickers');
  const mark = Number(tickers.find((ticker) => ticker.market === 'SOL-PERP')!.mark);
  const low = (mark * 0.995).toFixed(2);
  await place({ side: 'buy', price: low, size: '1' });
  const order = async () => ((await call(page, 'GET', '/orders?market=SOL-PERP')).body as { orders: { order_id: string; price: string }[] }).orders[0];
  expect(Number((await order())!.price)).toBe(Number(low));

  // Without a trade there is no bar, and so no axis.
  await openChart(page, site, 'SOL-PERP', '1m');
  await expect(chart(page).getByText('No trades yet')).toBeVisible();
  await meet({ side: 'sell', price: mark.toFixed(2), size: '1' });
  await place({ side: 'buy', price: mark.toFixed(2), size: '1' });

  const tag = chart(page).getByRole('button', { name: /^Buy 1 at .*Drag/ });
  await expect(tag).toBeVisible();
  const box = (await tag.boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 20, box.y + box.height / 2 + 30, { steps: 5 });
  await page.mouse.up();
  const question = page.getByRole('dialog', { name: 'Change the price' });
  await expect(question).toContainText('At a new price it stands at the end of the queue');
  await question.getByRole('checkbox').check();
  await question.getByRole('button', { name: /^Move to/ }).click();
  await expect.poll(async () => Number((await order())!.price)).toBeLessThan(Number(low));

  // By keyboard, without being asked again; then to a price that the market's band does not allow.
  const dragged = Number((await order())!.price);
  await tag.focus();
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Enter');
  await expect.poll(async () => Number((await order())!.price)).toBeCloseTo(dragged + 0.1, 6);
  await tag.focus();
  const { markets } = await own.get<{ markets: { symbol: string; price_band_bps: number }[] }>('/api/v1/exchange/markets');
  const band = markets.find((market) => market.symbol === 'SOL-PERP')!.price_band_bps;
  const beyond = mark * (1 + (1.2 * band) / 10_000);
  for (let at = dragged + 0.1; at <= beyond; at += 0.1) await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Buy 1 stays where it was: \w/)).toBeVisible();
  expect(Number((await order())!.price)).toBeCloseTo(dragged + 0.1, 6);
  await expect(tag).toContainText((dragged + 0.1).toFixed(2));
  await chart(page).getByRole('button', { name: /^Cancel Buy 1/ }).click();
  await expect(page.getByText('Buy 1 is cancelled.')).toBeVisible();
  await expect(tag).toHaveCount(0);
  expect(await order()).toBeUndefined();

  // The position from the trade stands at its entry.
  await expect(chart(page).getByRole('img', { name: /^Long 1 entered at/ })).toBeVisible();
  await other.close();
});

for (const theme of ['dark', 'light'] as const) {
  test(`no serious accessibility finding on the chart, ${theme}`, async ({ page, site }) => {
    await page.addInitScript((t) => localStorage.setItem('astrolabe.settings', JSON.stringify({ state: { theme: t }, version: 0 })), theme);
    await openChart(page, site);
    await expect(chart(page).locator('.chart-over')).toHaveCount(0);
    expect(await accessibilityProblems(page, 'serious', '.chart')).toEqual([]);
    for (const name of ['Indicators', 'Compare', 'Table']) {
      await chart(page).getByRole('button', { name, exact: true }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await accessibilityProblems(page, 'serious', '.chart'), name).toEqual([]);
      await page.keyboard.press('Escape');
    }
  });
}
