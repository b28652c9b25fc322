import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { accessibilityProblems } from './axe';
import { expect, test } from './people';
import { beginTrading, Counterparty, field, form, kMarket, markOf, openTrading, ordersOf, panel, place, placeButton, show } from './traders';

test.setTimeout(120_000);

/** Of what the panels hold: the dock around them is looked at by its own spec. */
const ownProblems = async (page: Page) => (await accessibilityProblems(page)).filter((line) => !line.includes('class="dv-'));

const row = (page: Page, text: string | RegExp) => ordersOf(page).filter({ hasText: text });

test('somebody new has an account and money by two clicks, and places every kind of order', async ({ page, own, site }) => {
  await beginTrading(page, own, site);
  const maker = await Counterparty.rich(own);
  const { bid, ask } = await maker.quote();
  const mark = Number(ask);
  const at = (share: number) => (mark * share).toFixed(2);
  await show(page, 'Open orders');

  await place(page, 'limit', { 'Price, USDC': at(0.97), 'Size, SOL': '1' });
  await expect(row(page, at(0.97))).toContainText('Limit');
  await place(page, 'iceberg', { 'Price, USDC': at(0.96), 'Visible, SOL': '0.5', 'Size, SOL': '2' });
  await expect(row(page, at(0.96))).toContainText('Iceberg');
  await place(page, 'pegged', { 'Offset to index, USDC': '-2', 'Size, SOL': '1' });
  await expect(row(page, 'Pegged')).toContainText('index −2.00');
  await place(page, 'bracket', { 'Entry, USDC (empty: at the market)': at(0.95), 'Take profit, USDC': at(1.05), 'Stop loss, USDC': at(0.9) });
  await expect(row(page, at(0.95))).toContainText('Limit');

  await place(page, 'market', { 'Worst price, USDC (may be empty)': '', 'Size, SOL': '1.5' });
  await expect(page.getByText(`Bought 1.5 ${kMarket} at ${ask}`)).toBeVisible();
  await place(page, 'stop_market', { 'Stop, USDC': at(0.9), 'Size, SOL': '1' }, 'Sell');
  await expect(row(page, at(0.9))).toContainText('Stop · reduce only');
  await place(page, 'stop_limit', { 'Stop, USDC': at(0.91), 'Price, USDC': at(0.905) }, 'Sell');
  await expect(row(page, at(0.91))).toContainText(at(0.905));
  await place(page, 'take_profit', { 'Trigger, USDC': at(1.1), 'Limit, USDC (empty: at the market)': '' }, 'Sell');
  await expect(row(page, at(1.1))).toContainText('Take profit');
  await place(page, 'trailing', { 'Distance, %': '2.5' }, 'Sell');
  await expect(row(page, 'trails 2.50 %')).toHaveCount(1);
  await place(page, 'oco', { 'Price, USDC': at(1.04), 'Stop, USDC': at(0.92) }, 'Sell');
  await expect(row(page, at(1.04))).toContainText('Limit');
  await expect(row(page, at(0.92))).toContainText('Stop');
  await place(page, 'auction', { 'Worst price, USDC (may be empty)': '', 'Size, SOL': '1' }, 'Sell');
  await expect(page.getByText(`Sold 1 ${kMarket} at ${bid}`)).toBeVisible();

  await page.getByRole('button', { name: /^Cancel all \d+ orders$/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^Cancel all/ }).click();
  await expect(panel(page, 'Open orders')).toContainText('No open orders');
});

test('a price that is not on the grid is refused with the nearest one, which a click takes; the engine refuses in words', async ({ page, own, site }) => {
  await beginTrading(page, own, site);
  const maker = await Counterparty.rich(own);
  const { ask } = await maker.quote();
  const low = (Number(ask) * 0.98).toFixed(2);
  await field(page, 'Size, SOL').fill('1');
  await field(page, 'Price, USDC').fill(`${low}4`);
  await expect(form(page).getByRole('alert')).toContainText(`Not a multiple of 0.01; nearest ${Number(low)}`);
  await expect(placeButton(page)).toBeDisabled();
  await form(page).getByRole('button', { name: /^Use / }).click();
  await expect(field(page, 'Price, USDC')).toHaveValue(String(Number(low)));
  // Margin, fee and what trades are the engine's own.
  await expect(form(page).getByRole('group', { name: 'Preview by the engine' })).toContainText('nothing; it rests');

  // What would be refused is said while it is typed.
  await form(page).getByLabel('Post only').selectOption('reject');
  await field(page, 'Price, USDC').fill(ask);
  await expect(form(page)).toContainText(/Would be refused: .*post-only|Would be refused: .*trade/);
  await field(page, 'Price, USDC').fill(low);
  await field(page, 'Size, SOL').fill('10000');
  await expect(form(page)).toContainText(/Would be refused: needs .* initial margin/);
  await field(page, 'Size, SOL').fill('1');
  await expect(placeButton(page)).toHaveText(`Place buy 1 SOL at ${low}`);
  await placeButton(page).click();
  await show(page, 'Open orders');
  await expect(row(page, low)).toHaveCount(1);

  // Amended in place.
  await row(page, low).getByRole('button', { name: /^Amend/ }).click();
  const lower = (Number(low) - 0.5).toFixed(2);
  await page.getByRole('textbox', { name: /^Price of buy/ }).fill(lower);
  await page.getByRole('textbox', { name: /^Size of buy/ }).fill('2');
  await page.keyboard.press('Enter');
  await expect(row(page, lower)).toContainText('2.00');
});

test('what the engine foretells of an order is what the account then shows; too large a size names the one that fits', async ({ page, own, site }) => {
  await beginTrading(page, own, site);
  const maker = await Counterparty.rich(own);
  const { ask } = await maker.quote('150');
  const preview = form(page).getByRole('group', { name: 'Preview by the engine' });
  const fact = (name: string) => preview.locator('.facts > div', { hasText: name }).locator('dd');
  await form(page).getByLabel('Order type').selectOption('bracket');
  await field(page, 'Entry, USDC (empty: at the market)').fill('');
  await field(page, 'Size, SOL').fill('120');
  await field(page, 'Take profit, USDC').fill((Number(ask) * 1.05).toFixed(2));
  await field(page, 'Stop loss, USDC').fill((Number(ask) * 0.95).toFixed(2));
  await expect(fact('Trades now')).toContainText(`120 SOL at ${ask}`);
  await expect(fact('Slippage to mid')).toContainText(/^\d+\.\d\d bps$/);
  await expect(fact('Lost at stop')).toContainText(/^\d/);
  const told = await fact('Liquidation price').innerText();
  const price = told.split('→').at(-1)!.trim();
  await page.screenshot({ path: '../build/e2e/ticket-preview.png' });
  await placeButton(page).click();
  await show(page, 'Positions');
  await expect(panel(page, 'Positions')).toContainText(price);

  await form(page).getByLabel('Order type').selectOption('limit');
  await field(page, 'Price, USDC').fill((Number(ask) * 0.98).toFixed(2));
  await field(page, 'Size, SOL').fill('10000');
  await expect(preview).toContainText('Would be refused: needs');
  // The price moves on meanwhile: what fitted may be too large by a little, and another size is named.
  await expect(async () => {
    const use = preview.getByRole('button', { name: /^Use / });
    if (await use.isVisible()) await use.click({ timeout: 2_000 });
    await expect(fact('Free after it')).toContainText('→', { timeout: 3_000 });
    await expect(preview).not.toContainText('refused');
  }).toPass();
});

test('the ladder trades by a click only when it is armed; an order is dragged to another price and cancelled', async ({ page, own, site }) => {
  await beginTrading(page, own, site);
  await (await Counterparty.rich(own)).quote();
  await show(page, 'Open orders');
  await show(page, 'Ladder');
  const ladder = page.getByRole('group', { name: 'Price ladder' });
  const rows = ladder.locator('tr[data-price]');
  const last = rows.last();
  await expect(last).toBeVisible();
  await ladder.getByRole('textbox', { name: 'Size, SOL' }).fill('1.5');
  await ladder.hover();
  const price = (await last.getAttribute('data-price'))!;
  const other = (await rows.nth(-4).getAttribute('data-price'))!;

  // Not armed: the price goes to the form.
  await last.getByRole('button', { name: /^Buy at/ }).click();
  await expect(field(page, 'Price, USDC')).toHaveValue(price);
  await expect(ordersOf(page)).toHaveCount(0);

  const arm = ladder.getByRole('button', { name: /one-click trading$/ });
  await arm.click();
  await expect(arm).toHaveAttribute('aria-pressed', 'true');
  await last.getByRole('button', { name: /^Buy at/ }).click();
  await expect(ordersOf(page)).toHaveCount(1);
  const own1 = ladder.locator(`tr[data-price="${price}"] .ladder-own`);
  await expect(own1).toContainText('1.5');

  const from = (await own1.boundingBox())!;
  const to = (await ladder.locator(`tr[data-price="${other}"]`).boundingBox())!;
  await page.mouse.move(from.x + 8, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x + 8, to.y + to.height / 2, { steps: 5 });
  await page.mouse.up();
  const own2 = ladder.locator(`tr[data-price="${other}"] .ladder-own`);
  await expect(own2).toContainText('1.5');
  await expect(ordersOf(page)).toHaveCount(1);

  await own2.click({ button: 'right' });
  await expect(ordersOf(page)).toHaveCount(0);

  // By keys: a price is selected, bought at, and what is there cancelled.
  await ladder.focus();
  for (let i = 0; i < 4; ++i) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('b');
  await expect(ordersOf(page)).toHaveCount(1);
  await page.keyboard.press('x');
  await expect(ordersOf(page)).toHaveCount(0);

  // Looking elsewhere disarms it.
  await expect(arm).toHaveAttribute('aria-pressed', 'true');
  await field(page, 'Size, SOL').click();
  await expect(arm).toHaveAttribute('aria-pressed', 'false');
});

test('a position is reversed, given exits and closed; the history has it and is downloaded', async ({ page, own, site }) => {
  await beginTrading(page, own, site);
  const maker = await Counterparty.rich(own);
  await maker.quote();
  await place(page, 'market', { 'Size, SOL': '2' });
  const position = page.locator(`tr[data-position="${kMarket}"]`);
  await expect(position).toContainText('Long');
  await expect(position).toContainText('2.00');

  await position.getByRole('button', { name: `Reverse ${kMarket}` }).click();
  await expect(panel(page, 'Positions')).toContainText('Trades 4.00 SOL at the market; you are then short as much.');
  await page.getByRole('button', { name: 'Reverse to short' }).click();
  await expect(position).toContainText('Short');
  await expect(position).toContainText('−2.00');

  await position.getByRole('button', { name: /^TP\/SL/ }).click();
  const mark = await markOf(own);
  await page.getByLabel('Take profit at').fill((mark * 0.9).toFixed(2));
  await page.getByLabel('Stop loss at').fill((mark * 1.1).toFixed(2));
  await page.getByRole('button', { name: 'Attach' }).click();
  await expect(page.getByText(`${kMarket}: exits attached`)).toBeVisible();

  await position.getByRole('button', { name: `Close ${kMarket}` }).click();
  await page.getByRole('button', { name: 'Close at market' }).click();
  await expect(panel(page, 'Positions')).toContainText('No positions');
  // Exits that only reduce end with the position, or are cancelled by hand.
  await show(page, 'History');
  const history = panel(page, 'History');
  await expect(history.locator('tbody tr')).toHaveCount(3);
  const [download] = await Promise.all([page.waitForEvent('download'), history.getByRole('button', { name: 'Download CSV' }).click()]);
  const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
  expect(lines[0]).toContain('trade_id');
  expect(lines).toHaveLength(4);
  await history.getByRole('button', { name: 'Orders' }).click();
  await expect(history).toContainText('filled');
  await history.getByRole('button', { name: 'Transfers' }).click();
  await expect(history).toContainText('+10,000.00');
});

test('the margin is explained term by term and adds up', async ({ page, own, site }) => {
  await beginTrading(page, own, site);
  await (await Counterparty.rich(own)).quote();
  await place(page, 'market', { 'Size, SOL': '2' });
  await expect(page.locator(`tr[data-position="${kMarket}"]`)).toBeVisible();
  const account = panel(page, 'Trading account');
  await account.getByRole('button', { name: 'Explain margin' }).click();
  const terms = account.getByRole('group', { name: 'Margin, term by term' });
  await expect(terms).toContainText('Profit of SOL-PERP');
  const figures = async () => {
    const texts = await terms.locator('dl > div').evaluateAll((lines) => lines.map((line) => [line.querySelector('dt')!.textContent!, line.querySelector('dd')!.textContent!]));
    const of = (name: string) => Number((texts.find(([label]) => label!.startsWith(name))?.[1] ?? '0').replaceAll(',', '').replace('−', '-'));
    return { collateral: of('Collateral'), requirement: of('Requirement'), free: of('Free'), position: of('SOL-PERP') };
  };
  const { collateral, requirement, free, position } = await figures();
  expect(requirement).toBeGreaterThan(0);
  expect(requirement).toBeCloseTo(position, 1);
  expect(collateral - requirement).toBeCloseTo(free, 1);
});

test('the server is killed: the page says so, what was sent is done once, and the account goes on without a gap', async ({ page, own, site }) => {
  await beginTrading(page, own, site);
  const maker = await Counterparty.rich(own);
  const { bid } = await maker.quote();
  const price = (share: number) => (Number(bid) * share).toFixed(2);
  await show(page, 'Open orders');
  await place(page, 'limit', { 'Price, USDC': price(0.98), 'Size, SOL': '1' });
  await expect(ordersOf(page)).toHaveCount(1);

  await own.kill();
  await expect(page.getByText('The connection to the server is lost')).toBeVisible();
  await expect(panel(page, 'Open orders')).toContainText('Account as of the last connection');
  await expect(ordersOf(page)).toHaveCount(1);
  // An order that is placed meanwhile waits for the server, under its key.
  await field(page, 'Price, USDC').fill(price(0.97));
  await expect(placeButton(page)).toBeEnabled();
  await placeButton(page).click();
  await own.run();
  await expect(row(page, price(0.97))).toHaveCount(1, { timeout: 30_000 });
  await expect(panel(page, 'Open orders')).not.toContainText('Account as of the last connection', { timeout: 30_000 });
  await expect(ordersOf(page)).toHaveCount(2);

  // It goes on: what trades now is told.
  await expect(page.locator('.connection')).toContainText('Connected', { timeout: 30_000 });
  await markOf(own);
  await maker.send('DELETE', `exchange/orders?market=${kMarket}`);
  await maker.send('POST', 'exchange/orders', { market: kMarket, side: 'sell', size: '1', price: price(0.98) });
  await expect(page.getByText(new RegExp(`Bought 1 ${kMarket}`))).toBeVisible();
  await expect(ordersOf(page)).toHaveCount(1);
  await expect(page.getByText('something was missing')).toHaveCount(0);
});

test('a session by keyboard alone: an order is placed, found in the table and cancelled', async ({ page, own, site }) => {
  await beginTrading(page, own, site);
  const low = ((await markOf(own)) * 0.97).toFixed(2);
  await show(page, 'Open orders');
  const tabTo = async (wanted: () => Promise<boolean>) => {
    for (let i = 0; i < 80 && !(await wanted()); ++i) await page.keyboard.press('Tab');
    expect(await wanted()).toBe(true);
  };
  const isFocused = (name: string) => () => field(page, name).evaluate((element) => element === element.ownerDocument.activeElement);
  await page.locator('body').focus();
  await tabTo(isFocused('Price, USDC'));
  await page.keyboard.type(low);
  await page.keyboard.press('ArrowUp');
  await expect(field(page, 'Price, USDC')).toHaveValue(String(Number((Number(low) + 0.01).toFixed(2))));
  await tabTo(isFocused('Size, SOL'));
  await page.keyboard.type('1');
  await page.keyboard.press('Enter');
  await expect(ordersOf(page)).toHaveCount(1);
  await page.keyboard.press('Shift+Tab');
  await tabTo(() => ordersOf(page).first().evaluate((element) => element === element.ownerDocument.activeElement));
  await page.keyboard.press('Delete');
  await expect(ordersOf(page)).toHaveCount(0);
});

test('a session whose token has ended goes on, and a price of the book is taken with a click', async ({ page, own, site, context }) => {
  await beginTrading(page, own, site);
  const maker = await Counterparty.rich(own);
  const { bid } = await maker.quote();
  await context.clearCookies({ name: '__Host-astro_session' });
  await page.reload();
  await expect(panel(page, 'Trading account')).toContainText('10,000.00');
  await page.locator('.book-bid').first().click();
  await expect(field(page, 'Price, USDC')).toHaveValue(String(Number(bid)));
});

test('a stranger sees what would be there and how to get it', async ({ page, own, site }) => {
  await openTrading(page, site);
  await expect(form(page).getByRole('link', { name: 'Sign in to trade' })).toBeVisible();
  await expect(panel(page, 'Positions')).toContainText('No positions without an account');
  await panel(page, 'Positions').getByRole('link', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  expect(own.port).toBeGreaterThan(0);
});

for (const theme of ['dark', 'light'] as const) {
  test(`no serious accessibility finding on the trading panels, ${theme}`, async ({ page, own, site }) => {
    await page.addInitScript((t) => localStorage.setItem('astrolabe.settings', JSON.stringify({ state: { theme: t }, version: 0 })), theme);
    await beginTrading(page, own, site);
    await (await Counterparty.rich(own)).quote();
    await place(page, 'market', { 'Size, SOL': '2' });
    await place(page, 'limit', { 'Price, USDC': ((await markOf(own)) * 0.98).toFixed(2) });
    await expect(page.locator(`tr[data-position="${kMarket}"]`)).toBeVisible();
    await panel(page, 'Trading account').getByRole('button', { name: 'Explain margin' }).click();
    await show(page, 'Ladder');
    await expect(page.locator('.ladder-own, .ladder-price').first()).toBeVisible();
    await expect(page.locator('.toast')).toHaveCount(0, { timeout: 15_000 });
    expect(await ownProblems(page)).toEqual([]);
    for (const title of ['Open orders', 'History']) {
      await show(page, title);
      await expect(panel(page, title).locator('.skeleton')).toHaveCount(0);
      expect(await ownProblems(page)).toEqual([]);
    }
  });
}

test('phone: the order form is not cut off sideways', async ({ page, own, site }) => {
  await beginTrading(page, own, site);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${site}/trade/${kMarket}`);
  await expect(form(page)).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});
