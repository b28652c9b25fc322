import type { Page } from '@playwright/test';
import { accessibilityProblems } from './axe';
import { expect, kEmail, register, signIn, test } from './people';
import { installFreighter, installSolana, TestKey } from './wallets';

const wallets = (page: Page) => page.getByRole('region', { name: 'Wallets', exact: true });
const atAccount = (page: Page) => expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();

async function idOf(page: Page): Promise<string> {
  return page.evaluate(async () => ((await (await fetch('/api/v1/identity/profile')).json()) as { id: string }).id);
}
async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Password')).toBeVisible();
}

test('a Stellar wallet signs in, again to the same account, and is the last that stays', async ({ page, own, site }) => {
  test.setTimeout(180_000);
  expect(own.port).toBeGreaterThan(0);
  const key = new TestKey();
  await installFreighter(page, key);
  await page.goto(`${site}/sign-in`);
  await page.getByRole('button', { name: 'Sign in with Freighter' }).click();
  await atAccount(page);
  const id = await idOf(page);
  await expect(wallets(page).getByRole('listitem')).toContainText(`${key.stellar.slice(0, 6)}…${key.stellar.slice(-6)}`);
  await wallets(page).getByRole('button', { name: /^Unlink/ }).click();
  await expect(wallets(page).getByRole('alert')).toHaveText('Nothing else signs in to this account. Add a passkey or another wallet first.');
  await signOut(page);
  await page.getByRole('button', { name: 'Sign in with Freighter' }).focus();
  await page.keyboard.press('Enter');
  await atAccount(page);
  expect(await idOf(page)).toBe(id);
});

test('Solana wallets sign in by their own sign-in, or by signing the text', async ({ page, own, site }) => {
  test.setTimeout(180_000);
  expect(own.port).toBeGreaterThan(0);
  const [first, second] = [new TestKey(), new TestKey()];
  await installSolana(page, first, 'Ember', 'signIn');
  await installSolana(page, second, 'Quartz', 'signMessage');
  await installSolana(page, new TestKey(), 'Crooked', 'otherText');
  await page.goto(`${site}/sign-in`);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.screenshot({ path: '../build/e2e/wallets-sign-in-1440.png' });
  await page.getByRole('button', { name: 'Sign in with Crooked' }).click();
  await expect(page.getByRole('alert')).toHaveText('The wallet signed another text than the server gave. Nothing was done.');
  await page.getByRole('button', { name: 'Sign in with Ember' }).click();
  await atAccount(page);
  const id = await idOf(page);
  // The second is linked to the account of the first, and opens it from then on.
  await wallets(page).getByRole('button', { name: 'Link Quartz' }).click();
  await expect(wallets(page).getByRole('listitem')).toHaveCount(2);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.screenshot({ path: '../build/e2e/wallets-account-1440.png' });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await wallets(page).scrollIntoViewIfNeeded();
  await page.screenshot({ path: '../build/e2e/wallets-account-390.png' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await signOut(page);
  await page.getByRole('button', { name: 'Sign in with Quartz' }).click();
  await atAccount(page);
  expect(await idOf(page)).toBe(id);
  await wallets(page).getByRole('button', { name: `Unlink ${first.solana.slice(0, 6)}…${first.solana.slice(-6)}` }).click();
  await expect(wallets(page).getByRole('listitem')).toHaveCount(1);
});

test('a wallet is linked to an account with a password; one that is missing or says no is told in words', async ({ page, own, site }) => {
  test.setTimeout(240_000);
  await register(page, own, site, kEmail);
  await page.getByRole('button', { name: 'Sign in with Freighter' }).click();
  await expect(page.getByRole('alert')).toContainText('This wallet was not found in this browser.', { timeout: 30_000 });
  const manners = { refuses: true };
  const key = new TestKey();
  await installFreighter(page, key, manners);
  await page.reload();
  await page.getByRole('button', { name: 'Sign in with Freighter' }).click();
  await expect(page.getByRole('alert')).toHaveText('The wallet did not sign.');
  await signIn(page);
  await atAccount(page);
  const id = await idOf(page);
  manners.refuses = false;
  await wallets(page).getByRole('button', { name: 'Link Freighter' }).click();
  await expect(wallets(page).getByRole('listitem')).toHaveCount(1);
  await signOut(page);
  await page.getByRole('button', { name: 'Sign in with Freighter' }).click();
  await atAccount(page);
  expect(await idOf(page)).toBe(id);
  await wallets(page).getByRole('button', { name: /^Unlink/ }).click();
  await expect(wallets(page).getByRole('listitem')).toHaveCount(0);
});
