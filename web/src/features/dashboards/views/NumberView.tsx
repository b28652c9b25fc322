import { decimalOf, toldOf } from '../figures';
import { at } from '../paths';
import type { ViewProps } from './View';

const kSparkMin = 3;

/** One figure, as large as there is room, with how it went since the board was opened. */
export function NumberView({ widget, rows, size }: ViewProps) {
  const field = widget.fields[0];
  const newest = rows.at(-1);
  if (!field || !newest) return null;
  const { text, whole } = toldOf(at(newest.value, field.path), field, size.width < 220);
  const drawn = rows.map(({ value }) => decimalOf(at(value, field.path), field.shift)).filter((each) => each !== null).map(Number);
  const fits = Math.min(34, Math.max(14, (size.width - 24) / Math.max(4, text.length * 0.62)));
  return (
    <div className="board-number">
      <p className="num" style={{ fontSize: `${fits}px` }} title={whole || undefined}>
        {text} {field.unit ? <span className="board-unit">{field.unit}</span> : null}
      </p>
      {drawn.length >= kSparkMin && size.height > 72 ? <Spark values={drawn} width={size.width - 24} /> : null}
    </div>
  );
}

function Spark({ values, width }: { values: number[]; width: number }) {
  const height = 24;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (i: number) => (i / (values.length - 1)) * Math.max(0, width);
  const y = (value: number) => (high === low ? height / 2 : 2 + ((high - value) / (high - low)) * (height - 4));
  return (
    <svg className="board-spark" width={Math.max(0, width)} height={height} aria-hidden="true">
      <path d={values.map((value, i) => `${i === 0 ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join('')} />
    </svg>
  );
}
