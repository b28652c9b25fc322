import { createSeriesMarkers, type ISeriesMarkersPluginApi, type SeriesMarker, type Time } from 'lightweight-charts';
import { useEffect, useMemo, useState } from 'react';
import type { Candle } from '@/api/series';
import { nanoOr0, shownNano } from '@/domain/decimal';
import { decimals } from '@/features/exchange/format';
import { useTicker } from '@/features/exchange/market';
import { profitAt, type OwnFill, type Position } from '@/features/trading/accountState';
import { useFills, useOrders, usePositions } from '@/features/trading/useAccount';
import { t } from '@/strings';
import { slotAt } from './bars';
import { OrderTag, priceOfOrder } from './OrderTag';
import type { Plot } from './plot';
import { PriceTag, usePriceLine } from './PriceTag';
import type { ChartSettings } from './settings';

interface Props {
  plot: Plot;
  symbol: string;
  tick: string;
  places: number;
  bars: readonly Candle[];
  settings: ChartSettings;
  change: (change: Partial<ChartSettings>) => void;
}

/** One's own orders, positions and fills where they stand in the market. */
export function TradingLayer({ plot, symbol, tick, places, bars, settings, change }: Props) {
  const orders = useOrders(symbol);
  const positions = usePositions().filter((position) => position.market === symbol);
  const fills = useFills(symbol);
  useFillMarkers(plot, fills, bars);
  const standing = [...orders.map(priceOfOrder), ...positions.map((position) => position.entryPrice)].filter((price) => price !== null).join(' ');
  useEffect(() => plot.keepInSight(standing === '' ? [] : standing.split(' ').map(Number)), [plot, standing]);
  if (orders.length === 0 && positions.length === 0) return null;
  return (
    <div className="chart-trading" role="group" aria-label={t.chart.orders}>
      {orders.map((order) => (
        <OrderTag key={order.order_id} plot={plot} order={order} tick={tick} places={places} isAsked={settings.askToAmend} askNoMore={() => change({ askToAmend: false })} />
      ))}
      {positions.map((position) => (
        <PositionLines key={position.leg} plot={plot} position={position} places={places} />
      ))}
    </div>
  );
}

function PositionLines({ plot, position, places }: { plot: Plot; position: Position; places: number }) {
  const mark = useTicker(position.market)?.mark;
  const profit = mark === undefined ? null : profitAt(position, nanoOr0(mark));
  const isLong = nanoOr0(position.size) > 0n;
  const words = t.chart.position(isLong ? t.chart.positionSides.long : t.chart.positionSides.short, position.size.replace('-', ''));
  const profitText = profit === null ? '' : shownNano(profit, 2, 'always');
  return (
    <>
      {position.entryPrice === null ? null : (
        <EntryLine plot={plot} price={position.entryPrice} label={t.chart.entry(words, decimals(position.entryPrice, places), profitText)}>
          {words} <span className={`num ${profit !== null && profit < 0n ? 'down' : 'up'}`}>{profitText}</span>
        </EntryLine>
      )}
      {position.liquidationPrice === null ? null : <LiquidationLine plot={plot} price={position.liquidationPrice} />}
    </>
  );
}

function EntryLine({ plot, price, label, children }: { plot: Plot; price: string; label: string; children: React.ReactNode }) {
  usePriceLine(plot, price, plot.palette.muted, 'dashed');
  return (
    <PriceTag plot={plot} price={price} className="chart-tag-position">
      <span role="img" aria-label={label}>
        {children}
      </span>
    </PriceTag>
  );
}

function LiquidationLine({ plot, price }: { plot: Plot; price: string }) {
  usePriceLine(plot, price, plot.palette.warn, 'solid');
  return (
    <PriceTag plot={plot} price={price} className="chart-tag-liquidation">
      {t.chart.liquidation}
    </PriceTag>
  );
}

/** An arrow at the bar in which one traded; several in a bar stand over each other. */
function useFillMarkers(plot: Plot, fills: readonly OwnFill[], bars: readonly Candle[]): void {
  const [markers, setMarkers] = useState<ISeriesMarkersPluginApi<Time> | null>(null);
  useEffect(() => {
    const made = createSeriesMarkers(plot.main, []);
    setMarkers(made);
    return plot.whileThere(() => made.detach());
  }, [plot]);
  // Bars that only move leave every fill in its place.
  const [first, count] = [bars[0]?.start, bars.length];
  const shown = useMemo(() => fills.flatMap((fill) => markerOf(plot, fill)).sort((a, b) => (a.time as number) - (b.time as number)), [plot, fills, first, count]);
  useEffect(() => markers?.setMarkers(shown), [markers, shown]);
}

function markerOf(plot: Plot, { time, side, size, price }: OwnFill): SeriesMarker<Time>[] {
  const slot = plot.slots[slotAt(plot.slots, time)];
  if (!slot) return [];
  const isBuy = side === 'buy';
  return [
    {
      time: plot.axisTime(slot.start),
      position: isBuy ? 'belowBar' : 'aboveBar',
      shape: isBuy ? 'arrowUp' : 'arrowDown',
      color: isBuy ? plot.palette.up : plot.palette.down,
      text: t.chart.fill(t.chart.sides[side], size, price),
    },
  ];
}
