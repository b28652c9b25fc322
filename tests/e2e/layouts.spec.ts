import type { Page } from '@playwright/test';
import { expect, register, signIn, test } from './people';

const layoutButton = (page: Page) => page.getByRole('button', { name: /^Layout: / });
const bookOf = (page: Page, symbol: string) => page.getByRole('button', { name: `Order book: market ${symbol}` });

async function choose(page: Page, from: string, to: string): Promise<void> {
  await bookOf(page, from).click();
  await page.getByRole('menuitemradio', { name: to }).click();
  await expect(bookOf(page, to)).toBeVisible();
}

test('layouts go with the user to another browser, and a change in both is the choice of the user', async ({ page, browser, own, site }) => {
  test.setTimeout(150_000);
  await register(page, own, site);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await page.goto(`${site}/trade`);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  const kept = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.url().endsWith('/documents/layout/Trade'));
  await choose(page, 'SOL-PERP', 'BTC-PERP');
  expect((await kept).status()).toBe(200);

  const elsewhere = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await elsewhere.goto(`${site}/sign-in`);
  await signIn(elsewhere);
  await expect(elsewhere.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await elsewhere.goto(`${site}/trade`);
  // It begins with an untouched preset of the same name, which yields.
  await expect(bookOf(elsewhere, 'BTC-PERP')).toBeVisible();
  const moved = elsewhere.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.ok());
  await choose(elsewhere, 'BTC-PERP', 'ETH-PERP');
  await moved;

  const refused = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.status() === 412);
  await choose(page, 'BTC-PERP', 'XLM-PERP');
  await refused;
  await expect(page.getByText('“Trade” was changed in another browser too.')).toBeVisible();
  await page.getByRole('button', { name: 'Keep both' }).click();
  await expect(bookOf(page, 'ETH-PERP')).toBeVisible();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await elsewhere.reload();
  await layoutButton(elsewhere).click();
  await elsewhere.getByRole('menuitemradio', { name: 'Trade 2' }).click();
  await expect(bookOf(elsewhere, 'XLM-PERP')).toBeVisible();
  await elsewhere.context().close();
});
