import { t } from '@/strings';
import { Icon } from '@/ui/Icon';
import { fieldOf, kFieldsMax, kLinesMax, type Field, type View } from './board';
import { labelOf } from './figures';
import { PathField } from './PathField';
import type { Found } from './paths';

const e = t.boards.editor;
const kShifts = [0, 2, 6, 7, 9, 18];

/** The figures that are shown, one for most views, several as columns or lines. */
export function FieldsEditor({ view, fields, choices, change }: { view: View; fields: readonly Field[]; choices: readonly Found[]; change: (fields: Field[]) => void }) {
  const most = view === 'table' ? kFieldsMax : view === 'line' ? kLinesMax : 1;
  const replace = (i: number, part: Partial<Field>) => change(fields.map((field, j) => (j === i ? { ...field, ...part } : field)));
  const next = choices.find(({ path }) => !fields.some((field) => field.path === path));
  return (
    <fieldset className="board-fields">
      <legend>{most === 1 ? e.value : view === 'table' ? e.column : e.values}</legend>
      {fields.map((field, i) => (
        <div key={i} className="board-field">
          <PathField label={most === 1 ? e.value : `${e.value} ${i + 1}`} path={field.path} choices={choices} change={(path) => replace(i, { path })} />
          <label>
            <span>{e.heading}</span>
            <input className="field" placeholder={labelOf({ ...field, label: '' })} value={field.label} maxLength={64} onChange={(event) => replace(i, { label: event.target.value })} />
          </label>
          <label title={e.shiftHint}>
            <span>{e.shift}</span>
            <select className="field" value={field.shift} onChange={(event) => replace(i, { shift: Number(event.target.value) })}>
              {[...new Set([...kShifts, field.shift])].map((shift) => (
                <option key={shift} value={shift}>
                  {shift}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>{e.unit}</span>
            <input className="field" value={field.unit} maxLength={16} onChange={(event) => replace(i, { unit: event.target.value })} />
          </label>
          {fields.length > 1 ? (
            <button type="button" className="icon-button" aria-label={e.removeField(labelOf(field))} title={e.removeField(labelOf(field))} onClick={() => change(fields.filter((_, j) => j !== i))}>
              <Icon name="close" size={14} />
            </button>
          ) : null}
        </div>
      ))}
      {most > 1 ? (
        <button type="button" className="button" disabled={fields.length >= most || !next} title={fields.length >= most ? e.fieldsFull(most) : undefined} onClick={() => next && change([...fields, fieldOf(next.path)])}>
          {e.addField}
        </button>
      ) : null}
    </fieldset>
  );
}
