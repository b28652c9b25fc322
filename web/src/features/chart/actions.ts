import type { RefObject } from 'react';
import type { DrawingKind } from './drawings';

/** What the palette can ask of a chart. */
export interface ChartActions {
  draw(tool: DrawingKind): void;
  undo(): void;
  studies(): void;
  table(): void;
  newest(): void;
  screenshot(): void;
}

const charts: { root: HTMLElement; actions: RefObject<ChartActions> }[] = [];

/** The chart that was used last; null when none is on the page. */
export const chartInUse = (): ChartActions | null => charts.at(-1)?.actions.current ?? null;

/** Until the answer is called. */
export function offerChartActions(root: HTMLElement, actions: RefObject<ChartActions>): () => void {
  const entry = { root, actions };
  const use = () => {
    charts.splice(charts.indexOf(entry), 1);
    charts.push(entry);
  };
  charts.push(entry);
  root.addEventListener('pointerdown', use);
  root.addEventListener('focusin', use);
  return () => {
    charts.splice(charts.indexOf(entry), 1);
    root.removeEventListener('pointerdown', use);
    root.removeEventListener('focusin', use);
  };
}
