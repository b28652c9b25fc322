import type { Page } from '@playwright/test';
import { accessibilityProblems } from './axe';
import { expect, register, signIn, test } from './people';

const widget = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

async function make(page: Page, template: string, name: string): Promise<void> {
  await page.getByLabel('Begin with').selectOption(template);
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Make it' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

async function look(page: Page, name: string): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await page.evaluate((t) => document.documentElement.setAttribute('data-theme', t), theme);
    expect(await accessibilityProblems(page), `${name}, ${theme}`).toEqual([]);
    for (const size of [wide, phone]) {
      await page.setViewportSize(size);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      await page.screenshot({ path: `../build/e2e/${name}-${size.width}-${theme}.png` });
    }
    await page.setViewportSize(wide);
  }
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
}

test('boards from templates show what the server has', async ({ page, site }) => {
  test.setTimeout(240_000);
  await page.goto(`${site}/dashboards`);
  await expect(page.getByText('No dashboards yet')).toBeVisible();
  await look(page, 'dashboards');
  await make(page, 'mev', 'Slots');
  await expect(widget(page, 'Newest slot').locator('.board-number')).toContainText(/\d{2},\d{3}/);
  await expect(widget(page, 'Profit by kind').locator('.board-bar').first()).toBeVisible({ timeout: 60_000 });
  await expect(widget(page, 'Findings').getByRole('row').nth(2)).toBeVisible();
  await expect(widget(page, 'Findings by kind and minute').locator('.board-heat-cell').first()).toBeVisible();
  await expect(widget(page, 'What decoding met').getByRole('row', { name: /^transactions [\d,]+/ })).toBeVisible();
  await look(page, 'board-mev');
  await page.getByRole('link', { name: 'Dashboards' }).click();
  await make(page, 'market', 'Prices');
  await expect(widget(page, 'SOL index').locator('.board-number')).toContainText(/\d/);
  await expect(widget(page, 'Tickers').getByRole('row', { name: /SOL-PERP/ }).first()).toBeVisible();
  await look(page, 'board-market');
  await page.getByRole('link', { name: 'Dashboards' }).click();
  await make(page, 'venue', 'Desk');
  await expect(widget(page, 'Markets now').getByRole('row', { name: /^SOL-PERP/ })).toBeVisible();
  await look(page, 'board-venue');
  // Kept in this browser: they are there again.
  await page.reload();
  await expect(widget(page, 'Open interest')).toBeVisible();
});

const dialog = (page: Page) => page.getByRole('dialog');
const fill = async (page: Page, title: string) => dialog(page).getByLabel('Title').fill(title);

/** Finds a source by typing, as one without a mouse does. */
async function pickByKeyboard(page: Page, words: string, name: RegExp): Promise<void> {
  await expect(page.getByRole('searchbox', { name: 'Search streams and routes' })).toBeFocused();
  await page.keyboard.type(words);
  await expect(dialog(page).getByRole('button', { name })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByLabel('Title')).toBeVisible();
}

test('a board is put together by keyboard and mouse, kept by the server, and shared by a link', async ({ page, own, site, browser }) => {
  test.setTimeout(300_000);
  await register(page, own, site);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Dashboards' }).focus();
  await page.keyboard.press('Enter');
  await make(page, 'empty', 'My desk');

  // A number from a route, all by keyboard.
  await page.getByRole('main').getByRole('button', { name: 'Add widget' }).first().focus();
  await page.keyboard.press('Enter');
  await pickByKeyboard(page, 'exchange/stats', /exchange\/stats/);
  await fill(page, 'Resting orders');
  await expect(page.getByRole('region', { name: 'Preview' }).locator('.board-number')).toBeVisible();
  await dialog(page).getByLabel('Value', { exact: true }).selectOption('resting_orders');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.screenshot({ path: '../build/e2e/board-editor-1440.png' });
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  await page.getByRole('main').getByRole('button', { name: 'Add widget' }).first().click();
  await pickByKeyboard(page, 'exchange/stats', /exchange\/stats/);
  await fill(page, 'Resting orders');
  await dialog(page).getByLabel('Value', { exact: true }).selectOption('resting_orders');
  await dialog(page).getByRole('button', { name: 'Add to the board' }).click();
  await expect(widget(page, 'Resting orders').locator('.board-number')).toContainText('0');

  // A stream as a table of one row a market.
  await page.getByRole('button', { name: 'Add widget' }).click();
  await pickByKeyboard(page, 'exchange.price', /exchange\.price/);
  await fill(page, 'Prices');
  await dialog(page).getByLabel('One row for each').selectOption('market');
  await dialog(page).getByRole('button', { name: 'Add to the board' }).click();
  await expect(widget(page, 'Prices').getByRole('row', { name: /^SOL-PERP/ })).toBeVisible();

  // A source that there is no more says so in words.
  await page.getByRole('button', { name: 'Add widget' }).click();
  await pickByKeyboard(page, 'market/candles Candles', /\/api\/v1\/market\/candles /);
  await fill(page, 'Gone');
  const symbol = dialog(page).getByLabel(/^symbol/);
  await symbol.fill('nobody:NOTHING');
  await symbol.press('Enter');
  await expect(page.getByRole('region', { name: 'Preview' })).toContainText("there is no series 'nobody:NOTHING'");
  await dialog(page).getByRole('button', { name: 'Add to the board' }).click();
  await expect(widget(page, 'Gone')).toContainText('there is no series');

  // Moved by arrows, made larger by Shift, dragged by the mouse, brought back by undo.
  const handle = widget(page, 'Resting orders').getByRole('button', { name: /^Move Resting orders/ });
  await handle.focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByText(/Resting orders: column 1, row 1, 4 wide/)).toBeAttached();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText(/Resting orders: column 2/)).toBeAttached();
  await expect(handle).toBeFocused();
  const before = (await widget(page, 'Gone').boundingBox())!;
  await page.mouse.move(before.x + 60, before.y + 12);
  await page.mouse.down();
  await page.mouse.move(before.x + 60, 120, { steps: 8 });
  await page.mouse.up();
  await expect.poll(async () => (await widget(page, 'Gone').boundingBox())!.y).toBeLessThan(before.y);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => Math.round((await widget(page, 'Gone').boundingBox())!.y)).toBe(Math.round(before.y));
  const corner = (await widget(page, 'Prices').boundingBox())!;
  await page.mouse.move(corner.x + corner.width - 5, corner.y + corner.height - 5);
  await page.mouse.down();
  await page.mouse.move(corner.x + corner.width + 90, corner.y + corner.height - 5, { steps: 6 });
  await page.mouse.up();
  await expect.poll(async () => (await widget(page, 'Prices').boundingBox())!.width).toBeGreaterThan(corner.width);
  await widget(page, 'Gone').getByRole('button', { name: 'Remove Gone' }).click();
  await expect(widget(page, 'Gone')).toHaveCount(0);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();

  // Shared: who has the link sees it and cannot change it.
  await page.getByRole('button', { name: 'Share' }).click();
  await dialog(page).getByRole('button', { name: 'Make a link' }).click();
  const link = await dialog(page).getByLabel('Link').inputValue();
  expect(link).toContain('/shared-dashboard#');
  expect(await accessibilityProblems(page)).toEqual([]);
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(link);
  await expect(stranger.getByText('Read-only')).toBeVisible();
  await expect(widget(stranger, 'Prices').getByRole('row', { name: /^SOL-PERP/ })).toBeVisible();
  await expect(stranger.getByRole('button', { name: 'Edit' })).toHaveCount(0);
  expect(await accessibilityProblems(stranger)).toEqual([]);
  await stranger.screenshot({ path: '../build/e2e/board-shared.png' });
  await dialog(page).getByRole('button', { name: 'End the link' }).click();
  await expect(page.getByText('The link has ended.')).toBeVisible();
  await stranger.reload();
  await expect(stranger.getByText('The link has ended, or was never one')).toBeVisible();
  await page.keyboard.press('Escape');

  // The server has it: another browser of the same person shows it; two that change it are told.
  const second = await (await browser.newContext()).newPage();
  await second.goto(`${site}/sign-in`);
  await signIn(second);
  await expect(second.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await second.goto(`${site}/dashboards`);
  await second.getByRole('link', { name: 'My desk' }).click();
  await expect(widget(second, 'Resting orders')).toBeVisible();
  await second.getByRole('button', { name: 'Edit' }).click();
  await widget(second, 'Prices').getByRole('button', { name: 'Remove Prices' }).click();
  await expect(second.getByText('Saved', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('button', { name: /^Move Resting orders/ }).press('ArrowLeft');
  await expect(page.getByText('was changed in another browser or tab too')).toBeVisible();
  await page.getByRole('button', { name: 'Take the other' }).click();
  await expect(widget(page, 'Prices')).toHaveCount(0);
});

test('a widget that loses its source says what is old, and goes on when it is back', async ({ page, own, site }) => {
  test.setTimeout(240_000);
  await page.goto(`${site}/dashboards`);
  await make(page, 'venue', 'Desk');
  await expect(widget(page, 'Open interest').locator('.board-number')).toContainText(/\d/);
  await expect(widget(page, 'Markets now').getByRole('row', { name: /^SOL-PERP/ })).toBeVisible();
  await own.kill();
  await expect(widget(page, 'Open interest').getByText(/Stale \d+ s/)).toBeVisible();
  await expect(widget(page, 'Open interest').locator('.board-number')).toContainText(/\d/);
  await expect(widget(page, 'Markets now').getByText('Not connected')).toBeVisible();
  await own.run();
  await expect(widget(page, 'Open interest').getByText(/Stale/)).toHaveCount(0, { timeout: 60_000 });
  await expect(widget(page, 'Markets now').getByText('Not connected')).toHaveCount(0, { timeout: 60_000 });
});
