import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { series, type Candle } from '@/api/series';
import { liveStream } from '@/stream';
import { BarStore, type BarsView } from './history';
import { CandleHub } from './live';
import { StudyStore, type StudiesView } from './study_values';
import { studyText, type Study } from './studies';

/** The page's one owner of the channels of candles. */
export const candleHub = new CandleHub(liveStream);

const noBars: BarsView = { bars: [], state: 'loading', error: null, isLoadingOlder: false, isComplete: false };
const noStudies: StudiesView = { values: new Map(), error: null };
const listenToNothing = () => () => {};

/** The bars of a series, followed while the component is there. */
export function useBars(symbol: string, interval: string): { view: BarsView; store: BarStore | null } {
  const [made, setMade] = useState<BarStore | null>(null);
  useEffect(() => {
    const store = new BarStore(symbol, interval, series.candles, candleHub);
    store.start();
    setMade(store);
    return () => store.stop();
  }, [symbol, interval]);
  const store = made?.symbol === symbol && made.interval === interval ? made : null;
  const view = useSyncExternalStore(store?.listen ?? listenToNothing, store?.getView ?? (() => noBars));
  return { view, store };
}

/** What the server makes of them. */
export function useStudies(symbol: string, interval: string, studies: readonly Study[], bars: readonly Candle[]): StudiesView {
  const [store, setStore] = useState<StudyStore | null>(null);
  useEffect(() => {
    const next = new StudyStore(symbol, interval, series.indicators);
    setStore(next);
    return () => next.stop();
  }, [symbol, interval]);
  const names = studies.map(studyText).join(' ');
  const wanted = useMemo(() => studies, [names]);
  useEffect(() => store?.follow(wanted, bars), [store, wanted, bars]);
  return useSyncExternalStore(store?.listen ?? listenToNothing, store?.getView ?? (() => noStudies));
}
