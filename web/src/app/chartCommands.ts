import { chartInUse, type ChartActions } from '@/features/chart/actions';
import { kDrawingKinds } from '@/features/chart/drawings';
import { t } from '@/strings';
import type { Command } from './commands';

const c = t.chart;

/** For the chart that was used last; none when there is no chart on the page. */
export function chartCommands(): Command[] {
  const chart = chartInUse();
  if (!chart) return [];
  const command = (id: string, label: string, run: (actions: ChartActions) => void, keys?: string): Command => ({ id: `chart-${id}`, group: c.title, label, keys, run: () => run(chart) });
  return [
    ...kDrawingKinds.map((kind) => command(kind, c.drawTool(c.tools[kind]), (actions) => actions.draw(kind))),
    command('undo', c.drawingUndo, (actions) => actions.undo()),
    command('studies', c.studies, (actions) => actions.studies()),
    command('table', c.tableTitle, (actions) => actions.table()),
    command('newest', c.newest, (actions) => actions.newest()),
    command('picture', c.screenshot, (actions) => actions.screenshot()),
  ];
}
