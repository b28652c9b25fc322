import { t } from '@/strings';
import type { FeedLabel } from '@/api/types';
import { useStreamState } from '@/feed/feed';
import { useNow } from '@/ui/clock';
import { Icon } from '@/ui/Icon';
import { Badge } from '@/ui/parts';
import { ViewBoundary } from '@/ui/states';
import type { Widget } from './board';
import { truthOf } from './series';
import { useSource, type SourceState } from './useSource';
import { WidgetBody } from './WidgetBody';

const w = t.boards.widget;

export interface WidgetTools {
  edit(): void;
  remove(): void;
  onMoveDown(event: React.PointerEvent): void;
  onSizeDown(event: React.PointerEvent): void;
  onKey(event: React.KeyboardEvent): void;
}

/** A widget with its head: what it is, how true it is, and while the board is edited the tools. */
export function WidgetFrame({ widget, tools }: { widget: Widget; tools: WidgetTools | null }) {
  const state = useSource(widget);
  return (
    <section className="panel board-widget" aria-label={widget.title} data-editing={tools !== null || undefined}>
      <header className="panel-header board-widget-head" onPointerDown={tools?.onMoveDown}>
        <h2 title={widget.title}>{widget.title}</h2>
        <span className="board-widget-state">
          <Truth widget={widget} state={state} />
          {tools ? <Tools title={widget.title} tools={tools} /> : <Pace widget={widget} />}
        </span>
      </header>
      <ViewBoundary>
        <WidgetBody widget={widget} state={state} />
      </ViewBoundary>
      {tools ? <span className="board-size" aria-hidden="true" title={w.resize(widget.title)} onPointerDown={tools.onSizeDown} /> : null}
    </section>
  );
}

function Tools({ title, tools }: { title: string; tools: WidgetTools }) {
  return (
    <span className="board-tools" onPointerDown={(event) => event.stopPropagation()}>
      <button type="button" className="icon-button" aria-label={w.move(title)} title={w.move(title)} data-widget-handle onKeyDown={tools.onKey}>
        <Icon name="maximise" size={14} />
      </button>
      <button type="button" className="icon-button" aria-label={w.edit(title)} title={w.edit(title)} onClick={tools.edit}>
        <Icon name="settings" size={14} />
      </button>
      <button type="button" className="icon-button" aria-label={w.remove(title)} title={w.remove(title)} onClick={tools.remove}>
        <Icon name="trash" size={14} />
      </button>
    </span>
  );
}

/** Live, or how often it is asked for. */
function Pace({ widget: { source } }: { widget: Widget }) {
  if (source.kind === 'channel') return <span className="muted" title={w.liveHint(source.channel)}>{w.live}</span>;
  return (
    <span className="muted" title={w.everyHint(source.path)}>
      {t.boards.every[source.everyS] ?? t.boards.everyOther(source.everyS)}
    </span>
  );
}

/** What is to be known before believing a figure: late, cut off, made up. */
function Truth({ widget: { source }, state }: { widget: Widget; state: SourceState }) {
  const { phase } = useStreamState();
  const { isSimulated, label } = truthOf(state.given);
  return (
    <>
      {source.kind === 'channel' && phase !== 'open' ? <Badge tone="stale" title={w.notConnectedHint}>{w.notConnected}</Badge> : null}
      {source.kind === 'endpoint' && state.error !== null && state.at !== null ? <Late at={state.at} /> : null}
      {state.gaps > 0 ? <Badge tone="stale" title={w.gapHint(state.gaps)}>{w.gap}</Badge> : null}
      {isSimulated ? <Badge tone="synthetic" title={t.venue.simulatedHint}>{t.venue.truth.short.simulated}</Badge> : null}
      {label !== null && label !== 'live' && label in t.labels ? <Badge tone={label} title={t.labelHints[label as FeedLabel]}>{t.labels[label as FeedLabel]}</Badge> : null}
    </>
  );
}

function Late({ at }: { at: number }) {
  const now = useNow();
  return (
    <Badge tone="stale" title={w.staleHint}>
      {w.stale(Math.max(0, Math.round((now - at) / 1000)))}
    </Badge>
  );
}
