// Takes docs/screenshots again from a running program: node dev/screenshots.mjs [URL]
// The demo should have run for a minute, so that synthetic findings are there too.
import { mkdirSync } from 'node:fs';
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
await browser.close();
