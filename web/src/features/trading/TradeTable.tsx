import type { ReactNode } from 'react';
import type { Column } from '@/ui/Table';
import { moveBetweenRows } from './rows';

/** A table whose rows are walked with arrows. */
export function TradeTable({ label, columns, children }: { label: string; columns: readonly Column[]; children: ReactNode }) {
  return (
    <div className="table-scroll trade-table" tabIndex={0} role="group" aria-label={label}>
      <table className="table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col" className={column.isRight ? 'right' : undefined}>
                {column.isHidden ? <span className="sr-only">{column.label}</span> : column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={moveBetweenRows}>{children}</tbody>
      </table>
    </div>
  );
}
