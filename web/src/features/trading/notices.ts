import { dividedBy, nanoOr0, plain, shownNano, times, type Nano } from '@/domain/decimal';
import { t } from '@/strings';
import { toast } from '@/ui/toasts';
import type { AccountEvent } from './accountState';
import type { MarginAlert } from './accountStore';
import { resumeDeadMen } from './deadMen';
import { useTradeSettings } from './settings';
import { play } from './sounds';
import { accountStore } from './useAccount';

const words = t.trading.notices;

export interface Filled {
  market: string;
  side: 'buy' | 'sell';
  size: Nano;
  value: Nano;
}

/** The fills of one order by one command, told as one. */
export function gathered(known: ReadonlyMap<string, Filled>, event: AccountEvent): Map<string, Filled> {
  const { order, market, side, size, price } = event.data as { order: string; market: string; side: 'buy' | 'sell'; size: string; price: string };
  const key = `${event.seq} ${order}`;
  const before = known.get(key);
  const units = nanoOr0(size);
  return new Map(known).set(key, { market, side, size: (before?.size ?? 0n) + units, value: (before?.value ?? 0n) + times(units, nanoOr0(price)) });
}

export function fillWords({ market, side, size, value }: Filled): string {
  const average = dividedBy(value, size) ?? 0n;
  const text = plain((average / 1_000n) * 1_000n);
  return words.filled(side === 'buy' ? words.bought : words.sold, plain(size), market, shownNano(nanoOr0(text), Math.max(2, Math.min(4, text.split('.')[1]?.length ?? 0))));
}

const kGatherMs = 60;
let fills: ReadonlyMap<string, Filled> = new Map();

function tellFill(event: AccountEvent): void {
  if (fills.size === 0) {
    setTimeout(() => {
      const told = [...fills.values()];
      fills = new Map();
      play('fill');
      if (useTradeSettings.getState().toasts) for (const filled of told) toast(fillWords(filled));
    }, kGatherMs);
  }
  fills = gathered(fills, event);
}

/** Ends that one has not asked for. */
const untold: ReadonlySet<string> = new Set(['filled', 'cancelled', 'amended', 'triggered', 'not_traded', 'partner_done']);

function tell(event: AccountEvent): void {
  const data = event.data as { order?: string; reason?: keyof typeof t.trading.reasons; market?: string; refusal?: { code?: string } };
  switch (event.kind) {
    case 'fill':
      return tellFill(event);
    case 'order_closed': {
      if (data.reason === undefined || untold.has(data.reason)) return;
      // The view still has it: it is drawn a moment later.
      const order = accountStore.getView().accounts.flatMap(({ orders }) => orders).find(({ order_id }) => order_id === data.order);
      return toast(words.closed(order?.market ?? '', t.trading.reasons[data.reason]), 'warn');
    }
    case 'order_triggered': {
      const code = data.refusal?.code;
      if (code !== undefined && code !== 'none') {
        play('refusal');
        toast(words.triggerRefused(code.replaceAll('_', ' ')), 'warn');
      }
      return;
    }
    case 'liquidation_started':
      play('warning');
      return toast(words.liquidationStarted(event.account), 'warn');
    case 'deleveraged':
      play('warning');
      return toast(words.deleveraged(data.market ?? ''), 'warn');
    default:
  }
}

function tellAlert({ account, below, margin_bps }: MarginAlert): void {
  if (!below) return toast(words.marginWell(account));
  play('warning');
  toast(words.marginLow(account, `${Math.floor(margin_bps / 100)} %`), 'warn');
}

let isBegun = false;
/** Tells what happens to the accounts, whichever page is shown. */
export function beginNotices(): void {
  if (isBegun) return;
  isBegun = true;
  accountStore.onEvent(tell);
  accountStore.onAlert(tellAlert);
  resumeDeadMen();
}
