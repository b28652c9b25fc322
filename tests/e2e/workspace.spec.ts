import { readFileSync } from 'node:fs';
import type { BrowserContext, Locator } from '@playwright/test';
import { expect, test, type Page } from './astrolabe';
import { accessibilityProblems } from './axe';

// Several windows, reloads and a recorded trace: more than the usual time on a busy machine.
test.describe.configure({ timeout: 150_000 });

const panel = (page: Page, title: string): Locator => page.getByRole('region', { name: title, exact: true });
const layoutButton = (page: Page): Locator => page.getByRole('button', { name: /^Layout: / });
const palette = (page: Page): Locator => page.getByRole('combobox', { name: /Page, action/ });

async function openWorkspace(page: Page): Promise<void> {
  await page.goto('/trade');
  await expect(page.locator('.book')).toBeVisible();
}

async function runCommand(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await palette(page).fill(words);
  await page.keyboard.press('Enter');
}

/** Where the panel stands, in pixels. */
async function boxOf(page: Page, title: string): Promise<{ x: number; y: number; width: number; height: number }> {
  await expect(panel(page, title)).toBeVisible();
  return (await panel(page, title).boundingBox())!;
}

/** A layout of three panels: the book left, trades right above, liquidations right below. */
const small = {
  format: 'astrolabe-layout',
  name: 'Small',
  layout: {
    version: 1,
    panels: Object.fromEntries(['book', 'trades', 'liquidations'].map((kind) => [kind, { kind, link: kind === 'liquidations' ? 'amber' : 'blue', symbol: null, settings: {} }])),
    links: { blue: 'SOL-PERP', amber: 'BTC-PERP' },
    root: {
      size: 1, split: 'row',
      parts: [
        { size: 1, tabs: ['book'], active: 'book' },
        { size: 1, split: 'column', parts: [{ size: 1, tabs: ['trades'], active: 'trades' }, { size: 1, tabs: ['liquidations'], active: 'liquidations' }] },
      ],
    },
    windows: [],
  },
};

async function importLayout(page: Page, file: unknown, name = 'small.json'): Promise<void> {
  const buffer = Buffer.from(typeof file === 'string' ? file : JSON.stringify(file));
  await page.getByLabel('Import a file').setInputFiles({ name, mimeType: 'application/json', buffer });
}

async function openSmall(page: Page): Promise<void> {
  await openWorkspace(page);
  await importLayout(page, small);
  await expect(layoutButton(page)).toHaveText(/Small/);
  await expect(page.locator('.workspace-panel')).toHaveCount(3);
}

async function tearOff(page: Page, context: BrowserContext, title: string): Promise<Page> {
  const [away] = await Promise.all([context.waitForEvent('page'), page.getByRole('button', { name: new RegExp(`^${title}.*into its own window`) }).click()]);
  return away;
}

test('the workspace opens with the book of the first market and says what its prices are', async ({ page, server }) => {
  const { tickers } = await server.get<{ tickers: { market: string }[] }>('/api/v1/exchange/tickers');
  await openWorkspace(page);
  await expect(layoutButton(page)).toHaveText(/Trade/);
  await expect(page.getByRole('button', { name: `Order book: market ${tickers[0]!.market}` })).toBeVisible();
  await expect(page.locator('.group-tools .badge').first()).toBeAttached();
  await expect(page.locator('.group-tools')).toContainText([/Sim/]);
});

test('a panel is dragged by the mouse to another place, and stays there after a reload', async ({ page }) => {
  await openSmall(page);
  const before = await boxOf(page, 'Trades');
  const book = await boxOf(page, 'Order book');
  expect(before.x).toBeGreaterThan(book.x + book.width - 5);
  const tab = (await page.locator('.panel-tab-title', { hasText: 'Trades' }).boundingBox())!;
  await page.mouse.move(tab.x + 5, tab.y + 5);
  await page.mouse.down();
  await page.mouse.move(book.x + 60, book.y + book.height / 2, { steps: 8 });
  await page.mouse.move(book.x + 20, book.y + book.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await boxOf(page, 'Trades')).x).toBeLessThan((await boxOf(page, 'Order book')).x);
  const moved = await boxOf(page, 'Trades');
  await page.reload();
  await expect(layoutButton(page)).toHaveText(/Small/);
  const again = await boxOf(page, 'Trades');
  expect(Math.abs(again.x - moved.x) + Math.abs(again.width - moved.width)).toBeLessThan(20);
});

test('by keyboard alone: between panels, moving, maximising, closing, adding', async ({ page }) => {
  await openSmall(page);
  await page.keyboard.press('F6');
  await page.keyboard.press('Control+Alt+ArrowLeft');
  await expect(panel(page, 'Order book')).toBeFocused();
  await page.keyboard.press('Control+Alt+ArrowRight');
  await expect(page.locator('.workspace-panel:focus')).toHaveCount(1);
  await expect(panel(page, 'Order book')).not.toBeFocused();
  await runCommand(page, 'go to panel trades');
  await expect(panel(page, 'Trades')).toBeFocused();
  await page.keyboard.press('Control+Alt+ArrowDown');
  await expect(panel(page, 'Liquidations')).toBeFocused();
  // Into the book's place, as a tab of it.
  await page.keyboard.press('Control+Alt+Shift+ArrowLeft');
  await expect(panel(page, 'Liquidations')).toBeFocused();
  expect((await boxOf(page, 'Liquidations')).x).toBeLessThan((await boxOf(page, 'Trades')).x);
  await page.keyboard.press('Control+Alt+PageUp');
  await expect(panel(page, 'Order book')).toBeFocused();
  const narrow = (await boxOf(page, 'Order book')).width;
  await page.keyboard.press('Control+Alt+m');
  await expect.poll(async () => (await boxOf(page, 'Order book')).width).toBeGreaterThan(narrow * 1.5);
  await page.keyboard.press('Control+Alt+m');
  await expect.poll(async () => (await boxOf(page, 'Order book')).width).toBe(narrow);
  await page.keyboard.press('Control+Alt+w');
  await expect(panel(page, 'Order book')).toHaveCount(0);
  await page.keyboard.press('Control+Alt+a');
  await expect(palette(page)).toHaveValue('Add panel ');
  await page.keyboard.type('watch');
  await page.keyboard.press('Enter');
  await expect(panel(page, 'Watchlist')).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('To the panel in that direction');
});

test('panels of one colour follow the same market, others do not', async ({ page }) => {
  await openSmall(page);
  await page.getByRole('button', { name: 'Order book: market SOL-PERP' }).click();
  await page.getByRole('menuitemradio', { name: 'ETH-PERP' }).click();
  await expect(page.getByRole('button', { name: 'Trades: market ETH-PERP' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Liquidations: market BTC-PERP' })).toBeVisible();
  await expect(page.locator('.book')).toContainText('Size, ETH');
  // A panel that leaves its group keeps its market.
  await page.getByRole('button', { name: 'Trades: colour group Blue' }).click();
  await page.getByRole('menuitemradio', { name: /None/ }).click();
  await page.getByRole('button', { name: 'Order book: market ETH-PERP' }).click();
  await page.getByRole('menuitemradio', { name: 'SOL-PERP' }).click();
  await expect(page.getByRole('button', { name: 'Trades: market ETH-PERP' })).toBeVisible();
});

test('the watchlist is sorted and chosen from by keyboard', async ({ page }) => {
  await openSmall(page);
  await runCommand(page, 'add panel watchlist');
  const list = page.getByRole('table', { name: 'Watchlist' });
  await list.getByRole('button', { name: 'Market' }).click();
  await expect(list.getByRole('columnheader', { name: /Market/ })).toHaveAttribute('aria-sort', 'ascending');
  const rows = list.locator('tbody [data-row]');
  await rows.first().focus();
  await page.keyboard.press('ArrowDown');
  const second = (await rows.nth(1).textContent())!;
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: `Watchlist: market ${second}` })).toBeVisible();
});

test('a torn-off panel follows the same market over the same connection, hears the same keys, and comes back', async ({ page, context }) => {
  let sockets = 0;
  context.on('page', (each) => each.on('websocket', () => sockets++));
  page.on('websocket', () => sockets++);
  await openSmall(page);
  const away = await tearOff(page, context, 'Order book');
  await expect(away.locator('.book')).toContainText('Size, SOL');
  await expect(page.locator('.book')).toHaveCount(0);
  await expect(away.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Trades: market SOL-PERP' }).click();
  await page.getByRole('menuitemradio', { name: 'BTC-PERP' }).click();
  await expect(away.locator('.book')).toContainText('Size, BTC');
  await expect(away).toHaveTitle(/Order book BTC-PERP/);
  // Its own palette, in its own window; what is chosen there is chosen everywhere.
  await away.bringToFront();
  await away.locator('.workspace-panel').focus();
  await runCommand(away, 'market ETH');
  await expect(page.getByRole('combobox')).toHaveCount(0);
  await expect(away.locator('.book')).toContainText('Size, ETH');
  await expect(page.getByRole('button', { name: 'Trades: market ETH-PERP' })).toBeVisible();
  await away.keyboard.press('t');
  await expect(away.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  expect(await accessibilityProblems(away)).toEqual([]);
  expect(sockets).toBe(1);
  await away.close();
  await expect(page.locator('.book')).toContainText('Size, ETH');
});

test('windows stay while the page shows something else', async ({ page, context }) => {
  await openSmall(page);
  const away = await tearOff(page, context, 'Order book');
  await expect(away.locator('.book')).toBeVisible();
  await away.bringToFront();
  await away.locator('.workspace-panel').focus();
  await away.keyboard.press('g');
  await away.keyboard.press('s');
  await expect(page).toHaveURL(/\/status$/);
  await expect(panel(page, 'Trades')).toHaveCount(0);
  await runCommand(away, 'market BTC');
  await expect(away.locator('.book')).toContainText('Size, BTC');
  await page.bringToFront();
  await page.getByRole('link', { name: 'Trade', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Trades: market BTC-PERP' })).toBeVisible();
  await page.getByRole('link', { name: 'System' }).click();
  await away.close();
  await expect(page.locator('.workspace-panel')).toHaveCount(0);
  await page.getByRole('link', { name: 'Trade', exact: true }).click();
  await expect(page.locator('.book')).toContainText('Size, BTC');
});

test('windows of a layout are offered again after a reload', async ({ page, context }) => {
  await openSmall(page);
  const away = await tearOff(page, context, 'Order book');
  await expect(away.locator('.book')).toBeVisible();
  await page.reload();
  await expect(page.locator('.book')).toBeVisible();
  const [again] = await Promise.all([context.waitForEvent('page'), page.getByRole('button', { name: 'Open 1 window' }).click()]);
  await expect(again.locator('.book')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Open \d window/ })).toHaveCount(0);
});

test('layouts are named, copied, reset and deleted', async ({ page }) => {
  await openSmall(page);
  const act = async (name: string | RegExp) => {
    await layoutButton(page).click();
    await page.getByRole('menu').getByText(name, { exact: typeof name === 'string' }).click();
  };
  await act('Rename');
  await page.getByRole('dialog').getByLabel('Name').fill('Trade');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('dialog')).toContainText('there is a layout “Trade” already');
  await page.getByRole('dialog').getByLabel('Name').fill('Night desk');
  await page.keyboard.press('Enter');
  await expect(layoutButton(page)).toHaveText(/Night desk/);
  await act('Duplicate');
  await page.keyboard.press('Enter');
  await expect(layoutButton(page)).toHaveText(/Night desk 2/);
  await act('Reset to “Monitor”');
  await page.getByRole('button', { name: 'Reset to “Monitor”' }).click();
  await expect(panel(page, 'Order book')).toHaveCount(3);
  for (const [group, symbol] of [['Blue', 'SOL'], ['Amber', 'BTC'], ['Violet', 'ETH']]) {
    await expect(page.getByRole('button', { name: `Order book: colour group ${group}` })).toBeVisible();
    await expect(page.getByRole('button', { name: `Order book: market ${symbol}-PERP` })).toBeVisible();
  }
  await act('Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await layoutButton(page).click();
  await expect(page.getByRole('menu')).not.toContainText('Night desk 2');
  await page.getByRole('menuitemradio', { name: 'Night desk' }).click();
  await expect(page.locator('.workspace-panel')).toHaveCount(3);
});

test('a layout goes out as a file and comes in again; a broken file is refused with the reason', async ({ page }) => {
  await openSmall(page);
  await layoutButton(page).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export as file' }).click()]);
  const text = readFileSync(await download.path(), 'utf8');
  await importLayout(page, text);
  await expect(layoutButton(page)).toHaveText(/Small 2/);
  await expect(page.locator('.workspace-panel')).toHaveCount(3);
  const toasts = page.getByRole('region', { name: 'Notices' });
  await importLayout(page, '{"format":', 'half.json');
  await expect(toasts).toContainText('half.json was not imported. file: is no JSON');
  const wrong = structuredClone(small) as { layout: { panels: Record<string, { kind: string }> } };
  wrong.layout.panels.book!.kind = 'casino';
  await importLayout(page, wrong, 'casino.json');
  await expect(toasts).toContainText('casino.json was not imported. layout.panels.book.kind: “casino” is none of');
  await expect(layoutButton(page)).toHaveText(/Small 2/);
});

test('two tabs that change one layout: the choice is shown, and both can be kept', async ({ page, context }) => {
  await openSmall(page);
  const other = await context.newPage();
  await other.goto('/trade');
  await expect(layoutButton(other)).toHaveText(/Small/);
  await expect(other.locator('.book')).toBeVisible();
  await other.getByRole('button', { name: 'Order book: market SOL-PERP' }).click();
  await other.getByRole('menuitemradio', { name: 'XLM-PERP' }).click();
  await expect(page.getByText('“Small” was changed in another tab.')).toBeVisible();
  await page.getByRole('button', { name: 'Keep both' }).click();
  await expect(page.getByRole('button', { name: 'Order book: market XLM-PERP' })).toBeVisible();
  await layoutButton(page).click();
  await page.getByRole('menuitemradio', { name: 'Small 2' }).click();
  await expect(page.getByRole('button', { name: 'Order book: market SOL-PERP' })).toBeVisible();
});

test('a price alert is told once', async ({ page, server }) => {
  const { tickers } = await server.get<{ tickers: { market: string; mark: string }[] }>('/api/v1/exchange/tickers');
  await openSmall(page);
  await runCommand(page, 'add panel alerts');
  const mark = Number(tickers.find(({ market }) => market === 'SOL-PERP')!.mark);
  await page.getByRole('textbox', { name: 'SOL-PERP mark at' }).fill('nonsense');
  await page.getByRole('button', { name: 'Add alert' }).click();
  await expect(panel(page, 'Alerts').getByRole('alert')).toContainText('Not a price to wait for');
  await page.getByRole('textbox', { name: 'SOL-PERP mark at' }).fill((mark * 2).toFixed(2));
  await page.getByRole('button', { name: 'Add alert' }).click();
  await expect(panel(page, 'Alerts').getByRole('listitem')).toContainText(['at or above']);
  await page.reload();
  await expect(panel(page, 'Alerts').getByRole('listitem')).toContainText(['waiting']);
});

test('colours for the colour-blind are one setting away', async ({ page }) => {
  await openWorkspace(page);
  await page.keyboard.press(',');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('button', { name: 'Blue, orange' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-palette', 'colour-blind');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

for (const theme of ['dark', 'light'] as const) {
  test(`no serious accessibility finding in the workspace, ${theme}`, async ({ page }) => {
    await page.addInitScript((t) => localStorage.setItem('astrolabe.settings', JSON.stringify({ state: { theme: t }, version: 0 })), theme);
    await openSmall(page);
    for (const kind of ['depth', 'watchlist', 'market', 'alerts']) await runCommand(page, `add panel ${kind}`);
    await expect(page.locator('.skeleton')).toHaveCount(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    await layoutButton(page).click();
    expect(await accessibilityProblems(page)).toEqual([]);
  });
}

test('phone: one panel at a time, trade and positions, market and alerts at the bottom', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/trade');
  const bar = page.getByRole('navigation', { name: 'Parts of the workspace' });
  const box = (await bar.boundingBox())!;
  expect(Math.round(box.y + box.height)).toBe(844);
  await bar.getByRole('button', { name: 'Market' }).click();
  await page.getByRole('tab', { name: 'Watchlist' }).click();
  await page.getByRole('button', { name: 'Show BTC-PERP' }).click();
  await bar.getByRole('button', { name: 'Trade', exact: true }).click();
  await page.getByRole('tab', { name: 'Order book' }).click();
  await expect(page.locator('.book')).toContainText('Size, BTC');
  await bar.getByRole('button', { name: 'Alerts' }).click();
  await expect(page.getByRole('textbox', { name: 'BTC-PERP mark at' })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await expect(page.locator('.skeleton')).toHaveCount(0);
  expect(await accessibilityProblems(page)).toEqual([]);
  await bar.getByRole('button', { name: 'Menu' }).click();
  await expect(palette(page)).toBeFocused();
});

test('the workspace from cold stays within the budget of JavaScript', async ({ page }) => {
  let bytes = 0;
  const sizes: Promise<void>[] = [];
  page.on('requestfinished', (request) => {
    if (request.url().endsWith('.js')) sizes.push(request.sizes().then(({ responseBodySize }) => void (bytes += responseBodySize)));
  });
  await openWorkspace(page);
  await Promise.all(sizes);
  expect(bytes).toBeLessThan(350 * 1024);
});
