import './trading.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { trading } from '@/api/trading';
import { t } from '@/strings';
import { saveFile } from '@/ui/file';
import { useChange, Refusal } from '@/ui/form';
import { Segments } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { usePanel } from '@/workspace/usePanel';
import { Table } from '@/ui/Table';
import type { AccountData } from './accountState';
import { historyPath, kHistoryKinds, readAll, readHistory, toCsv, type HistoryKind } from './history';
import { historyTables, type HistoryTable } from './historyTables';
import { beginNotices } from './notices';
import { AccountBar, Gate } from './parts';
import { useMarkets } from './useMarkets';

const words = t.trading.history;
/** Tables are written a little behind the venue. */
const kBehindMs = 600;
const kPagesRenewed = 3;

export default function HistoryPanel() {
  useEffect(beginNotices, []);
  const { settings, setSettings } = usePanel<{ kind: HistoryKind }>({ kind: 'fills' });
  const choices = kHistoryKinds.map((value) => ({ value, label: words.tabs[value] }));
  return (
    <div className="panel-fill">
      <Gate panel="history">
        {(account) => (
          <>
            <div className="trade-tools">
              <AccountBar />
              <Segments label={words.label} value={settings.kind} choices={choices} onChange={(kind) => setSettings({ kind })} />
              <Download kind={settings.kind} account={account.account} />
            </div>
            <Rows key={`${settings.kind} ${account.account}`} kind={settings.kind} account={account} />
          </>
        )}
      </Gate>
    </div>
  );
}

function Rows({ kind, account }: { kind: HistoryKind; account: AccountData }) {
  const markets = useMarkets();
  const query = useInfiniteQuery({
    queryKey: ['exchange', 'history', kind, account.account],
    queryFn: ({ pageParam, signal }) => readHistory<never>(kind, account.account, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const { refetch } = query;
  // Who has scrolled far down reads; the newest are shown to who is at the top.
  const isNear = (query.data?.pages.length ?? 0) <= kPagesRenewed;
  useEffect(() => {
    if (!isNear) return;
    const timer = setTimeout(() => void refetch(), kBehindMs);
    return () => clearTimeout(timer);
  }, [account.accountSeq, isNear, refetch]);
  if (query.isError) return <ErrorState error={query.error} retry={() => void refetch()} />;
  if (!query.data) return <Skeleton rows={6} />;
  const items = query.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Empty title={words.none[kind]} text={words.noneHint} />;
  const { columns, cells } = historyTables[kind] as HistoryTable<{ place: string }>;
  return (
    <>
      <Table className="trade-table" isWalked label={words.tabs[kind]} columns={columns}>
        {items.map((item: { place: string }) => (
          <tr key={item.place} tabIndex={0} data-row>
            {cells(item, markets).map((content, i) => (
              <td key={columns[i]!.label} className={columns[i]!.isRight ? 'num right' : undefined}>
                {content}
              </td>
            ))}
          </tr>
        ))}
      </Table>
      {query.hasNextPage ? <More isBusy={query.isFetchingNextPage} more={() => void query.fetchNextPage()} /> : null}
    </>
  );
}

/** Goes on by itself when it is scrolled to, and by a click. */
function More({ isBusy, more }: { isBusy: boolean; more: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const latest = useRef(more);
  useEffect(() => {
    latest.current = more;
  });
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current());
    if (button.current) observer.observe(button.current);
    return () => observer.disconnect();
  }, []);
  return (
    <button ref={button} type="button" className="button trade-more" disabled={isBusy} onClick={more}>
      {words.more}
    </button>
  );
}

function Download({ kind, account }: { kind: HistoryKind; account: number }) {
  const { document } = usePanel();
  const { run, error, isBusy } = useChange();
  const [count, setCount] = useState(0);
  const download = () =>
    run(async () => {
      setCount(0);
      const rows = await readAll((query) => trading.history(historyPath[kind], query), account, setCount);
      saveFile(`${kind}-account-${account}.csv`, new Blob([toCsv(rows)], { type: 'text/csv;charset=utf-8' }), document);
    });
  return (
    <>
      <button type="button" className="button-plain" disabled={isBusy} onClick={() => void download()}>
        {isBusy ? words.downloading(count.toLocaleString('en')) : words.download}
      </button>
      <Refusal error={error} />
    </>
  );
}
