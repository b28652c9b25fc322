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

/** With power enough to propose. */
async function staker(page: Page): Promise<number> {
  const account = (await ask(page, 'POST', '/exchange/accounts', {})).body.account as number;
  expect((await ask(page, 'POST', '/exchange/faucet', { account, asset: 'ASTRO', amount: '5000' })).status).toBe(201);
  expect((await ask(page, 'POST', '/governance/stakes', { account, amount: '4000' })).status).toBe(200);
  return account;
}

async function look(page: Page, name: string): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await page.evaluate((t) => document.documentElement.setAttribute('data-theme', t), theme);
    expect(await accessibilityProblems(page), `${name}, ${theme}`).toEqual([]);
    await page.screenshot({ path: `../build/e2e/${name}-1440-${theme}.png` });
  }
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.screenshot({ path: `../build/e2e/${name}-390.png`, fullPage: true });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
}

test('a staker writes a proposal and is told at the fields what the venue refuses', async ({ page, own, site }) => {
  test.setTimeout(240_000);
  await register(page, own, site);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  const account = await staker(page);
  await page.goto(`${site}/governance`);
  await page.getByRole('link', { name: 'Propose a change' }).click();
  const form = panel(page, 'Propose a change');
  const submit = form.getByRole('button', { name: 'Propose: SOL-PERP' });
  await form.getByLabel('Market', { exact: true }).selectOption('SOL-PERP');
  await form.getByLabel('Title').fill('A lower taker fee');
  await expect(form).toContainText('Nothing changes yet');
  await expect(submit).toBeDisabled();
  await form.getByText('Fees, of the notional').click();
  const fee = form.getByLabel('Taker fee, ppm');
  const before = await fee.inputValue();
  await fee.fill('999999999');
  await submit.click();
  await expect(fee).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByRole('alert').filter({ hasText: /taker_fee_ppm is from/ })).toBeVisible();
  await look(page, 'propose-refused');
  await fee.fill('444');
  await expect(fee).not.toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByRole('row', { name: new RegExp(`Taker fee, ppm ${before} 444`) })).toBeVisible();
  await expect(form).toContainText(`Takes a deposit of 100 ASTRO from the free balance of account ${account}.`);
  await look(page, 'propose');
  await submit.click();
  await expect(page).toHaveURL(/\/governance\/\d+$/);
  await expect(panel(page, 'What it changes').getByRole('row', { name: new RegExp(`taker_fee_ppm ${before} 444`) })).toBeVisible();
  await expect(panel(page, 'A lower taker fee')).toContainText('100 ASTRO');

  await page.getByRole('link', { name: 'All proposals' }).click();
  await page.getByRole('link', { name: 'Propose a change' }).click();
  await form.getByLabel('About').selectOption('A payment of the treasury');
  await form.getByLabel('Title').fill('For the auditors');
  await form.getByLabel('To account').fill(String(account));
  await form.getByLabel('Amount, USDC').fill('1000000');
  await expect(form).toContainText(`Pays 1000000 USDC of the treasury to account ${account}.`);
  await form.getByRole('button', { name: 'Propose: A payment of the treasury' }).click();
  await expect(form.getByLabel('Amount, USDC')).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByRole('alert').filter({ hasText: /of the treasury, there are/ })).toBeVisible();
  await form.getByLabel('About').selectOption('These rules');
  await form.getByLabel('voting_ms').fill('5');
  await form.getByLabel('Title').fill('Faster');
  await form.getByRole('button', { name: 'Propose: These rules' }).click();
  await expect(form.getByLabel('voting_ms')).toHaveAttribute('aria-invalid', 'true');
});

test('where the rules bind a market is changed by proposal, and stopped without', async ({ page, own, site }) => {
  test.setTimeout(240_000);
  await signUpAdmin(page, own, 'root@example.org');
  await staker(page);
  const { body } = await ask(page, 'GET', '/governance/parameters');
  await page.goto(`${site}/admin/markets/SOL-PERP`);
  const fee = page.getByLabel('Taker fee, ppm');
  await fee.fill('333');
  // They bind while the page is open: the server refuses, and the page leads on.
  expect((await ask(page, 'PUT', '/governance/parameters', { ...(body.rules as object), binds: true })).status).toBe(200);
  await page.getByRole('button', { name: 'Change SOL-PERP' }).click();
  await expect(page.getByRole('note')).toContainText('Governance binds');
  await expect(page.getByRole('alert')).toContainText('only a proposal changes a market');
  await page.getByRole('note').scrollIntoViewIfNeeded();
  await look(page, 'market-bound');
  await page.getByRole('button', { name: 'Propose this for SOL-PERP' }).click();
  await expect(page).toHaveURL(/\/governance\/new\?kind=market&symbol=SOL-PERP&taker_fee_ppm=333$/);
  const form = panel(page, 'Propose a change');
  await expect(form.getByLabel('Taker fee, ppm')).toHaveValue('333');
  await form.getByLabel('Title').fill('A lower taker fee');
  await form.getByRole('button', { name: 'Propose: SOL-PERP' }).click();
  await expect(panel(page, 'What it changes').getByRole('row', { name: /taker_fee_ppm \d+ 333/ })).toBeVisible();

  // Stopping it takes no vote, though here two operators.
  await page.goto(`${site}/admin/markets/SOL-PERP`);
  await page.getByLabel('State').selectOption('Halted');
  await page.getByRole('button', { name: 'Change SOL-PERP' }).click();
  await expect(page.getByRole('alert')).toContainText('when one operator asks and another confirms');
  await page.getByLabel('Taker fee, ppm').fill('333');
  await expect(page.getByRole('button', { name: 'Propose this for SOL-PERP' })).toBeVisible();
  await page.goto(`${site}/admin/risk`);
  const halts = panel(page, 'Stopping markets');
  await halts.getByLabel('Market').selectOption('SOL-PERP');
  await halts.getByLabel('Shall be').selectOption({ value: 'open' });
  await halts.getByRole('link', { name: 'Propose opening SOL-PERP' }).click();
  await expect(page).toHaveURL(/\/governance\/new\?kind=market&symbol=SOL-PERP&state=open$/);
  await expect(form).toContainText('Nothing changes yet');
});
