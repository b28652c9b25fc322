import { Component, type ReactNode } from 'react';
import { ApiError } from '@/api/client';
import { t } from '@/strings';

export function Empty({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="state" role="status">
      <p className="state-title">{title}</p>
      {text ? <p className="state-text">{text}</p> : null}
      {children}
    </div>
  );
}

/** Lines in the place of what is being loaded. */
export function Skeleton({ rows = 3, className = '' }: { rows?: number; className?: string }) {
  return (
    <div className={`skeleton ${className}`} role="status" aria-label={t.states.loading}>
      {Array.from({ length: rows }, (_, i) => (
        <span key={i} className="skeleton-line" />
      ))}
    </div>
  );
}

/** What happened, what is safe, what to do. */
export function ErrorState({ error, retry, notFoundText }: { error: unknown; retry?: () => void; notFoundText?: string }) {
  const { title, text, more } = explain(error, notFoundText);
  return (
    <div className="state" role="alert">
      <p className="state-title">{title}</p>
      {text ? <p className="state-text">{text}</p> : null}
      {more.length > 0 ? <p className="state-more num">{more.join(' · ')}</p> : null}
      {retry ? (
        <button type="button" className="button" onClick={retry}>
          {t.states.retry}
        </button>
      ) : null}
    </div>
  );
}

function explain(error: unknown, notFoundText?: string): { title: string; text: string; more: string[] } {
  if (!(error instanceof ApiError)) return { title: t.states.failed, text: '', more: [] };
  const more = [error.where ? t.states.where(error.where) : '', error.requestId ? t.states.requestId(error.requestId) : ''].filter(Boolean);
  if (error.isUnreachable) return { title: t.states.unreachable, text: t.states.unreachableHint, more };
  if (error.isForbidden) return { title: t.states.forbidden, text: error.detail || t.states.forbiddenHint, more };
  if (error.isNotFound) return { title: t.states.notFound, text: notFoundText ?? error.detail, more };
  if (error.status < 500) return { title: t.states.refused, text: error.detail || error.message, more };
  return { title: t.states.failed, text: error.detail || error.message, more };
}

/** A view that throws takes only itself down. */
export class ViewBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="state" role="alert">
        <p className="state-title">{t.states.crashed}</p>
        <p className="state-text">{t.states.crashedHint}</p>
        <button type="button" className="button" onClick={() => this.setState({ failed: false })}>
          {t.states.reload}
        </button>
      </div>
    );
  }
}
