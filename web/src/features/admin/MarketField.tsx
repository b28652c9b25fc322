import type { Market } from '@/api/markets';
import { t } from '@/strings';
import { SelectField, TextField } from '@/ui/form';
import { kDecimals, unitText, valueOf, type Field } from './markets';

/** One setting of a market in a form. `note` stands before what explains it. */
export function MarketField({ field, market, text, refused, isReadOnly = false, note, onChange }: {
  field: Field;
  market: Market;
  text: string;
  refused: string | null;
  isReadOnly?: boolean;
  note?: string;
  onChange: (text: string) => void;
}) {
  const label = labelOf(field, market);
  const help = field.isFixed ? t.admin.marketFixed : t.admin.marketFields[field.name].help;
  const hint = note ? [note, help].filter(Boolean).join(' ') : help;
  if (field.choices) {
    const choices = field.choices.map((value) => ({ value, label: wordOf(field, value) }));
    return <SelectField label={label} hint={hint} problem={refused} choices={choices} value={text} isDisabled={isReadOnly} onChange={onChange} />;
  }
  const problem = valueOf(field, text) !== null ? refused : field.kind === 'whole' || field.kind === 'choice' ? t.admin.marketWhole : t.admin.marketDecimal(kDecimals[field.kind]);
  return <TextField label={label} hint={hint} problem={problem} value={text} isReadOnly={isReadOnly || field.isFixed} isNumber onChange={onChange} />;
}

export function labelOf({ name, unit }: Field, market: Market): string {
  const { label } = t.admin.marketFields[name];
  return unit ? `${label}, ${unitText(unit, market)}` : label;
}

export function wordOf({ name }: Pick<Field, 'name'>, text: string): string {
  const words: Record<string, string> = name === 'state' ? t.admin.marketStates : name === 'funding_formula' ? t.admin.fundingFormulas : {};
  return words[text] ?? text;
}
