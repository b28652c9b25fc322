import type { Page } from '@playwright/test';
import { accessibilityProblems } from './axe';
import { ask, expect, register, signIn, signUpAdmin, test } from './people';

const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** Voting that is over in a minute. */
async function quickRules(page: Page): Promise<void> {
  const { body } = await ask(page, 'GET', '/governance/parameters');
  const rules = { ...(body.rules as object), voting_ms: 60_000, timelock_ms: 1_000, cooldown_ms: 60_000 };
  expect((await ask(page, 'PUT', '/governance/parameters', rules)).status).toBe(200);
}

async function propose(page: Page, account: number): Promise<number> {
  const settings = (await ask(page, 'GET', '/exchange/markets/SOL-PERP')).body;
  const market = { ...((settings.settings as object | undefined) ?? settings), taker_fee_ppm: 444 };
  const made = await ask(page, 'POST', '/governance/proposals', { account, title: 'A lower fee', text: 'So that more is traded.', action: { market } });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id as number;
}

test('a staker votes on a proposal, follows it, and executes it', async ({ page, own, site, browser }) => {
  test.setTimeout(300_000);
  await page.goto(`${site}/governance`);
  await expect(page.getByText('No proposals')).toBeVisible();
  const operator = await (await browser.newContext()).newPage();
  await signUpAdmin(operator, own, 'root@example.org');
  await quickRules(operator);
  await register(page, own, site);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  const account = (await ask(page, 'POST', '/exchange/accounts', {})).body.account as number;
  expect((await ask(page, 'POST', '/exchange/faucet', { account, asset: 'ASTRO', amount: '5000' })).status).toBe(201);

  await page.getByRole('link', { name: 'Governance' }).focus();
  await page.keyboard.press('Enter');
  const stake = panel(page, 'Your stake');
  await stake.getByLabel('Amount, ASTRO').fill('4000');
  await stake.getByRole('button', { name: 'Stake 4000 ASTRO' }).click();
  await expect(stake).toContainText('4,000 ASTRO');
  const id = await propose(page, account);
  const row = panel(page, 'Proposals').getByRole('row', { name: /A lower fee.*Voting/ });
  await expect(row).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.screenshot({ path: '../build/e2e/governance-1440-dark.png' });
  await row.getByRole('link').focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/governance/${id}$`));
  await expect(panel(page, 'What it changes').getByRole('row', { name: /taker_fee_ppm .*444/ })).toBeVisible();
  await page.getByRole('button', { name: 'Vote for with 4,000 ASTRO' }).click();
  await expect(page.getByText('You have voted: for.')).toBeVisible();
  await expect(panel(page, 'Votes').getByRole('row', { name: new RegExp(`Account ${account} For 4,000`) })).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.screenshot({ path: '../build/e2e/proposal-1440-dark.png', fullPage: true });
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.screenshot({ path: '../build/e2e/proposal-1440-light.png' });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.screenshot({ path: '../build/e2e/proposal-390-light.png' });
  await page.setViewportSize({ width: 1440, height: 900 });

  // The channel tells the page when the time is there; nothing is loaded again.
  await page.getByRole('button', { name: 'Execute' }).click({ timeout: 120_000 });
  await page.getByRole('dialog').getByRole('button', { name: 'Execute' }).click();
  await expect(page.getByText('Executed', { exact: true })).toBeVisible();
  const fees = (await ask(page, 'GET', '/exchange/markets/SOL-PERP')).body;
  expect(JSON.stringify(fees)).toContain('"taker_fee_ppm":444');
  await page.goto(`${site}/governance/999999`);
  await expect(page.getByText('The venue knows no such proposal')).toBeVisible();
});
