import { useQuery } from '@tanstack/react-query';
import { series } from '@/api/series';
import { t } from '@/strings';
import { Dialog, DialogHeader } from '@/ui/Dialog';
import { ErrorState, Skeleton } from '@/ui/states';
import { kComparedMax } from './settings';

/** Chooses the symbols whose closes are drawn beside. */
export function CompareDialog({ symbol, compared, change, close }: { symbol: string; compared: readonly string[]; change: (compared: string[]) => void; close: () => void }) {
  const tickers = useQuery({ queryKey: ['market', 'tickers'], queryFn: ({ signal }) => series.tickers(signal) });
  const others = tickers.data?.tickers.map((ticker) => ticker.symbol).filter((each) => each !== symbol) ?? [];
  const isFull = compared.length >= kComparedMax;
  return (
    <Dialog label={t.chart.compare} close={close} className="chart-dialog">
      <DialogHeader close={close} dismiss={t.chart.close}>
        {t.chart.compareAdd}
      </DialogHeader>
      <div className="dialog-body">
        <p className="muted">
          {t.chart.compareHint} {t.chart.compareFull(kComparedMax)}
        </p>
        {tickers.isPending ? <Skeleton rows={4} /> : null}
        {tickers.isError ? <ErrorState error={tickers.error} retry={() => void tickers.refetch()} /> : null}
        {tickers.data && others.length === 0 ? <p>{t.chart.compareNone}</p> : null}
        <ul className="chart-list">
          {others.map((other) => {
            const isOn = compared.includes(other);
            return (
              <li key={other}>
                <label>
                  <input type="checkbox" checked={isOn} disabled={!isOn && isFull} onChange={() => change(isOn ? compared.filter((each) => each !== other) : [...compared, other])} />
                  {other}
                </label>
              </li>
            );
          })}
        </ul>
      </div>
    </Dialog>
  );
}
