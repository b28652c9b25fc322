import { createHmac, createPrivateKey, createHash, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { kEmail, expect, register, signIn, test } from './people';

/** RFC 6238 with SHA-1, six digits, thirty seconds. */
function oneTimeCode(secret: string, ms: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/=+$/, '')].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(ms / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = mac[19]! & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('an account from its first mail to its end', async ({ page, own, site }) => {
  test.setTimeout(120_000);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });

  await register(page, own, site);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await expect(page.getByText(kEmail)).toBeVisible();

  // One-time codes.
  await page.getByRole('button', { name: 'Set up' }).click();
  const secret = (await page.locator('.account-secret').innerText()).trim();
  const enrolled = Date.now();
  await page.getByRole('textbox', { name: 'One-time code' }).fill(oneTimeCode(secret, enrolled));
  await page.getByRole('button', { name: 'Switch on' }).click();
  const codes = page.locator('.account-codes li');
  await expect(codes).not.toHaveCount(0);
  const recovery = await codes.first().innerText();

  // A passkey.
  await page.getByLabel('Name of the new passkey').fill('my laptop');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(page.getByRole('button', { name: 'Remove my laptop' })).toBeVisible();

  // Signing in with each.
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page);
  await page.getByRole('textbox', { name: 'One-time code' }).fill('000000');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('This code is wrong.')).toBeVisible();
  await page.getByRole('textbox', { name: 'One-time code' }).fill(recovery);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();

  // A key of which the server has the public half only signs a request.
  await page.getByLabel('Name of the new key').fill('bot');
  await page.getByRole('button', { name: 'Create the key' }).click();
  const made = page.locator('.account-once').filter({ hasText: 'private key' });
  const pem = await made.locator('pre').innerText();
  const id = (await made.locator('.muted .num').innerText()).trim();
  expect(await signedStatus(site, id, pem)).toBe(200);
  expect(await signedStatus(site, id, pem, 'another nonce, another body')).toBe(401);

  // What was done stands in the history; the data can be taken along.
  await page.reload();
  const history = page.getByRole('region', { name: 'What was done in your name' });
  for (const action of ['login', 'passkey', 'key']) await expect(history.getByText(action).first()).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export as zip' }).click();
  const zip = readFileSync(await (await download).path());
  expect(zip.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
  expect(zip.includes('profile.json')).toBe(true);

  // The end, only with the id.
  const confirm = page.getByLabel('Type the id of the account to confirm');
  await confirm.fill('yes');
  await page.getByRole('button', { name: 'Erase the account' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await confirm.fill((await page.locator('.form-hint').last().innerText()).trim());
  await page.getByRole('button', { name: 'Erase the account' }).click();
  await expect(page.getByText('The account is erased.')).toBeVisible();
  await signIn(page);
  await expect(page.getByText('The address or the password is wrong.')).toBeVisible();
});

/** As docs/security.md has it. `tampered` is hashed for the signature but not sent. */
async function signedStatus(site: string, id: string, pem: string, tampered = ''): Promise<number> {
  const target = '/api/v1/identity/profile';
  const time = String(Date.now());
  const nonce = randomBytes(16).toString('hex');
  const hash = createHash('sha256').update(tampered).digest('hex');
  const text = ['ASTROLABE-1', id, time, nonce, 'GET', target, hash].join('\n');
  const signature = sign(null, Buffer.from(text), createPrivateKey(pem)).toString('base64url');
  const answer = await fetch(site + target, {
    headers: { 'X-Astrolabe-Key': id, 'X-Astrolabe-Timestamp': time, 'X-Astrolabe-Nonce': nonce, 'X-Astrolabe-Signature': signature },
  });
  return answer.status;
}

test('a stranger is told what an account is for, and wrong words are refused in words', async ({ page, site }) => {
  await page.goto(`${site}/account`);
  await expect(page.getByText('You are not signed in')).toBeVisible();
  await page.getByRole('link', { name: 'Sign in', exact: true }).click();
  await signIn(page);
  await expect(page.getByText('The address or the password is wrong.')).toBeVisible();
  await page.goto(`${site}/register`);
  await page.getByLabel('E-mail').fill(kEmail);
  await page.getByLabel('Password').fill('password1234');
  await page.getByRole('button', { name: 'Create an account' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.goto(`${site}/verify-email#nonsense`);
  await page.getByRole('button', { name: 'Confirm the address' }).click();
  await expect(page.getByText('This link was used already or is too old.')).toBeVisible();
});

test('sign-in on a phone fits and can be read', async ({ page, site }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ['/sign-in', '/register', '/account']) {
    await page.goto(site + path);
    await expect(page.locator('#content')).not.toBeEmpty();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  }
});
