import { useId, type KeyboardEvent, type ReactNode } from 'react';
import { nano, nanoOr0, plain } from '@/domain/decimal';
import { t } from '@/strings';
import type { Problem } from './ticket';

const words = t.trading;

/** Words for a rule that is broken. */
export function problemWords({ code, limit = '', nearest = '' }: Problem): string {
  const text = words.problems[code];
  return typeof text === 'function' ? text(limit, nearest) : text;
}

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** One step up or down. */
  onStep: (by: number) => void;
  problem?: Problem | null;
  /** The server's words about this field, and what would be right. */
  refused?: { words: string; needed: string | null } | null;
  placeholder?: string;
  /** At the right of the label. */
  tools?: ReactNode;
  /** Below the field. */
  note?: ReactNode;
}

/** A decimal on a grid: typed, stepped by buttons and arrows (with Shift by ten), put right by a click. */
export function NumberField({ label, value, onChange, onStep, problem, refused, placeholder, tools, note }: Props) {
  const id = useId();
  // What is not there yet is no mistake.
  const shown = problem && problem.code !== 'missing' ? { words: problemWords(problem), needed: problem.nearest ?? null } : (refused ?? null);
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    onStep((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1));
  };
  return (
    <div className="ticket-field">
      <div className="ticket-label">
        <label htmlFor={id}>{label}</label>
        {tools}
      </div>
      <div className="ticket-number">
        <button type="button" tabIndex={-1} aria-label={words.less} onClick={() => onStep(-1)}>
          −
        </button>
        <input
          id={id}
          className="num"
          inputMode="decimal"
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          value={value}
          aria-invalid={shown ? true : undefined}
          aria-describedby={shown ? `${id}-problem` : undefined}
          onChange={(event) => onChange(event.target.value.replace(',', '.'))}
          onKeyDown={onKey}
        />
        <button type="button" tabIndex={-1} aria-label={words.more} onClick={() => onStep(1)}>
          +
        </button>
      </div>
      {note}
      {shown ? (
        <p id={`${id}-problem`} className="ticket-problem" role="alert">
          {shown.words}{' '}
          {shown.needed !== null && nano(shown.needed) !== null ? (
            <button type="button" className="button-plain" onClick={() => onChange(plain(nanoOr0(shown.needed)))}>
              {words.take(shown.needed)}
            </button>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}
