import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, WebSocketRoute } from '@playwright/test';

/**
 * What a server has said, once: answers by request, and the beginnings of channels. Pages that are drawn from it look the same each time; the
 * program itself serves only the terminal's files then. Written anew by RECORD_SCREENS=1, with what the real program says (docs/terminal.md).
 */
interface Answer {
  status: number;
  body: unknown;
}
export interface Recording {
  /** When it was recorded: the page's clock stands there. */
  now: string;
  answers: Record<string, Answer>;
  welcome: unknown;
  /** The first snapshot of each channel, by its name and filter. */
  channels: Record<string, unknown>;
}

const kFile = join(__dirname, 'screens', 'state.json');
/** Numbers of the moment in which a page asks. */
const kOfTheMoment = ['time_from', 'time_to', 'from', 'to'];

/** By the order in which parameters come nothing is told apart. */
export function keyOf(method: string, address: string): string {
  const { pathname, searchParams } = new URL(address, 'http://server');
  for (const name of kOfTheMoment) searchParams.delete(name);
  searchParams.sort();
  const query = searchParams.toString();
  return `${method} ${pathname}${query ? `?${query}` : ''}`;
}
const channelKey = ({ channel, filter }: { channel: string; filter?: unknown }): string => (filter === undefined ? channel : `${channel} ${JSON.stringify(filter)}`);

export const loadRecordings = (): Record<string, Recording> => JSON.parse(readFileSync(kFile, 'utf8')) as Record<string, Recording>;

/** One line an answer, so that a change can be read. */
export function saveRecordings(all: Record<string, Recording>): void {
  const lines = (members: Record<string, unknown>) => Object.keys(members).sort().map((name) => `    ${JSON.stringify(name)}: ${JSON.stringify(members[name])}`).join(',\n');
  const text = Object.entries(all).map(([name, one]) => `"${name}": {\n  "now": ${JSON.stringify(one.now)},\n  "answers": {\n${lines(one.answers as Record<string, unknown>)}\n  },\n  "welcome": ${JSON.stringify(one.welcome)},\n  "channels": {\n${lines(one.channels)}\n  }\n}`);
  writeFileSync(kFile, `{\n${text.join(',\n')}\n}\n`);
}

type Frame = { type?: string; op?: string; id?: number; channel?: string; filter?: unknown };

/** Keeps in `into` what the server answers to the page. */
export async function record(page: Page, into: Recording): Promise<void> {
  page.on('response', (response) => {
    const address = response.url();
    if (!address.includes('/api/')) return;
    void response.json().then(
      (body) => (into.answers[keyOf(response.request().method(), address)] ??= { status: response.status(), body }),
      () => undefined,
    );
  });
  await page.routeWebSocket(/\/ws\/live/, (page) => {
    const server = page.connectToServer();
    const asked = new Map<string, string>();
    page.onMessage((text) => {
      const frame = JSON.parse(String(text)) as Frame;
      if (frame.op === 'subscribe') asked.set(frame.channel!, channelKey(frame as { channel: string }));
      server.send(text);
    });
    server.onMessage((text) => {
      const frame = JSON.parse(String(text)) as Frame;
      if (frame.type === 'welcome') into.welcome = frame;
      const key = frame.type === 'snapshot' ? asked.get(frame.channel!) : undefined;
      if (key !== undefined) into.channels[key] ??= frame;
      page.send(text);
    });
  });
}

/** Draws pages from a recording: its answers, the beginnings of its channels, its moment. Gives what was asked and not recorded. */
export async function play(page: Page, { now, answers, welcome, channels }: Recording): Promise<string[]> {
  const missing: string[] = [];
  await page.clock.setFixedTime(now);
  await page.route('**/api/**', async (route) => {
    const key = keyOf(route.request().method(), route.request().url());
    const answer = answers[key];
    if (!answer) missing.push(key);
    await route.fulfill({ status: answer?.status ?? 404, json: answer?.body ?? { code: 'not_recorded', title: key } });
  });
  await page.routeWebSocket(/\/ws\/live/, (socket) => {
    socket.send(JSON.stringify(welcome));
    socket.onMessage((text) => answerFrame(socket, JSON.parse(String(text)) as Frame));
  });
  const answerFrame = (socket: WebSocketRoute, frame: Frame) => {
    // A ping is not answered: the latency that a page shows would be this machine's.
    if (frame.op === 'unsubscribe') return socket.send(JSON.stringify({ type: 'unsubscribed', id: frame.id, channel: frame.channel }));
    if (frame.op !== 'subscribe') return;
    const key = channelKey(frame as { channel: string });
    const snapshot = channels[key] as { seq: number } | undefined;
    if (!snapshot) missing.push(key);
    socket.send(JSON.stringify({ type: 'subscribed', id: frame.id, channel: frame.channel, seq: snapshot?.seq ?? 0 }));
    if (snapshot) socket.send(JSON.stringify(snapshot));
  };
  return missing;
}
