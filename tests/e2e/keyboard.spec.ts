import { expect, test } from './astrolabe';
import { detail, findingOf, grid, openLive } from './page';

test('everything on the live page by keyboard alone', async ({ page }) => {
  await openLive(page);
  await page.keyboard.press('/');
  await expect(page.getByLabel('Address or signature')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await grid(page).focus();
  await page.keyboard.press('Home');
  const selected = page.locator('.finding-data[aria-selected="true"]');
  await expect(selected).toHaveCount(1);
  const first = await selected.getAttribute('id');
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', first!);
  await page.keyboard.press('ArrowDown');
  await expect(selected).not.toHaveAttribute('id', first!);
  await expect(page.getByRole('button', { name: /Paused/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(detail(page)).toBeFocused();
  await expect(page).toHaveURL(/\/mev\/opportunities\//);
  await page.keyboard.press('Escape');
  await expect(detail(page)).toHaveCount(0);
  await expect(grid(page)).toBeFocused();
});

test('space pauses and resumes the stream', async ({ page }) => {
  await openLive(page);
  await grid(page).focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: /Paused/ })).toBeVisible();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Following' })).toBeVisible();
});

test('the palette reaches pages, actions and addresses', async ({ page, server }) => {
  const finding = await findingOf(server, 'arbitrage');
  await openLive(page);
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: /Page, action/ });
  await expect(field).toBeFocused();
  await field.fill('system');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/status$/);
  await page.keyboard.press('Control+k');
  await field.fill('theme');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.keyboard.press('Control+k');
  await field.fill(finding.actor);
  await expect(page.getByRole('option', { name: /^Wallet/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/mev/wallets/${finding.actor}`));
  await page.keyboard.press('Control+k');
  await field.fill(finding.signatures[0]!);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/mev/transactions/${finding.signatures[0]}`));
});

test('escape closes the topmost only, and the focus returns', async ({ page }) => {
  await openLive(page);
  await grid(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(detail(page)).toBeVisible();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(detail(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(detail(page)).toHaveCount(0);
});

test('g and a letter go to a page; theme and colours stay after a reload', async ({ page }) => {
  await openLive(page);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page).toHaveURL(/\/status$/);
  await page.keyboard.press('t');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /Page, action/ }).fill('colour-blind');
  await page.keyboard.press('Enter');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(page.locator('html')).toHaveAttribute('data-palette', 'colour-blind');
});

test('focus is visible wherever Tab goes', async ({ page }) => {
  await openLive(page);
  for (let i = 0; i < 25; i++) {
    await page.keyboard.press('Tab');
    const shown = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return true;
      const style = getComputedStyle(element);
      return style.outlineStyle !== 'none' || style.boxShadow !== 'none' || element.classList.contains('skip');
    });
    expect(shown, `no visible focus after ${i + 1} Tabs`).toBe(true);
  }
});
