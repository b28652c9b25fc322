import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { accessibilityProblems } from './axe';
import { ask, giveRoles, kEmail, expect, register, signIn, signUpAdmin, test } from './people';

const kAdmin = 'root@example.org';
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

async function openAccount(page: Page): Promise<void> {
  expect((await ask(page, 'POST', '/exchange/accounts', {})).status).toBe(201);
  expect((await ask(page, 'POST', '/exchange/faucet', { asset: 'USDC', amount: '10000' })).status).toBe(201);
}

/** At the index, or the nearest price that an order may have. */
async function sell(page: Page): Promise<void> {
  const { tickers } = await page.evaluate(async () => (await (await fetch('/api/v1/exchange/tickers')).json()) as { tickers: { market: string; index: string }[] });
  const order = { market: 'SOL-PERP', side: 'sell', size: '20', price: tickers.find(({ market }) => market === 'SOL-PERP')!.index };
  let placed = await ask(page, 'POST', '/exchange/orders', order);
  if (placed.body.code === 'price_not_tick') placed = await ask(page, 'POST', '/exchange/orders', { ...order, price: placed.body.needed });
  expect(placed.status, JSON.stringify(placed.body)).toBe(201);
}

async function buy(page: Page): Promise<void> {
  const placed = await ask(page, 'POST', '/exchange/orders', { market: 'SOL-PERP', side: 'buy', size: '20', client_id: 'grid-1' });
  expect(placed.status, JSON.stringify(placed.body)).toBe(201);
}

test('a trader sees what he earned, what he stands to lose, and takes a report away', async ({ page, own, site, browser }) => {
  test.setTimeout(180_000);
  const other = await browser.newPage();
  await register(other, own, site, 'bob@example.org');
  await signIn(other, 'bob@example.org');
  await expect(other.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await openAccount(other);
  await sell(other);
  await page.goto(`${site}/portfolio`);
  await expect(page.getByText('Your portfolio stands here once you have signed in')).toBeVisible();
  await register(page, own, site);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await page.goto(`${site}/portfolio`);
  await expect(page.getByText('No account at the exchange yet')).toBeVisible();
  await openAccount(page);
  await buy(page);
  await page.reload();
  await expect(panel(page, 'Exposure').getByRole('row', { name: /^SOL 20/ })).toBeVisible();
  await expect(panel(page, 'Value at risk').getByRole('row')).toHaveCount(7);
  await expect(panel(page, 'At other prices').getByRole('row', { name: /Crash of 2018-02-06/ })).toBeVisible();

  const form = panel(page, 'Scenario');
  await form.getByLabel('Change, %').fill('-100');
  await expect(form.getByText('A percentage above −100, at most 1,000.')).toBeVisible();
  await form.getByLabel('Change, %').fill('-50');
  await form.getByRole('button', { name: 'Apply the scenario' }).click();
  await expect(form.getByRole('row', { name: /^Now/ })).toContainText('Stands');
  await expect(form.getByRole('row', { name: /^Then/ })).toBeVisible();

  const coming = page.waitForEvent('download');
  await panel(page, 'Profit and loss').getByRole('link', { name: 'All numbers as CSV' }).click();
  expect((await coming).suggestedFilename()).toMatch(/^astrolabe-account-\d+\.csv$/);
  const written = page.waitForEvent('download');
  await panel(page, 'Profit and loss').getByRole('link', { name: 'Report as PDF' }).click();
  const path = await (await written).path();
  expect(readFileSync(path).subarray(0, 5).toString()).toBe('%PDF-');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.screenshot({ path: '../build/e2e/portfolio-1440.png' });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.screenshot({ path: '../build/e2e/portfolio-390.png' });
});

test('operators watch the risk of the venue, and two of them stop a market', async ({ page, own, site, browser }) => {
  test.setTimeout(180_000);
  const other = await browser.newPage();
  await register(other, own, site);
  await signUpAdmin(page, own, kAdmin);
  await giveRoles(page, kEmail, ['trader', 'operator']);
  await signIn(other);
  await expect(other.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();

  await page.goto(`${site}/admin/risk`);
  await expect(panel(page, 'The venue now')).toContainText('Insurance fund');
  await expect(panel(page, 'Concentration').getByRole('row', { name: /^SOL-PERP/ })).toBeVisible();
  const stress = panel(page, 'Stress of the venue');
  await stress.getByLabel('Change, %').fill('-25');
  await stress.getByRole('button', { name: 'Apply the scenario' }).click();
  await expect(stress.getByText('Liquidated by the engine')).toBeVisible();

  const mine = panel(page, 'Stopping markets');
  await mine.getByLabel('Market', { exact: true }).selectOption('SOL-PERP');
  await mine.getByLabel('Why').fill('the oracle is in doubt');
  await mine.getByRole('button', { name: 'Ask for it' }).click();
  await expect(mine.getByRole('row', { name: /SOL-PERP.*the oracle is in doubt.*Waits/ })).toBeVisible();
  await expect(mine.getByRole('button', { name: 'Confirm' })).toHaveCount(0);

  await other.goto(`${site}/admin/risk`);
  const theirs = panel(other, 'Stopping markets');
  await theirs.getByRole('button', { name: 'Confirm' }).click();
  await expect(theirs.getByRole('row', { name: /SOL-PERP.*Done/ })).toBeVisible();
  await expect
    .poll(() => page.evaluate(async () => ((await (await fetch('/api/v1/exchange/markets')).json()) as { markets: { symbol: string; state: string }[] }).markets.find(({ symbol }) => symbol === 'SOL-PERP')?.state))
    .toBe('halted');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.screenshot({ path: '../build/e2e/risk-1440.png', fullPage: true });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.screenshot({ path: '../build/e2e/risk-390.png' });
});
