import type { ReactNode } from 'react';
import type { DeleveragingRecord, FillRecord, FundingRecord, LiquidationRecord, OrderRecord, RealizedRecord, TransferRecord } from '@/api/trading';
import { dividedBy, nanoOr0, plain, shownNano } from '@/domain/decimal';
import { dayAndTime, exactTime } from '@/domain/time';
import { placesOf } from '@/features/exchange/format';
import { t } from '@/strings';
import { left, right, type Column } from '@/ui/Table';
import type { HistoryKind } from './history';
import { Gain, money, priceText, shareOfBps, sideTone, sideWord } from './parts';
import { placesIn, type Markets } from './useMarkets';

const words = t.trading;

export interface HistoryTable<T> {
  columns: readonly Column[];
  /** In the order of the columns. */
  cells: (item: T, markets: Markets) => ReactNode[];
}

const names = words.columns;

const Time = ({ text }: { text: string }) => {
  const ms = Date.parse(text);
  return (
    <time dateTime={text} title={exactTime(ms)} className="num">
      {dayAndTime(ms)}
    </time>
  );
};
const SideCell = ({ side }: { side: 'buy' | 'sell' }) => <span className={sideTone(side)}>{sideWord(side)}</span>;
const size = (text: string, market: string, markets: Markets) => shownNano(nanoOr0(text), Math.max(placesIn(markets, market).size, 0));
const price = (text: string | null | undefined, market: string, markets: Markets) => priceText(text, placesIn(markets, market).price);
const amount = (text: string) => shownNano(nanoOr0(text), Math.max(2, placesOf(text)), 'always');

const orders: HistoryTable<OrderRecord> = {
  columns: [left(names.time), left(names.market), left(names.side), left(names.type), right(names.size), right(names.filled), right(names.price), right(names.average), left(names.result)],
  cells: (item, markets) => {
    const average = dividedBy(nanoOr0(item.filled_quote), nanoOr0(item.filled));
    const kind = item.trigger_kind ?? (item.display !== '0' ? 'iceberg' : 'limit');
    return [
      <Time key="t" text={item.time} />,
      item.market,
      <SideCell key="s" side={item.side} />,
      words.orders.types[kind],
      size(item.size, item.market, markets),
      size(item.filled, item.market, markets),
      nanoOr0(item.price) === 0n ? words.orders.atMarket : price(item.price, item.market, markets),
      average === null ? t.venue.none : price(plain(average), item.market, markets),
      <span key="r" title={item.refused?.replaceAll('_', ' ')}>
        {item.closed_reason ? words.reasons[item.closed_reason] : ''}
      </span>,
    ];
  },
};

const fills: HistoryTable<FillRecord> = {
  columns: [left(names.time), left(names.market), left(names.side), right(names.size), right(names.price), right(names.fee), left(names.role)],
  cells: (item, markets) => [
    <Time key="t" text={item.time} />,
    item.market,
    <SideCell key="s" side={item.side} />,
    size(item.size, item.market, markets),
    price(item.price, item.market, markets),
    money(item.fee, 4),
    item.maker ? words.history.maker : words.history.taker,
  ],
};

const funding: HistoryTable<FundingRecord> = {
  columns: [left(names.time), left(names.market), right(names.received)],
  cells: (item) => [<Time key="t" text={item.time} />, item.market, <Gain key="r" value={nanoOr0(item.received)} places={4} />],
};

const transfers: HistoryTable<TransferRecord> = {
  columns: [left(names.time), left(names.reason), left(names.asset), right(names.amount), right(names.balance)],
  cells: (item) => [<Time key="t" text={item.time} />, words.history.reasons[item.reason] ?? item.reason, item.asset, amount(item.amount), shownNano(nanoOr0(item.balance), Math.max(2, placesOf(item.balance)))],
};

const realized: HistoryTable<RealizedRecord> = {
  columns: [left(names.time), left(names.market), right(names.profit), right(names.left)],
  cells: (item, markets) => [<Time key="t" text={item.time} />, item.market, <Gain key="r" value={nanoOr0(item.realized)} />, size(item.size, item.market, markets)],
};

const liquidations: HistoryTable<LiquidationRecord> = {
  columns: [left(names.time), left(names.step), left(names.market), right(names.size), right(names.mark), right(names.collateral), right(names.requirement), right(names.fee)],
  cells: (item, markets) => [
    <Time key="t" text={item.time} />,
    <span key="s" title={words.history.caused(money(item.collateral), money(item.requirement))}>
      {words.history.steps[item.step]}
    </span>,
    item.market ?? item.asset ?? t.venue.none,
    item.size && item.market ? size(item.size, item.market, markets) : (item.amount ?? t.venue.none),
    item.mark && item.market ? price(item.mark, item.market, markets) : t.venue.none,
    money(item.collateral),
    money(item.requirement),
    money(item.fee),
  ],
};

const deleveragings: HistoryTable<DeleveragingRecord> = {
  columns: [left(names.time), left(names.market), left(names.side), right(names.size), right(names.price), right(names.rank)],
  cells: (item, markets) => [
    <Time key="t" text={item.time} />,
    item.market,
    <SideCell key="s" side={item.side} />,
    size(item.size, item.market, markets),
    price(item.price, item.market, markets),
    <span key="r" title={words.history.rank(shareOfBps(item.rank_bps))}>
      {shareOfBps(item.rank_bps)}
    </span>,
  ],
};

export const historyTables: { [K in HistoryKind]: HistoryTable<never> } = { orders, fills, funding, transfers, realized, liquidations, deleveragings } as never;
