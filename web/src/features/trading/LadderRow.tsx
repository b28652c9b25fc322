import { memo, type MouseEvent, type PointerEvent } from 'react';
import type { OpenOrder, Side } from '@/api/trading';
import { nanoOr0, plain } from '@/domain/decimal';
import { t } from '@/strings';
import { sideWord } from './parts';

const words = t.trading.ladder;

interface Props {
  price: string;
  shown: string;
  bid: string;
  ask: string;
  /** Of the largest on the ladder, in per cent. */
  bidShare: number;
  askShare: number;
  own: readonly OpenOrder[];
  mark: boolean;
  isSelected: boolean;
  /** What is dragged would come here. */
  isTarget: boolean;
  onTrade: (side: Side, price: string) => void;
  onGrab: (event: PointerEvent, orders: readonly OpenOrder[]) => void;
  onCancel: (orders: readonly OpenOrder[]) => void;
}

const same = (a: readonly OpenOrder[], b: readonly OpenOrder[]): boolean => a.length === b.length && a.every((order, i) => order === b[i]);

/** One price. Drawn again only when something of it has changed. */
export const LadderRow = memo(
  function LadderRow({ price, shown, bid, ask, bidShare, askShare, own, mark, isSelected, isTarget, onTrade, onGrab, onCancel }: Props) {
    const chip = (side: Side) => {
      const orders = own.filter((order) => order.side === side);
      return orders.length > 0 ? <OwnChip orders={orders} price={shown} onGrab={onGrab} onCancel={onCancel} /> : null;
    };
    return (
      <tr data-price={price} aria-current={isSelected ? true : undefined} className={`${mark ? 'ladder-mark' : ''} ${isTarget ? 'ladder-target' : ''}`}>
        <td>{chip('buy')}</td>
        <td className="ladder-bid" style={{ backgroundSize: `${bidShare}% 100%` }}>
          <button type="button" tabIndex={-1} className="num" onClick={() => onTrade('buy', price)}>
            <span className="sr-only">{words.buyAt(shown)}</span> {bid}
          </button>
        </td>
        <th scope="row" className="num ladder-price">
          {shown}
        </th>
        <td className="ladder-ask" style={{ backgroundSize: `${askShare}% 100%` }}>
          <button type="button" tabIndex={-1} className="num" onClick={() => onTrade('sell', price)}>
            <span className="sr-only">{words.sellAt(shown)}</span> {ask}
          </button>
        </td>
        <td>{chip('sell')}</td>
      </tr>
    );
  },
  (a, b) =>
    a.shown === b.shown && a.bid === b.bid && a.ask === b.ask && a.bidShare === b.bidShare && a.askShare === b.askShare && same(a.own, b.own) && a.mark === b.mark &&
    a.isSelected === b.isSelected && a.isTarget === b.isTarget && a.onTrade === b.onTrade,
);

/** What is one's own there: dragged to another price it is amended, a right click or × cancels it. */
function OwnChip({ orders, price, onGrab, onCancel }: { orders: readonly OpenOrder[]; price: string; onGrab: Props['onGrab']; onCancel: Props['onCancel'] }) {
  const size = plain(orders.reduce((sum, { remaining }) => sum + nanoOr0(remaining), 0n));
  const side = orders[0]!.side;
  const hint = words.ownOrder(sideWord(side), size, price);
  const onMenu = (event: MouseEvent) => {
    event.preventDefault();
    onCancel(orders);
  };
  return (
    <span className="ladder-own num" data-side={side} title={hint} onPointerDown={(event) => event.button === 0 && onGrab(event, orders)} onContextMenu={onMenu}>
      {size}
      <button type="button" tabIndex={-1} aria-label={t.trading.orders.cancelWhat(`${sideWord(side).toLowerCase()} ${size} at ${price}`)} onPointerDown={(event) => event.stopPropagation()} onClick={() => onCancel(orders)}>
        ×
      </button>
    </span>
  );
}
