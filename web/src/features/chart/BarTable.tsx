import { useState } from 'react';
import { group } from '@/domain/amount';
import { t } from '@/strings';
import { Dialog, DialogHeader } from '@/ui/Dialog';
import { Table } from '@/ui/Table';
import { decimals } from '@/features/exchange/format';
import { barTime, zoneName } from './clock';
import type { Plot } from './plot';

/** So many at a time; what is further back comes into view by scrolling the chart. */
const kRowsMax = 500;

/** The bars that the chart shows, as words: newest first. */
export function BarTable({ plot, symbol, places, close }: { plot: Plot; symbol: string; places: number; close: () => void }) {
  // As of when it was opened: a table that moves cannot be read.
  const [slots] = useState(() => {
    const range = plot.range;
    const shown = plot.slots.slice(Math.max(0, Math.floor(range?.from ?? 0)), Math.ceil(range?.to ?? 0) + 1);
    return shown.slice(-kRowsMax).reverse();
  });
  const c = t.chart.tableColumns;
  const columns = [{ label: `${c.time}, ${zoneName(plot.shift)}` }, ...[c.open, c.high, c.low, c.close, c.volume, c.trades].map((label) => ({ label, isRight: true }))];
  return (
    <Dialog label={t.chart.tableTitle} close={close} className="chart-table">
      <DialogHeader close={close} dismiss={t.chart.tableClose}>
        {t.chart.tableTitle} · {symbol} · {plot.interval}
      </DialogHeader>
      <Table label={t.chart.tableTitle} columns={columns}>
        {slots.map(({ start, bar }) => (
          <tr key={start}>
            <td className="num">{barTime(start, plot.interval, plot.shift)}</td>
            {bar ? (
              <>
                {[bar.open, bar.high, bar.low, bar.close].map((price, i) => (
                  <td key={i} className="num right">
                    {decimals(price, places)}
                  </td>
                ))}
                <td className="num right">{bar.volume}</td>
                <td className="num right">{group(String(bar.trades))}</td>
              </>
            ) : (
              <td colSpan={6} className="muted">
                {t.chart.noTradesInBar}
              </td>
            )}
          </tr>
        ))}
      </Table>
    </Dialog>
  );
}
