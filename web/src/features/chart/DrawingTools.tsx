import { useSyncExternalStore } from 'react';
import { t } from '@/strings';
import { Icon } from '@/ui/Icon';
import type { DrawingStore } from './drawing_store';
import { kDrawingKinds, type DrawingKind } from './drawings';

/** The strip of tools at the side of the chart. */
export function DrawingTools({ tool, choose, store, removeAll }: { tool: DrawingKind | null; choose: (tool: DrawingKind | null) => void; store: DrawingStore; removeAll: () => void }) {
  const { selected, canUndo, drawings } = useSyncExternalStore(store.listen, store.getView);
  return (
    <div className="chart-tools" role="toolbar" aria-orientation="vertical" aria-label={t.chart.drawings}>
      <button type="button" className="icon-button" aria-pressed={tool === null} aria-label={t.chart.tools.pointer} title={t.chart.tools.pointer} onClick={() => choose(null)}>
        <Icon name="pointer" />
      </button>
      {kDrawingKinds.map((kind) => (
        <button key={kind} type="button" className="icon-button" aria-pressed={tool === kind} aria-label={t.chart.tools[kind]} title={t.chart.tools[kind]} onClick={() => choose(tool === kind ? null : kind)}>
          <Icon name={kind} />
        </button>
      ))}
      <span className="chart-tools-line" />
      <button type="button" className="icon-button" disabled={!canUndo} aria-label={t.chart.drawingUndo} title={t.chart.drawingUndo} onClick={() => store.undo()}>
        <Icon name="undo" />
      </button>
      <button
        type="button"
        className="icon-button"
        disabled={drawings.length === 0}
        aria-label={selected === null ? t.chart.drawingRemoveAll : t.chart.drawingRemove}
        title={selected === null ? t.chart.drawingRemoveAll : t.chart.drawingRemove}
        onClick={() => (selected === null ? removeAll() : store.removeSelected())}
      >
        <Icon name="trash" />
      </button>
    </div>
  );
}
