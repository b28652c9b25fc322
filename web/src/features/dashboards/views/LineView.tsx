import { useState, type PointerEvent } from 'react';
import { clockTime, dayAndTime } from '@/domain/time';
import { t } from '@/strings';
import { decimalOf, shortened, toldOf } from '../figures';
import { linesOf, type Line } from '../series';
import type { ViewProps } from './View';

const kMargin = { top: 6, right: 68, bottom: 18 };
const kDayMs = 86_400_000;

/** Lines over time, or over a figure; the last value of each stands at its end, what is under the pointer above. */
export function LineView({ widget, rows, size }: ViewProps) {
  const [at, setAt] = useState<number | null>(null);
  const { lines, isTime, more } = linesOf(widget, rows);
  const points = lines.flatMap((line) => line.points);
  if (points.length < 2) return <p className="muted board-note board-wait">{t.boards.widget.collecting}</p>;
  const [first, last] = [Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x))];
  const [low, high] = [Math.min(...points.map(({ drawn }) => drawn)), Math.max(...points.map(({ drawn }) => drawn))];
  const pad = high === low ? Math.abs(high) * 0.001 || 1 : (high - low) * 0.06;
  const width = Math.max(10, size.width - 24 - kMargin.right);
  const height = Math.max(10, size.height - 8 - 22 - kMargin.top - kMargin.bottom);
  const x = (value: number) => ((value - first) / (last - first || 1)) * width;
  const y = (value: number) => kMargin.top + ((high + pad - value) / (high - low + 2 * pad)) * height;
  const along = (value: number): string => (!isTime ? axisText(value) : last - first > kDayMs ? dayAndTime(value) : clockTime(value));
  const onMove = (event: PointerEvent<SVGSVGElement>) => {
    const wanted = first + ((event.clientX - event.currentTarget.getBoundingClientRect().left) / width) * (last - first);
    setAt(points.reduce((best, point) => (Math.abs(point.x - wanted) < Math.abs(best - wanted) ? point.x : best), first));
  };
  const near = (line: Line) => line.points.reduce((best, point) => (Math.abs(point.x - (at ?? last)) < Math.abs(best.x - (at ?? last)) ? point : best), line.points[0]!);
  return (
    <div className="board-lines">
      <p className="board-legend">
        {at === null ? null : <span className="muted num">{along(at)}</span>}
        {lines.map((line, i) => (
          <span key={line.name} className={`board-key board-line-${i + 1}`}>
            {line.name} <span className="num">{toldOf(near(line).text, { path: '', shift: 0 }).text}</span>
            {line.field.unit ? ` ${line.field.unit}` : ''}
          </span>
        ))}
        {more > 0 ? <span className="muted">{t.boards.widget.moreLines(more)}</span> : null}
      </p>
      <svg width={width + kMargin.right} height={height + kMargin.top + kMargin.bottom} role="img" aria-label={t.boards.widget.line(widget.title, lines.length, points.length)} onPointerMove={onMove} onPointerLeave={() => setAt(null)}>
        {[high, (high + low) / 2, low].map((value, i) => (
          <g key={i}>
            <line className="board-grid-line" x1={0} x2={width} y1={y(value)} y2={y(value)} />
            <text className="board-axis" x={width + 6} y={y(value) + 4}>
              {axisText(value)}
            </text>
          </g>
        ))}
        {lines.map((line, i) => (
          <path key={line.name} className={`board-line board-line-${i + 1}`} d={line.points.map((point, j) => `${j === 0 ? 'M' : 'L'}${x(point.x).toFixed(1)} ${y(point.drawn).toFixed(1)}`).join('')} />
        ))}
        {at === null ? null : <line className="board-cross" x1={x(at)} x2={x(at)} y1={kMargin.top} y2={kMargin.top + height} />}
        <text className="board-axis" x={0} y={height + kMargin.top + kMargin.bottom - 3}>
          {along(first)}
        </text>
        <text className="board-axis" x={width} y={height + kMargin.top + kMargin.bottom - 3} textAnchor="end">
          {along(last)}
        </text>
      </svg>
    </div>
  );
}

/** Of a place on the axis: never in powers of ten. */
const axisText = (value: number): string => shortened(decimalOf(Math.abs(value) >= 1e15 ? Math.round(value) : value.toFixed(Math.abs(value) < 1 ? 9 : 4)) ?? '');
