import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { Finding } from '@/api/types';
import { shorten } from '@/domain/address';
import { group } from '@/domain/amount';
import { protocolName } from '@/domain/protocols';
import { t } from '@/strings';
import { useMedia } from '@/ui/media';
import { Badge, Kind, Status } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { Sol, Time, TokenAmount, Usd } from '@/ui/values';
import type { FindingsStore, FindingsView } from './findings';

interface Props {
  tableRef: RefObject<HTMLDivElement | null>;
  view: FindingsView;
  store: FindingsStore;
  isFiltered: boolean;
  selectedId: string | null;
  onSelect: (id: string | null) => void;
  onOpen: (id: string) => void;
  onClearFilters: () => void;
}

const kDenseRow = 24;
const kCardRow = 56;
const rowId = (id: string): string => `finding-${id}`;

/**
 * Why the list holds still: the pointer is over it, it is scrolled, or the keyboard is in it. When
 * the last reason goes, it goes on; a pause by its button or by Space stays.
 */
function useHolding(store: FindingsStore, paused: boolean) {
  const reasons = useRef(new Set<string>());
  const byHand = useRef(false);
  useEffect(() => {
    if (paused && reasons.current.size === 0) byHand.current = true;
    if (!paused) byHand.current = false;
  }, [paused]);
  return useCallback(
    (reason: string, holds: boolean) => {
      const had = reasons.current.size > 0;
      if (holds) reasons.current.add(reason);
      else reasons.current.delete(reason);
      const has = reasons.current.size > 0;
      if (has && !had) store.pause();
      if (!has && had && !byHand.current) store.resume();
    },
    [store],
  );
}

export function FindingsTable(props: Props) {
  const { tableRef, view, store, selectedId, onSelect, onOpen } = props;
  const isCard = useMedia('(max-width: 640px)');
  const hold = useHolding(store, view.paused);
  const rows = view.rows;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => tableRef.current,
    estimateSize: () => (isCard ? kCardRow : kDenseRow),
    getItemKey: (index) => rows[index]!.id,
    overscan: 8,
  });
  useEffect(() => virtualizer.measure(), [isCard, virtualizer]);

  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && lastShown >= rows.length - 20 && view.older === 'idle') void store.loadOlder();
  }, [lastShown, rows.length, view.older, store]);

  const onKey = useTableKeys({ rows, selectedId, onSelect, onOpen, hold, store, paused: view.paused, virtualizer, isCard, tableRef });

  return (
    <section className="findings" aria-label={t.live.table} onPointerEnter={(e) => e.pointerType === 'mouse' && hold('pointer', true)} onPointerLeave={() => hold('pointer', false)}>
      <div
        ref={tableRef}
        className="findings-scroll"
        role="grid"
        tabIndex={0}
        aria-label={t.live.table}
        aria-rowcount={rows.length + 1}
        aria-busy={view.phase === 'loading'}
        aria-activedescendant={selectedId && items.some((item) => item.key === selectedId) ? rowId(selectedId) : undefined}
        onKeyDown={onKey}
        onScroll={(event) => hold('scroll', event.currentTarget.scrollTop > kDenseRow / 2)}
        onBlur={() => hold('keyboard', false)}
      >
        <HeaderRow />
        <div className="findings-body" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const finding = rows[item.index]!;
            return (
              <Row
                key={finding.id}
                finding={finding}
                index={item.index}
                top={item.start}
                selected={finding.id === selectedId}
                fresh={view.fresh.has(finding.id)}
                onOpen={onOpen}
              />
            );
          })}
        </div>
      </div>
      <TableState {...props} />
    </section>
  );
}

interface KeyOptions extends Pick<Props, 'selectedId' | 'onSelect' | 'onOpen' | 'store' | 'tableRef'> {
  rows: readonly Finding[];
  hold: (reason: string, holds: boolean) => void;
  paused: boolean;
  virtualizer: { scrollToIndex: (index: number) => void };
  isCard: boolean;
}

function useTableKeys({ rows, selectedId, onSelect, onOpen, hold, store, paused, virtualizer, isCard, tableRef }: KeyOptions) {
  return (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.findIndex((row) => row.id === selectedId);
    const page = Math.max(1, Math.floor((tableRef.current?.clientHeight ?? 0) / (isCard ? kCardRow : kDenseRow)) - 2);
    const targets: Record<string, number> = {
      ArrowDown: at + 1, ArrowUp: at < 0 ? 0 : at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      const index = Math.min(rows.length - 1, Math.max(0, target));
      const row = rows[index];
      if (!row) return;
      hold('keyboard', true);
      onSelect(row.id);
      virtualizer.scrollToIndex(index);
    } else if (event.key === 'Enter' && selectedId) {
      onOpen(selectedId);
    } else if (event.key === ' ') {
      if (paused) store.resume();
      else store.pause();
    } else {
      return;
    }
    event.preventDefault();
  };
}

function HeaderRow() {
  const c = t.live.columns;
  return (
    <div role="rowgroup" className="findings-head">
      <div role="row" className="finding-row finding-header" aria-rowindex={1}>
        <span role="columnheader" className="c-time">{c.time}</span>
        <span role="columnheader" className="c-slot">{c.slot}</span>
        <span role="columnheader" className="c-kind">{c.kind}</span>
        <span role="columnheader" className="c-status">{c.status}</span>
        <span role="columnheader" className="c-actor">{c.actor}</span>
        <span role="columnheader" className="c-route">{c.route}</span>
        <span role="columnheader" className="c-profit">{c.profit}</span>
        <span role="columnheader" className="c-net">{c.net}</span>
        <span role="columnheader" className="c-usd">{c.usd}</span>
        <span role="columnheader" className="c-confidence">{c.confidence}</span>
      </div>
    </div>
  );
}

const Row = memo(function Row({ finding, index, top, selected, fresh, onOpen }: { finding: Finding; index: number; top: number; selected: boolean; fresh: boolean; onOpen: (id: string) => void }) {
  return (
    <div
      id={rowId(finding.id)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={`finding-row finding-data ${fresh ? 'fresh' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onOpen(finding.id)}
    >
      <span role="gridcell" className="c-time"><Time at={finding.time} /></span>
      <span role="gridcell" className="c-slot num">{group(String(finding.slot))}</span>
      <span role="gridcell" className="c-kind">
        <Kind kind={finding.kind} />
        {finding.synthetic ? <Badge tone="synthetic" title={t.detail.synthetic(finding.synthetic)}>{t.live.synthetic}</Badge> : null}
      </span>
      <span role="gridcell" className="c-status"><Status status={finding.status} /></span>
      <span role="gridcell" className="c-actor num" title={finding.actor}>{shorten(finding.actor)}</span>
      <span role="gridcell" className="c-route truncate"><Route finding={finding} /></span>
      <span role="gridcell" className="c-profit"><TokenAmount raw={finding.profit_raw} mint={finding.start_mint} signed /></span>
      <span role="gridcell" className="c-net"><Sol lamports={finding.net_lamports} signed /></span>
      <span role="gridcell" className="c-usd"><Usd micros={finding.net_usd_micros} /></span>
      <span role="gridcell" className="c-confidence num">{Math.round(finding.confidence * 100)}</span>
    </div>
  );
});

/** "Whirlpool → Raydium v4 · 3 pools", and for a sandwich how many were in it. */
function Route({ finding }: { finding: Finding }) {
  const protocols: string[] = [];
  for (const leg of finding.legs) {
    const name = protocolName(leg.protocol);
    if (protocols.at(-1) !== name) protocols.push(name);
  }
  const isCycle = finding.kind === 'arbitrage' || finding.kind === 'price_gap';
  const names = isCycle ? protocols.join(' → ') : [...new Set(protocols.length > 0 ? protocols : [protocolName(finding.protocol)])].join(', ');
  const victims = finding.victims.length;
  const note = finding.kind === 'sandwich' && victims > 0 ? t.live.victims(victims) : finding.pools.length > 0 ? t.live.pools(finding.pools.length) : '';
  return (
    <span title={names}>
      {names}
      {note ? <span className="muted">{` · ${note}`}</span> : null}
      {finding.backrun ? <span className="muted">{` · ${t.live.backrun.toLowerCase()}`}</span> : null}
    </span>
  );
}

/** What stands in the table's place or at its end. */
function TableState({ view, store, isFiltered, onClearFilters }: Props) {
  if (view.phase === 'loading' && view.rows.length === 0) return <Skeleton rows={16} className="findings-state" />;
  if (view.phase === 'failed') {
    return (
      <div className="findings-state">
        <ErrorState error={view.error} retry={store.retry} />
      </div>
    );
  }
  if (view.rows.length > 0) return <Footer view={view} />;
  return (
    <div className="findings-state">
      {isFiltered ? (
        <Empty title={t.live.emptyFilteredTitle} text={t.live.emptyFilteredText}>
          <button type="button" className="button" onClick={onClearFilters}>{t.filters.clear}</button>
        </Empty>
      ) : (
        <Empty title={t.live.emptyTitle} text={t.live.emptyText} />
      )}
    </div>
  );
}

function Footer({ view }: { view: FindingsView }) {
  const [older, setOlder] = useState('');
  useEffect(() => {
    setOlder(view.older === 'loading' ? t.live.older : view.older === 'end' ? t.live.end : '');
  }, [view.older]);
  return (
    <div className="findings-footer muted">
      <span className="num">{t.live.rows(view.rows.length)}</span>
      <span>{older}</span>
    </div>
  );
}
