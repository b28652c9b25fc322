import type { Page } from '@playwright/test';
import { accessibilityProblems } from './axe';
import { kEmail, expect, mailedLink, register, signIn, signUpAdmin, test } from './people';

const kAdmin = 'root@example.org';
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const mainNav = (page: Page) => page.getByRole('navigation', { name: 'Main' });
const tab = (page: Page, name: string) => page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name }).click();

test('an administrator keeps roles, users and plans, and finds it all in the audit', async ({ page, own, site, browser }) => {
  test.setTimeout(120_000);
  const other = await browser.newPage();
  await register(other, own, site);
  await signUpAdmin(page, own, kAdmin);
  await mainNav(page).getByRole('link', { name: 'Admin' }).click();
  await expect(page.getByRole('link', { name: `Open ${kEmail}` })).toBeVisible();

  // A role of this server's own.
  await tab(page, 'Roles');
  await page.getByRole('button', { name: 'New role' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name of the role').fill('Desk!');
  await expect(dialog.getByRole('button', { name: 'Make the role' })).toBeDisabled();
  await dialog.getByLabel('Name of the role').fill('desk');
  await expect(dialog.getByRole('checkbox', { name: 'mev.read' })).toBeDisabled(); // *.read covers it
  await dialog.getByRole('checkbox', { name: 'mev.operate' }).check();
  await dialog.getByRole('button', { name: 'Make the role' }).click();
  await expect(page.getByRole('row', { name: /^desk custom/ })).toContainText('*.read mev.operate');

  // Given to a user, who gets a plan too.
  await tab(page, 'Users');
  await page.getByRole('searchbox', { name: /Search by address/ }).fill('nobody of this name');
  await expect(page.getByText('No account matches')).toBeVisible();
  await page.getByRole('searchbox', { name: /Search by address/ }).fill('ada');
  await page.getByRole('link', { name: `Open ${kEmail}` }).click();
  await panel(page, 'Roles').getByRole('checkbox', { name: /^desk/ }).check();
  await expect(panel(page, 'Roles').getByText('Gains mev.operate.')).toBeVisible();
  await panel(page, 'Roles').getByRole('button', { name: 'Save the roles' }).click();
  await expect(page.getByText('The roles are saved.')).toBeVisible();
  await panel(page, 'Plan').getByLabel('Plan').selectOption('pro');
  await panel(page, 'Plan').getByRole('button', { name: 'Change the plan to pro' }).click();
  await expect(page.getByText('The plan is pro now.')).toBeVisible();
  const history = panel(page, 'Newest in the audit');
  for (const action of ['user.roles', 'user.tier']) await expect(history.getByText(action).first()).toBeVisible();

  // The plan itself: a number out of range is told at its field and not sent.
  await tab(page, 'Plans and limits');
  await page.getByRole('button', { name: 'Change pro' }).click();
  await dialog.getByLabel('Requests a minute').fill('0');
  await expect(dialog.getByText('A whole number from 1 to 1,000,000; the nearest is 1.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Save the plan' })).toBeDisabled();
  await dialog.getByLabel('Requests a minute').fill('4321');
  await dialog.getByRole('button', { name: 'Save the plan' }).click();
  await expect(page.getByRole('row', { name: /^pro 4,321/ })).toBeVisible();
  await page.getByRole('button', { name: 'New plan' }).click();
  await dialog.getByLabel('Name of the plan').fill('desk');
  await dialog.getByRole('button', { name: 'Make the plan' }).click();
  await page.getByRole('button', { name: 'Remove desk' }).click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Remove desk' })).toHaveCount(0);
  await panel(page, 'Limits by address').getByLabel('Attempts to sign in, a minute').fill('77');
  await panel(page, 'Limits by address').getByRole('button', { name: 'Save the limits' }).click();
  await expect(page.getByText('The limits hold from now on.')).toBeVisible();

  // What the user may do now.
  await signIn(other);
  await expect(other.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  expect(await other.evaluate(async () => (await (await fetch('/api/v1/identity/profile')).json()) as object)).toMatchObject({ tier: 'pro', roles: expect.arrayContaining(['desk']) });

  // All of it stands in the audit, and the chain is whole.
  await tab(page, 'Audit');
  const entries = page.getByRole('group', { name: 'Audit' });
  const told = { 'role.': ['role.defined'], 'user.': ['user.roles', 'user.tier'], 'admin.': ['admin.tier_changed', 'admin.tier_removed', 'admin.limits_changed'] };
  for (const [beginning, actions] of Object.entries(told)) {
    await page.getByRole('searchbox', { name: 'Action begins with' }).fill(beginning);
    for (const action of actions) await expect(entries.getByRole('cell', { name: action, exact: true }).first()).toBeVisible();
  }
  await expect(entries.getByRole('cell', { name: 'login' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await expect(page.getByText(/The chain is whole: \d+ entries/)).toBeVisible();
  await page.getByRole('button', { name: 'Sign the head' }).click();
  await expect(page.locator('.admin-head')).not.toBeEmpty();
  await other.close();
});

test('keys of the server change while it runs, and mail can be read', async ({ page, own, site }) => {
  await register(page, own, site);
  const link = await mailedLink(own);
  await signUpAdmin(page, own, kAdmin);
  await page.goto(`${site}/admin/keys`);
  const kids = panel(page, 'Signing keys').getByRole('row');
  await expect(kids).toHaveCount(2); // with the header
  await page.getByRole('button', { name: 'Make a new signing key' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make a new signing key' }).click();
  await expect(kids).toHaveCount(3);

  await page.getByRole('button', { name: 'Rotate the master key' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('make a new backup afterwards');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.getByRole('button', { name: 'Rotate the master key' }).click();
  await dialog.getByRole('button', { name: 'Rotate the master key' }).click();
  await expect(page.getByText(/[1-9]\d* records are wrapped by the new master key/)).toBeVisible();

  // What is sealed opens still: before and after a crash.
  await page.goto(`${site}/admin/users`);
  await expect(page.getByRole('link', { name: `Open ${kEmail}` })).toBeVisible();
  await own.kill();
  await own.run();
  await page.reload();
  await expect(page.getByRole('link', { name: `Open ${kEmail}` })).toBeVisible();

  // The outbox.
  await mainNav(page).getByRole('link', { name: 'Developer' }).click();
  await page.getByRole('list', { name: 'Mail outbox' }).getByRole('link').first().click();
  const mail = page.getByRole('article', { name: 'Mail' });
  await expect(mail).toContainText(kEmail);
  await expect(mail.getByRole('link', { name: link })).toHaveAttribute('href', link);
});

test('a market is changed by its version, refused at the field, and raced by nobody unseen', async ({ page, own, site }) => {
  await signUpAdmin(page, own, kAdmin);
  await page.goto(`${site}/admin/markets`);
  const row = page.getByRole('row', { name: /SOL-PERP/ });
  await expect(row.getByRole('cell')).toHaveText(['SOL-PERP', 'Open', '20', '−0.005', '0.045', '0.01', '0.01', '1']);
  await expect(page.getByRole('row', { name: /XLM-PERP/ })).toContainText('0.00001');
  await page.getByRole('link', { name: 'Open SOL-PERP' }).click();
  const taker = page.getByLabel('Taker fee, ppm');
  const change = page.getByRole('button', { name: 'Change SOL-PERP' });
  await expect(taker).toHaveValue('450');
  await expect(page.getByRole('button', { name: 'Nothing changes' })).toBeDisabled();
  for (const fixed of ['Tick, USDC', 'Lot, SOL']) await expect(page.getByLabel(fixed)).toHaveAttribute('readonly');

  // What is no number is not sent; what the server refuses is told where it stands.
  await taker.fill('much');
  await expect(panel(page, 'Fees, of the notional').getByText('A whole number.')).toBeVisible();
  await expect(change).toBeDisabled();
  await taker.fill('20000');
  await change.click();
  await expect(panel(page, 'Fees, of the notional').getByText('taker_fee_ppm is from 0 to 10000, not 20000')).toBeVisible();
  await expect(taker).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('taker_fee_ppm is from')).toHaveCount(1);

  await taker.fill('475');
  await expect(page.getByText('Taker fee, ppm: 450 → 475')).toBeVisible();
  await change.click();
  await expect(page.getByText('SOL-PERP has version 2 now.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Nothing changes' })).toBeVisible();

  // Somebody else is faster: nothing is saved, and the page offers what is in force.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByLabel('State').selectOption('Halted');
  await other.getByRole('button', { name: 'Change SOL-PERP' }).click();
  await expect(other.getByText('when one operator asks and another confirms')).toBeVisible();
  await other.getByLabel('State').selectOption('Open');
  await other.getByLabel('Taker fee, ppm').fill('480');
  await other.getByRole('button', { name: 'Change SOL-PERP' }).click();
  await expect(other.getByText('SOL-PERP has version 3 now.')).toBeVisible();
  await other.close();
  await taker.fill('500');
  await change.click();
  await expect(page.getByText('Somebody changed this market meanwhile, so nothing was saved.')).toBeVisible();
  await page.getByRole('button', { name: 'Load it anew' }).click();
  await expect(taker).toHaveValue('480');

  await page.getByRole('link', { name: 'All markets' }).click();
  await expect(row.getByRole('cell')).toHaveText(['SOL-PERP', 'Open', '20', '−0.005', '0.048', '0.01', '0.01', '3']);
  await tab(page, 'Audit');
  await page.getByRole('searchbox', { name: 'Action begins with' }).fill('exchange.market_changed');
  const entries = page.getByRole('group', { name: 'Audit' }).getByRole('row').filter({ hasText: 'SOL-PERP' });
  await expect(entries).toHaveCount(2);
  await expect(entries.last()).toContainText('taker_fee_ppm: 450 -> 475');
});

test('a market is read only without the permission to operate it', async ({ page, own, site }) => {
  await register(page, own, site);
  await signUpAdmin(page, own, kAdmin);
  await page.goto(`${site}/admin/users`);
  await expect(page.getByRole('link', { name: `Open ${kEmail}` })).toBeVisible();
  // Whoever administers accounts only.
  await page.evaluate(async (email) => {
    const csrf = /csrf[^=]*=([^;]+)/i.exec(document.cookie)?.[1] ?? '';
    const call = (method: string, path: string, body: object) =>
      fetch(`/api/v1/identity/${path}`, { method, headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify(body) });
    await call('PUT', 'roles/clerk', { permissions: ['identity.admin'] });
    const { items } = (await (await fetch('/api/v1/identity/users')).json()) as { items: { id: string; email: string }[] };
    await call('POST', `users/${items.find((one) => one.email === email)!.id}/roles`, { roles: ['viewer', 'clerk'] });
  }, kEmail);
  await page.context().clearCookies();
  await page.goto(`${site}/sign-in`);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await page.goto(`${site}/admin/markets/SOL-PERP`);
  await expect(page.getByText('To change it you need the permission exchange.operate.')).toBeVisible();
  await expect(page.getByLabel('Taker fee, ppm')).toHaveAttribute('readonly');
  await expect(page.getByLabel('State')).toBeDisabled();
  await expect(page.getByRole('button', { name: /Change SOL-PERP|Nothing changes/ })).toHaveCount(0);
});

test('who only looks sees no page of administration and is refused', async ({ page, own, site }) => {
  await page.goto(`${site}/admin/users`);
  await expect(page.getByText('Administrators sign in first')).toBeVisible();
  await register(page, own, site);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await expect(mainNav(page).getByRole('link', { name: 'Developer' })).toBeVisible();
  await expect(mainNav(page).getByRole('link', { name: 'Admin' })).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /Page, action/ }).fill('admin');
  await expect(page.getByRole('option', { name: /Admin:/ })).toHaveCount(0);
  await page.keyboard.press('Escape');

  for (const path of ['users', 'roles', 'plans', 'markets', 'audit', 'keys']) {
    await page.goto(`${site}/admin/${path}`);
    await expect(page.getByText('These pages are for administrators')).toBeVisible();
    await expect(page.getByText(/They need the permission (exchange\.operate or )?identity\.admin\./)).toBeVisible();
  }
  await page.goto(`${site}/developer`);
  await expect(page.getByText('The outbox is for administrators')).toBeVisible();
  const calls = ['users', 'audit', 'outbox', 'limits'].map((path) => `/api/v1/identity/${path}`);
  const statuses = await page.evaluate(async (paths) => Promise.all(paths.map(async (path) => (await fetch(path)).status)), calls);
  expect(statuses).toEqual(calls.map(() => 403));
});

test('the reference of the API: a search, and a call that opens', async ({ page, own, site }) => {
  await page.goto(`${site}/docs/api`);
  const calls = page.locator('.docs-call');
  await expect(calls.first()).toBeVisible();
  const count = await calls.count();
  const { paths } = await own.get<{ paths: Record<string, object> }>('/api/v1/openapi.json');
  expect(count).toBe(Object.values(paths).flatMap((methods) => Object.keys(methods)).length);
  await page.getByRole('searchbox').fill('outbox');
  await expect(calls).toHaveCount(2);
  const call = calls.filter({ hasText: '/api/v1/identity/outbox/{mail}' });
  await call.locator('summary').first().click();
  await expect(call.getByText(`curl`).first()).toBeVisible();
  await expect(call.getByRole('cell', { name: 'Id of the mail' })).toBeVisible();
  await page.getByRole('searchbox').fill('no such call');
  await expect(calls).toHaveCount(0);
});

test('every page of administration can be read by all, on a screen and on a phone', async ({ page, own, site }, info) => {
  test.setTimeout(180_000);
  await register(page, own, site);
  await signUpAdmin(page, own, kAdmin);
  await page.goto(`${site}/admin/users`);
  const user = (await page.getByRole('link', { name: `Open ${kEmail}` }).getAttribute('href'))!;
  await page.goto(`${site}/developer`);
  const mail = (await page.getByRole('list', { name: 'Mail outbox' }).getByRole('link').first().getAttribute('href'))!;
  const paths = ['/admin/users', user, '/admin/roles', '/admin/plans', '/admin/markets', '/admin/markets/SOL-PERP', '/admin/audit', '/admin/keys', '/developer', mail, '/docs/api'];
  const sizes = { screen: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
  for (const theme of ['dark', 'light'] as const) {
    await page.evaluate((t) => localStorage.setItem('astrolabe.settings', JSON.stringify({ state: { theme: t }, version: 0 })), theme);
    for (const [device, size] of Object.entries(sizes)) {
      await page.setViewportSize(size);
      for (const path of paths) {
        await page.goto(site + path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page.locator('.skeleton')).toHaveCount(0);
        expect(await accessibilityProblems(page, 'all'), `${path} ${theme} ${device}`).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(size.width);
        const tabs = page.getByRole('navigation', { name: 'Administration' }).locator('.active');
        if (path.startsWith('/admin')) await expect(tabs, path).toBeInViewport({ ratio: 0.98 });  // whole, but for parts of a pixel
        await page.screenshot({ path: info.outputPath(`${device}-${theme}${path.replaceAll('/', '-').slice(0, 24)}.png`) });
      }
    }
  }
});
