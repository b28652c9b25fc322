import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base } from '@playwright/test';

const root = resolve(__dirname, '../..');
export const program = process.env.ASTROLABE_BIN ?? join(root, 'build/astrolabe');
/** The program takes every ASTROLABE_… variable for a setting. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ASTROLABE_')));
const kReadyMs = 120_000;

/** A port that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? done(address.port) : fail(new Error('no port'))));
    });
  });
}

/** The real program on the demo feed, with a data folder of its own. */
export class Astrolabe {
  private child: ChildProcess | null = null;
  private output = '';
  private beginning = '';

  private constructor(
    readonly port: number,
    readonly data: string,
    private readonly settings: Record<string, string>,
  ) {}

  /** `settings` are environment variables, as docs/configuration.md names them; "{port}" is the server's. */
  static async start(settings: Record<string, string> = {}): Promise<Astrolabe> {
    if (!existsSync(program)) throw new Error(`${program} is not built; set ASTROLABE_BIN or run make build`);
    const server = new Astrolabe(await freePort(), mkdtempSync(join(tmpdir(), 'astrolabe-e2e-')), settings);
    await server.run();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts (again) on the same port and data, and waits until it answers. */
  async run(): Promise<void> {
    // Pages are opened faster here than the budget of any person's plan allows.
    const child = spawn(program, ['serve', '--feed', 'demo', '--listen', `127.0.0.1:${this.port}`, '--data', this.data, '--set', 'identity.limits=false'], {
      cwd: root,
      env: { ...environment, ASTROLABE_EXCHANGE_SIMULATED_TRADERS: 'off', ...Object.fromEntries(Object.entries(this.settings).map(([name, value]) => [name, value.replace('{port}', String(this.port))])) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => this.note(String(text)));
    const deadline = Date.now() + kReadyMs;
    while (Date.now() < deadline) {
      if (child.exitCode !== null) throw new Error(`astrolabe ended with ${child.exitCode}:\n${this.output}`);
      const answer = await fetch(`${this.url}/api/v1/health`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((next) => setTimeout(next, 50));
    }
    throw new Error(`astrolabe does not answer:\n${this.output}`);
  }

  private note(text: string): void {
    this.output = (this.output + text).slice(-8000);
    if (this.beginning.length < 8000) this.beginning += text;
  }

  /** What the program printed when it was started first. */
  get printed(): string {
    return this.beginning;
  }

  /** As a crash does it. */
  async kill(): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(this.url + path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}

/** `server` lives as long as the worker; specs that break it start their own. */
export const test = base.extend<{ failOnPageErrors: void }, { server: Astrolabe }>({
  server: [
    async ({}, use) => {
      const server = await Astrolabe.start();
      await use(server);
      await server.dispose();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  // An exception on the page or a breach of the content security policy fails any spec.
  failOnPageErrors: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && /Content Security Policy|Uncaught/i.test(message.text())) problems.push(message.text());
      });
      await use();
      if (problems.length > 0) throw new Error(`the page had errors:\n${problems.join('\n')}`);
    },
    { auto: true },
  ],
});

export { expect, type Page } from '@playwright/test';
