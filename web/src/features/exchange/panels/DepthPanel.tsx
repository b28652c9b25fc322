import { useMemo, useState } from 'react';
import type { MarketAnswer } from '@/api/venue';
import { shownNano, type Nano } from '@/domain/decimal';
import { t } from '@/strings';
import { Segments } from '@/ui/parts';
import { useSize } from '@/ui/size';
import { Empty, Skeleton } from '@/ui/states';
import { usePanel } from '@/workspace/usePanel';
import { curveOf, frameOf, stairs, type DepthFrame, type DepthPoint } from '../depth';
import { useMarketView } from '../market';
import type { Places } from '../MarketHeader';
import { PanelBody } from './PanelBody';

const kAxisPx = 18;
const kReaches = [50, 200, 1000] as const;

export default function DepthPanel() {
  const { symbol } = usePanel();
  return <PanelBody symbol={symbol}>{(answer, places) => <Depth answer={answer} places={places} />}</PanelBody>;
}

function Depth({ answer, places }: { answer: MarketAnswer; places: Places }) {
  const { settings, setSettings } = usePanel({ bps: 200 });
  const { symbol } = answer.settings;
  const book = useMarketView(symbol, (view) => view.book);
  const [box, { width, height }] = useSize();
  const bids = useMemo(() => curveOf(book?.bids ?? []), [book]);
  const asks = useMemo(() => curveOf(book?.asks ?? []), [book]);
  const frame = frameOf(bids, asks, settings.bps);
  const reaches = kReaches.map((bps) => ({ value: String(bps), label: `±${bps / 100} %` }));
  return (
    <div className="depth">
      <div className="panel-strip">
        <Segments label={t.venue.depth.reach} value={String(settings.bps)} choices={reaches} onChange={(value) => setSettings({ bps: Number(value) })} />
      </div>
      <div ref={box} className="depth-box">
        {book === null ? <Skeleton rows={6} /> : null}
        {book && !frame ? <Empty title={t.venue.depth.none} text={t.venue.depth.noneHint} /> : null}
        {frame && width > 0 && height > kAxisPx ? <Picture frame={frame} bids={bids} asks={asks} width={width} height={height - kAxisPx} answer={answer} places={places} /> : null}
      </div>
    </div>
  );
}

interface PictureProps {
  frame: DepthFrame;
  bids: readonly DepthPoint[];
  asks: readonly DepthPoint[];
  width: number;
  height: number;
  answer: MarketAnswer;
  places: Places;
}

function Picture({ frame, bids, asks, width, height, answer, places }: PictureProps) {
  const [pointer, setPointer] = useState<number | null>(null);
  const { base_asset: base } = answer.settings;
  const side = (points: readonly DepthPoint[]) => stairs(points, frame, width, height * 0.94).map(({ x, y }) => `${x.toFixed(1)},${(y + height * 0.06).toFixed(1)}`);
  const [bidLine, askLine] = [side(bids), side(asks)];
  const low = frame.middle - frame.reach;
  const at = pointer === null ? null : readAt(pointer / width, frame, bids, asks);
  const total = (points: readonly DepthPoint[]) => shownNano(points.filter(({ price }) => price >= low && price <= frame.middle + frame.reach).at(-1)?.total ?? 0n, places.size);
  return (
    <svg
      className="depth-picture"
      width={width}
      height={height + kAxisPx}
      role="img"
      aria-label={t.venue.depth.label(total(bids), total(asks), base)}
      onPointerMove={(event) => setPointer(event.clientX - event.currentTarget.getBoundingClientRect().left)}
      onPointerLeave={() => setPointer(null)}
    >
      <Half line={bidLine} floor={height} className="depth-bids" />
      <Half line={askLine} floor={height} className="depth-asks" />
      <line className="depth-middle" x1={width / 2} x2={width / 2} y1={0} y2={height} />
      <text x={4} y={12} className="depth-label up">{t.venue.depth.bids(total(bids))}</text>
      <text x={width - 4} y={12} textAnchor="end" className="depth-label down">{t.venue.depth.asks(total(asks))}</text>
      <g className="depth-axis">
        <text x={2} y={height + 13}>{shownNano(low, places.price)}</text>
        <text x={width / 2} y={height + 13} textAnchor="middle">{shownNano(frame.middle, places.price)}</text>
        <text x={width - 2} y={height + 13} textAnchor="end">{shownNano(frame.middle + frame.reach, places.price)}</text>
      </g>
      {at && pointer !== null ? (
        <g>
          <line className="depth-cross" x1={pointer} x2={pointer} y1={0} y2={height} />
          <text className="depth-label" x={pointer > width / 2 ? pointer - 6 : pointer + 6} y={28} textAnchor={pointer > width / 2 ? 'end' : 'start'}>
            {t.venue.depth.at(shownNano(at.price, places.price), shownNano(at.total, places.size), base, at.away)}
          </text>
        </g>
      ) : null}
    </svg>
  );
}

function Half({ line, floor, className }: { line: string[]; floor: number; className: string }) {
  if (line.length === 0) return null;
  const [first, last] = [line[0]!.split(',')[0], line.at(-1)!.split(',')[0]];
  return (
    <g className={className}>
      <polygon points={`${first},${floor} ${line.join(' ')} ${last},${floor}`} />
      <polyline points={line.join(' ')} />
    </g>
  );
}

/** What stands under the pointer: the price there, and what could be traded up to it. */
function readAt(share: number, frame: DepthFrame, bids: readonly DepthPoint[], asks: readonly DepthPoint[]): { price: Nano; total: Nano; away: string } | null {
  const offset = (frame.reach * 2n * BigInt(Math.round(share * 10_000))) / 10_000n - frame.reach;
  const price = frame.middle + offset;
  const isBid = offset < 0n;
  const total = (isBid ? bids : asks).filter((point) => (isBid ? point.price >= price : point.price <= price)).at(-1)?.total ?? 0n;
  return { price, total, away: (Number((offset * 1_000_000n) / frame.middle) / 10_000).toFixed(2) };
}
