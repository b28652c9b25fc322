import { type ReactNode, type SyntheticEvent, useId, useState } from 'react';
import { kSearchFieldId } from '@/app/hotkeys';
import { classify } from '@/domain/address';

/** The one field of a page in which a signature or an address is looked for. */
export function useAddressField(initial = '') {
  const [text, setText] = useState(initial);
  const [isBad, setIsBad] = useState(false);
  const problemId = useId();
  const word = text.trim();
  return {
    word,
    clear: () => setText(''),
    /** What the word is; null, and said so beside the field, when it is neither. */
    judge: () => {
      const kind = classify(word);
      setIsBad(kind === null);
      return kind;
    },
    isBad,
    problemId,
    text,
    change: (next: string) => {
      setText(next);
      setIsBad(false);
    },
  };
}

export function AddressInput({ field, label, className }: { field: ReturnType<typeof useAddressField>; label: string; className: string }) {
  return (
    <input
      id={kSearchFieldId}
      className={className}
      aria-label={label}
      placeholder={label}
      spellCheck={false}
      autoComplete="off"
      aria-invalid={field.isBad}
      aria-describedby={field.isBad ? field.problemId : undefined}
      value={field.text}
      onChange={(event) => field.change(event.target.value)}
    />
  );
}

export function FieldProblem({ id, children }: { id: string; children: ReactNode }) {
  return (
    <span id={id} role="alert" className="field-problem">
      {children}
    </span>
  );
}

export const submitted = (act: () => void) => (event: SyntheticEvent) => {
  event.preventDefault();
  act();
};
