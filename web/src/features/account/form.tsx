import { type ReactNode, useId, useState } from 'react';
import { ApiError } from '@/api/client';
import { t } from '@/strings';

/** Runs one change at a time and keeps what it was refused for. */
export function useChange() {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const run = async (change: () => Promise<void>) => {
    if (isBusy) return;
    setIsBusy(true);
    setError(null);
    try {
      await change();
    } catch (refused) {
      setError(refused);
    } finally {
      setIsBusy(false);
    }
  };
  return { run, error, isBusy };
}

/** The refusal in words of ours where we have them, else in the server's. */
export function Refusal({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <p role="alert" className="account-refusal">
      {wordsOf(error)}
    </p>
  );
}

function wordsOf(error: unknown): string {
  if (!(error instanceof ApiError)) return t.states.failed;
  if (error.isUnreachable) return t.states.unreachable;
  const known: Record<string, string> = t.account.refusals;
  return known[error.code] ?? (error.detail || error.message);
}

export function TextField({
  label,
  value,
  onChange,
  type = 'text',
  autoComplete = 'off',
  hint,
  inputMode,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'email' | 'password';
  autoComplete?: string;
  hint?: string;
  inputMode?: 'numeric';
}) {
  const id = useId();
  return (
    <div className="account-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="field"
        type={type}
        autoComplete={autoComplete}
        inputMode={inputMode}
        spellCheck={false}
        required
        aria-describedby={hint ? `${id}-hint` : undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint ? (
        <p id={`${id}-hint`} className="muted account-hint">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

/** A card in the middle of the page with one thing to do. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="page account-card-page">
      <section className="panel account-card" aria-label={title}>
        <h1>{title}</h1>
        {children}
      </section>
    </div>
  );
}

export function Form({ onSubmit, submit, isBusy, error, isDanger = false, children }: { onSubmit: () => void; submit: string; isBusy: boolean; error: unknown; isDanger?: boolean; children: ReactNode }) {
  return (
    <form
      className="account-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      <Refusal error={error} />
      <button type="submit" className={`button button-primary ${isDanger ? 'button-danger' : ''}`} disabled={isBusy}>
        {submit}
      </button>
    </form>
  );
}
