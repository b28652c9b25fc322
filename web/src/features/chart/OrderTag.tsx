import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { createPortal } from 'react-dom';
import type { OpenOrder } from '@/api/trading';
import { nanoOr0 } from '@/domain/decimal';
import { decimals } from '@/features/exchange/format';
import { useTicker } from '@/features/exchange/market';
import { actions } from '@/features/trading/desk';
import { t } from '@/strings';
import { Confirm } from '@/ui/Confirm';
import { wordsOf } from '@/ui/form';
import { Icon } from '@/ui/Icon';
import { toast } from '@/ui/toasts';
import type { Plot } from './plot';
import { moveByTicks, snapToTick } from './price';
import { PriceTag, usePriceLine } from './PriceTag';

interface Props {
  plot: Plot;
  order: OpenOrder;
  tick: string;
  places: number;
  /** Whether a new price is asked about before it is sent. */
  isAsked: boolean;
  askNoMore: () => void;
}

/** What the order waits for, else its limit; null of a market order that trails. */
export const priceOfOrder = ({ trigger, price }: OpenOrder): string | null => (trigger ? trigger.price : price === '0' ? null : price);

/** A price follows from nothing but the order itself. */
const isMovable = (order: OpenOrder): boolean => order.status === 'open' && order.trigger === null && order.peg === null && !order.in_auction;

export const orderWords = ({ side, remaining, trigger }: OpenOrder): string =>
  [trigger ? (t.chart.triggers[trigger.kind] ?? '') : '', t.chart.order(t.chart.sides[side], remaining)].filter(Boolean).join(' ');

/** An open order on the chart: dragged, or moved with the arrows, it is amended. */
export function OrderTag(props: Props) {
  const { plot, order, places } = props;
  const at = priceOfOrder(order);
  const { moving, sent, asked, grab, drag, drop, onKeyDown, confirm, giveUp } = useAmending(props, at);
  const shown = moving ?? sent ?? at;
  const tone = order.side === 'buy' ? plot.palette.up : plot.palette.down;
  usePriceLine(plot, shown, tone, order.status === 'open' && sent === null && moving === null ? 'solid' : 'dashed');
  if (shown === null) return null;
  const what = orderWords(order);
  const price = decimals(shown, places);
  const label = isMovable(order) ? t.chart.orderLabel(what, price) : t.chart.orderFixedLabel(what, price);
  return (
    <>
      <PriceTag plot={plot} price={shown} className={`chart-tag-${order.side} ${sent !== null ? 'chart-tag-sent' : ''}`}>
        {isMovable(order) ? (
          <button type="button" className="chart-tag-body" aria-label={label} onPointerDown={grab} onPointerMove={drag} onPointerUp={drop} onPointerCancel={giveUp} onKeyDown={onKeyDown}>
            {what} <span className="num">{price}</span>
          </button>
        ) : (
          <span className="chart-tag-body" title={t.chart.orderFixed}>
            {what} <span className="num">{price}</span>
          </span>
        )}
        <button type="button" className="chart-tag-cancel" aria-label={t.chart.orderCancel(what, price)} title={t.chart.orderCancel(what, price)} onClick={() => void cancel(order)}>
          <Icon name="close" size={12} />
        </button>
      </PriceTag>
      {asked !== null && at !== null
        ? createPortal(<AskAmend order={order} from={decimals(at, places)} to={decimals(asked, places)} price={asked} confirm={confirm} close={giveUp} askNoMore={props.askNoMore} />, plot.document.body)
        : null}
    </>
  );
}

async function cancel(order: OpenOrder): Promise<void> {
  try {
    await actions.cancel(order.account, order.order_id);
    toast(t.chart.cancelled(orderWords(order)));
  } catch (error) {
    toast(wordsOf(error), 'warn');
  }
}

/** The way of a price: taken, moved, asked about when that is wanted, sent; refused, it is the old one again. */
function useAmending({ plot, order, tick, places, isAsked }: Props, at: string | null) {
  const [moving, setMoving] = useState<string | null>(null);
  const [sent, setSent] = useState<string | null>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const isHeld = useRef(false);
  const giveUp = () => {
    isHeld.current = false;
    setMoving(null);
    setAsked(null);
  };
  const send = async (price: string) => {
    setSent(price);
    giveUp();
    try {
      await actions.amend(order.account, order.order_id, { price });
      toast(t.chart.amended(orderWords(order), decimals(price, places)));
    } catch (error) {
      toast(t.chart.amendRefused(orderWords(order), wordsOf(error)), 'warn');
    } finally {
      setSent(null);
    }
  };
  const settle = (price: string) => {
    if (price === at) return giveUp();
    if (!isAsked) return void send(price);
    setMoving(price);
    setAsked(price);
  };
  const grab = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || sent !== null) return;
    isHeld.current = true;
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (!isHeld.current) return;
    const top = plot.top;
    const price = plot.priceOf(Math.max(0, Math.min(plot.area.height, event.clientY - top)));
    if (price !== null) setMoving(snapToTick(price, tick));
  };
  const drop = () => {
    if (!isHeld.current) return;
    isHeld.current = false;
    if (moving !== null) settle(moving);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const from = moving ?? at;
    if (from === null || sent !== null) return;
    const step = event.shiftKey ? 10 : 1;
    if (event.key === 'ArrowUp') setMoving(moveByTicks(from, step, tick));
    else if (event.key === 'ArrowDown') setMoving(moveByTicks(from, -step, tick));
    else if (event.key === 'Escape' && moving !== null) giveUp();
    else if (event.key === 'Enter' && moving !== null) settle(moving);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { moving, sent, asked, grab, drag, drop, onKeyDown, confirm: () => send(asked!), giveUp };
}

function AskAmend({ order, from, to, price, confirm, close, askNoMore }: { order: OpenOrder; from: string; to: string; price: string; confirm: () => Promise<void>; close: () => void; askNoMore: () => void }) {
  const [isLast, setIsLast] = useState(false);
  const ticker = useTicker(order.market);
  const best = order.side === 'buy' ? ticker?.best_ask : ticker?.best_bid;
  const isTaking = best != null && (order.side === 'buy' ? nanoOr0(price) >= nanoOr0(best) : nanoOr0(price) <= nanoOr0(best));
  const act = async () => {
    if (isLast) askNoMore();
    await confirm();
  };
  return (
    <Confirm title={t.chart.amendTitle} action={t.chart.amendAction(to)} act={act} close={close}>
      <p>{t.chart.amendEffect(orderWords(order), from, to)}</p>
      {isTaking ? <p className="chart-warning">{t.chart.amendTakes}</p> : null}
      <label className="chart-ask">
        <input type="checkbox" checked={isLast} onChange={(event) => setIsLast(event.target.checked)} />
        {t.chart.amendAskNoMore}
      </label>
    </Confirm>
  );
}
