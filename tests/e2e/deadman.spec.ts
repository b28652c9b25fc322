import type { Page } from '@playwright/test';
import { expect, register, signIn, test } from './people';

/** As the page itself would: with its cookies and its CSRF text. */
async function ask(page: Page, method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  return page.evaluate(
    async ([m, p, b]) => {
      const csrf = /__Host-astro_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
      const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf, 'idempotency-key': crypto.randomUUID() };
      const response = await fetch(`/api/v1${p as string}`, { method: m as string, headers, body: b === undefined ? undefined : JSON.stringify(b) });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    [method, path, body] as const,
  );
}

test("the dead man's switch is set by the page, and cancels when the page is gone", async ({ page, own, site }) => {
  test.setTimeout(240_000);
  await register(page, own, site);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  const account = (await ask(page, 'POST', '/exchange/accounts', {})).body.account as number;
  await page.goto(`${site}/trade`);
  await page.getByRole('tab', { name: 'Trading account' }).click();
  const choice = page.getByLabel('When this page is gone, cancel all orders');
  await choice.selectOption('2');
  await expect(page.getByText(/The venue cancels at \d\d:\d\d:\d\d UTC/)).toBeVisible();
  const setFor = async () => (await ask(page, 'GET', `/exchange/accounts/${account}`)).body.dead_man as string | null;
  const first = Date.parse((await setFor())!);
  expect(first - Date.now()).toBeGreaterThan(60_000);
  // Opened again, the page goes on with it.
  await page.reload();
  await expect.poll(async () => Date.parse((await setFor())!)).toBeGreaterThan(first);
  await page.getByRole('tab', { name: 'Trading account' }).click();
  await choice.selectOption('');
  await expect.poll(setFor).toBeNull();
});
