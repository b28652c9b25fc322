import './trading.css';
import './ladder.css';
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
  const { document, settings } = usePanel<{ step: number }>({ step: 1 });
  const { symbol, tick_size: tick } = answer.settings;
  const { phase } = useAccount();
  const step = nanoOr0(tick) * BigInt(settings.step);
  const [box, { height }] = useSize();
  const count = Math.max(7, Math.floor((height - kHeadPx) / kRowPx));
  const view = useLadder(answer, step, count);
  const arming = useArmed(document);
  const [selected, setSelected] = useState<Nano | null>(null);
  const { trade, amend, cancel } = useLadderDeeds(symbol, arming, setSelected);
  const drag = useRowDrag(document, amend);
  const keysId = useId();
  const ownAt = (price: Nano) => view.own.get(price) ?? [];
  const onKey = (event: KeyboardEvent) => {
    if ((event.target as HTMLElement).tagName === 'INPUT' || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = selected ?? view.rows[Math.floor(view.rows.length / 2)] ?? null;
    const key = event.key.toLowerCase();
    if (key === 'arrowup' || key === 'arrowdown') setSelected(at === null ? null : moved(at, key === 'arrowup' ? step : -step, view.rows, selected === null));
    else if (key === 'c') view.centre();
    else if (key === 'a') arming.setArmed(!arming.armed);
    else if (at !== null && (key === 'b' || key === 's')) trade(key === 'b' ? 'buy' : 'sell', plain(at));
    else if (at !== null && (key === 'x' || key === 'delete')) cancel(ownAt(at));
    else return;
    arming.touch();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      className="ladder"
      data-armed={arming.armed}
      role="group"
      aria-label={words.label}
      aria-describedby={keysId}
      tabIndex={0}
      onKeyDown={onKey}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && arming.disarm()}
      onMouseEnter={() => view.hold(true)}
      onMouseLeave={() => view.hold(false)}
    >
      <p id={keysId} className="sr-only">
        {words.keys}
      </p>
      {phase === 'stranger' ? <SignIn panel="ladder" /> : <AccountBar />}
      <LadderTools answer={answer} arming={arming} centre={view.centre} hasOrders={view.own.size > 0} />
      <div ref={box} className="ladder-rows">
        <LadderTable view={view} places={places} selected={selected} target={drag.target} trade={trade} grab={drag.grab} cancel={cancel} />
      </div>
    </div>
  );
}

type Arming = ReturnType<typeof useArmed>;

/** What is done from the rows. The functions stay the same, so that only rows that have changed are drawn again. */
function useLadderDeeds(symbol: string, { armed, touch }: Arming, select: (price: Nano) => void) {
  const { current } = useAccount();
  const size = useTradeSettings((s) => s.ladderSize[symbol] ?? '');
  const latest = useRef({ armed, account: current?.account, size });
  useEffect(() => {
    latest.current = { armed, account: current?.account, size };
  });
  const trade = useCallback(
    (side: Side, price: string) => {
      const { armed: isArmed, account, size: typed } = latest.current;
      touch();
      select(nanoOr0(price));
      if (!isArmed || account === undefined) return pickPrice(symbol, price, side);
      const units = nano(typed);
      if (units === null || units <= 0n) return toast(words.needsSize, 'warn');
      void actions.place({ account, market: symbol, side, size: plain(units), price }).catch(tellRefusal);
    },
    [symbol, touch, select],
  );
  const amend = useCallback(
    (orders: readonly OpenOrder[], price: Nano) => {
      touch();
      for (const order of orders) void actions.amend(order.account, order.order_id, { price: plain(price) }).catch(tellRefusal);
    },
    [touch],
  );
  const cancel = useCallback(
    (orders: readonly OpenOrder[]) => {
      touch();
      for (const order of orders) void actions.cancel(order.account, order.order_id).catch(tellRefusal);
    },
    [touch],
  );
  return { trade, amend, cancel };
}

function LadderTools({ answer, arming, centre, hasOrders }: { answer: MarketAnswer; arming: Arming; centre: () => void; hasOrders: boolean }) {
  const { settings, setSettings } = usePanel<{ step: number }>({ step: 1 });
  const { current } = useAccount();
  const { symbol, base_asset: base, tick_size: tick } = answer.settings;
  const sizes = useTradeSettings((s) => s.ladderSize);
  const { armed, setArmed } = arming;
  return (
    <div className="trade-tools">
      <button type="button" className="chip ladder-arm" aria-pressed={armed} title={armed ? words.armed : words.disarmed} aria-label={armed ? words.armedLabel : words.arm} disabled={!current} onClick={() => setArmed(!armed)}>
        {armed ? words.armedShort : words.disarmedShort}
      </button>
      <input
        className="field num trade-input"
        aria-label={words.size(base)}
        title={words.size(base)}
        placeholder={base}
        inputMode="decimal"
        value={sizes[symbol] ?? ''}
        onChange={(event) => setTradeSettings({ ladderSize: { ...sizes, [symbol]: event.target.value.replace(',', '.') } })}
      />
      <select className="field ladder-step" aria-label={words.step} title={words.step} value={settings.step} onChange={(event) => setSettings({ step: Number(event.target.value) })}>
        {kLadderSteps.map((steps) => (
          <option key={steps} value={steps}>
            {plain(nanoOr0(tick) * BigInt(steps))}
          </option>
        ))}
      </select>
      <button type="button" className="button-plain" title={words.centreHint} onClick={centre}>
        {words.centre}
      </button>
      <button type="button" className="button-plain" disabled={!hasOrders || !current} onClick={() => current && void actions.cancelAll(current.account, { market: symbol }).catch(tellRefusal)}>
        {words.cancelAll}
      </button>
    </div>
  );
}

interface TableProps {
  view: ReturnType<typeof useLadder>;
  places: Places;
  selected: Nano | null;
  target: string | null;
  trade: (side: Side, price: string) => void;
  grab: ReturnType<typeof useRowDrag>['grab'];
  cancel: (orders: readonly OpenOrder[]) => void;
}

function LadderTable({ view, places, selected, target, trade, grab, cancel }: TableProps) {
  return (
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
            own={view.own.get(price) ?? noOrders}
            mark={view.markRow === price}
            isSelected={selected === price}
            isTarget={target === plain(price)}
            onTrade={trade}
            onGrab={grab}
            onCancel={cancel}
          />
        ))}
      </tbody>
    </table>
  );
}

const noOrders: readonly OpenOrder[] = [];
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
