import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/**
 * The venue's dead man's switch, kept alive by this page: as long as it runs it sets the switch anew before the time is up; when it is
 * closed, or hangs, or is cut off, the venue cancels all orders of the account.
 */

/** Minutes from the page's end to the orders'. Browsers let a hidden page act once a minute, so none is shorter than two. */
export const kDeadManMinutes = [2, 5, 15, 60] as const;
const kRenewals = 3;

interface Chosen {
  /** Minutes by account. */
  minutes: Record<string, number>;
}
/** On this device: another one has its own page to watch over. */
export const useDeadMan = create<Chosen>()(persist((): Chosen => ({ minutes: {} }), { name: 'astrolabe.dead-man' }));

export interface DeadManState {
  /** When the venue acts unless it is set again; null: it has not been set, or could not be. */
  until: number | null;
  /** Why it could not be set last. */
  error: unknown;
}
export const useDeadManState = create<Record<number, DeadManState>>(() => ({}));

export interface DeadManAround {
  /** 0 takes the switch away. */
  set(account: number, afterMs: number): Promise<unknown>;
  every(act: () => void, ms: number): unknown;
  clear(timer: unknown): void;
  now(): number;
}

export class DeadManKeeper {
  private readonly timers = new Map<number, unknown>();

  constructor(private readonly around: DeadManAround) {}

  /** Sets it now, and again and again. */
  async start(account: number, minutes: number): Promise<void> {
    this.end(account);
    useDeadMan.setState(({ minutes: known }) => ({ minutes: { ...known, [account]: minutes } }));
    const ms = minutes * 60_000;
    this.timers.set(account, this.around.every(() => void this.renew(account, ms), ms / kRenewals));
    await this.renew(account, ms);
  }

  /** Takes it away; the orders stay. */
  async stop(account: number): Promise<void> {
    this.end(account);
    useDeadMan.setState(({ minutes: { [account]: _, ...rest } }) => ({ minutes: rest }));
    await this.around.set(account, 0);
    useDeadManState.setState({ [account]: { until: null, error: null } });
  }

  /** After the page has been opened again: those that were on go on. */
  resume(accounts: readonly number[]): void {
    const { minutes } = useDeadMan.getState();
    for (const account of accounts) if (minutes[account] !== undefined && !this.timers.has(account)) void this.start(account, minutes[account]);
  }

  private end(account: number): void {
    this.around.clear(this.timers.get(account));
    this.timers.delete(account);
  }

  private async renew(account: number, ms: number): Promise<void> {
    const asked = this.around.now();
    try {
      await this.around.set(account, ms);
      // Stopped meanwhile: its answer says nothing any more.
      if (this.timers.has(account)) useDeadManState.setState({ [account]: { until: asked + ms, error: null } });
    } catch (error) {
      const before = useDeadManState.getState()[account]?.until ?? null;
      if (this.timers.has(account)) useDeadManState.setState({ [account]: { until: before, error } });
    }
  }
}
