// Takes docs/screenshots and docs/img again from a running program: node dev/screenshots.mjs [URL]
// The demo should have run for a minute, so that synthetic findings are there too.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const url = process.argv[2] ?? 'http://127.0.0.1:8080';
const out = join(dirname(fileURLToPath(import.meta.url)), '../../docs/screenshots');
mkdirSync(out, { recursive: true });

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

async function shoot(name, viewport, scheme, path, prepare) {
  const context = await browser.newContext({ viewport, colorScheme: scheme, deviceScaleFactor: 1 });
  const page = await context.newPage();
  await page.goto(url + path);
  await page.locator('.finding-data').first().waitFor({ timeout: 15_000 }).catch(() => {});
  if (prepare) await prepare(page);
  await page.waitForTimeout(800);
  await page.screenshot({ path: join(out, `${name}-${viewport.width}x${viewport.height}.png`) });
  await context.close();
}

const light = async (page) => {
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
};
const openFirst = async (page) => {
  await page.locator('.finding-data').first().click();
  await page.getByRole('dialog', { name: 'Finding' }).waitFor();
};
await shoot('mev-live', desk, 'dark', '/mev');
await shoot('mev-live', phone, 'dark', '/mev');
await shoot('mev-live-light', desk, 'light', '/mev', light);
await shoot('mev-detail', desk, 'dark', '/mev?kind=sandwich', openFirst);
await shoot('mev-detail', phone, 'dark', '/mev?kind=arbitrage&profitable=true', openFirst);
await shoot('status', desk, 'dark', '/status');

const img = join(out, '../img');
mkdirSync(img, { recursive: true });

/** The page as WebP, drawn by the browser itself. */
async function shootWorkspace(name, viewport, prepare) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  await page.goto(`${url}/trade`);
  await page.locator('[data-panel]').first().waitFor();
  if (prepare) await prepare(page);
  await page.waitForTimeout(3000);
  const shot = (await page.screenshot()).toString('base64');
  const webp = await page.evaluate(async (png) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${png}`;
    await picture.decode();
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext('2d').drawImage(picture, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 })).arrayBuffer());
    return Array.from(bytes);
  }, shot);
  writeFileSync(join(img, `${name}.webp`), Buffer.from(webp));
  await context.close();
}
const monitor = async (page) => {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /Page, action/ }).fill('new layout monitor');
  await page.keyboard.press('Enter');
};
await shootWorkspace('workspace', desk);
await shootWorkspace('monitor', desk, monitor);
await shootWorkspace('phone', phone);
await browser.close();
