import type { ReactNode } from 'react';

export interface Column {
  label: string;
  isRight?: boolean;
  /** For those who do not see; of a column of buttons. */
  isHidden?: boolean;
}

/** A table that scrolls sideways by itself when it must; `children` are its rows. */
export function Table({ label, columns, children, className = '' }: { label: string; columns: Column[]; children: ReactNode; className?: string }) {
  return (
    <div className={`table-scroll ${className}`} tabIndex={0} role="group" aria-label={label}>
      <table className="table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col" className={column.isRight ? 'right' : undefined}>
                {column.isHidden ? <span className="sr-only">{column.label}</span> : column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
