import { useState, type ReactNode } from 'react';
import type { Market } from '@/api/markets';
import { MarketField, labelOf, wordOf } from '@/features/admin/MarketField';
import { changedFields, kFields, kGroups, marketOf, type MarketTexts } from '@/features/admin/markets';
import { t } from '@/strings';
import { SelectField, TextField } from '@/ui/form';
import { left, right, Table } from '@/ui/Table';
import type { Change, Texts } from './proposing';

const p = t.governance.propose;

interface Edited {
  texts: Texts;
  /** The server's words on one setting. */
  refused: (name: string) => string | null;
  onChange: (name: string, text: string) => void;
}

/** A market's settings in the groups of its own page; those in which something changes stand open. */
export function MarketSettings({ market, texts, refused, onChange }: Edited & { market: Market }) {
  const isChanged = (name: string) => {
    const alone = marketOf(market, Object.fromEntries(kFields.map((field) => [field.name, field.name === name ? texts[name]! : String(market[field.name])])) as MarketTexts);
    return alone === null || changedFields(market, alone).length > 0;
  };
  return (
    <div className="governance-groups">
      {kGroups.map(({ name, fields }) => {
        const changed = fields.filter((field) => isChanged(field.name)).length;
        return (
          <Group key={name} title={t.admin.marketGroups[name]} changed={changed} isTold={fields.some((field) => refused(field.name) !== null)}>
            {fields.map((field) => (
              <MarketField
                key={field.name}
                field={field}
                market={market}
                text={texts[field.name]!}
                refused={refused(field.name)}
                note={field.isFixed ? undefined : p.now(wordOf(field, String(market[field.name])))}
                onChange={(text) => onChange(field.name, text)}
              />
            ))}
          </Group>
        );
      })}
    </div>
  );
}

function Group({ title, changed, isTold, children }: { title: string; changed: number; isTold: boolean; children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(changed > 0);
  return (
    <details className="governance-group" open={isOpen || isTold} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        {title} {changed > 0 ? <span className="governance-changed">{p.changed(changed)}</span> : null}
      </summary>
      <div className="form-grid">{children}</div>
    </details>
  );
}

/** Settings under their own names: of a collateral, the venue, the rules. */
export function PlainSettings({ before, isValue, texts, refused, onChange }: Edited & { before: Texts; isValue: (name: string, text: string) => boolean }) {
  return (
    <div className="form-grid">
      {Object.keys(before).map((name) => {
        const now = before[name]!;
        const change = (text: string) => onChange(name, text);
        if (now === 'true' || now === 'false') {
          return <SelectField key={name} label={name} hint={p.now(p.flags[now])} problem={refused(name)} value={texts[name]!} choices={(['true', 'false'] as const).map((value) => ({ value, label: p.flags[value] }))} onChange={change} />;
        }
        const problem = isValue(name, texts[name]!) ? refused(name) : now.startsWith('[') ? p.badList : t.admin.marketWhole;
        return <TextField key={name} label={name} hint={p.now(now)} problem={problem} isNumber value={texts[name]!} onChange={change} />;
      })}
    </div>
  );
}

/** What it changes: as it is, and as it would be. */
export function ChangesTable({ changes, market }: { changes: readonly Change[]; market: Market | null }) {
  const c = t.governance.changeColumns;
  const fieldOf = (name: string) => (market ? kFields.find((field) => field.name === name) : undefined);
  const word = (name: string, text: string) => (market ? wordOf({ name: name as keyof MarketTexts }, text) : text);
  return (
    <Table label={t.governance.changes} columns={[left(c.setting), right(c.from), right(c.to)]}>
      {changes.map(({ name, now, then }) => {
        const field = fieldOf(name);
        return (
          <tr key={name}>
            <td>{field && market ? labelOf(field, market) : <span className="num">{name}</span>}</td>
            <td className="right num muted">{word(name, now)}</td>
            <td className="right num">{word(name, then)}</td>
          </tr>
        );
      })}
    </Table>
  );
}
