import type { Locator, Page } from '@playwright/test';
import type { Astrolabe } from './astrolabe';
import { expect, kPassword, mailedLink, register, signIn } from './people';

export const kMarket = 'SOL-PERP';

/** Somebody on the other side, by the API alone. */
export class Counterparty {
  private constructor(
    private readonly own: Astrolabe,
    private readonly token: string,
  ) {}

  static async join(own: Astrolabe, email = 'maker@example.org'): Promise<Counterparty> {
    const guest = new Counterparty(own, '');
    await guest.send('POST', 'identity/register', { email, password: kPassword });
    const link = await mailedLink(own, email);
    await guest.send('POST', 'identity/verify-email', { token: link.split('#')[1] });
    return Counterparty.signedIn(own, email);
  }

  /** Who has registered before. */
  static async signedIn(own: Astrolabe, email: string): Promise<Counterparty> {
    const guest = new Counterparty(own, '');
    const { tokens } = await guest.send<{ tokens: { access_token: string } }>('POST', 'identity/login', { email, password: kPassword });
    return new Counterparty(own, tokens.access_token);
  }

  /** With an account and money in it. */
  static async rich(own: Astrolabe, email?: string): Promise<Counterparty> {
    const maker = await Counterparty.join(own, email);
    await maker.send('POST', 'exchange/accounts', {});
    await maker.send('POST', 'exchange/faucet', { asset: 'USDC', amount: '10000' });
    return maker;
  }

  async send<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.own.url}/api/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(this.token ? { authorization: `Bearer ${this.token}` } : {}) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** A key for a program that trades for it. */
  async key(): Promise<{ apiKey: string; secret: string }> {
    const made = await this.send<{ key: { id: string }; secret: string }>('POST', 'identity/keys', { name: 'bot', kind: 'hmac', public_key: '', scopes: ['read', 'trade'], ip_allow: [] });
    return { apiKey: made.key.id, secret: made.secret };
  }

  /** Both sides of a book, a tenth of a per cent around the mark price. */
  async quote(size = '20'): Promise<{ bid: string; ask: string }> {
    const mark = await markOf(this.own);
    const [bid, ask] = [(mark * 0.999).toFixed(2), (mark * 1.001).toFixed(2)];
    await this.send('DELETE', `exchange/orders?market=${kMarket}`);
    await this.send('POST', 'exchange/orders', { market: kMarket, side: 'buy', size, price: bid });
    await this.send('POST', 'exchange/orders', { market: kMarket, side: 'sell', size, price: ask });
    return { bid, ask };
  }
}

/** The market's mark price, once the oracle gives one. */
export async function markOf(own: Astrolabe): Promise<number> {
  let mark = 0;
  await expect
    .poll(async () => {
      const { ticker } = await own.get<{ ticker: { mark: string; oracle: string } }>(`/api/v1/exchange/markets/${kMarket}`);
      mark = ticker.oracle === 'valid' ? Number(ticker.mark) : 0;
      return mark;
    })
    .toBeGreaterThan(0);
  return mark;
}

const tabs = (size: number, ...names: string[]) => ({ size, tabs: names, active: names[0] });
const row = (size: number, ...parts: unknown[]) => ({ size, split: 'row', parts });
const column = (size: number, ...parts: unknown[]) => ({ size, split: 'column', parts });
function layoutFile(kinds: string[], root: unknown) {
  const panels = Object.fromEntries(kinds.map((kind) => [kind, { kind, link: 'blue', symbol: null, settings: {} }]));
  return { format: 'astrolabe-layout', name: 'Trading', layout: { version: 1, panels, links: { blue: kMarket }, root, windows: [] } };
}
const layouts = {
  /** All panels that trade, with room for the words in their tabs. */
  trading: layoutFile(
    ['positions', 'orders', 'history', 'book', 'ladder', 'ticket', 'account'],
    row(1, column(50, tabs(40, 'positions', 'orders', 'history'), tabs(60, 'account')), tabs(28, 'book', 'ladder'), tabs(22, 'ticket')),
  ),
  /** What somebody looks at all day. */
  day: layoutFile(
    ['chart', 'positions', 'orders', 'history', 'book', 'trades', 'ladder', 'ticket', 'account'],
    row(1, column(54, tabs(64, 'chart'), tabs(36, 'positions', 'orders', 'history')), column(22, tabs(60, 'book', 'ladder'), tabs(40, 'trades')), column(24, tabs(60, 'ticket'), tabs(40, 'account'))),
  ),
};

/** Opens the market with that layout. */
export async function openTrading(page: Page, site: string, layout: keyof typeof layouts = 'trading'): Promise<void> {
  await page.goto(`${site}/trade/${kMarket}`);
  await page.getByLabel('Import a file').setInputFiles({ name: 'trading.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(layouts[layout])) });
  await expect(page.getByRole('button', { name: /^Layout: / })).toHaveText(/Trading/);
  await expect(form(page)).toBeVisible();
}

/** The panel itself: the dock names its place like it. */
export const panel = (page: Page, title: string): Locator => page.locator(`.workspace-panel[aria-label="${title}"]`);
export const form = (page: Page): Locator => page.getByRole('form', { name: 'Order form' });
export const field = (page: Page, name: string): Locator => form(page).getByRole('textbox', { name, exact: true });
export const placeButton = (page: Page): Locator => form(page).locator('button[type="submit"]');
export const ordersOf = (page: Page): Locator => page.locator('tr[data-order]');

/** Brings a panel to the front of its tabs. */
export async function show(page: Page, title: string): Promise<void> {
  await page.locator('.dv-tab', { hasText: title }).first().click();
  await expect(panel(page, title)).toBeVisible();
}

/** Signs up, opens an account and has play money: what somebody new does. */
export async function beginTrading(page: Page, own: Astrolabe, site: string, layout: keyof typeof layouts = 'trading'): Promise<void> {
  await register(page, own, site);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await openTrading(page, site, layout);
  await panel(page, 'Order form').getByRole('button', { name: 'Open account' }).click();
  await panel(page, 'Order form').getByRole('button', { name: 'Add 10000 USDC' }).click();
  await expect(panel(page, 'Trading account')).toContainText('10,000.00');
}

export async function place(page: Page, kind: string, fields: Record<string, string>, side: 'Buy' | 'Sell' = 'Buy'): Promise<void> {
  await form(page).getByRole('group', { name: 'Side' }).getByRole('button', { name: side }).click();
  await form(page).getByLabel('Order type').selectOption(kind);
  for (const [name, value] of Object.entries(fields)) await field(page, name).fill(value);
  await expect(placeButton(page)).toBeEnabled();
  await placeButton(page).click();
}
