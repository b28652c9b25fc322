import './live.css';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useLocation, useMatch, useNavigate, useSearchParams } from 'react-router';
import { feedStore } from '@/feed/feed';
import { liveStream } from '@/stream';
import { t } from '@/strings';
import { toast } from '@/ui/toasts';
import { Detail } from './Detail';
import { FilterBar } from './FilterBar';
import { isFiltered, readFilters, toServerQuery, toStreamFilter, writeFilters, type Filters } from './filters';
import { FindingsStore } from './findings';
import { FindingsTable } from './FindingsTable';
import { Overview } from './Overview';
import { SlotTicker } from './SlotTicker';

const store = new FindingsStore(liveStream, undefined, (missed) => toast(t.toasts.gapHealed(missed), 'warn'));

/** The filters of the page's address, and the stream that follows them. */
function useFindings(filters: Filters, filterKey: string) {
  const opened = useRef<string | null>(null);
  useEffect(() => {
    store.open({ query: toServerQuery(filters), filter: toStreamFilter(filters) });
    opened.current = filterKey;
    // The key stands for the filters.
    // eslint-disable-next-line
  }, [filterKey]);
  useEffect(() => () => store.close(), []);
  useEffect(() => feedStore.onOrphaned((slot) => store.withdraw(slot)), []);
  return useSyncExternalStore(store.listen, store.getView);
}

export default function LivePage() {
  const navigate = useNavigate();
  const { search } = useLocation();
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => readFilters(params), [params]);
  const filterKey = writeFilters(filters).toString();
  const view = useFindings(filters, filterKey);
  const openId = useMatch('/mev/opportunities/:id')?.params.id ?? null;
  const [selectedId, setSelectedId] = useState<string | null>(openId);
  const table = useRef<HTMLDivElement>(null);

  const setFilters = useCallback(
    (next: Filters) => {
      setParams(writeFilters(next), { replace: true });
    },
    [setParams],
  );
  const open = useCallback(
    (id: string, replace = false) => {
      setSelectedId(id);
      navigate({ pathname: `/mev/opportunities/${encodeURIComponent(id)}`, search }, { replace });
    },
    [navigate, search],
  );
  const select = useCallback(
    (id: string | null) => {
      if (openId !== null && id !== null) open(id, true);
      else setSelectedId(id);
    },
    [open, openId],
  );
  const close = useCallback(() => {
    navigate({ pathname: '/mev', search });
    table.current?.focus();
  }, [navigate, search]);
  const step = (by: number) => {
    const at = view.rows.findIndex((row) => row.id === openId);
    const next = view.rows[at + by];
    if (next) open(next.id, true);
  };

  useEffect(() => {
    document.title = `${t.live.title} · ${t.product}`;
  }, []);

  return (
    <div className="live-page" data-detail={openId !== null}>
      <h1 className="sr-only">{t.live.title}</h1>
      <div className="live-main">
        <SlotTicker current={filters.slot} onSlot={(slot) => setFilters({ ...filters, slot })} />
        <Overview />
        <FilterBar filters={filters} onChange={setFilters} view={view} pause={store.pause} resume={store.resume} />
        <FindingsTable
          tableRef={table}
          view={view}
          store={store}
          isFiltered={isFiltered(filters)}
          selectedId={openId ?? selectedId}
          onSelect={select}
          onOpen={open}
          onClearFilters={() => setParams({}, { replace: true })}
        />
      </div>
      {openId !== null ? (
        <Detail key={openId} id={openId} known={store.find(openId)} close={close} previous={() => step(-1)} next={() => step(1)} />
      ) : null}
    </div>
  );
}
