import { useEffect, useRef, useState } from 'react';
import type { Market } from '@/api/markets';
import { trading, type OrderPreview, type OrderWish } from '@/api/trading';
import type { MarketAnswer } from '@/api/venue';
import { nano, nanoOr0 } from '@/domain/decimal';
import { useMarketView, useTicker } from '@/features/exchange/market';
import type { AccountData } from './accountState';
import type { MarginNow, TicketContext } from './ticket';

const kMinuteMs = 60_000;
const kTypingMs = 150;
const kAgainMs = 3_000;

/** What a form of that market is filled in against, as it is now. */
export function useTicketContext({ settings: market, ticker: first }: MarketAnswer, account: AccountData | null): TicketContext {
  const ticker = useTicker(market.symbol) ?? first;
  const bid = useMarketView(market.symbol, (view) => view.book?.bids[0]?.price ?? null);
  const ask = useMarketView(market.symbol, (view) => view.book?.asks[0]?.price ?? null);
  return {
    market,
    mark: nanoOr0(ticker.mark),
    index: nanoOr0(ticker.index),
    bestBid: nano(bid),
    bestAsk: nano(ask),
    free: account ? nano(account.figures?.initial.free) : null,
    ownMarginBps: account?.ownMargins[market.symbol] ?? 0,
    // Whole minutes, so that a request does not change with every second.
    now: Math.ceil(Date.now() / kMinuteMs) * kMinuteMs,
  };
}

/** The account's maintenance margin and what of it is the market's. */
export function marginNow(account: AccountData, market: Market, context: TicketContext): MarginNow | null {
  const { figures } = account;
  if (!figures) return null;
  const own = account.positions.filter((position) => position.market === market.symbol);
  // In hedge mode there are two positions: what a trade does to either is not told by a sum.
  if (own.length > 1) return null;
  return {
    collateral: nanoOr0(figures.maintenance.collateral),
    requirement: nanoOr0(figures.maintenance.requirement),
    size: nanoOr0(own[0]?.size),
    ownRequirement: nanoOr0(own[0]?.maintenanceRequirement),
    mark: context.mark,
    maintenanceBps: market.maintenance_margin_bps,
  };
}

export type PreviewState = { state: 'idle' | 'asking' | 'failed'; preview: null } | { state: 'ready'; preview: OrderPreview };

/** The engine's judgement of what is typed, a moment after the typing, and again while it stands. */
export function usePreview(wish: OrderWish | null): PreviewState {
  const key = wish === null ? '' : JSON.stringify(wish);
  const [answer, setAnswer] = useState<{ key: string; preview: OrderPreview | null } | null>(null);
  const latest = useRef(key);
  useEffect(() => {
    latest.current = key;
    if (key === '') return;
    let timer: ReturnType<typeof setTimeout>;
    const ask = async () => {
      const preview = await trading.preview(JSON.parse(key) as OrderWish).catch(() => null);
      if (latest.current !== key) return;
      setAnswer({ key, preview });
      timer = setTimeout(() => void ask(), kAgainMs);
    };
    timer = setTimeout(() => void ask(), kTypingMs);
    return () => {
      clearTimeout(timer);
      latest.current = '';
    };
  }, [key]);
  if (key === '') return { state: 'idle', preview: null };
  if (answer?.key !== key) return { state: 'asking', preview: null };
  return answer.preview ? { state: 'ready', preview: answer.preview } : { state: 'failed', preview: null };
}
