import { useEffect, useRef, useState } from 'react';
import { ApiError } from '@/api/client';
import { trading, type OrderPreview, type OrderWish } from '@/api/trading';
import type { MarketAnswer } from '@/api/venue';
import { nano, nanoOr0 } from '@/domain/decimal';
import { useMarketView, useTicker } from '@/features/exchange/market';
import type { AccountData } from './accountState';
import { refusalWords } from './parts';
import type { TicketContext } from './ticket';

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

export type PreviewState =
  | { state: 'idle' | 'asking'; preview: null }
  /** The venue answered, and why it previews nothing; without words it did not answer. */
  | { state: 'failed'; preview: null; words: string | null }
  | { state: 'ready'; preview: OrderPreview };

/** The engine's judgement of what is typed, a moment after the typing, and again while it stands. */
export function usePreview(wish: OrderWish | null): PreviewState {
  const key = wish === null ? '' : JSON.stringify(wish);
  const [answer, setAnswer] = useState<{ key: string; state: PreviewState } | null>(null);
  const latest = useRef(key);
  useEffect(() => {
    latest.current = key;
    if (key === '') return;
    let timer: ReturnType<typeof setTimeout>;
    const ask = async () => {
      const state = await previewed(JSON.parse(key) as OrderWish);
      if (latest.current !== key) return;
      setAnswer({ key, state });
      timer = setTimeout(() => void ask(), kAgainMs);
    };
    timer = setTimeout(() => void ask(), kTypingMs);
    return () => {
      clearTimeout(timer);
      latest.current = '';
    };
  }, [key]);
  if (key === '') return { state: 'idle', preview: null };
  return answer?.key === key ? answer.state : { state: 'asking', preview: null };
}

async function previewed(wish: OrderWish): Promise<PreviewState> {
  try {
    return { state: 'ready', preview: await trading.preview(wish) };
  } catch (error) {
    const isAnswer = error instanceof ApiError && !error.isUnreachable;
    return { state: 'failed', preview: null, words: isAnswer ? refusalWords(error) : null };
  }
}
