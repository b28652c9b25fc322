import './trading.css';
import { useEffect, useState } from 'react';
import type { OpenOrder } from '@/api/trading';
import { nano, nanoOr0, plain, shownNano } from '@/domain/decimal';
import { t } from '@/strings';
import { Confirm } from '@/ui/Confirm';
import { Empty } from '@/ui/states';
import { toast } from '@/ui/toasts';
import { usePanel } from '@/workspace/usePanel';
import { Table } from '@/ui/Table';
import { actions } from './desk';
import { beginNotices } from './notices';
import { AccountBar, Gate, orderWords, priceText, shareOfBps, sideTone, sideWord, signed, tellRefusal } from './parts';
import { useOrders } from './useAccount';
import { placesIn, useMarkets, type Markets } from './useMarkets';

const words = t.trading;

export default function OrdersPanel() {
  useEffect(beginNotices, []);
  return <div className="panel-fill">{<Gate panel="orders">{({ account }) => <Orders account={account} />}</Gate>}</div>;
}

const columns = [
  { label: words.columns.market },
  { label: words.columns.side },
  { label: words.columns.type },
  { label: words.columns.left, isRight: true },
  { label: words.columns.size, isRight: true },
  { label: words.columns.price, isRight: true },
  { label: words.columns.trigger, isRight: true },
  { label: words.columns.actions, isHidden: true },
];

function Orders({ account }: { account: number }) {
  const { symbol, settings, setSettings } = usePanel<{ onlyThis: boolean }>({ onlyThis: false });
  const markets = useMarkets();
  const orders = useOrders(settings.onlyThis ? symbol : undefined);
  const [asks, setAsks] = useState(false);
  const where = settings.onlyThis ? words.confirm.inMarket(symbol) : words.confirm.everywhere;
  const cancelAll = async () => void (await actions.cancelAll(account, settings.onlyThis ? { market: symbol } : {}));
  return (
    <>
      <div className="trade-tools">
        <AccountBar />
        <label className="ticket-check">
          <input type="checkbox" checked={settings.onlyThis} onChange={(event) => setSettings({ onlyThis: event.target.checked })} />
          <span>{words.orders.onlyThis(symbol)}</span>
        </label>
        {orders.length > 0 ? (
          <button type="button" className="button-plain" onClick={() => setAsks(true)}>
            {words.confirm.cancelAll(orders.length)}
          </button>
        ) : null}
      </div>
      {orders.length === 0 ? (
        <Empty title={words.orders.none} text={words.orders.noneHint} />
      ) : (
        <Table className="trade-table" isWalked label={words.panels.orders} columns={columns}>
          {orders.map((order) => (
            <OrderRow key={order.order_id} order={order} markets={markets} />
          ))}
        </Table>
      )}
      {asks ? (
        <Confirm title={words.confirm.cancelAllTitle} action={words.confirm.cancelAll(orders.length)} isDanger act={cancelAll} close={() => setAsks(false)}>
          <p>{words.confirm.cancelAllText(orders.length, where)}</p>
        </Confirm>
      ) : null}
    </>
  );
}

function typeOf(order: OpenOrder): string {
  const names = words.orders.types;
  if (order.in_auction) return names.auction;
  if (order.trigger) return names[order.trigger.kind];
  if (order.peg) return names.pegged;
  return order.shown !== order.remaining ? names.iceberg : names.limit;
}

function OrderRow({ order, markets }: { order: OpenOrder; markets: Markets }) {
  const [isAmended, setIsAmended] = useState(false);
  const places = placesIn(markets, order.market);
  const what = orderWords(order);
  // One that waits, or follows the index, has nothing to amend: it is cancelled and placed anew.
  const canAmend = order.status === 'open' && order.peg === null;
  const cancel = () => void actions.cancel(order.account, order.order_id).then(() => toast(words.orders.cancelled(what)), tellRefusal);
  const onKey = (event: React.KeyboardEvent<HTMLTableRowElement>) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Delete') cancel();
    else if (event.key === 'Enter' && canAmend) setIsAmended(true);
    else return;
    event.preventDefault();
  };
  return (
    <tr tabIndex={0} data-row onKeyDown={onKey} data-order={order.order_id}>
      <td>{order.market}</td>
      <td className={sideTone(order.side)}>{sideWord(order.side)}</td>
      <td>
        {typeOf(order)}
        {order.reduce_only ? <span className="muted"> · {words.orders.reduces}</span> : null}
      </td>
      {isAmended ? (
        <AmendCells order={order} places={places} close={() => setIsAmended(false)} />
      ) : (
        <>
          <td className="num right">{shownNano(nanoOr0(order.remaining), places.size)}</td>
          <td className="num right muted">{shownNano(nanoOr0(order.size), places.size)}</td>
          <td className="num right" onDoubleClick={() => canAmend && setIsAmended(true)}>
            {order.peg ? words.orders.follows(signed(order.peg.offset)) : nanoOr0(order.price) === 0n ? words.orders.atMarket : priceText(order.price, places.price)}
          </td>
          <td className="num right">
            <TriggerText order={order} places={places.price} />
          </td>
          <td className="right trade-actions">
            {canAmend ? (
              <button type="button" className="button-plain" aria-label={words.orders.amendWhat(what)} onClick={() => setIsAmended(true)}>
                {words.orders.amend}
              </button>
            ) : null}
            <button type="button" className="button-plain" aria-label={words.orders.cancelWhat(what)} onClick={cancel}>
              {words.orders.cancel}
            </button>
          </td>
        </>
      )}
    </tr>
  );
}

function TriggerText({ order, places }: { order: OpenOrder; places: number }) {
  if (!order.trigger) return <span className="muted">{t.venue.none}</span>;
  const { kind, price, source, trail_bps: trail } = order.trigger;
  if (kind === 'trailing') return <>{words.orders.trails(shareOfBps(trail ?? 0))}</>;
  return (
    <>
      {priceText(price, places)} <span className="muted">{words.source[source ?? 'mark'].toLowerCase()}</span>
    </>
  );
}

function AmendCells({ order, places, close }: { order: OpenOrder; places: { price: number; size: number }; close: () => void }) {
  const [price, setPrice] = useState(plain(nanoOr0(order.price)));
  const [left, setLeft] = useState(plain(nanoOr0(order.remaining)));
  const isGood = (nano(price) ?? 0n) > 0n && (nano(left) ?? 0n) > 0n;
  const save = async () => {
    if (!isGood) return;
    const traded = nanoOr0(order.size) - nanoOr0(order.remaining);
    const change = {
      ...(nanoOr0(price) === nanoOr0(order.price) ? {} : { price: plain(nanoOr0(price)) }),
      ...(nanoOr0(left) === nanoOr0(order.remaining) ? {} : { size: plain(traded + nanoOr0(left)) }),
    };
    if (Object.keys(change).length === 0) return close();
    await actions.amend(order.account, order.order_id, change).then((receipt) => {
      toast(words.orders.amended(words.orders.what(sideWord(receipt.side).toLowerCase(), receipt.remaining, receipt.market, priceText(receipt.price, places.price))));
      close();
    }, tellRefusal);
  };
  const onKey = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter') void save();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const input = (label: string, value: string, change: (value: string) => void, isFirst = false) => (
    <input className="field num trade-input" aria-label={label} inputMode="decimal" autoFocus={isFirst} value={value} onChange={(event) => change(event.target.value)} onKeyDown={onKey} />
  );
  const name = `${sideWord(order.side).toLowerCase()} ${order.market}`;
  return (
    <>
      <td className="right">{input(words.orders.amendSize(name), left, setLeft)}</td>
      <td className="num right muted">{shownNano(nanoOr0(order.size), places.size)}</td>
      <td className="right">{input(words.orders.amendPrice(name), price, setPrice, true)}</td>
      <td />
      <td className="right trade-actions">
        <button type="button" className="button-plain" disabled={!isGood} onClick={() => void save()}>
          {words.orders.save}
        </button>
        <button type="button" className="button-plain" onClick={close}>
          {words.orders.keep}
        </button>
      </td>
    </>
  );
}
