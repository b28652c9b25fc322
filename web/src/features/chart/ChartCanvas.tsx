import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { t } from '@/strings';
import { toast } from '@/ui/toasts';
import { slotAt } from './bars';
import type { ChartProps } from './Chart';
import { CompareLayer } from './compare_layer';
import { joinGroup } from './crosshairs';
import { CutMarks } from './cut_marks';
import { DrawingLayer } from './drawing_layer';
import { drawingsOf } from './drawing_store';
import { kDrawingsMax, type Anchor, type DrawingKind } from './drawings';
import type { BarsView } from './history';
import { Legend } from './Legend';
import { Countdown } from './Countdown';
import { readPalette } from './palette';
import { Plot } from './plot';
import { StudyLayer } from './study_layer';
import type { StudiesView } from './study_values';
import { TradingLayer } from './TradingLayer';
import { useBars } from './useBars';

export interface CanvasProps extends ChartProps {
  places: number;
  view: BarsView;
  studies: StudiesView;
  tool: DrawingKind | null;
  onToolDone(): void;
  onText(anchor: Anchor): void;
  onOlder(): void;
  onPlot(plot: Plot | null): void;
}

/** So many slots before the first bar shown older ones are asked for. */
const kOlderWithin = 40;

/** The canvas and what is laid over it. Made anew with each style, interval, clock and theme. */
export function ChartCanvas(props: CanvasProps) {
  const { symbol, settings, places, view, studies, onPlot } = props;
  const box = useRef<HTMLDivElement>(null);
  const [plot, setPlot] = useState<Plot | null>(null);
  useLayoutEffect(() => {
    const { style, interval, clock } = settings;
    const made = new Plot(box.current!, { style, interval, clock, palette: readPalette(box.current!) });
    made.main.attachPrimitive(new CutMarks(made));
    setPlot(made);
    onPlot(made);
    return () => {
      onPlot(null);
      made.remove();
    };
  }, []);
  useSeries(plot, props);
  useDrawings(plot, box.current, props);
  useSharedCrosshair(plot, props);
  return (
    <>
      <div className="chart-canvas" ref={box} />
      {plot ? (
        <>
          <Legend plot={plot} symbol={symbol} settings={settings} change={props.change} places={places} bars={view.bars} studies={studies} />
          <Countdown plot={plot} interval={settings.interval} close={view.bars.at(-1)?.close ?? null} />
          {settings.compared.map((other) => (
            <Compared key={other} plot={plot} symbol={other} settings={settings} slots={view.bars} />
          ))}
          {settings.trading && props.tick !== null ? <TradingLayer plot={plot} symbol={symbol} tick={props.tick} places={places} bars={view.bars} settings={settings} change={props.change} /> : null}
        </>
      ) : null}
    </>
  );
}

/** Bars, indicators and compared symbols on the canvas. */
function useSeries(plot: Plot | null, { settings, places, view, studies, onOlder }: CanvasProps): void {
  const [layers, setLayers] = useState<{ studies: StudyLayer; compared: CompareLayer } | null>(null);
  useEffect(() => {
    if (plot) setLayers({ studies: new StudyLayer(plot), compared: compareLayerOf(plot) });
  }, [plot]);
  useEffect(() => plot?.setPlaces(places), [plot, places]);
  useEffect(() => plot?.setScale(settings.compared.length > 0 ? 'percent' : settings.scale), [plot, settings.scale, settings.compared.length]);
  useEffect(() => plot?.showVolume(settings.volume), [plot, settings.volume]);
  useEffect(() => void plot?.setBars(view.bars), [plot, view.bars]);
  useEffect(() => layers?.compared.show(settings.compared), [layers, settings.compared]);
  useEffect(() => {
    layers?.studies.show(settings.studies);
    layers?.studies.setPlaces(places);
    layers?.studies.draw(studies.values);
  }, [layers, settings.studies, studies, places]);
  const older = useRef(onOlder);
  useEffect(() => {
    older.current = onOlder;
  });
  useEffect(() => plot?.onRange((first) => first < kOlderWithin && older.current()), [plot]);
}

const compareLayers = new WeakMap<Plot, CompareLayer>();
function compareLayerOf(plot: Plot): CompareLayer {
  const layer = compareLayers.get(plot) ?? new CompareLayer(plot);
  compareLayers.set(plot, layer);
  return layer;
}

/** Another symbol's closes; draws nothing by itself. */
function Compared({ plot, symbol, settings, slots }: { plot: Plot; symbol: string; settings: ChartProps['settings']; slots: BarsView['bars'] }) {
  const { view, store } = useBars(symbol, settings.interval);
  const first = slots[0]?.start;
  const own = view.bars[0]?.start;
  useEffect(() => {
    if (first !== undefined && own !== undefined && own > first) void store?.readOlder();
  }, [store, first, own]);
  useEffect(() => compareLayerOf(plot).draw(symbol, view.bars), [plot, symbol, view.bars, slots]);
  return null;
}

function useDrawings(plot: Plot | null, box: HTMLElement | null, { symbol, tick, places, tool, onToolDone, onText }: CanvasProps): void {
  const [layer, setLayer] = useState<DrawingLayer | null>(null);
  const latest = useRef({ onToolDone, onText });
  useEffect(() => {
    latest.current = { onToolDone, onText };
  });
  useEffect(() => {
    if (!plot || !box) return;
    const made = new DrawingLayer({
      plot,
      box,
      store: drawingsOf(symbol),
      tick: tick ?? `0.${'0'.repeat(Math.max(0, places - 1))}1`,
      places,
      onDone: () => latest.current.onToolDone(),
      onText: (anchor) => latest.current.onText(anchor),
      onFull: () => toast(t.chart.drawingFull(kDrawingsMax), 'warn'),
    });
    plot.main.attachPrimitive(made);
    setLayer(made);
    const detach = plot.whileThere(() => plot.main.detachPrimitive(made));
    return () => {
      made.dispose();
      detach();
    };
  }, [plot, box, symbol, tick, places]);
  useEffect(() => layer?.choose(tool), [layer, tool]);
}

function useSharedCrosshair(plot: Plot | null, { symbol, group }: CanvasProps): void {
  useEffect(() => {
    if (!plot || group === null) return;
    const { tell, leave } = joinGroup(group, (place) => {
      if (place) plot.showCrosshair(slotAt(plot.slots, place.time), place.symbol === symbol ? place.price : null);
      else plot.hideCrosshair();
    });
    // Only what a pointer did here is told: else two charts would answer each other for ever.
    let isTold = false;
    const stop = plot.onCrosshair((place) => {
      const start = place && plot.slots[place.slot]?.start;
      if (place?.isOwn && start != null) {
        isTold = true;
        tell({ time: start, symbol, price: place.price });
      } else if (!place && isTold) {
        isTold = false;
        tell(null);
      }
    });
    return () => {
      leave();
      stop();
    };
  }, [plot, group, symbol]);
}
