import { ask, expect, register, signIn, test } from './people';

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
