import { t } from '@/strings';
import { Table } from '@/ui/Table';
import { decimalOf, labelOf, toldOf } from '../figures';
import { at } from '../paths';
import type { ViewProps } from './View';

/** Rows as they came; of a channel the newest first. */
export function TableView({ widget, rows, total, kind }: ViewProps) {
  const shown = kind === 'channel' && widget.by === '' ? [...rows].reverse() : rows;
  const isRight = widget.fields.map(({ path, shift }) => shown.slice(0, 20).some(({ value }) => decimalOf(at(value, path), shift) !== null));
  const columns = widget.fields.map((field, i) => ({ label: `${labelOf(field)}${field.unit ? `, ${field.unit}` : ''}`, isRight: isRight[i] }));
  return (
    <div className="board-table">
      <Table label={widget.title} columns={columns}>
        {shown.map(({ value }, i) => (
          <tr key={i}>
            {widget.fields.map((field, j) => {
              const told = toldOf(at(value, field.path), field);
              return (
                <td key={j} className={isRight[j] ? 'right num' : told.isNumber ? 'num' : undefined} title={told.whole && told.whole !== told.text ? told.whole : undefined}>
                  <span className="board-cell">{told.text}</span>
                </td>
              );
            })}
          </tr>
        ))}
      </Table>
      {total > shown.length ? <p className="muted board-note">{t.boards.widget.shownOf(shown.length, total)}</p> : null}
    </div>
  );
}
