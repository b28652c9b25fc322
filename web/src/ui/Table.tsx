import type { ReactNode } from 'react';
import { moveInRows } from './rows';

export interface Column {
  label: string;
  isRight?: boolean;
  /** For those who do not see; of a column of buttons. */
  isHidden?: boolean;
}

export const left = (label: string): Column => ({ label });
export const right = (label: string): Column => ({ label, isRight: true });

interface Props {
  label: string;
  columns: readonly Column[];
  /** Its rows. */
  children: ReactNode;
  className?: string;
  /** Arrows walk its rows, those marked `data-row`. */
  isWalked?: boolean;
}

/** A table that scrolls sideways by itself when it must. */
export function Table({ label, columns, children, className = '', isWalked = false }: Props) {
  return (
    <div className={`table-scroll ${className}`} tabIndex={0} role="group" aria-label={label}>
      <table className="table" aria-label={isWalked ? label : undefined}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col" className={column.isRight ? 'right' : undefined}>
                {column.isHidden ? <span className="sr-only">{column.label}</span> : column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={isWalked ? moveInRows : undefined}>{children}</tbody>
      </table>
    </div>
  );
}
