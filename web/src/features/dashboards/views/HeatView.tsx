import { Fragment } from 'react';
import { t } from '@/strings';
import { shortened } from '../figures';
import { heatOf } from '../series';
import type { ViewProps } from './View';

const kNamed = 92;

/** A cell is the stronger the more it has; its number stands in it where it fits, and in its hint. */
export function HeatView({ widget, rows, size }: ViewProps) {
  const heat = heatOf(widget, rows);
  const width = (size.width - 24 - kNamed) / Math.max(1, heat.columns.length);
  const unit = widget.fields[0]?.unit ?? '';
  const every = Math.max(1, Math.ceil(heat.columns.length / Math.max(1, Math.floor((size.width - kNamed) / 86))));
  return (
    <div className="board-heat">
      <div
        className="board-heat-grid"
        role="img"
        aria-label={t.boards.widget.heat(widget.title, heat.rows.length, heat.columns.length)}
        style={{ gridTemplateColumns: `${kNamed}px repeat(${Math.max(1, heat.columns.length)}, minmax(0, 1fr))`, gridTemplateRows: `repeat(${heat.rows.length}, minmax(14px, 1fr)) 16px` }}
      >
        {heat.rows.map((row, i) => (
          <Fragment key={row}>
            <span className="board-heat-name">{row}</span>
            {heat.columns.map((column, j) => {
              const cell = heat.cells[i]![j];
              const share = cell && heat.most > 0 ? Math.abs(cell.drawn) / heat.most : 0;
              return (
                <span key={column} className="board-heat-cell" data-none={cell === null || undefined} data-below={(cell && cell.drawn < 0) || undefined} title={cell ? `${row}, ${column}: ${cell.text} ${unit}` : `${row}, ${column}: –`} style={{ '--share': `${Math.round(8 + share * 47)}%` } as React.CSSProperties}>
                  {cell && width > 40 ? <span className="num">{shortened(cell.text)}</span> : null}
                </span>
              );
            })}
          </Fragment>
        ))}
        <span />
        {heat.columns.map((column, j) => (
          <span key={column} className="board-heat-along num">
            {j % every === 0 ? <span>{column}</span> : null}
          </span>
        ))}
      </div>
      <p className="muted board-note">
        <span className="board-heat-scale" aria-hidden="true" /> {t.boards.widget.heatScale(shortened(String(heat.most)))} {unit}
      </p>
    </div>
  );
}
