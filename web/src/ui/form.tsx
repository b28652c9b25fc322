import './form.css';
import { useId, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { ApiError } from '@/api/client';
import { WalletError } from '@/domain/wallet/bytes';
import { nearestWhole, parseWhole, shown } from '@/domain/whole';
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
    <p role="alert" className="form-refusal">
      {wordsOf(error)}
      {error instanceof ApiError && error.code === 'proof_too_old' ? (
        <>
          {' '}
          <Link to="/sign-in">{t.confirm.signInAgain}</Link>
        </>
      ) : null}
    </p>
  );
}

export function wordsOf(error: unknown): string {
  const known: Record<string, string> = t.refusals;
  if (error instanceof WalletError) return known[error.code] ?? error.message;
  if (!(error instanceof ApiError)) return t.states.failed;
  if (error.isUnreachable) return t.states.unreachable;
  return known[error.code] ?? (error.detail || error.message);
}

interface FieldWords {
  label: string;
  hint?: string;
  /** What is wrong with the value, said at the field. */
  problem?: string | null;
}
/** What ties a control to the words around it. */
interface FieldTies {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: true;
}

function Field({ label, hint, problem, control }: FieldWords & { control: (ties: FieldTies) => ReactNode }) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', problem ? `${id}-problem` : ''].filter(Boolean).join(' ');
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      {control({ id, 'aria-describedby': described || undefined, 'aria-invalid': problem ? true : undefined })}
      {hint ? (
        <p id={`${id}-hint`} className="muted form-hint">
          {hint}
        </p>
      ) : null}
      {problem ? (
        <p id={`${id}-problem`} role="alert" className="form-refusal form-hint">
          {problem}
        </p>
      ) : null}
    </div>
  );
}

export function TextField({
  value,
  onChange,
  type = 'text',
  autoComplete = 'off',
  inputMode,
  isReadOnly = false,
  isNumber = false,
  ...words
}: FieldWords & {
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'email' | 'password';
  autoComplete?: string;
  inputMode?: 'numeric';
  isReadOnly?: boolean;
  /** Set in the face of figures. */
  isNumber?: boolean;
}) {
  const control = (ties: FieldTies) => (
    <input
      {...ties}
      className={`field ${isNumber ? 'num' : ''}`}
      type={type}
      autoComplete={autoComplete}
      inputMode={inputMode}
      spellCheck={false}
      required
      readOnly={isReadOnly}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
  return <Field {...words} control={control} />;
}

export function SelectField({ value, choices, onChange, isDisabled = false, ...words }: FieldWords & {
  value: string;
  choices: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
  isDisabled?: boolean;
}) {
  const control = (ties: FieldTies) => (
    <select {...ties} className="field" disabled={isDisabled} value={value} onChange={(event) => onChange(event.target.value)}>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
  return <Field {...words} control={control} />;
}

/** A whole number within a range. `refused` is what the server said of this field. */
export function WholeField({ label, value, onChange, min, max, refused }: { label: string; value: string; onChange: (value: string) => void; min: number; max: number; refused?: string | null }) {
  const isGood = parseWhole(value, min, max) !== null;
  return (
    <TextField
      label={label}
      value={value}
      onChange={onChange}
      inputMode="numeric"
      hint={t.form.range(shown(min), shown(max))}
      problem={isGood ? refused : t.form.outOfRange(shown(min), shown(max), shown(nearestWhole(value, min, max)))}
    />
  );
}

/** The server's words on one field, when the refusal names it. */
export function refusalOfField(error: unknown, field: string): string | null {
  return error instanceof ApiError && error.where === field ? wordsOf(error) : null;
}

export function Form({ onSubmit, submit, isBusy, error, isDanger = false, isReady = true, fields = [], children }: {
  onSubmit: () => void;
  submit: string;
  isBusy: boolean;
  error: unknown;
  isDanger?: boolean;
  /** Nothing is sent before all fields are good. */
  isReady?: boolean;
  /** Fields that tell the server's refusal themselves. */
  fields?: readonly string[];
  children: ReactNode;
}) {
  const isToldAtField = error instanceof ApiError && error.where !== null && fields.includes(error.where);
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onSubmit();
      }}
    >
      {children}
      {isToldAtField ? null : <Refusal error={error} />}
      <button type="submit" className={`button button-primary ${isDanger ? 'button-danger' : ''}`} disabled={isBusy || !isReady}>
        {submit}
      </button>
    </form>
  );
}
