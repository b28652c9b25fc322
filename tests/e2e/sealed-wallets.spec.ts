import { execFileSync } from 'node:child_process';
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { program } from './astrolabe';
import { accessibilityProblems } from './axe';
import { ask, expect, register, signIn, test } from './people';

const kFirst = 'copper lantern sails north';
const kSecond = 'violet harbour counts slowly';
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog');

async function toWallets(page: Page, site: string): Promise<void> {
  await page.goto(`${site}/sign-in`);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Wallets' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Wallets', level: 1 })).toBeVisible();
}

async function create(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Create a wallet' }).click();
  await dialog(page).getByLabel('Name').fill(name);
  await dialog(page).getByLabel('Wallet password', { exact: true }).fill(kFirst);
  await dialog(page).getByLabel('Wallet password again').fill(kFirst);
  await dialog(page).getByRole('button', { name: 'Create wallet' }).click();
  await expect(panel(page, name)).toBeVisible();
}

async function unlock(page: Page, password: string): Promise<void> {
  await page.getByRole('button', { name: 'Unlock with the password' }).click();
  await dialog(page).getByLabel('Wallet password').fill(password);
  await dialog(page).getByRole('button', { name: 'Unlock', exact: true }).click();
}

async function shownWords(page: Page, password: string): Promise<string[]> {
  await page.getByRole('button', { name: 'Show the 24 words' }).click();
  await dialog(page).getByLabel('Wallet password').fill(password);
  await dialog(page).getByRole('button', { name: 'Show the words' }).click();
  await expect(dialog(page).getByRole('listitem')).toHaveCount(24);
  return dialog(page).getByRole('listitem').allTextContents();
}

/** SEP-5's first account of the words, by Node's own cryptography: the public key, and the seed that signs. */
function accountOf(words: readonly string[]): { address: Buffer; seed: Buffer } {
  const seed = pbkdf2Sync(words.join(' '), 'mnemonic', 2048, 64, 'sha512');
  let node = createHmac('sha512', 'ed25519 seed').update(seed).digest();
  for (const step of [44, 148, 0]) {
    const index = Buffer.alloc(4);
    index.writeUInt32BE(step + 0x8000_0000);
    node = createHmac('sha512', node.subarray(32)).update(Buffer.concat([Buffer.of(0), node.subarray(0, 32), index])).digest();
  }
  const key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), node.subarray(0, 32)]), format: 'der', type: 'pkcs8' });
  return { address: createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32), seed: node.subarray(0, 32) };
}

const kBase32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** The 32 bytes of "G…". */
function keyOf(strKey: string): Buffer {
  const bits = [...strKey].map((c) => kBase32.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)).slice(1, 33));
}

function entropyOf(words: readonly string[]): Buffer {
  const list = readFileSync(resolve(__dirname, '../../share/wallets/bip39_english_words.txt'), 'utf8').trim().split('\n');
  const bits = words.map((word) => list.indexOf(word).toString(2).padStart(11, '0')).join('');
  return Buffer.from(bits.slice(0, 256).match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
}

/** Whatever the operator has: all files of the data folder. */
function everythingIn(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return Buffer.concat(files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file)));
}

test('a key is made, opened, wrapped anew and shown in the browser, and the server never has it', async ({ page, own, site, browser }) => {
  test.setTimeout(300_000);
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.postData() ?? ''));
  await page.goto(`${site}/wallets`);
  await expect(page.getByText('Who has signed in sees his wallets here.')).toBeVisible();
  await register(page, own, site);
  await toWallets(page, site);
  await expect(page.getByText('No wallets yet')).toBeVisible();
  await create(page, 'Savings');
  const address = (await panel(page, 'Receive').locator('.wallet-long').textContent())!;
  expect(address).toMatch(/^G[A-Z2-7]{55}$/);
  await expect(panel(page, 'What opens it').getByRole('row')).toHaveCount(3);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.screenshot({ path: '../build/e2e/sealed-wallets-1440-dark.png' });

  await page.getByRole('button', { name: 'Unlock with this browser' }).click();
  await expect(panel(page, 'Savings').getByRole('button', { name: 'Lock', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Lock', exact: true }).click();

  await page.getByRole('button', { name: 'Change password' }).click();
  await dialog(page).getByLabel('Present wallet password').fill(kFirst);
  await dialog(page).getByLabel('New wallet password').fill(kSecond);
  await dialog(page).getByLabel('Wallet password again').fill(kSecond);
  await dialog(page).getByRole('button', { name: 'Change password' }).click();
  await expect(dialog(page)).toHaveCount(0);
  await unlock(page, kFirst);
  await expect(dialog(page).getByRole('alert')).toHaveText('This does not open the wallet.');
  await page.keyboard.press('Escape');
  await unlock(page, kSecond);
  await expect(panel(page, 'Savings').getByRole('button', { name: 'Lock', exact: true })).toBeVisible();

  const words = await shownWords(page, kSecond);
  await page.screenshot({ path: '../build/e2e/sealed-wallets-words-1440.png' });
  await page.getByRole('button', { name: 'Done' }).click();
  const account = accountOf(words);
  expect(account.address.equals(keyOf(address))).toBe(true);

  // Neither on the way nor at the end: words, entropy, seed, passwords.
  const entropy = entropyOf(words);
  const texts = [words.join(' '), words.slice(0, 3).join(' '), kFirst, kSecond];
  for (const secret of [entropy, account.seed]) {
    texts.push(secret.toString('hex'));
    for (const skip of [0, 1, 2]) texts.push(secret.subarray(skip, skip + 27).toString('base64'));
  }
  const kept = everythingIn(own.data);
  expect(kept.includes(address)).toBe(true);
  for (const text of texts) {
    expect(kept.includes(text)).toBe(false);
    expect(own.printed.includes(text)).toBe(false);
    expect(sent.some((body) => body.includes(text))).toBe(false);
  }
  for (const secret of [entropy, account.seed]) expect(kept.includes(secret)).toBe(false);

  // Another browser: once with the password, from then on with a key of its own; the first goes on.
  const second = await (await browser.newContext()).newPage();
  await toWallets(second, site);
  await second.getByRole('link', { name: 'Savings' }).click();
  await expect(second.getByRole('button', { name: 'Unlock with this browser' })).toHaveCount(0);
  await unlock(second, kSecond);
  await second.getByRole('button', { name: 'Let this browser open it' }).click();
  await expect(panel(second, 'What opens it').getByRole('row')).toHaveCount(4);
  await second.getByRole('button', { name: 'Lock', exact: true }).click();
  await second.getByRole('button', { name: 'Unlock with this browser' }).click();
  await expect(second.getByRole('button', { name: 'Lock', exact: true })).toBeVisible();
  await second.close();
  await panel(page, 'What opens it').getByRole('button', { name: 'Remove Password' }).click();
  await expect(dialog(page)).toContainText('does not open this wallet');
  await dialog(page).getByRole('button', { name: 'Remove Password' }).click();
  await expect(panel(page, 'What opens it').getByRole('row')).toHaveCount(3);
  await page.reload();
  await page.getByRole('button', { name: 'Unlock with this browser' }).click();
  await expect(page.getByRole('button', { name: 'Lock', exact: true })).toBeVisible();
});

test('an address is watched, renamed, archived and brought back; on a phone too', async ({ page, own, site }) => {
  test.setTimeout(240_000);
  await register(page, own, site);
  await page.setViewportSize({ width: 390, height: 844 });
  await toWallets(page, site);
  await create(page, 'Phone');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.screenshot({ path: '../build/e2e/sealed-wallets-390-dark.png', fullPage: true });
  await page.getByRole('button', { name: 'Watch an address' }).click();
  await dialog(page).getByLabel('Name').fill('Friend');
  await dialog(page).getByLabel('Address').fill('GDRXE2BQUC3AZNPVFSCEZ76NJ3WWL25FYFK6RGZGIEKWE4SOOHSUJUJ7');
  await dialog(page).getByRole('button', { name: 'Watch address' }).click();
  await expect(dialog(page).getByRole('alert')).toContainText('carries a checksum, which must fit');
  await dialog(page).getByLabel('Address').fill('GDRXE2BQUC3AZNPVFSCEZ76NJ3WWL25FYFK6RGZGIEKWE4SOOHSUJUJ6');
  await dialog(page).getByRole('button', { name: 'Watch address' }).click();
  await expect(panel(page, 'Friend')).toContainText('Watch-only');
  await expect(panel(page, 'What opens it')).toHaveCount(0);
  await panel(page, 'Receive').getByRole('button', { name: 'Payment link' }).click();
  await panel(page, 'Receive').getByLabel('Amount, XLM').fill('12.5');
  await expect(panel(page, 'Receive').getByRole('link', { name: 'Open in a wallet' })).toHaveAttribute('href', 'web+stellar:pay?destination=GDRXE2BQUC3AZNPVFSCEZ76NJ3WWL25FYFK6RGZGIEKWE4SOOHSUJUJ6&amount=12.5');
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.screenshot({ path: '../build/e2e/sealed-wallets-390-light.png', fullPage: true });

  await page.getByRole('button', { name: 'Rename' }).click();
  await dialog(page).getByLabel('Name').fill('Best friend');
  await dialog(page).getByRole('button', { name: 'Rename' }).click();
  await expect(panel(page, 'Best friend')).toBeVisible();
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await dialog(page).getByRole('button', { name: 'Archive' }).click();
  await expect(panel(page, 'Your wallets').getByRole('link', { name: 'Best friend' })).toHaveCount(0);
  await page.getByLabel('Archived too').check();
  await expect(panel(page, 'Your wallets').getByRole('row', { name: /Best friend.*Archived/ })).toBeVisible();
  await page.getByRole('button', { name: 'Bring back' }).click();
  await expect(panel(page, 'Your wallets').getByRole('row', { name: /Best friend.*No key/ })).toBeVisible();
});

/** `astrolabe wallets …` with a key of the page's user. */
async function commandsOf(page: Page, site: string): Promise<{ run: (...words: string[]) => string; password: (text: string) => string; end: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'astrolabe-cli-'));
  const pair = generateKeyPairSync('ed25519');
  const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64url');
  const made = await ask(page, 'POST', '/identity/keys', { name: 'cli', kind: 'ed25519', public_key: publicKey, scopes: ['read', 'wallet'] });
  expect(made.status, JSON.stringify(made.body)).toBeLessThan(300);
  const key = (made.body.key as { id: string }).id;
  const keyFile = join(folder, 'key.pem');
  writeFileSync(keyFile, pair.privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
  let files = 0;
  return {
    run: (...words) => execFileSync(program, ['wallets', ...words, '--url', site, '--key', key, '--key-file', keyFile], { encoding: 'utf8', stdio: 'pipe' }),
    password: (text) => {
      const file = join(folder, `password-${++files}`);
      writeFileSync(file, `${text}\n`, { mode: 0o600 });
      return file;
    },
    end: () => rmSync(folder, { recursive: true }),
  };
}

test('the command line opens what the browser has sealed, and the other way', async ({ page, own, site }) => {
  test.setTimeout(240_000);
  await register(page, own, site);
  await toWallets(page, site);
  await create(page, 'Made in the browser');
  const { run, password, end } = await commandsOf(page, site);
  const words = run('export', 'Made in the browser', '--password-file', password(kFirst)).trim();
  expect(await shownWords(page, kFirst)).toEqual(words.split(' '));
  await page.getByRole('button', { name: 'Done' }).click();

  const made = JSON.parse(run('create', 'Made by the program', '--password-file', password(kFirst))) as { id: string; address: string };
  run('password', 'Made by the program', '--password-file', password(kFirst), '--new-password-file', password(kSecond));
  const listed = run('list', '--json').trim().split('\n').map((line) => JSON.parse(line) as { name: string; revision: number });
  expect(listed.map(({ name, revision }) => [name, revision])).toEqual([['Made in the browser', 1], ['Made by the program', 2]]);
  expect(JSON.parse(run('show', made.id))).toMatchObject({ payment_link: `web+stellar:pay?destination=${made.address}` });
  expect(() => run('export', 'Made by the program', '--password-file', password(kFirst))).toThrow(/this does not open the wallet/);
  expect(() => run('create', 'Too short', '--password-file', password('short'))).toThrow(/at least 12 characters/);

  await page.goto(`${site}/wallets/${made.id}`);
  await unlock(page, kSecond);
  await expect(page.getByRole('button', { name: 'Lock', exact: true })).toBeVisible();
  const shown = await shownWords(page, kSecond);
  expect(shown.join(' ')).toBe(run('export', 'Made by the program', '--password-file', password(kSecond)).trim());
  expect(accountOf(shown).address.equals(keyOf(made.address))).toBe(true);
  end();
});
