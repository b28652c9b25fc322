import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Astrolabe, expect, test as base } from './astrolabe';

export const kEmail = 'ada@example.org';
export const kPassword = 'turnip violin marshal eight';

/** A server of the test's own, asked for at "localhost": passkeys and secure cookies belong to a name. */
export const test = base.extend<{ own: Astrolabe; site: string }>({
  own: async ({}, use) => {
    const own = await Astrolabe.start({ ASTROLABE_IDENTITY_URL: 'http://localhost:{port}', ASTROLABE_IDENTITY_ARGON2_KIB: '64', ASTROLABE_IDENTITY_ARGON2_PASSES: '1' });
    await use(own);
    await own.dispose();
  },
  site: async ({ own }, use) => use(`http://localhost:${own.port}`),
});

/** The link of the newest mail to `email`. */
export async function mailedLink(own: Astrolabe, email = kEmail): Promise<string> {
  const folder = join(own.data, 'outbox');
  let link = '';
  await expect
    .poll(() => {
      const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).filter((text) => text.includes(`To: ${email}`));
      link = /http:\/\/\S+#\S+/.exec(texts.at(-1) ?? '')?.[0] ?? '';
      return link;
    })
    .not.toBe('');
  return link;
}

export async function register(page: Page, own: Astrolabe, site: string, email = kEmail): Promise<void> {
  await page.goto(`${site}/register`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(kPassword);
  await page.getByRole('button', { name: 'Create an account' }).click();
  await expect(page.getByRole('heading', { name: 'A mail is on its way' })).toBeVisible();
  await page.goto(await mailedLink(own, email));
  await page.getByRole('button', { name: 'Confirm the address' }).click();
  await expect(page.getByText('The address is confirmed. Sign in.')).toBeVisible();
}

export async function signIn(page: Page, email = kEmail): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(kPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** By the link that a fresh server prints, once. */
export async function signUpAdmin(page: Page, own: Astrolabe, email: string): Promise<void> {
  const link = () => /http:\/\/\S+\/admin-sign-up#\S+(?=\s)/.exec(own.printed)?.[0] ?? '';
  await expect.poll(link, { message: 'the server prints a link' }).not.toBe('');
  await page.goto(link());
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(kPassword);
  await page.getByRole('button', { name: 'Create an account' }).click();
  await expect(page.getByText('The administrator is registered. Sign in.')).toBeVisible();
  await signIn(page, email);
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
}

/** As the page itself would: with its cookies and its CSRF text. */
export async function ask(page: Page, method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  return page.evaluate(
    async ([m, p, b]) => {
      const csrf = /__Host-astro_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
      const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf, 'idempotency-key': crypto.randomUUID() };
      const response = await fetch(`/api/v1${p as string}`, { method: m as string, headers, body: b === undefined ? undefined : JSON.stringify(b) });
      const text = await response.text();
      return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
    },
    [method, path, body] as const,
  );
}

/** By an administrator's page that is open. */
export async function giveRoles(admin: Page, email: string, roles: string[]): Promise<void> {
  const { items } = (await ask(admin, 'GET', '/identity/users?limit=100')).body as { items: { id: string; email: string }[] };
  const user = items.find((item) => item.email === email)!;
  expect((await ask(admin, 'POST', `/identity/users/${user.id}/roles`, { roles })).status).toBeLessThan(300);
}

export { expect } from './astrolabe';
