import { useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { kSearchFieldId } from '@/app/hotkeys';
import { classify } from '@/domain/address';
import { t } from '@/strings';
import { transactionPath, walletPath } from '@/ui/values';

/** Signature → its transaction, address → the wallet; from there it is one click to the pool. */
export function LookupForm({ initial = '' }: { initial?: string }) {
  const navigate = useNavigate();
  const [text, setText] = useState(initial);
  const [isBad, setIsBad] = useState(false);
  const problem = useId();
  const submit = () => {
    const word = text.trim();
    const kind = classify(word);
    setIsBad(kind === null);
    if (kind === 'signature') navigate(transactionPath(word));
    if (kind === 'address') navigate(walletPath(word));
  };
  return (
    <form
      className="lookup-form"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <span className="field-box">
        <input
          id={kSearchFieldId}
          className="field num"
          aria-label={t.lookup.field}
          placeholder={t.lookup.field}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={isBad}
          aria-describedby={isBad ? problem : undefined}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setIsBad(false);
          }}
        />
        {isBad ? (
          <span id={problem} role="alert" className="field-problem">
            {t.lookup.bad}
          </span>
        ) : null}
      </span>
      <button type="submit" className="button button-primary">
        {t.lookup.go}
      </button>
    </form>
  );
}
