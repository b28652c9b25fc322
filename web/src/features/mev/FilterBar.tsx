import { useEffect, useId, useState } from 'react';
import { FINDING_KINDS, FINDING_STATUSES, type FindingStatus } from '@/api/types';
import { shorten } from '@/domain/address';
import { group } from '@/domain/amount';
import { knownMints } from '@/domain/tokens';
import { t } from '@/strings';
import { Icon } from '@/ui/Icon';
import { mintSymbol } from '@/ui/values';
import { AddressInput, FieldProblem, submitted, useAddressField } from './AddressField';
import { isFiltered, minNetFromText, minNetToText, noFilters, type Filters } from './filters';
import type { FindingsView } from './findings';

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
  view: FindingsView;
  pause: () => void;
  resume: () => void;
}

export function FilterBar({ filters, onChange, view, pause, resume }: Props) {
  const [unfolded, setUnfolded] = useState(false);
  const set = (change: Partial<Filters>) => onChange({ ...filters, ...change });
  return (
    <div className="filter-bar" role="search" aria-label={t.filters.label} data-unfolded={unfolded}>
      <button type="button" className="button filter-toggle" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
        <Icon name="filter" size={14} />
        {unfolded ? t.filters.hide : t.filters.show}
      </button>
      <div className="filter-fields">
        <KindFilter filters={filters} set={set} />
        <select
          className="field"
          aria-label={t.filters.status}
          value={filters.status ?? ''}
          onChange={(event) => set({ status: (event.target.value || null) as FindingStatus | null })}
        >
          <option value="">{`${t.filters.status}: ${t.filters.any.toLowerCase()}`}</option>
          {FINDING_STATUSES.map((status) => (
            <option key={status} value={status}>
              {t.statuses[status]}
            </option>
          ))}
        </select>
        <button type="button" className="chip" aria-pressed={filters.profitable} onClick={() => set({ profitable: !filters.profitable })}>
          {t.filters.profitable}
        </button>
        <MinNet value={filters.minNetLamports} onChange={(minNetLamports) => set({ minNetLamports })} />
        <DataFilter value={filters.synthetic} onChange={(synthetic) => set({ synthetic })} />
        <AddressSearch set={set} />
      </div>
      <ActiveFilters filters={filters} set={set} clear={() => onChange(noFilters)} />
      <FollowState view={view} pause={pause} resume={resume} />
    </div>
  );
}

type Set = (change: Partial<Filters>) => void;

function KindFilter({ filters, set }: { filters: Filters; set: Set }) {
  return (
    <div className="chips" role="group" aria-label={t.filters.kind}>
      {FINDING_KINDS.map((kind) => {
        const on = filters.kinds.includes(kind);
        const kinds = on ? filters.kinds.filter((k) => k !== kind) : FINDING_KINDS.filter((k) => k === kind || filters.kinds.includes(k));
        return (
          <button key={kind} type="button" className={`chip kind-${kind}`} aria-pressed={on} onClick={() => set({ kinds })}>
            <span className="kind-mark" aria-hidden="true" />
            {t.kinds[kind]}
          </button>
        );
      })}
    </div>
  );
}

function DataFilter({ value, onChange }: { value: boolean | null; onChange: (value: boolean | null) => void }) {
  return (
    <select className="field" aria-label={t.filters.data} value={String(value)} onChange={(event) => onChange(event.target.value === 'null' ? null : event.target.value === 'true')}>
      <option value="null">{t.filters.dataAll}</option>
      <option value="false">{t.filters.dataReal}</option>
      <option value="true">{t.filters.dataSynthetic}</option>
    </select>
  );
}

function MinNet({ value, onChange }: { value: string | null; onChange: (lamports: string | null) => void }) {
  const [text, setText] = useState(minNetToText(value));
  const problem = useId();
  useEffect(() => {
    // Keep what is typed ("0.0") as long as it means the same.
    setText((typed) => (minNetFromText(typed) === value ? typed : minNetToText(value)));
  }, [value]);
  const isBad = minNetFromText(text) === undefined;
  const commit = () => {
    const lamports = minNetFromText(text);
    if (lamports !== undefined && lamports !== value) onChange(lamports);
  };
  return (
    <span className="field-box">
      <input
        className="field field-number num"
        inputMode="decimal"
        aria-label={t.filters.minNet}
        placeholder={t.filters.minNet}
        aria-invalid={isBad}
        aria-describedby={isBad ? problem : undefined}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      {isBad ? <FieldProblem id={problem}>{t.filters.minNetBad}</FieldProblem> : null}
    </span>
  );
}

type AddressKind = keyof typeof t.filters.searchKinds;

function AddressSearch({ set }: { set: Set }) {
  const field = useAddressField();
  const [as, setAs] = useState<AddressKind>('wallet');
  const isKnownMint = knownMints.has(field.word);
  const submit = () => {
    if (field.word === '') return;
    const kind = field.judge();
    if (kind === null) return;
    field.clear();
    if (kind === 'signature') set({ signature: field.word });
    else set({ [isKnownMint ? 'mint' : as]: field.word });
  };
  return (
    <form className="field-box address-search" onSubmit={submitted(submit)}>
      <AddressInput field={field} label={t.filters.search} className="field" />
      <select className="field" aria-label={t.filters.searchAs} value={isKnownMint ? 'mint' : as} onChange={(event) => setAs(event.target.value as AddressKind)}>
        {Object.entries(t.filters.searchKinds).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      {field.isBad ? <FieldProblem id={field.problemId}>{t.filters.searchBad}</FieldProblem> : null}
    </form>
  );
}

/** The narrowings that have no control of their own, each with a way to remove it. */
function ActiveFilters({ filters, set, clear }: { filters: Filters; set: Set; clear: () => void }) {
  if (!isFiltered(filters)) return null;
  const chips: [keyof Filters, string][] = [];
  if (filters.slot !== null) chips.push(['slot', t.filters.slot(group(String(filters.slot)))]);
  for (const name of ['wallet', 'pool'] as const) {
    const value = filters[name];
    if (value) chips.push([name, `${t.filters.searchKinds[name]} ${shorten(value)}`]);
  }
  if (filters.mint) chips.push(['mint', `${t.filters.searchKinds.mint} ${mintSymbol(filters.mint)}`]);
  if (filters.signature) chips.push(['signature', shorten(filters.signature, 6, 6)]);
  return (
    <div className="active-filters">
      {chips.map(([name, label]) => (
        <button key={name} type="button" className="chip chip-remove" aria-label={t.filters.remove(label)} onClick={() => set({ [name]: null })}>
          <span className="num">{label}</span>
          <Icon name="close" size={12} />
        </button>
      ))}
      <button type="button" className="button-plain" onClick={clear}>
        {t.filters.clear}
      </button>
    </div>
  );
}

function FollowState({ view, pause, resume }: { view: FindingsView; pause: () => void; resume: () => void }) {
  return (
    <div className="follow-state">
      {view.paused ? (
        <button type="button" className="chip follow-chip" aria-pressed="true" onClick={resume}>
          <Icon name="play" size={12} />
          {t.live.paused}
          {view.held > 0 ? <span className="num">{t.live.pausedNew(view.held)}</span> : null}
        </button>
      ) : (
        <button type="button" className="chip follow-chip" aria-pressed="false" onClick={pause} title={t.live.pause}>
          <Icon name="pause" size={12} />
          {t.live.following}
        </button>
      )}
    </div>
  );
}
