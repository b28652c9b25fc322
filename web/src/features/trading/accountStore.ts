import type { AccountView, FillRecord, PositionView } from '@/api/trading';
import { FrameBatcher, type LiveStream, type Subscription } from '@/stream';
import { applyEvent, beginWith, kFills, openedBy, withFigures, type AccountData, type AccountEvent, type AccountSnapshot, type OwnFill } from './accountState';

/** A margin alert of `exchange.margin`. */
export interface MarginAlert {
  account: number;
  below: boolean;
  threshold_bps: number;
  margin_bps: number;
  collateral: string;
  requirement: string;
}

export type AccountsPhase =
  /** Nobody has signed in. */
  | 'stranger'
  | 'loading'
  /** Signed in, and without an account of the venue. */
  | 'none'
  | 'ready'
  /** His roles do not let him see accounts, or it failed: `refusal` says it. */
  | 'refused';

export interface AccountsView {
  phase: AccountsPhase;
  accounts: readonly AccountData[];
  /** The one that panels show and orders go to. */
  current: AccountData | null;
  /** The private stream tells each change; else what is shown is as of the last answer. */
  isLive: boolean;
  /** How often something was missing and all was asked for anew. */
  resyncs: number;
  refusal: { code: string; message: string } | null;
}

/** What the store reads over HTTP. */
export interface AccountReads {
  account(account: number): Promise<AccountView>;
  positions(account: number): Promise<{ positions: PositionView[] }>;
  fills(account: number): Promise<{ items: FillRecord[] }>;
  /** Whoever has a session has it again, or it is known that he has none. */
  renewSession(): Promise<void>;
}

/** What is kept between visits. */
export interface KeptChoice {
  read(): number | null;
  write(account: number): void;
}

export interface AccountStoreOptions {
  stream: Pick<LiveStream, 'subscribe' | 'reconnect' | 'onState' | 'state'>;
  reads: AccountReads;
  choice: KeptChoice;
  later?: (run: () => void, ms: number) => void;
  /** Runs `act` now and then while anybody looks. */
  every: (act: () => void, ms: number) => void;
}

const empty: AccountsView = { phase: 'stranger', accounts: [], current: null, isLive: false, resyncs: 0, refusal: null };
/** What a stranger is refused with. */
const kStrangersCodes: ReadonlySet<string> = new Set(['sign_in_needed', 'permission_missing']);
const kFiguresMs = 2_500;
const kSpacingMs = 25;

/**
 * The accounts of whoever has signed in, kept in step by the private channel: the state it begins with, then each event
 * by its number; after a hole the state again. Lives as long as the page; both channels have one owner, this.
 */
export class AccountStore {
  private view: AccountsView = empty;
  private next: AccountsView = empty;
  private selected: number | null = null;
  private subscriptions: Subscription[] = [];
  private mark = '';
  private renewed = false;
  private isAsking = false;
  private isBehind = false;
  private readonly listeners = new Set<() => void>();
  private readonly eventListeners = new Set<(event: AccountEvent, time: number) => void>();
  private readonly alertListeners = new Set<(alert: MarginAlert) => void>();
  private readonly batcher: FrameBatcher;

  constructor(private readonly options: AccountStoreOptions) {
    this.batcher = new FrameBatcher(() => this.flush(), kSpacingMs, undefined, options.later);
    options.stream.onState(() => {
      if (options.stream.state.phase !== 'open' && this.next.isLive) this.set({ isLive: false });
    });
    options.every(() => void this.askFigures(), kFiguresMs);
  }

  readonly getView = (): AccountsView => this.view;
  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  /** Hears of each event as it comes, not of what was there before. */
  onEvent(listener: (event: AccountEvent, time: number) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }
  onAlert(listener: (alert: MarginAlert) => void): () => void {
    this.alertListeners.add(listener);
    return () => this.alertListeners.delete(listener);
  }

  /** Which session the page is of; empty: none. The connection begins anew with it (main). */
  useSession(mark: string): void {
    if (mark === this.mark) return;
    this.mark = mark;
    this.close();
    this.renewed = false;
    this.selected = this.options.choice.read();
    this.next = { ...empty, phase: mark === '' ? 'stranger' : 'loading' };
    this.flush();
    if (mark !== '') this.open();
  }

  select(account: number): void {
    this.selected = account;
    this.options.choice.write(account);
    this.set({});
    void this.askFigures(true);
    void this.askFills(account);
  }

  /** Figures follow from prices too: they are asked for anew. */
  refresh(): void {
    void this.askFigures(true);
  }

  private open(): void {
    const accounts = this.options.stream.subscribe<AccountEvent>('exchange.account', { snapshot: 1 }, {
      onSnapshot: () => {},
      onState: (state) => this.begin((state as { accounts: AccountSnapshot[] }).accounts),
      onEvent: ({ data, time }) => this.take(data, Date.parse(time)),
      onRefused: (code, message) => void this.refused(code, message),
    });
    const margin = this.options.stream.subscribe<MarginAlert>('exchange.margin', { snapshot: 1 }, {
      onSnapshot: () => {},
      onEvent: ({ data }) => this.alertListeners.forEach((listener) => listener(data)),
    });
    this.subscriptions = [accounts, margin];
  }

  private close(): void {
    for (const subscription of this.subscriptions) subscription.close();
    this.subscriptions = [];
  }

  /** The connection may be a stranger's although the session goes on: its token had ended before it began. */
  private async refused(code: string, message: string): Promise<void> {
    const mark = this.mark;
    if (kStrangersCodes.has(code) && !this.renewed) {
      this.renewed = true;
      await this.options.reads.renewSession().catch(() => {});
      if (mark === this.mark && mark !== '') this.options.stream.reconnect();
      return;
    }
    this.set({ phase: 'refused', refusal: { code, message } });
  }

  private begin(snapshots: readonly AccountSnapshot[]): void {
    this.renewed = false;
    const fillsOf = (account: number) => this.next.accounts.find((known) => known.account === account)?.fills;
    const accounts = snapshots.map((snapshot) => beginWith(snapshot, fillsOf(snapshot.account))).sort((a, b) => a.account - b.account);
    this.set({ phase: accounts.length === 0 ? 'none' : 'ready', accounts, isLive: true, refusal: null });
    const current = this.currentOf(accounts);
    if (current) void this.askFills(current.account);
  }

  private take(event: AccountEvent, time: number): void {
    const known = this.next.accounts.find(({ account }) => account === event.account);
    // An account that was opened before the state is in the state; any other one begins with its first event.
    if (!known && event.account_seq !== 1) return this.beginAnew();
    const applied = known ? applyEvent(known, event, time) : { kind: 'taken' as const, data: openedBy(event) };
    if (applied.kind === 'old') return;
    if (applied.kind === 'hole') return this.beginAnew();
    const others = this.next.accounts.filter((each) => each !== known);
    this.set({ phase: 'ready', accounts: [...others, applied.data].sort((a, b) => a.account - b.account), isLive: true });
    for (const listener of this.eventListeners) listener(event, time);
    this.isBehind = true;
  }

  private beginAnew(): void {
    this.set({ resyncs: this.next.resyncs + 1, isLive: false });
    this.subscriptions[0]?.change({ snapshot: 1 });
  }

  private currentOf(accounts: readonly AccountData[]): AccountData | null {
    return accounts.find(({ account }) => account === this.selected) ?? accounts[0] ?? null;
  }

  /** Of the account that is shown; an answer that is older than what has come meanwhile is not used. */
  private async askFigures(isNow = false): Promise<void> {
    const current = this.currentOf(this.next.accounts);
    if (!current || this.isAsking || (!isNow && this.listeners.size === 0)) return;
    this.isAsking = true;
    this.isBehind = false;
    const mark = this.mark;
    try {
      const [figures, { positions }] = await Promise.all([this.options.reads.account(current.account), this.options.reads.positions(current.account)]);
      const now = this.next.accounts.find(({ account }) => account === current.account);
      if (mark !== this.mark || !now) return;
      if (now.accountSeq === current.accountSeq) this.put(withFigures(now, figures, positions));
      else this.isBehind = true;
    } catch {
      // Asked for again in a moment; the connection's state is told by the shell.
    } finally {
      this.isAsking = false;
    }
  }

  private async askFills(account: number): Promise<void> {
    const mark = this.mark;
    const { items } = await this.options.reads.fills(account).catch(() => ({ items: [] as FillRecord[] }));
    const known = this.next.accounts.find((each) => each.account === account);
    if (mark !== this.mark || !known || items.length === 0) return;
    this.put({ ...known, fills: mergedFills(known.fills, items) });
  }

  private put(data: AccountData): void {
    this.set({ accounts: this.next.accounts.map((each) => (each.account === data.account ? data : each)) });
  }

  private set(change: Partial<AccountsView>): void {
    this.next = { ...this.next, ...change };
    this.batcher.mark();
  }

  private flush(): void {
    if (this.isBehind) void this.askFigures();
    this.view = { ...this.next, current: this.currentOf(this.next.accounts) };
    for (const listener of this.listeners) listener();
  }
}

/** What the stream has told and what is read, each once, newest first. */
export function mergedFills(known: readonly OwnFill[], items: readonly FillRecord[]): OwnFill[] {
  const key = (trade: string, order: string) => `${trade} ${order}`;
  const told = new Set(known.map(({ trade, order }) => key(trade, order)));
  const read = items
    .filter(({ trade_id, order_id }) => !told.has(key(trade_id, order_id)))
    .map(({ trade_id, order_id, market, side, price, size, fee, maker, time }): OwnFill => ({
      trade: trade_id, order: order_id, market, side, price, size, fee, liquidity: maker ? 'maker' : 'taker', time: Date.parse(time),
    }));
  return [...known, ...read].sort((a, b) => b.time - a.time || Number(b.trade) - Number(a.trade)).slice(0, kFills);
}
