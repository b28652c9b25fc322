import type { ReactNode } from 'react';
import type { FindingKind, FindingStatus } from '@/api/types';
import { t } from '@/strings';

export function Badge({ tone, children, title }: { tone: string; children: ReactNode; title?: string }) {
  return (
    <span className={`badge badge-${tone}`} title={title}>
      {children}
    </span>
  );
}

export function Kind({ kind }: { kind: FindingKind }) {
  return (
    <span className={`kind kind-${kind}`}>
      <span className="kind-mark" aria-hidden="true" />
      {t.kinds[kind]}
    </span>
  );
}

export function Status({ status }: { status: FindingStatus }) {
  return (
    <span className={`status-${status}`} title={t.statusHints[status]}>
      {t.statuses[status]}
    </span>
  );
}

/** A titled part of a page; `tools` stand on the right of its header. */
export function Panel({ title, tools, children, className = '' }: { title: string; tools?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section className={`panel ${className}`} aria-label={title}>
      <header className="panel-header">
        <h2>{title}</h2>
        {tools ? <div className="panel-tools">{tools}</div> : null}
      </header>
      <div className="panel-body">{children}</div>
    </section>
  );
}

export interface Choice<T extends string> {
  value: T;
  label: string;
}

/** One of a few, all visible. */
export function Segments<T extends string>({ label, value, choices, onChange }: { label: string; value: T; choices: Choice<T>[]; onChange: (value: T) => void }) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {choices.map((choice) => (
        <button key={choice.value} type="button" aria-pressed={choice.value === value} onClick={() => onChange(choice.value)}>
          {choice.label}
        </button>
      ))}
    </div>
  );
}

export function Facts({ items }: { items: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
