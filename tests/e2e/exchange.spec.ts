import { expect, test, type Page } from './astrolabe';
import { accessibilityProblems } from './axe';

interface Book {
  seq: number;
  bids: { price: string; size: string }[];
  asks: { price: string; size: string }[];
}

const plain = (text: string | null): number => Number((text ?? '').replaceAll(',', ''));

/** Prices of one side as the page shows them, best first. */
async function shownPrices(page: Page, side: 'bid' | 'ask'): Promise<number[]> {
  const texts = await page.locator(`.book-${side} td:first-child`).allTextContents();
  return (side === 'ask' ? texts.reverse() : texts).map(plain);
}

test('the exchange opens at its first market and says that it is simulated', async ({ page, server }) => {
  const { tickers } = await server.get<{ tickers: { market: string }[] }>('/api/v1/exchange/tickers');
  await page.goto('/exchange');
  await expect(page).toHaveURL(new RegExp(`/exchange/${tickers[0]!.market}$`));
  const header = page.locator('.market-header');
  await expect(header).toContainText(tickers[0]!.market);
  await expect(header).toContainText('Simulated');
  await expect(header.locator('dt')).toContainText(['Mark', 'Index', 'Last', '24 h change', 'Funding']);
  await expect(page.locator('.market-tab')).toHaveCount(tickers.length);
  for (const name of ['Order book', 'Trades', 'Liquidations']) await expect(page.getByRole('region', { name })).toBeVisible();
});

test('another market is one click away and has its own book', async ({ page }) => {
  await page.goto('/exchange/SOL-PERP');
  await page.getByRole('link', { name: /BTC-PERP/ }).click();
  await expect(page).toHaveURL(/\/exchange\/BTC-PERP$/);
  await expect(page.locator('.market-symbol')).toHaveText('BTC-PERP');
  await expect(page.locator('.book')).toContainText('Size, BTC');
});

test('the book shown is the one the server has', async ({ page, server }) => {
  await page.goto('/exchange/SOL-PERP');
  await expect(page.locator('.book')).toBeVisible();
  // Both move; they meet when nothing happens in between.
  await expect
    .poll(async () => {
      const book = await server.get<Book>('/api/v1/exchange/book?market=SOL-PERP&depth=8');
      const [bids, asks] = [await shownPrices(page, 'bid'), await shownPrices(page, 'ask')];
      const same = (shown: number[], known: { price: string }[]) => known.every(({ price }, i) => shown[i] === Number(price));
      return same(bids, book.bids) && same(asks, book.asks);
    })
    .toBe(true);
  await expect(page.locator('.book-note')).toHaveCount(0);
});

test('a market that is not there says so', async ({ page }) => {
  await page.goto('/exchange/NONE-PERP');
  await expect(page.getByText('There is no such market.')).toBeVisible();
});

for (const theme of ['dark', 'light'] as const) {
  test(`no serious accessibility finding on the market page, ${theme}`, async ({ page }) => {
    await page.addInitScript((t) => localStorage.setItem('astrolabe.settings', JSON.stringify({ state: { theme: t }, version: 0 })), theme);
    await page.goto('/exchange/SOL-PERP');
    await expect(page.locator('.skeleton')).toHaveCount(0);
    expect(await accessibilityProblems(page)).toEqual([]);
  });
}

test('phone: the market page is not cut off sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/exchange/SOL-PERP');
  await expect(page.locator('.book')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});
