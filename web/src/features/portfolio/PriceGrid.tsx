import type { ReactNode } from 'react';
import { t } from '@/strings';
import { Panel } from '@/ui/parts';
import { Table, type Column } from '@/ui/Table';
import { ppmText } from './figures';

interface Props<S> {
  title: string;
  columns: readonly Column[];
  of: { grid: readonly { change_ppm: number; standing: S }[]; crashes: readonly { crash: string; hours: number; standing: S }[] };
  /** What follows on the change, a cell a column. */
  cells: (standing: S) => ReactNode;
}

/** What would be if all prices changed by so much, and in crashes that were recorded. */
export function PriceGrid<S>({ title, columns, of: { grid, crashes }, cells }: Props<S>) {
  return (
    <Panel title={title}>
      <Table label={title} columns={columns}>
        {grid.map(({ change_ppm, standing }) => (
          <tr key={change_ppm} className={change_ppm === 0 ? 'portfolio-now' : undefined}>
            <td className="num">{ppmText(change_ppm, 'always')}</td>
            {cells(standing)}
          </tr>
        ))}
        {crashes.map(({ crash, hours, standing }) => (
          <tr key={crash}>
            <td>{t.portfolio.crashRow(crash, hours)}</td>
            {cells(standing)}
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
