import { useState } from 'react';
import { FINDING_KINDS, type FindingKind } from '@/api/types';
import { calendarDay, clockTime } from '@/domain/time';
import { t } from '@/strings';
import { useSize } from '@/ui/size';
import { axisNumber, type ChartLayout, type Measure, type PlacedBucket } from './chart';

const kMargin = { top: 8, right: 64, bottom: 18, left: 0 };
const kLabelHeight = 13;
const kDayMs = 86_400_000;

interface Props {
  layout: ChartLayout;
  measure: Measure;
  bucketMs: number;
  from: number | null;
  to: number | null;
}

/** Stacked bars a kind: gains up, losses down. The bar under the pointer is told in words. */
export function ProfitChart({ layout, measure, bucketMs, from, to }: Props) {
  const [box, size] = useSize();
  const [hovered, setHovered] = useState<PlacedBucket | null>(null);
  const width = Math.max(0, size.width - kMargin.left - kMargin.right);
  const height = Math.max(0, size.height - kMargin.top - kMargin.bottom);
  const span = layout.top - layout.bottom || 1;
  const step = width / layout.width;
  const x = (position: number) => kMargin.left + position * step;
  const y = (value: number) => kMargin.top + ((layout.top - value) / span) * height;
  const last = layout.buckets.at(-1);
  const shown = hovered ?? last ?? null;
  const isEmpty = layout.buckets.length === 0;

  const onMove = (event: React.PointerEvent<SVGSVGElement>) => {
    const at = (event.clientX - event.currentTarget.getBoundingClientRect().left - kMargin.left) / step - 0.5;
    const near = layout.buckets.reduce<PlacedBucket | null>(
      (best, b) => (best === null || Math.abs(b.position - at) < Math.abs(best.position - at) ? b : best),
      null,
    );
    setHovered(near && Math.abs(near.position - at) * step < 24 ? near : null);
  };

  return (
    <div className="chart">
      <Legend bucket={shown} measure={measure} />
      <div ref={box} className="chart-box">
        {isEmpty ? <p className="chart-empty muted">{t.live.chartEmpty}</p> : null}
        <svg
          width={size.width}
          height={size.height}
          role="img"
          aria-label={`${measure === 'profit' ? t.live.chart : t.live.chartCount}: ${t.live.chartSummary(layout.buckets.length)}`}
          onPointerMove={onMove}
          onPointerLeave={() => setHovered(null)}
        >
          {isEmpty ? null : <Axis values={[layout.top, layout.bottom]} y={y} left={kMargin.left} right={kMargin.left + width} />}
          {hovered ? <line className="chart-crosshair" x1={x(hovered.position + 0.5)} x2={x(hovered.position + 0.5)} y1={kMargin.top} y2={kMargin.top + height} /> : null}
          {layout.breaks.map((at) => (
            <path key={at} className="chart-break" d={`M${x(at) - 3} ${y(0) + 4}l3 -8m3 8l3 -8`} />
          ))}
          {layout.buckets.map((bucket) => (
            <Bar key={bucket.time} bucket={bucket} x={x(bucket.position)} width={Math.max(1, step - (step > 3 ? 1 : 0))} y={y} />
          ))}
          {isEmpty ? null : <TimeAxis from={from ?? layout.buckets[0]!.time} to={(to ?? last!.time) + bucketMs} hovered={hovered} x={x} right={kMargin.left + width} bottom={size.height - 4} />}
        </svg>
      </div>
    </div>
  );
}

function Axis({ values, y, left, right }: { values: number[]; y: (v: number) => number; left: number; right: number }) {
  const wanted = [...new Set([0, values[0]!, values[0]! / 2, values[1]!])];
  // One that would be written over another is left out, zero never.
  const lines = wanted.filter((value, i) => wanted.slice(0, i).every((other) => Math.abs(y(other) - y(value)) >= kLabelHeight));
  return (
    <g>
      {lines.map((value) => (
        <g key={value}>
          <line className={value === 0 ? 'chart-zero' : 'chart-grid'} x1={left} x2={right} y1={y(value)} y2={y(value)} />
          <text className="chart-label" x={right + 6} y={y(value) + 4}>
            {axisNumber(value)}
          </text>
        </g>
      ))}
    </g>
  );
}

function Bar({ bucket, x, width, y }: { bucket: PlacedBucket; x: number; width: number; y: (v: number) => number }) {
  let up = 0;
  let down = 0;
  return (
    <g>
      {FINDING_KINDS.map((kind) => {
        const value = bucket.values[kind];
        if (!value) return null;
        const from = value > 0 ? up : down;
        if (value > 0) up += value;
        else down += value;
        const top = y(Math.max(from, from + value));
        return <rect key={kind} className={`bar kind-${kind}`} x={x} y={top} width={width} height={Math.max(1, y(Math.min(from, from + value)) - top)} />;
      })}
    </g>
  );
}

function timeText(ms: number, spanMs: number): string {
  return spanMs > kDayMs ? `${calendarDay(ms)} ${clockTime(ms).slice(0, 5)}` : clockTime(ms);
}

interface TimeAxisProps {
  from: number;
  to: number;
  hovered: PlacedBucket | null;
  x: (position: number) => number;
  right: number;
  bottom: number;
}

function TimeAxis({ from, to, hovered, x, right, bottom }: TimeAxisProps) {
  const span = to - from;
  if (hovered) {
    const at = Math.min(Math.max(x(hovered.position + 0.5), 60), right - 40);
    return (
      <text className="chart-label" x={at} y={bottom} textAnchor="middle">
        {timeText(hovered.time, span)}
      </text>
    );
  }
  return (
    <g>
      <text className="chart-label" x={0} y={bottom}>
        {timeText(from, span)}
      </text>
      <text className="chart-label" x={right} y={bottom} textAnchor="end">
        {timeText(to, span)}
      </text>
    </g>
  );
}

/** Direct labels: the kinds that occur, with the value of the shown bar. */
function Legend({ bucket, measure }: { bucket: PlacedBucket | null; measure: Measure }) {
  const kinds: FindingKind[] = measure === 'profit' ? FINDING_KINDS.slice(0, 3) : [...FINDING_KINDS];
  return (
    <ul className="chart-legend">
      {kinds.map((kind) => {
        const value = bucket?.values[kind] ?? 0;
        return (
          <li key={kind} className={`kind kind-${kind}`}>
            <span className="kind-mark" aria-hidden="true" />
            {t.kinds[kind]}
            <span className="num muted">{measure === 'profit' && value > 0 ? `+${axisNumber(value)}` : axisNumber(value)}</span>
          </li>
        );
      })}
    </ul>
  );
}
