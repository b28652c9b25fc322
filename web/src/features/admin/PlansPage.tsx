import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { kBuiltinTiers, kLimitNumbers, kTierNumbers, admin, type LimitNumbers, type Tier } from '@/api/admin';
import { shown } from '@/domain/whole';
import { t } from '@/strings';
import { Confirm } from '@/ui/Confirm';
import { Dialog, DialogHeader } from '@/ui/Dialog';
import { Form, refusalOfField, TextField, useChange, WholeField } from '@/ui/form';
import { Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { Table } from '@/ui/Table';
import { toast } from '@/ui/toasts';
import { kLimitRange, kTierRanges, limitNumbersOf, textsOf, tierNumbersOf } from './plans';

const c = t.admin.planColumns;

export default function PlansPage() {
  return (
    <>
      <PlansPanel />
      <LimitsPanel />
    </>
  );
}

function PlansPanel() {
  const client = useQueryClient();
  const tiers = useQuery({ queryKey: ['admin', 'tiers'], queryFn: ({ signal }) => admin.tiers(signal) });
  const [editing, setEditing] = useState<Tier | 'new' | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const changed = () => client.invalidateQueries({ queryKey: ['admin', 'tiers'] });
  const tools = (
    <button type="button" className="button-plain" disabled={!tiers.data} onClick={() => setEditing('new')}>
      {t.admin.planNew}
    </button>
  );
  const columns = [{ label: c.name }, ...kTierNumbers.map((name) => ({ label: c[name], isRight: true })), { label: c.action, isHidden: true }];
  return (
    <Panel title={t.admin.plans} tools={tools}>
      <p className="muted admin-note">{t.admin.plansHint}</p>
      {tiers.isError ? <ErrorState error={tiers.error} retry={() => void tiers.refetch()} /> : null}
      {tiers.isPending ? <Skeleton rows={3} /> : null}
      {tiers.data ? (
        <Table label={t.admin.plans} columns={columns}>
          {tiers.data.items.map((tier) => (
            <tr key={tier.name}>
              <td>{tier.name}</td>
              {kTierNumbers.map((name) => (
                <td key={name} className="right num">
                  {shown(tier[name])}
                </td>
              ))}
              <td className="right">
                <button type="button" className="button-plain" aria-label={t.admin.planEdit(tier.name)} onClick={() => setEditing(tier)}>
                  {t.admin.change}
                </button>
                {kBuiltinTiers.includes(tier.name) ? null : (
                  <button type="button" className="button-plain" aria-label={t.admin.planRemove(tier.name)} onClick={() => setRemoving(tier.name)}>
                    {t.admin.remove}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </Table>
      ) : null}
      {editing && tiers.data ? (
        <PlanDialog tier={editing === 'new' ? null : editing} tiers={tiers.data.items} done={changed} close={() => setEditing(null)} />
      ) : null}
      {removing ? (
        <Confirm
          title={t.admin.planRemove(removing)}
          action={t.admin.remove}
          isDanger
          close={() => setRemoving(null)}
          act={async () => {
            await admin.removeTier(removing);
            await changed();
          }}
        >
          <p>{t.admin.planRemoveEffect(removing)}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}

/** A new plan begins with the numbers of the first. */
function PlanDialog({ tier, tiers, done, close }: { tier: Tier | null; tiers: readonly Tier[]; done: () => Promise<void>; close: () => void }) {
  const [name, setName] = useState(tier?.name ?? '');
  const [texts, setTexts] = useState(() => textsOf(kTierNumbers, tier ?? tiers[0]!));
  const { run, error, isBusy } = useChange();
  const isTaken = !tier && tiers.some((other) => other.name === name.trim());
  const numbers = tierNumbersOf(texts);
  const save = () =>
    run(async () => {
      await admin.putTier(name.trim(), numbers!);
      await done();
      close();
    });
  const title = tier ? t.admin.planEdit(tier.name) : t.admin.planNew;
  return (
    <Dialog label={title} close={close}>
      <DialogHeader>{title}</DialogHeader>
      <div className="dialog-body">
        <Form
          submit={tier ? t.admin.planSave : t.admin.planMake}
          isBusy={isBusy}
          error={error}
          isReady={numbers !== null && name.trim() !== '' && !isTaken}
          fields={['name', ...kTierNumbers]}
          onSubmit={() => void save()}
        >
          {tier ? null : (
            <TextField label={t.admin.planName} hint={t.admin.planNameHint} problem={isTaken ? t.admin.planTaken : refusalOfField(error, 'name')} value={name} onChange={setName} />
          )}
          <div className="form-grid">
            {kTierNumbers.map((field) => (
              <WholeField
                key={field}
                label={c[field]}
                {...kTierRanges[field]}
                refused={refusalOfField(error, field)}
                value={texts[field]}
                onChange={(text) => setTexts({ ...texts, [field]: text })}
              />
            ))}
          </div>
        </Form>
      </div>
    </Dialog>
  );
}

function LimitsPanel() {
  const limits = useQuery({ queryKey: ['admin', 'limits'], queryFn: ({ signal }) => admin.limits(signal) });
  return (
    <Panel title={t.admin.limits}>
      <div className="admin-part">
        <p className="muted">{t.admin.limitsHint}</p>
        {limits.isError ? <ErrorState error={limits.error} retry={() => void limits.refetch()} /> : null}
        {limits.isPending ? <Skeleton rows={4} /> : null}
        {limits.data ? <LimitsForm key={JSON.stringify(limits.data)} numbers={limits.data} /> : null}
      </div>
    </Panel>
  );
}

function LimitsForm({ numbers }: { numbers: LimitNumbers }) {
  const client = useQueryClient();
  const [texts, setTexts] = useState(() => textsOf(kLimitNumbers, numbers));
  const { run, error, isBusy } = useChange();
  const wanted = limitNumbersOf(texts);
  const isSame = wanted !== null && kLimitNumbers.every((name) => wanted[name] === numbers[name]);
  const save = () =>
    run(async () => {
      client.setQueryData(['admin', 'limits'], await admin.putLimits(wanted!));
      toast(t.admin.limitsSaved);
    });
  return (
    <Form submit={t.admin.limitsSave} isBusy={isBusy} error={error} isReady={wanted !== null && !isSame} fields={kLimitNumbers} onSubmit={() => void save()}>
      <div className="form-grid">
        {kLimitNumbers.map((field) => (
          <WholeField
            key={field}
            label={t.admin.limitLabels[field]}
            {...kLimitRange}
            refused={refusalOfField(error, field)}
            value={texts[field]}
            onChange={(text) => setTexts({ ...texts, [field]: text })}
          />
        ))}
      </div>
    </Form>
  );
}
