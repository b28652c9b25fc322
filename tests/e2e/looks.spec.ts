import { expect, test } from './astrolabe';
import { accessibilityProblems } from './axe';
import { detail, findingOf, openLive, rows } from './page';

for (const theme of ['dark', 'light'] as const) {
  test(`no serious accessibility finding, ${theme}`, async ({ page, server }) => {
    test.setTimeout(120_000);
    await page.addInitScript((t) => localStorage.setItem('astrolabe.settings', JSON.stringify({ state: { theme: t }, version: 0 })), theme);
    const sandwich = await findingOf(server, 'sandwich');
    await openLive(page);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.goto(`/mev/opportunities/${encodeURIComponent(sandwich.id)}`);
    await expect(detail(page).getByRole('region', { name: 'Facts' })).toBeVisible();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox', { name: /Page, action/ })).toBeFocused();
    expect(await accessibilityProblems(page)).toEqual([]);
    for (const path of ['/status', `/mev/transactions/${sandwich.victims[0]}`, `/mev/wallets/${sandwich.actor}`, '/sign-in', '/register', '/account', '/nowhere']) {
      await page.goto(path);
      await expect(page.locator('.skeleton')).toHaveCount(0);
      expect(await accessibilityProblems(page), path).toEqual([]);
    }
  });
}

test('phone: nothing is cut off sideways, navigation is at the bottom, the detail fills the screen', async ({ page, server }) => {
  const sandwich = await findingOf(server, 'sandwich');
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ['/mev', '/mev/lookup', `/mev/transactions/${sandwich.victims[0]}`, `/mev/wallets/${sandwich.actor}`, '/status']) {
    await page.goto(path);
    await expect(page.locator('.skeleton')).toHaveCount(0);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
  const nav = (await page.getByRole('navigation', { name: 'Main' }).boundingBox())!;
  expect(Math.round(nav.y + nav.height)).toBe(844);
  await page.goto('/mev');
  await rows(page).first().click();
  const drawer = (await detail(page).boundingBox())!;
  expect([drawer.x, drawer.width]).toEqual([0, 390]);
  await page.getByRole('button', { name: 'Close detail' }).click();
  await page.getByRole('button', { name: 'Filters' }).click();
  await expect(page.getByLabel('Min. net, SOL')).toBeVisible();
});

test('a small torn-off window still shows findings', async ({ page }) => {
  await page.setViewportSize({ width: 480, height: 320 });
  await openLive(page);
  // In one look: between two, new findings push a row down.
  const top = await rows(page).evaluateAll((all) => Math.min(...all.map((row) => row.getBoundingClientRect().top)));
  expect(top).toBeLessThan(320);
});

test('without motion when the system asks for it', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openLive(page);
  expect(await rows(page).first().evaluate((row) => getComputedStyle(row).animationName)).toBe('none');
});
