import { useCallback, useMemo } from 'react';
import type { MarketAnswer } from '@/api/venue';
import { floorDiv, nanoOr0, plain, shownNano, type Nano } from '@/domain/decimal';
import { pickPrice } from '@/features/trading/tickets';
import { useOrders } from '@/features/trading/useAccount';
import { t } from '@/strings';
import { Menu } from '@/ui/Menu';
import { useSize } from '@/ui/size';
import { usePanel } from '@/workspace/usePanel';
import { stepsOf } from '../book';
import { useMarketView, useTicker } from '../market';
import type { Places } from '../MarketHeader';
import { OrderBook, type OwnSizes } from '../OrderBook';
import { PanelBody } from './PanelBody';

const kRowPx = 20;
/** Tools, heading, spread and note. */
const kRestPx = 86;

interface Settings {
  /** Multiple of the tick; the market's own when it is too coarse for another. */
  group: number;
}

export default function BookPanel() {
  const { symbol } = usePanel();
  return <PanelBody symbol={symbol}>{(answer, places) => <Book answer={answer} places={places} />}</PanelBody>;
}

function Book({ answer, places }: { answer: MarketAnswer; places: Places }) {
  const { settings: market } = answer;
  const { settings, setSettings } = usePanel<Settings>({ group: 1 });
  const { book, resyncs } = useMarketView(market.symbol);
  const mark = (useTicker(market.symbol) ?? answer.ticker).mark;
  const tick = nanoOr0(market.tick_size);
  const steps = stepsOf(tick, nanoOr0(mark));
  const wanted = BigInt(Math.max(1, Math.round(settings.group))) * tick;
  const step = steps.includes(wanted) ? wanted : tick;
  const own = useOwnSizes(market.symbol, step);
  const choose = useCallback((price: string) => pickPrice(market.symbol, price), [market.symbol]);
  const [box, { height }] = useSize();
  const rows = Math.max(2, Math.floor((height - kRestPx) / 2 / kRowPx));
  const items = () =>
    steps.map((each) => ({ id: String(each), label: shownNano(each, places.price), isChecked: each === step, run: () => setSettings({ group: Number(each / tick) }) }));
  return (
    <div ref={box} className="book-box">
      <div className="panel-strip">
        <Menu label={t.venue.grouping(shownNano(step, places.price))} className="strip-button num" button={<>{shownNano(step, places.price)} ▾</>} items={items} />
        {book ? (
          <span className="num muted" title={t.venue.bookHint(String(book.seq))}>
            #{book.seq}
          </span>
        ) : null}
      </div>
      <OrderBook book={book} rows={rows} market={market} places={places} mark={mark} resyncs={resyncs} step={step} own={own} choose={choose} />
    </div>
  );
}

/** What of one's own rests at each step of the book. */
function useOwnSizes(symbol: string, step: Nano): OwnSizes {
  const orders = useOrders(symbol);
  return useMemo(() => {
    const own = { bids: new Map<string, Nano>(), asks: new Map<string, Nano>() };
    for (const { status, side, price, remaining } of orders) {
      if (status !== 'open') continue;
      const value = nanoOr0(price);
      const at = plain(side === 'buy' ? floorDiv(value, step) * step : -floorDiv(-value, step) * step);
      const sizes = side === 'buy' ? own.bids : own.asks;
      sizes.set(at, (sizes.get(at) ?? 0n) + nanoOr0(remaining));
    }
    return own;
  }, [orders, step]);
}
