import { useState, type PointerEvent } from 'react';
import type { EquityPoint } from '@/api/risk';
import { parseDecimal, toNumber, USD_DECIMALS } from '@/domain/amount';
import { dayAndTime, parseTime } from '@/domain/time';
import { t } from '@/strings';
import { useSize } from '@/ui/size';
import { money } from './figures';

export type CurveMeasure = 'equity' | 'pnl' | 'drawdown' | 'gross';
const kMargin = { top: 10, right: 84, bottom: 20 };

/** For drawing only. */
const drawn = (text: string): number => toNumber(parseDecimal(text, USD_DECIMALS) ?? 0n, USD_DECIMALS);

/** One measure over time; the point under the pointer is told in words. */
export function Curve({ points, measure }: { points: readonly EquityPoint[]; measure: CurveMeasure }) {
  const [box, size] = useSize();
  const [at, setAt] = useState<number | null>(null);
  const times = points.map((p) => parseTime(p.time) ?? 0);
  const values = points.map((p) => (measure === 'drawdown' ? -drawn(p.drawdown) : drawn(p[measure])));
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 1];
  const top = Math.max(...values, measure === 'equity' ? -Infinity : 0);
  const bottom = Math.min(...values, measure === 'equity' ? Infinity : 0);
  const span = top - bottom || Math.max(Math.abs(top) * 0.001, 1);
  const width = Math.max(0, size.width - kMargin.right);
  const height = Math.max(0, size.height - kMargin.top - kMargin.bottom);
  const x = (time: number) => ((time - first) / (last - first || 1)) * width;
  const y = (value: number) => kMargin.top + ((top - value) / span) * height;
  const path = points.map((_, i) => `${i === 0 ? 'M' : 'L'}${x(times[i]!).toFixed(1)} ${y(values[i]!).toFixed(1)}`).join('');
  const shown = at === null ? points.length - 1 : at;
  const point = points[shown];
  const onMove = (event: PointerEvent<SVGSVGElement>) => {
    const wanted = event.clientX - event.currentTarget.getBoundingClientRect().left;
    let best = 0;
    for (let i = 1; i < times.length; ++i) if (Math.abs(x(times[i]!) - wanted) < Math.abs(x(times[best]!) - wanted)) best = i;
    setAt(best);
  };
  return (
    <div className="curve">
      <p className="curve-shown num">
        {point ? (
          <>
            <span className="muted">{dayAndTime(times[shown]!)} UTC</span> {money(measure === 'drawdown' ? `-${point.drawdown}` : point[measure], measure === 'equity' ? 'negative' : 'always')}
          </>
        ) : null}
      </p>
      <div ref={box} className="curve-box">
        <svg width={size.width} height={size.height} role="img" aria-label={t.portfolio.curveSummary(t.portfolio.measures[measure], points.length)} onPointerMove={onMove} onPointerLeave={() => setAt(null)}>
          {[top, (top + bottom) / 2, bottom].map((value, i) => (
            <g key={i}>
              <line className={value === 0 ? 'chart-zero' : 'chart-grid'} x1={0} x2={width} y1={y(value)} y2={y(value)} />
              <text className="chart-label" x={width + 6} y={y(value) + 4}>
                {value.toLocaleString('en', { maximumFractionDigits: span < 10 ? 2 : 0 }).replace('-', '−')}
              </text>
            </g>
          ))}
          <path className={`curve-area curve-${measure}`} d={`${path}L${x(last)} ${y(measure === 'equity' ? bottom : 0)}L0 ${y(measure === 'equity' ? bottom : 0)}Z`} />
          <path className={`curve-line curve-${measure}`} d={path} />
          {at === null ? null : <line className="chart-crosshair" x1={x(times[at]!)} x2={x(times[at]!)} y1={kMargin.top} y2={kMargin.top + height} />}
          <text className="chart-label" x={0} y={size.height - 4}>
            {dayAndTime(first)}
          </text>
          <text className="chart-label" x={width} y={size.height - 4} textAnchor="end">
            {dayAndTime(last)}
          </text>
        </svg>
      </div>
    </div>
  );
}
