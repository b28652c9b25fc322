import { create } from 'zustand';
import { wallets, type Wallet } from '@/api/wallets';
import { fromBase64, fromHex, random, toBase64, toHex, WalletError, type Data } from '@/domain/wallet/bytes';
import { parseEnvelope, toBytes, type Chain, type Envelope } from '@/domain/wallet/envelope';
import { calibratedCost, checkSubject, needsUpgrade, openWallet, rewrapWallet, sealWallet, type LabelledFactor, type Opened, type Proof } from '@/domain/wallet/sealing';
import { wordsOf } from '@/domain/wallet/words';
import { deviceLabel, ensureDevice, findDevice } from './device';

/** Between the server, which keeps envelopes, and what opens them in this page. Secrets live here and nowhere else. */

export const kPasswordLength = 12;
const kLockAfterMs = 5 * 60_000;

/** What stands open in this page. It is locked again after five minutes, or with the page. */
export const useOpen = create<{ open: ReadonlyMap<string, Opened> }>(() => ({ open: new Map() }));
const timers = new Map<string, ReturnType<typeof setTimeout>>();

function keep(id: string, opened: Opened): void {
  lock(id);
  useOpen.setState({ open: new Map(useOpen.getState().open).set(id, opened) });
  timers.set(id, setTimeout(() => lock(id), kLockAfterMs));
}

const wipe = ({ dataKey, secret, seed }: Opened): void => [dataKey, secret, seed].forEach((bytes) => bytes.fill(0));

export function lock(id: string): void {
  const { open } = useOpen.getState();
  const opened = open.get(id);
  clearTimeout(timers.get(id));
  if (!opened) return;
  wipe(opened);
  useOpen.setState({ open: new Map([...open].filter(([other]) => other !== id)) });
}
export const lockAll = (): void => [...useOpen.getState().open.keys()].forEach(lock);

/** The pages where browsers allow what is needed are those of https:// and of localhost. */
export const canSeal = (): boolean => isSecureContext && typeof crypto.subtle !== 'undefined';

const byPassword = async (text: string): Promise<LabelledFactor> => ({ label: 'Password', factor: { kind: 'password', text, ...(await calibratedCost()) } });
const byDevice = (device: Data): LabelledFactor => ({ label: deviceLabel(), factor: { kind: 'device', device } });

const kSeen = 'astrolabe.wallets.revisions';
/** The newest revision of each wallet that this browser has seen. */
function seen(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(kSeen) ?? '{}') as Record<string, number>;
  } catch {
    return {};
  }
}
function note(id: string, revision: number): void {
  localStorage.setItem(kSeen, JSON.stringify({ ...seen(), [id]: Math.max(revision, seen()[id] ?? 0) }));
}

/** Makes a wallet of 24 new words, sealed before it leaves this page. */
export async function makeWallet(user: string, name: string, chain: Chain, password: string, withDevice: boolean): Promise<Wallet> {
  const device = withDevice ? await ensureDevice(user) : null;
  const factors = [await byPassword(password), ...(device ? [byDevice(device.device)] : [])];
  const secret = random(32);
  try {
    const envelope = await sealWallet(chain, 'words', fromHex(user), secret, factors);
    const made = await wallets.create(name, toBase64(toBytes(envelope)));
    note(made.id, envelope.revision);
    return made;
  } finally {
    secret.fill(0);
  }
}

/** What the server has, looked at before anything is opened by it. */
async function fetchEnvelope(user: string, wallet: Wallet): Promise<Envelope> {
  const envelope = parseEnvelope(fromBase64((await wallets.sealed(wallet.id)).envelope));
  checkSubject(envelope, fromHex(wallet.id), fromHex(user));
  if (envelope.revision < (seen()[wallet.id] ?? 0)) throw new WalletError('wallet_rolled_back', 'the server gives an older state of the wallet than it gave before');
  note(wallet.id, envelope.revision);
  return envelope;
}

async function store(wallet: Wallet, before: Envelope, after: Envelope): Promise<Wallet> {
  const kept = await wallets.replace(wallet.id, toBase64(toBytes(after)), before.revision);
  note(wallet.id, after.revision);
  return kept;
}

/** With another cost of passwords in force than when it was sealed, whoever has it wraps again. */
async function upgrade(wallet: Wallet, envelope: Envelope, opened: Opened, password: string): Promise<void> {
  if (!needsUpgrade(opened.wrap)) return;
  const label = opened.wrap.label;
  const after = await rewrapWallet(envelope, opened, [opened.wrap.id], [{ ...(await byPassword(password)), label }]);
  // It is open all the same; the next time will do.
  await store(wallet, envelope, after).catch(() => undefined);
}

export async function unlockByPassword(user: string, wallet: Wallet, password: string): Promise<void> {
  const envelope = await fetchEnvelope(user, wallet);
  const opened = await openWallet(envelope, { kind: 'password', text: password });
  await upgrade(wallet, envelope, opened, password);
  keep(wallet.id, opened);
}

/** By this browser's own key, if the wallet has it. */
export async function unlockByDevice(user: string, wallet: Wallet): Promise<void> {
  const device = await findDevice(user);
  if (!device) throw new WalletError('wallet_factor_missing', 'this browser has no key');
  keep(wallet.id, await openWallet(await fetchEnvelope(user, wallet), { kind: 'device', ...device }));
}

/** Whether this browser's own key opens the wallet. */
export async function isOpenedHere(user: string, wallet: Wallet): Promise<boolean> {
  const device = await findDevice(user);
  return device !== null && wallet.factors.some((factor) => factor.kind === 'device' && factor.parameters === `x25519 ${toHex(device.device)}`);
}

export async function changePassword(user: string, wallet: Wallet, before: string, after: string): Promise<Wallet> {
  const envelope = await fetchEnvelope(user, wallet);
  const opened = await openWallet(envelope, { kind: 'password', text: before });
  try {
    return await store(wallet, envelope, await rewrapWallet(envelope, opened, [opened.wrap.id], [{ ...(await byPassword(after)), label: opened.wrap.label }]));
  } finally {
    wipe(opened);
  }
}

async function changeOpen(user: string, wallet: Wallet, change: (envelope: Envelope, opened: Opened) => Promise<Envelope>): Promise<Wallet> {
  const opened = useOpen.getState().open.get(wallet.id);
  if (!opened) throw new WalletError('wallet_locked', 'the wallet is locked');
  const envelope = await fetchEnvelope(user, wallet);
  return store(wallet, envelope, await change(envelope, opened));
}

/** From now on this browser's own key opens the wallet, which stands open. */
export async function addDevice(user: string, wallet: Wallet): Promise<Wallet> {
  const device = await ensureDevice(user);
  if (!device) throw new WalletError('wallet_no_device', 'this browser keeps no key of its own');
  return changeOpen(user, wallet, (envelope, opened) => rewrapWallet(envelope, opened, [], [byDevice(device.device)]));
}

/** From now on that factor does not open it. */
export const removeFactor = (user: string, wallet: Wallet, factor: string): Promise<Wallet> =>
  changeOpen(user, wallet, (envelope, opened) => rewrapWallet(envelope, opened, [fromHex(factor)], []));

/** The 24 words, after the server has seen a fresh sign-in and the wallet its password. */
export async function exportWords(user: string, wallet: Wallet, password: string): Promise<string[]> {
  await wallets.permitExport(wallet.id);
  const proof: Proof = { kind: 'password', text: password };
  const envelope = await fetchEnvelope(user, wallet);
  const opened = await openWallet(envelope, proof);
  try {
    if (envelope.subject.secret !== 'words') throw new WalletError('wallet_no_words', 'the wallet was not made from words');
    return wordsOf(opened.secret).split(' ');
  } finally {
    wipe(opened);
  }
}
