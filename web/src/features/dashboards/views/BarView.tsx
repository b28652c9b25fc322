import { t } from '@/strings';
import { shortened, toldOf } from '../figures';
import { barsOf } from '../series';
import type { ViewProps } from './View';

/** Bars lie, so that their names can be read. What is below zero is hatched and goes the other way. */
export function BarView({ widget, rows }: ViewProps) {
  const { bars, more } = barsOf(widget, rows);
  const high = Math.max(0, ...bars.map(({ drawn }) => drawn));
  const low = Math.min(0, ...bars.map(({ drawn }) => drawn));
  const span = high - low || 1;
  const zero = (-low / span) * 100;
  const unit = widget.fields[0]?.unit ?? '';
  const summary = bars.map(({ name, text }) => `${name} ${shortened(text)}`).join(', ');
  return (
    <div className="board-bars" role="img" aria-label={t.boards.widget.bars(widget.title, `${summary} ${unit}`)}>
      {bars.map(({ name, text, drawn }) => (
        <div key={name} className="board-bar" title={`${name}: ${toldOf(text, { path: '', shift: 0 }).text} ${unit}`}>
          <span className="board-bar-name">{name}</span>
          <span className="board-bar-track">
            <span className="board-bar-fill" data-below={drawn < 0 || undefined} style={{ left: `${drawn < 0 ? zero - (-drawn / span) * 100 : zero}%`, width: `${(Math.abs(drawn) / span) * 100}%` }} />
          </span>
          <span className="board-bar-value num">{shortened(text)}</span>
        </div>
      ))}
      {unit || more > 0 ? <p className="muted board-note">{[unit, more > 0 ? t.boards.widget.moreBars(more) : ''].filter(Boolean).join(' · ')}</p> : null}
    </div>
  );
}
