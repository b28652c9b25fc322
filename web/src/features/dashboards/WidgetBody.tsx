import { Link } from 'react-router';
import { ApiError } from '@/api/client';
import { t } from '@/strings';
import { useSize } from '@/ui/size';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import type { View, Widget } from './board';
import { at } from './paths';
import { missingOf, rowsOf } from './series';
import { FiltersError, LackingError, type SourceState } from './useSource';
import { decimalOf } from './figures';
import { BarView } from './views/BarView';
import { HeatView } from './views/HeatView';
import { LineView } from './views/LineView';
import { NumberView } from './views/NumberView';
import { TableView } from './views/TableView';
import type { ViewProps } from './views/View';

const views: Record<View, (props: ViewProps) => React.ReactNode> = { number: NumberView, table: TableView, line: LineView, bar: BarView, heat: HeatView };
const w = t.boards.widget;

/** What a widget shows, or in plain words why it does not. */
export function WidgetBody({ widget, state }: { widget: Widget; state: SourceState }) {
  const [box, size] = useSize();
  return (
    <div ref={box} className="board-widget-body" data-late={(state.error !== null && state.at !== null) || undefined}>
      {size.width > 0 ? <Content widget={widget} state={state} size={size} /> : null}
    </div>
  );
}

function Content({ widget, state, size }: { widget: Widget; state: SourceState; size: { width: number; height: number } }) {
  const { given, error, isLoading } = state;
  if (error && state.at === null) return <SourceProblem widget={widget} error={error} again={state.again} />;
  if (isLoading) return <Skeleton rows={Math.max(1, Math.min(8, Math.floor(size.height / 26)))} />;
  const found = rowsOf(widget, given);
  if (found === null) return <Empty title={w.noList(widget.rows)} text={w.missingHint} />;
  if (found.rows.length === 0) return <Empty title={w.nothing} text={w.nothingHint[given.kind]} />;
  const missing = missingOf(widget, found.rows);
  if (missing !== null) return <Empty title={w.missing(missing)} text={w.missingHint} />;
  if (!canBeDrawn(widget, found.rows)) return <Empty title={w.noFigure} text={w.noFigureHint(widget.fields[0]?.path ?? '')} />;
  const View = views[widget.view];
  return <View widget={widget} rows={found.rows} total={Math.max(found.total, found.rows.length)} kind={given.kind} size={size} />;
}

/** Lines, bars and heat need figures; a number or a table shows words as well. */
function canBeDrawn({ view, fields }: Widget, rows: readonly { value: unknown }[]): boolean {
  if (view === 'number' || view === 'table') return true;
  return fields.some(({ path, shift }) => rows.some(({ value }) => decimalOf(at(value, path), shift) !== null));
}

function SourceProblem({ widget: { source }, error, again }: { widget: Widget; error: unknown; again?: () => void }) {
  if (error instanceof LackingError) return <Empty title={w.lacking(error.parameter)} text={w.lackingHint} />;
  if (error instanceof FiltersError) return <Empty title={w.tooManyFilters(error.most)} text={w.tooManyFiltersHint} />;
  if (!(error instanceof ApiError)) return <ErrorState error={error} retry={again} />;
  if (error.status === 401 || ['sign_in_needed', 'not_signed_in'].includes(error.code)) {
    return (
      <Empty title={t.states.forbidden} text={error.detail || t.states.forbiddenHint}>
        <Link className="button" to="/sign-in">
          {w.signIn}
        </Link>
      </Empty>
    );
  }
  if (source.kind === 'channel' && !error.isUnreachable) return <Empty title={w.refusedChannel(source.channel)} text={error.detail || error.message} />;
  return <ErrorState error={error} retry={again} notFoundText={error.detail || w.unknownHint} />;
}
