import type { BrowserContext, Page } from '@playwright/test';
import { Astrolabe, expect, test } from './astrolabe';
import { kEmail, register, signIn, signUpAdmin } from './people';
import { loadRecordings, play, record, saveRecordings, type Recording } from './recorded';
import { Counterparty, kMarket, markOf } from './traders';

/**
 * Main pages beside committed pictures of them, in the three sizes of docs/terminal.md, drawn from a recorded state. New pictures, after a change that is
 * meant: npm run e2e -- screens.spec.ts --update-snapshots. A new state as well: RECORD_SCREENS=1 before it.
 */
const kSizes = { wide: { width: 2560, height: 1440 }, desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
type Person = 'guest' | 'trader' | 'operator';
const kPages: [name: string, person: Person, path: string, ready: string][] = [
  ['workspace', 'trader', `/trade/${kMarket}`, 'form[aria-label="Order form"], .workspace-panel'],
  ['portfolio', 'trader', '/portfolio', '.portfolio-figure'],
  ['market', 'guest', `/exchange/${kMarket}`, 'main .num'],
  ['admin-risk', 'operator', '/admin/risk', 'main table'],
  ['sign-in', 'guest', '/sign-in', 'main form'],
  ['mev', 'guest', '/mev', '.finding-data'],
];

/** Drawn, its fonts there, nothing loading; charts have had their frames. */
async function drawn(page: Page, ready: string): Promise<void> {
  await expect(page.locator(ready).first()).toBeVisible();
  await expect(page.locator('.skeleton')).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let i = 0; i < 10; ++i) await new Promise(requestAnimationFrame);
  });
  await page.waitForLoadState('networkidle');
}

/** Whose page it is: a recording has the answers, the cookie only says that there is a session. */
async function be(page: Page, person: Person): Promise<void> {
  if (person !== 'guest') await page.addInitScript(() => (document.cookie = '__Host-astro_csrf=recorded; Path=/; Secure; SameSite=Strict'));
}

if (process.env.RECORD_SCREENS) {
  test('records what the pages are drawn from', async ({ browser }) => {
    test.setTimeout(1_800_000);
    const own = await Astrolabe.start({ ASTROLABE_IDENTITY_URL: 'http://localhost:{port}', ASTROLABE_IDENTITY_ARGON2_KIB: '64', ASTROLABE_IDENTITY_ARGON2_PASSES: '1', ASTROLABE_EXCHANGE_SIMULATED_TRADERS: 'on', ASTROLABE_EXCHANGE_EQUITY_MINUTES: '1' });
    const site = `http://localhost:${own.port}`;
    const people: Record<Person, BrowserContext> = { guest: await browser.newContext(), trader: await browser.newContext(), operator: await browser.newContext() };
    const trader = await people.trader.newPage();
    await register(trader, own, site);
    await signIn(trader);
    await expect(trader.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
    const operator = await people.operator.newPage();
    await signUpAdmin(operator, own, 'root@example.org');
    await tradeAWhile(own);
    const out: Record<string, Recording> = {};
    for (const [name, person, path, ready] of kPages) {
      const recording: Recording = { now: '', answers: {}, welcome: null, channels: {} };
      for (const size of Object.values(kSizes)) {
        const page = await people[person].newPage();
        await page.setViewportSize(size);
        await record(page, recording);
        await page.goto(site + path);
        await drawn(page, ready);
        await page.waitForTimeout(1_500);
        await page.close();
      }
      recording.now = new Date().toISOString();
      out[name] = recording;
    }
    saveRecordings(out);
    await own.dispose();
  });
}

/** Some profit and loss, orders on the book, an open position. */
async function tradeAWhile(own: Astrolabe): Promise<void> {
  const ada = await Counterparty.signedIn(own, kEmail);
  const bob = await Counterparty.rich(own);
  await ada.send('POST', 'exchange/accounts', {});
  await ada.send('POST', 'exchange/faucet', { asset: 'USDC', amount: '10000' });
  const minutes = Number(process.env.RECORD_MINUTES ?? '10');
  for (let minute = 0; minute < minutes; ++minute) {
    await bob.quote('40');
    const side = minute % 3 === 2 ? 'sell' : 'buy';
    await ada.send('POST', 'exchange/orders', { market: kMarket, side, size: String(3 + (minute % 4)), client_id: `${minute % 2 ? 'grid' : 'swing'}-${minute}` });
    await new Promise((next) => setTimeout(next, 60_000));
  }
  const mark = await markOf(own);
  await bob.quote('40');
  await ada.send('POST', 'exchange/orders', { market: kMarket, side: 'buy', size: '2', price: (mark * 0.98).toFixed(2) });
  await ada.send('POST', 'exchange/orders', { market: kMarket, side: 'sell', size: '2', reduce_only: true, trigger: { kind: 'stop', price: (mark * 0.95).toFixed(2) } });
}

for (const [name, person, path, ready] of kPages)
  for (const [size, viewport] of Object.entries(kSizes))
    test(`${name}, ${size}, looks as it did`, async ({ page, server }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
      const url = server.url.replace('127.0.0.1', 'localhost');
      await be(page, person);
      const missing = await play(page, loadRecordings()[name]!);
      await page.goto(url + path);
      await drawn(page, ready);
      // Again, with its faces at hand: a chart that is drawn before they have come keeps the letters of another one.
      await page.reload();
      await drawn(page, ready);
      expect(missing, 'asked for what was not recorded: record the state anew').toEqual([]);
      // The chart draws its fills when they come, which no element tells; its own spec looks at it.
      // One pixel in a thousand may differ by more than a fifth of the way from black to white: edges of letters may, a word more or a panel moved does not pass.
      await expect(page).toHaveScreenshot(`${name}-${size}.png`, { maxDiffPixelRatio: 0.001, threshold: 0.2, animations: 'disabled', caret: 'hide', mask: [page.locator('.chart-canvas')] });
    });
