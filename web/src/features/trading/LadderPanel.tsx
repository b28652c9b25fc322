import './trading.css';
import { useCallback, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { OpenOrder, Side } from '@/api/trading';
import type { MarketAnswer } from '@/api/venue';
import { nano, nanoOr0, plain, shownNano, type Nano } from '@/domain/decimal';
import { useMarketView, useTicker } from '@/features/exchange/market';
import type { Places } from '@/features/exchange/MarketHeader';
import { PanelBody } from '@/features/exchange/panels/PanelBody';
import { t } from '@/strings';
import { useSize } from '@/ui/size';
import { toast } from '@/ui/toasts';
import { usePanel } from '@/workspace/usePanel';
import { actions } from './desk';
import { isFar, kLadderSteps, middleOf, ordersByRow, rowsAround, sizesByRow } from './ladder';
import { LadderRow } from './LadderRow';
import { beginNotices } from './notices';
import { AccountBar, SignIn, tellRefusal } from './parts';
import { setTradeSettings, useTradeSettings } from './settings';
import { pickPrice } from './tickets';
import { useAccount, useOrders } from './useAccount';
import { useArmed } from './useArmed';
import { useRowDrag } from './useRowDrag';

const words = t.trading.ladder;
const kRowPx = 20;
const kHeadPx = 24;

export default function LadderPanel() {
  const { symbol } = usePanel();
  useEffect(beginNotices, []);
  return <PanelBody symbol={symbol}>{(answer, places) => <Ladder key={symbol} answer={answer} places={places} />}</PanelBody>;
}

function Ladder({ answer, places }: { answer: MarketAnswer; places: Places }) {
  const { document, settings, setSettings } = usePanel<{ step: number }>({ step: 1 });
  const { symbol, tick_size: tick } = answer.settings;
  const { current, phase } = useAccount();
  const step = nanoOr0(tick) * BigInt(settings.step);
  const [box, { height }] = useSize();
  const count = Math.max(7, Math.floor((height - kHeadPx) / kRowPx));
  const view = useLadder(answer, step, count);
  const { armed, setArmed, disarm, touch } = useArmed(document);
  const [selected, setSelected] = useState<Nano | null>(null);
  const keysId = useId();
  const size = useTradeSettings((s) => s.ladderSize[symbol] ?? '');
  const amend = (orders: readonly OpenOrder[], price: Nano) => {
    touch();
    for (const order of orders) void actions.amend(order.account, order.order_id, { price: plain(price) }).catch(tellRefusal);
  };
  const cancel = (orders: readonly OpenOrder[]) => {
    touch();
    for (const order of orders) void actions.cancel(order.account, order.order_id).catch(tellRefusal);
  };
  const trade = (side: Side, price: Nano) => {
    touch();
    setSelected(price);
    if (!armed || !current) return pickPrice(symbol, plain(price), side);
    const units = nano(size);
    if (units === null || units <= 0n) return toast(words.needsSize, 'warn');
    void actions.place({ account: current.account, market: symbol, side, size: plain(units), price: plain(price) }).catch(tellRefusal);
  };
  // The same function for all rows and all the time, so that only rows that have changed are drawn again.
  const latestTrade = useRef(trade);
  useEffect(() => {
    latestTrade.current = trade;
  });
  const onTrade = useCallback((side: Side, price: string) => latestTrade.current(side, nanoOr0(price)), []);
  const drag = useRowDrag(document, amend);
  const ownAt = (price: Nano) => view.own.get(price) ?? [];
  const onKey = (event: KeyboardEvent) => {
    if ((event.target as HTMLElement).tagName === 'INPUT' || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = selected ?? view.rows[Math.floor(view.rows.length / 2)] ?? null;
    const key = event.key.toLowerCase();
    if (key === 'arrowup' || key === 'arrowdown') setSelected(at === null ? null : moved(at, key === 'arrowup' ? step : -step, view.rows, selected === null));
    else if (key === 'c') view.centre();
    else if (key === 'a') setArmed(!armed);
    else if (at !== null && key === 'b') trade('buy', at);
    else if (at !== null && key === 's') trade('sell', at);
    else if (at !== null && (key === 'x' || key === 'delete')) cancel(ownAt(at));
    else return;
    touch();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      className="ladder"
      data-armed={armed}
      role="group"
      aria-label={words.label}
      aria-describedby={keysId}
      tabIndex={0}
      onKeyDown={onKey}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && disarm()}
      onMouseEnter={() => view.hold(true)}
      onMouseLeave={() => view.hold(false)}
    >
      <p id={keysId} className="sr-only">
        {words.keys}
      </p>
      {phase === 'stranger' ? <SignIn panel="ladder" /> : <AccountBar />}
      <div className="trade-tools">
        <button type="button" className="chip ladder-arm" aria-pressed={armed} title={armed ? words.armed : words.disarmed} aria-label={armed ? words.armedLabel : words.arm} disabled={!current} onClick={() => setArmed(!armed)}>
          {armed ? words.armedShort : words.disarmedShort}
        </button>
        <input className="field num trade-input" aria-label={words.size(answer.settings.base_asset)} title={words.size(answer.settings.base_asset)} placeholder={answer.settings.base_asset} inputMode="decimal" value={size} onChange={(event) => setTradeSettings({ ladderSize: { ...useTradeSettings.getState().ladderSize, [symbol]: event.target.value.replace(',', '.') } })} />
        <select className="field ladder-step" aria-label={words.step} title={words.step} value={settings.step} onChange={(event) => setSettings({ step: Number(event.target.value) })}>
          {kLadderSteps.map((steps) => (
            <option key={steps} value={steps}>
              {plain(nanoOr0(tick) * BigInt(steps))}
            </option>
          ))}
        </select>
        <button type="button" className="button-plain" title={words.centreHint} onClick={view.centre}>
          {words.centre}
        </button>
        <button
          type="button"
          className="button-plain"
          disabled={view.own.size === 0 || !current}
          onClick={() => current && void actions.cancelAll(current.account, { market: symbol }).catch(tellRefusal)}
        >
          {words.cancelAll}
        </button>
      </div>
      <div ref={box} className="ladder-rows">
        <table className="ladder-table">
          <thead>
            <tr>
              {[words.own, words.bids, words.price, words.asks, words.own].map((name, i) => (
                <th key={i} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.rows.map((price) => (
              <LadderRow
                key={String(price)}
                price={plain(price)}
                shown={shownNano(price, places.price)}
                bid={sizeText(view.bids.get(price), places)}
                ask={sizeText(view.asks.get(price), places)}
                bidShare={shareOf(view.bids.get(price), view.most)}
                askShare={shareOf(view.asks.get(price), view.most)}
                own={ownAt(price)}
                mark={view.markRow === price}
                isSelected={selected === price}
                isTarget={drag.target === plain(price)}
                onTrade={onTrade}
                onGrab={drag.grab}
                onCancel={cancel}
              />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const sizeText = (size: Nano | undefined, places: Places): string => (size === undefined ? '' : shownNano(size, places.size));
const shareOf = (size: Nano | undefined, most: Nano): number => (size === undefined || most === 0n ? 0 : Number((size * 1000n) / most) / 10);

/** To the next row; from nowhere, to the middle. */
function moved(at: Nano, by: Nano, rows: readonly Nano[], isFirst: boolean): Nano {
  if (isFirst) return at;
  const next = at + by;
  const [highest, lowest] = [rows[0]!, rows.at(-1)!];
  return next > highest ? highest : next < lowest ? lowest : next;
}

/** Rows around the touch, which they follow unless the mouse is over them. */
function useLadder({ settings, ticker: first }: MarketAnswer, step: Nano, count: number) {
  const book = useMarketView(settings.symbol, (view) => view.book);
  const orders = useOrders(settings.symbol);
  const mark = nanoOr0((useTicker(settings.symbol) ?? first).mark);
  const middle = middleOf(book?.bids[0]?.price, book?.asks[0]?.price, mark);
  const [centre, setCentre] = useState<Nano | null>(null);
  const [isHeld, setIsHeld] = useState(false);
  const isLost = centre === null || (!isHeld && isFar(middle, centre, step, count));
  useEffect(() => {
    if (isLost && book) setCentre(middle);
  }, [isLost, book, middle]);
  const bids = useMemo(() => sizesByRow(book?.bids ?? [], step, 'bid'), [book, step]);
  const asks = useMemo(() => sizesByRow(book?.asks ?? [], step, 'ask'), [book, step]);
  const own = useMemo(() => ordersByRow(orders, step), [orders, step]);
  const rows = useMemo(() => rowsAround(centre ?? middle, step, count), [centre ?? middle, step, count]);
  let most = 0n;
  for (const price of rows) for (const size of [bids.get(price), asks.get(price)]) if (size !== undefined && size > most) most = size;
  const markRow = rows.find((price) => price <= mark) ?? null;
  return { rows, bids, asks, own, most, markRow, centre: () => setCentre(middle), hold: setIsHeld };
}
