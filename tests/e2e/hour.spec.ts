import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { BrowserContext } from '@playwright/test';
import { Astrolabe, expect, freePort, type Page } from './astrolabe';
import { giveRoles, register, signIn, signUpAdmin, test as base } from './people';
import { beginTrading, Counterparty, field, form, kMarket, markOf, panel, place, show } from './traders';

/** A whole hour with HOUR_MINUTES=60; HOUR_SHOTS names a folder for pictures. */
const kMinutes = Number(process.env.HOUR_MINUTES ?? 1);
const kShots = process.env.HOUR_SHOTS;
/** From 101 dollars to 91 and back: the demo plays twelve recorded hours of it in one. */
const kHour = '2024-01-18T08:00:00Z';
const kCcxtBot = resolve(__dirname, '../dialect/bot.mjs');
const kFixBot = resolve(__dirname, '../dialect/fix_bot.mjs');

const test = base.extend<{ fixPort: number }>({
  fixPort: async ({}, use) => use(await freePort()),
  own: async ({ fixPort }, use) => {
    const own = await Astrolabe.start({
      ASTROLABE_IDENTITY_URL: 'http://localhost:{port}',
      ASTROLABE_IDENTITY_ARGON2_KIB: '64',
      ASTROLABE_IDENTITY_ARGON2_PASSES: '1',
      ASTROLABE_EXCHANGE_SIMULATED_TRADERS: 'on',
      ASTROLABE_MARKET_DEMO_HOUR: kHour,
      ASTROLABE_FIX_LISTEN: `127.0.0.1:${fixPort}`,
    });
    await use(own);
    await own.dispose();
  },
});

// A step that cannot be done ends the test at once, not the hour.
test.use({ actionTimeout: 30_000 });

interface BotsWork {
  placed: number;
  trades: number;
  position: number;
  refused: Record<string, number>;
}

/** A program that trades beside him, until it is told to stop. */
class Bot {
  private constructor(private readonly child: ChildProcess) {}

  /** `place`: where it finds the server. */
  static async start(own: Astrolabe, program: string, place: string, email: string): Promise<Bot> {
    const key = await (await Counterparty.rich(own, email)).key();
    const child = spawn(process.execPath, [program, place], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin!.write(`${JSON.stringify(key)}\n`);
    return new Bot(child);
  }

  async stop(): Promise<BotsWork> {
    const lines = createInterface({ input: this.child.stdout! });
    const said = once(lines, 'line') as Promise<[string]>;
    const ended = once(this.child, 'exit').then(([code]) => Promise.reject(new Error(`the bot ended with ${code} and said nothing`)));
    this.child.stdin!.end();
    return JSON.parse((await Promise.race([said, ended]))[0]) as BotsWork;
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  if (kShots) await page.screenshot({ path: join(kShots, `${name}.png`) });
}

async function tearOff(page: Page, context: BrowserContext, title: string): Promise<Page> {
  await show(page, title);
  const [away] = await Promise.all([context.waitForEvent('page'), page.getByRole('button', { name: new RegExp(`^${title}.*into its own window`) }).click()]);
  await expect(away.locator(`.workspace-panel[aria-label="${title}"]`)).toBeVisible();
  return away;
}

/** What the server says he holds. */
const held = (page: Page) =>
  page.evaluate(async (market) => {
    const { positions } = (await (await fetch('/api/v1/exchange/positions')).json()) as { positions: { market: string; size: string }[] };
    return Number(positions.find((position) => position.market === market)?.size ?? 0);
  }, kMarket);

/** In such an hour the price is not to be trusted for moments; the venue says so, and he tries again. */
const untilTaken = (step: () => Promise<void>) => expect(step).toPass({ timeout: 120_000 });

async function holdAtMarket(page: Page, size: number): Promise<void> {
  await untilTaken(async () => {
    if ((await held(page)) !== size) await place(page, 'market', { 'Worst price, USDC (may be empty)': '', 'Size, SOL': '1' }, size > 0 ? 'Buy' : 'Sell');
    await expect.poll(() => held(page), { timeout: 5_000 }).toBe(size);
  });
}

/** Asks and has it confirmed, as docs/risk.md says it is done. */
async function setState(asking: Page, confirming: Page, state: string, why: string): Promise<void> {
  const stopping = (page: Page) => page.getByRole('region', { name: 'Stopping markets', exact: true });
  await stopping(asking).getByLabel('Market', { exact: true }).selectOption(kMarket);
  await stopping(asking).getByLabel('Shall be').selectOption(state);
  await stopping(asking).getByLabel('Why').fill(why);
  await stopping(asking).getByRole('button', { name: 'Ask for it' }).click();
  await stopping(confirming).getByRole('button', { name: 'Confirm' }).click();
  await expect(stopping(confirming).getByRole('row', { name: new RegExp(`${why}.*Done`) })).toBeVisible();
}

test('a volatile hour: three windows, mouse and keyboard, a ccxt bot and a FIX client beside him, a halt, and a report to take home', async ({ page, context, browser, own, site, fixPort }) => {
  test.setTimeout((kMinutes + 6) * 60_000);
  const bots = [await Bot.start(own, kCcxtBot, own.url, 'ccxt@example.org'), await Bot.start(own, kFixBot, String(fixPort), 'fix@example.org')];
  await beginTrading(page, own, site, 'day');
  await markOf(own);
  const table = await tearOff(page, context, 'Positions');
  const ladder = await tearOff(page, context, 'Ladder');
  const rows = ladder.locator('tr[data-price]');
  await expect(rows.last()).toBeVisible();
  const arm = ladder.getByRole('button', { name: /one-click trading$/ });
  const notices = ladder.getByRole('region', { name: 'Notices' });
  await ladder.getByRole('textbox', { name: 'Size, SOL' }).fill('0.5');
  // Fifty ticks a row: what is placed near the lower end is far from where it trades, however fast the price falls.
  await ladder.locator('.ladder-step').selectOption('50');

  const operator = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await register(operator, own, site, 'operator@example.org');
  const admin = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signUpAdmin(admin, own, 'root@example.org');
  await giveRoles(admin, 'operator@example.org', ['trader', 'operator']);
  await signIn(operator, 'operator@example.org');
  await expect(operator.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await Promise.all([operator.goto(`${site}/admin/risk`), admin.goto(`${site}/admin/risk`)]);

  const until = Date.now() + kMinutes * 60_000;
  let isHaltedOnce = false;
  for (let round = 0; round < 3 || Date.now() < until; ++round) {
    // By mouse: at the market, in the form.
    const isBuying = round % 2 === 0;
    await holdAtMarket(page, isBuying ? 1 : 0);
    const position = table.locator(`tr[data-position="${kMarket}"]`);
    await expect(position).toHaveCount(isBuying ? 1 : 0);
    if (round === 0) await shoot(page, 'hour-day');

    // By keyboard: far below the market in the other window, and away again.
    const book = ladder.getByRole('group', { name: 'Price ladder' });
    const own = ladder.locator('.ladder-own');
    await untilTaken(async () => {
      if ((await arm.getAttribute('aria-pressed')) !== 'true') await arm.click();
      await book.focus();
      // Under the pointer the rows stand still: to where the price is now, down to the last row, and some up, so that it stays in sight.
      await ladder.keyboard.press('c');
      for (let i = 0; i < 20; ++i) await ladder.keyboard.press('ArrowDown');
      for (let i = 0; i < 3; ++i) await ladder.keyboard.press('ArrowUp');
      await ladder.keyboard.press('b');
      await expect.poll(async () => `${(await own.allTextContents()).join()} ${await notices.textContent()}`, { timeout: 5_000 }).toContain('0.5');
    });
    if (round === 0) await shoot(ladder, 'hour-ladder');
    await ladder.keyboard.press('x');
    await expect(own).toHaveCount(0);

    if (!isHaltedOnce && (round >= 1 || Date.now() > until)) {
      isHaltedOnce = true;
      await setState(admin, operator, 'halted', 'the oracle is in doubt');
      await field(page, 'Size, SOL').fill('2');
      await expect(form(page)).toContainText('Would be refused: the market is halted and takes no such orders now');
      for (const window of [page, ladder]) await expect(window.locator('.group-tools .badge', { hasText: 'Halted' }).first()).toBeVisible();
      if ((await arm.getAttribute('aria-pressed')) !== 'true') await arm.click();
      await book.focus();
      await ladder.keyboard.press('b');
      await expect(notices.locator('.toast-warn').first()).toBeVisible();
      await shoot(page, 'hour-halted');
      await shoot(admin, 'hour-risk');
      await setState(operator, admin, 'open', 'the oracle is right again');
      await expect(form(page)).not.toContainText('Would be refused');
    }
    for (const window of [page, table, ladder]) await expect(window.getByText('something was missing')).toHaveCount(0);
  }
  expect(isHaltedOnce).toBe(true);

  // The windows say one thing, and so does the server.
  const rest = await held(page);
  if (rest !== 0) {
    await table.locator(`tr[data-position="${kMarket}"]`).getByRole('button', { name: `Close ${kMarket}` }).click();
    await table.getByRole('button', { name: 'Close at market' }).click();
    await expect.poll(() => held(page)).toBe(0);
  }
  await expect(panel(table, 'Positions')).toContainText('No positions');
  await shoot(page, 'hour-end');

  // The programs that traded beside him are done, and even.
  for (const bot of bots) {
    const work = await bot.stop();
    expect(work.trades, JSON.stringify(work)).toBeGreaterThan(0);
    expect(work.position).toBe(0);
  }

  // He leaves with a report that says what the server knows.
  await page.goto(`${site}/portfolio`);
  const earned = await page.evaluate(async () => ((await (await fetch('/api/v1/exchange/portfolio')).json()) as { by_market: { name: string; earnings: { fills: number; fees: string; volume: string } }[] }).by_market[0]!);
  const taken = async (name: string) => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
    return readFileSync(await file.path(), 'latin1');
  };
  expect(await taken('Report as PDF')).toMatch(/^%PDF-1\.\d[\s\S]*%%EOF\s*$/);
  const numbers = await taken('All numbers as CSV');
  const line = numbers.split('\r\n').find((text) => text.includes(kMarket))!;
  for (const value of [earned.earnings.fees, earned.earnings.volume, String(earned.earnings.fills)]) expect(line.split(',')).toContain(value);
  await shoot(page, 'hour-report');
});
