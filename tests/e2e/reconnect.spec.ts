import { Astrolabe, expect, test as base } from './astrolabe';
import { openLive, rows } from './page';

const test = base.extend<{ own: Astrolabe }>({
  own: async ({}, use) => {
    const own = await Astrolabe.start();
    await use(own);
    await own.dispose();
  },
  baseURL: async ({ own }, use) => use(own.url),
});

/** The ids on the page, read by scrolling through the whole list. */
async function shownIds(page: import('@playwright/test').Page): Promise<string[]> {
  return page.evaluate(async () => {
    const list = document.querySelector('.findings-scroll')!;
    const ids = new Set<string>();
    const frame = () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    for (let top = 0; ; top += 200) {
      list.scrollTop = top;
      await frame();
      for (const row of document.querySelectorAll('.finding-data')) ids.add(row.id.replace('finding-', ''));
      if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) break;
    }
    return [...ids];
  });
}

test('a killed server is said to be gone; after its return the list has no hole', async ({ page, own }) => {
  test.setTimeout(120_000);
  await openLive(page, '?kind=sandwich,arbitrage,liquidation');
  await own.kill();
  await expect(page.getByText('The connection to the server is lost')).toBeVisible();
  await expect(page.locator('.connection')).toContainText('Reconnecting');
  await expect(page.locator('.truth')).toContainText(/Stale \d+ s/);
  await expect(rows(page).first()).toBeVisible();

  await own.run();
  await expect(page.locator('.connection')).toContainText('Connected', { timeout: 30_000 });
  await expect(page.getByText('The connection to the server is lost')).toHaveCount(0);
  await expect(page.locator('.truth')).not.toContainText('Stale', { timeout: 30_000 });

  // Something new arrives after the return …
  const newest = async () => page.locator('.slot-cell').first().getAttribute('title');
  const before = await newest();
  await expect.poll(newest).not.toBe(before);

  // … and the server's newest findings are all on the page. Paused, so that both sides hold still.
  await page.getByRole('button', { name: 'Following' }).click();
  const shown = await shownIds(page);
  const newestShown = await own.get<{ slot: number }>(`/api/v1/mev/opportunities/${encodeURIComponent(shown[0]!)}`);
  const { items } = await own.get<{ items: { id: string }[] }>(
    `/api/v1/mev/opportunities?kind=sandwich,arbitrage,liquidation&limit=100&slot_to=${newestShown.slot - 1}`,
  );
  expect(items.length).toBeGreaterThan(0);
  const missing = items.map((item) => item.id).filter((id) => !shown.includes(id));
  expect(missing).toEqual([]);
});

test('a server that never was there is an error with a way out, not an empty page', async ({ page, own }) => {
  await openLive(page);
  await page.route('**/api/**', (route) => route.abort());
  await page.goto('/mev/lookup');
  await page.getByLabel('Signature, wallet or pool').fill('1'.repeat(64));
  await page.getByRole('button', { name: 'Look up', exact: true }).click();
  await expect(page.getByText('The server does not answer')).toBeVisible({ timeout: 30_000 });
  await page.unroute('**/api/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('The server has not seen this transaction')).toBeVisible();
  expect(own.port).toBeGreaterThan(0);
});
