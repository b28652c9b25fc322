import { useState } from 'react';
import { t } from '@/strings';
import { Dialog } from '@/ui/Dialog';
import { TextField } from '@/ui/form';
import { typedInterval, type Interval } from './intervals';

/** Opens with the first digit that was typed on the chart. */
export function IntervalBox({ first, choose, close }: { first: string; choose: (interval: Interval) => void; close: () => void }) {
  const [text, setText] = useState(first);
  const read = typedInterval(text);
  const problem = text.trim() === '' ? null : read === null ? t.chart.intervalHint : read.interval === null ? t.chart.intervalUnknown(text.trim(), read.nearest) : null;
  return (
    <Dialog label={t.chart.interval} close={close} className="chart-interval">
      <form
        className="dialog-body"
        onSubmit={(event) => {
          event.preventDefault();
          if (!read?.interval) return;
          choose(read.interval);
          close();
        }}
      >
        <TextField label={t.chart.intervalTyped} value={text} onChange={setText} hint={t.chart.intervalHint} problem={problem} isNumber />
      </form>
    </Dialog>
  );
}
