import type { Page } from '@playwright/test';
import { accessibilityProblems } from './axe';
import { expect, register, signIn, signUpAdmin, test } from './people';

const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('operators see how the server is and what it does by itself; others do not', async ({ page, own, site, browser }) => {
  test.setTimeout(240_000);
  await signUpAdmin(page, own, 'root@example.org');
  await page.goto(`${site}/admin/system`);
  await expect(panel(page, 'Health')).toContainText('Every part works.');
  await expect(panel(page, 'Process')).toContainText(/[\d.]+ MiB/);
  await expect(panel(page, 'Disk')).toContainText(/[\d.]+ (MiB|GiB)/);
  await expect(panel(page, 'Started as')).toContainText('demo');
  await expect(panel(page, 'Venue')).toContainText('paper');
  await expect(panel(page, 'Connections')).toContainText(/WebSockets\s*\d/);
  await expect(panel(page, 'Price sources').getByRole('row', { name: /^pyth/ })).toBeVisible();
  const look = async (name: string) => {
    for (const theme of ['dark', 'light'] as const) {
      await page.evaluate((t) => document.documentElement.setAttribute('data-theme', t), theme);
      expect(await accessibilityProblems(page), `${name}, ${theme}`).toEqual([]);
      for (const [width, height] of [[1440, 900], [390, 844]] as const) {
        await page.setViewportSize({ width, height });
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        await page.screenshot({ path: `../build/e2e/${name}-${width}-${theme}.png` });
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    }
  };
  await look('system');

  await page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: 'Jobs' }).click();
  const jobs = panel(page, 'Jobs');
  // Signing the audit's head is done at the start and each day.
  await expect(jobs.getByRole('row', { name: /identity\.audit_head.*Done.*each day/ })).toBeVisible();
  await expect(jobs.getByRole('row', { name: /identity\.audit_head/ })).toContainText(/2[34] h/);
  await expect(jobs.getByRole('row', { name: /exchange\.funding/ })).toBeVisible();
  await expect(jobs.getByRole('row', { name: /mev\.retention/ })).toContainText('Done', { timeout: 60_000 });
  await expect(jobs).toContainText('None has failed last');
  await look('jobs');

  const other = await (await browser.newContext()).newPage();
  await register(other, own, site);
  await signIn(other);
  await expect(other.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await other.goto(`${site}/admin/jobs`);
  await expect(other.getByText('These pages are for administrators')).toBeVisible();
  expect(await other.evaluate(async () => (await fetch('/api/v1/server/jobs')).status)).toBe(403);
});
