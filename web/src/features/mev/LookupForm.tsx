import { useNavigate } from 'react-router';
import { t } from '@/strings';
import { transactionPath, walletPath } from '@/ui/values';
import { AddressInput, FieldProblem, submitted, useAddressField } from './AddressField';

/** Signature → its transaction, address → the wallet; from there it is one click to the pool. */
export function LookupForm({ initial = '' }: { initial?: string }) {
  const navigate = useNavigate();
  const field = useAddressField(initial);
  const submit = () => {
    const kind = field.judge();
    if (kind === 'signature') navigate(transactionPath(field.word));
    if (kind === 'address') navigate(walletPath(field.word));
  };
  return (
    <form className="lookup-form" role="search" onSubmit={submitted(submit)}>
      <span className="field-box">
        <AddressInput field={field} label={t.lookup.field} className="field num" />
        {field.isBad ? <FieldProblem id={field.problemId}>{t.lookup.bad}</FieldProblem> : null}
      </span>
      <button type="submit" className="button button-primary">
        {t.lookup.go}
      </button>
    </form>
  );
}
