import './chart.css';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent } from 'react';
import { useSettings } from '@/app/settings';
import { t } from '@/strings';
import { useLayer } from '@/ui/layers';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { toast } from '@/ui/toasts';
import { BarTable } from './BarTable';
import { offerChartActions, type ChartActions } from './actions';
import { barTime } from './clock';
import { drawingsOf } from './drawing_store';
import { newId, type Anchor, type DrawingKind } from './drawings';
import { DrawingText, RemoveAllDrawings } from './DrawingDialogs';
import { DrawingTools } from './DrawingTools';
import { IntervalBox } from './IntervalBox';
import { ChartCanvas } from './ChartCanvas';
import { joinGroup } from './crosshairs';
import { slotAt } from './bars';
import type { Plot } from './plot';
import { placesOfBars } from './price';
import { saveScreenshot } from './screenshot';
import type { ChartSettings } from './settings';
import { StudyDialog } from './StudyDialog';
import { CompareDialog } from './CompareDialog';
import { Toolbar } from './Toolbar';
import { useBars, useStudies } from './useBars';

export interface ChartProps {
  symbol: string;
  /** Null of a series that is not traded here. */
  tick: string | null;
  /** Charts of a group share their crosshair. */
  group: string | null;
  settings: ChartSettings;
  change: (change: Partial<ChartSettings>) => void;
  document: Document;
}

export type ChartDialog = 'studies' | 'compare' | 'table' | 'remove-drawings' | null;

/** One symbol's chart with all that belongs to it. */
export function Chart(props: ChartProps) {
  const { symbol, tick, settings, change } = props;
  const { view, store } = useBars(symbol, settings.interval);
  const studies = useStudies(symbol, settings.interval, settings.studies, view.bars);
  const known = view.bars.length > 0;
  const places = useMemo(() => (tick === null ? placesOfBars(view.bars) : (tick.split('.')[1]?.length ?? 0)), [tick, known]);
  const [plot, setPlot] = useState<Plot | null>(null);
  const [tool, setTool] = useState<DrawingKind | null>(null);
  const [dialog, setDialog] = useState<ChartDialog>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [textAt, setTextAt] = useState<Anchor | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const drawings = drawingsOf(symbol);
  const keyboard = useKeyboard(plot, props, { setTyped, drawings, setTool });
  const look = useSettings((s) => `${s.theme} ${String(s.colourBlind)}`);
  const actions: ChartActions = { draw: setTool, undo: () => drawings.undo(), studies: () => setDialog('studies'), table: () => setDialog('table'), newest: () => plot?.showNewest(), screenshot: () => void (plot && saveScreenshot(plot, props)) };
  useChartActions(root.current, actions);
  useLayer(() => setTool(null), tool !== null);
  return (
    <div className="chart" ref={root}>
      <Toolbar settings={settings} change={change} symbol={symbol} actions={actions} open={setDialog} zone={plot?.shift ?? 0} />
      <div className="chart-body">
        <DrawingTools tool={tool} choose={setTool} store={drawings} removeAll={() => setDialog('remove-drawings')} />
        <div
          className="chart-stage"
          role="application"
          aria-roledescription={t.chart.kindOfThing}
          aria-label={t.chart.label(symbol, settings.interval)}
          tabIndex={0}
          onKeyDown={keyboard.onKeyDown}
        >
          <ChartCanvas
            key={`${settings.style} ${settings.interval} ${settings.clock} ${look}`}
            {...props}
            places={places}
            view={view}
            studies={studies}
            tool={tool}
            onToolDone={() => setTool(null)}
            onText={setTextAt}
            onOlder={() => void store?.readOlder()}
            onPlot={setPlot}
          />
          <a className="chart-credit" href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
            {t.chart.attribution}
          </a>
          <ChartState view={view} symbol={symbol} retry={() => void store?.readNewest()} />
        </div>
      </div>
      <p className="sr-only" role="status" aria-live="polite">
        {keyboard.announced}
      </p>
      {typed !== null ? <IntervalBox first={typed} choose={(interval) => change({ interval })} close={() => setTyped(null)} /> : null}
      {dialog === 'studies' ? <StudyDialog studies={settings.studies} change={(next) => change({ studies: next })} close={() => setDialog(null)} /> : null}
      {dialog === 'compare' ? <CompareDialog symbol={symbol} compared={settings.compared} change={(compared) => change({ compared })} close={() => setDialog(null)} /> : null}
      {dialog === 'table' && plot ? <BarTable plot={plot} symbol={symbol} places={places} close={() => setDialog(null)} /> : null}
      {dialog === 'remove-drawings' ? <RemoveAllDrawings symbol={symbol} store={drawings} close={() => setDialog(null)} /> : null}
      {textAt ? <DrawingText add={(text) => void (drawings.add({ id: newId(), kind: 'text', anchors: [textAt], text }) || toast(t.chart.drawingFull(200), 'warn'))} close={() => setTextAt(null)} /> : null}
    </div>
  );
}

function ChartState({ view, symbol, retry }: { view: ReturnType<typeof useBars>['view']; symbol: string; retry: () => void }) {
  if (view.state === 'loading') return <Skeleton rows={8} className="chart-over" />;
  if (view.state === 'failed') {
    return (
      <div className="chart-over">
        <ErrorState error={view.error} retry={retry} notFoundText={t.venue.unknown} />
      </div>
    );
  }
  if (view.bars.length === 0) {
    return (
      <div className="chart-over">
        <Empty title={t.chart.empty} text={t.chart.emptyHint(symbol)} />
      </div>
    );
  }
  const note = view.error ? t.chart.partly : view.isLoadingOlder ? t.chart.loadingOlder : null;
  return note ? <p className="chart-note muted">{note}</p> : null;
}

/** The chart that was used last is the one that the palette's commands are for. */
function useChartActions(root: HTMLElement | null, actions: ChartActions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => (root ? offerChartActions(root, latest) : undefined), [root]);
}

interface KeyboardParts {
  setTyped: (text: string) => void;
  setTool: (tool: DrawingKind | null) => void;
  drawings: ReturnType<typeof drawingsOf>;
}

function useKeyboard(plot: Plot | null, { symbol, settings, group }: ChartProps, { setTyped, setTool, drawings }: KeyboardParts) {
  const [announced, setAnnounced] = useState('');
  const cursor = useRef<number | null>(null);
  useSyncExternalStore(drawings.listen, drawings.getView);
  useEffect(() => {
    cursor.current = null;
  }, [plot]);

  const moveTo = (slot: number) => {
    if (!plot || plot.slots.length === 0) return;
    const at = Math.max(0, Math.min(plot.slots.length - 1, slot));
    cursor.current = at;
    plot.bringIntoView(at);
    plot.showCrosshair(at, null);
    const { start, bar } = plot.slots[at]!;
    if (group) {
      const { tell, leave } = joinGroup(group, () => {});
      tell({ time: start, symbol, price: null });
      leave();
    }
    const time = barTime(start, settings.interval, plot.shift);
    setAnnounced(bar ? t.chart.announced(time, bar.open, bar.high, bar.low, bar.close, bar.volume) : t.chart.announcedGap(time));
  };
  const from = () => cursor.current ?? (plot ? Math.min(slotAt(plot.slots, Infinity), Math.floor(plot.range?.to ?? 0)) + 1 : 0);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!plot || event.target !== event.currentTarget || event.altKey || event.metaKey) return;
    if (event.ctrlKey) {
      if (event.key.toLowerCase() !== 'z') return;
      drawings.undo();
    } else if (/^[1-9]$/.test(event.key)) setTyped(event.key);
    else if (event.key === 'ArrowLeft') moveTo(from() - (event.shiftKey ? 10 : 1));
    else if (event.key === 'ArrowRight') moveTo(from() + (event.shiftKey ? 10 : 1));
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(plot.slots.length - 1);
    else if (event.key === '+' || event.key === '=') plot.zoom(0.8);
    else if (event.key === '-' || event.key === '−') plot.zoom(1.25);
    else if (event.key === 'e') plot.showNewest();
    else if (event.key === 'Delete' || event.key === 'Backspace') drawings.removeSelected();
    else if (event.key === 'Escape') {
      setTool(null);
      drawings.select(null);
      plot.hideCrosshair();
      cursor.current = null;
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { onKeyDown, announced };
}
