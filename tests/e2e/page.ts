import type { Locator, Page } from '@playwright/test';
import { expect, type Astrolabe } from './astrolabe';

export interface FindingJson {
  id: string;
  kind: string;
  slot: number;
  actor: string;
  profitable: boolean;
  synthetic: string;
  signatures: string[];
  victims: string[];
  reasons: string[];
  legs: { signature: string; pool: string }[];
}

export const rows = (page: Page): Locator => page.locator('.finding-data');
export const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Findings' });
export const detail = (page: Page): Locator => page.getByRole('dialog', { name: 'Finding' });

/** The live page with at least one finding on it. */
export async function openLive(page: Page, search = ''): Promise<void> {
  await page.goto(`/mev${search}`);
  await expect(rows(page).first()).toBeVisible();
}

/** Waits until the server has stored a finding of that kind, and gives the newest. */
export async function findingOf(server: Astrolabe, kind: string): Promise<FindingJson> {
  let found: FindingJson | undefined;
  await expect
    .poll(
      async () => {
        const page = await server.get<{ items: FindingJson[] }>(`/api/v1/mev/opportunities?kind=${kind}&limit=1`);
        found = page.items[0];
        return found !== undefined;
      },
      { timeout: 45_000, message: `no ${kind} was found by the demo` },
    )
    .toBe(true);
  return found!;
}

export const shortened = (text: string): string => `${text.slice(0, 4)}…${text.slice(-4)}`;
