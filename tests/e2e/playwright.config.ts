import { defineConfig } from '@playwright/test';

/** Drives Debian's Chromium; every spec talks to the real program (see astrolabe.ts). */
export default defineConfig({
  testDir: '.',
  outputDir: '../../build/e2e',
  snapshotPathTemplate: '{testDir}/screens/{arg}{ext}',
  // One server and one browser at a time: the machines that run this have few cores.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] },
    trace: 'retain-on-failure',
  },
});
