import { useId, useState } from 'react';
import { t } from '@/strings';
import { toldOf } from './figures';
import { parsePath, type Found } from './paths';

const e = t.boards.editor;
const kOther = '\n';
const kShown = 28;

/** Which part of a row: chosen from what an answer has, each with its value, or written as a path. */
export function PathField({ label, path, choices, none, change }: {
  label: string;
  path: string;
  choices: readonly Found[];
  /** What no path at all is called; without it one must be chosen. */
  none?: string;
  change: (path: string) => void;
}) {
  const id = useId();
  const isKnown = (path === '' && none !== undefined) || choices.some((choice) => choice.path === path);
  const [isOther, setIsOther] = useState(false);
  const isWritten = isOther || !isKnown;
  const isGood = path === '' ? none !== undefined : parsePath(path) !== null;
  const shown = ({ path: each, value }: Found): string => {
    const { text } = toldOf(value, { path: each, shift: 0 });
    return `${each} · ${text.length > kShown ? `${text.slice(0, kShown)}…` : text}`;
  };
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="field"
        value={isWritten ? kOther : path}
        onChange={(event) => {
          setIsOther(event.target.value === kOther);
          if (event.target.value !== kOther) change(event.target.value);
        }}
      >
        {none === undefined ? null : <option value="">{none}</option>}
        {choices.map((choice) => (
          <option key={choice.path} value={choice.path}>
            {shown(choice)}
          </option>
        ))}
        <option value={kOther}>{e.other}</option>
      </select>
      {isWritten ? <input className="field num" aria-label={`${label}: ${e.path}`} aria-invalid={isGood ? undefined : true} spellCheck={false} value={path} onChange={(event) => change(event.target.value)} /> : null}
      {isWritten && !isGood ? (
        <p role="alert" className="form-refusal form-hint">
          {e.pathProblem}
        </p>
      ) : null}
    </div>
  );
}
