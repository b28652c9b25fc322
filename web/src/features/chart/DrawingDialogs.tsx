import { useState } from 'react';
import { t } from '@/strings';
import { Confirm } from '@/ui/Confirm';
import { Dialog, DialogHeader } from '@/ui/Dialog';
import { Form, TextField } from '@/ui/form';
import type { DrawingStore } from './drawing_store';
import { kTextMax } from './drawings';

export function DrawingText({ add, close }: { add: (text: string) => void; close: () => void }) {
  const [text, setText] = useState('');
  const isGood = text.trim().length > 0 && text.length <= kTextMax;
  return (
    <Dialog label={t.chart.drawingTextTitle} close={close}>
      <DialogHeader>{t.chart.drawingTextTitle}</DialogHeader>
      <div className="dialog-body">
        <Form
          submit={t.chart.drawingTextAdd}
          isBusy={false}
          error={null}
          isReady={isGood}
          onSubmit={() => {
            add(text.trim());
            close();
          }}
        >
          <TextField label={t.chart.drawingText} value={text} onChange={setText} hint={t.chart.drawingTextRule(kTextMax)} problem={text.length > kTextMax ? t.chart.drawingTextRule(kTextMax) : null} />
        </Form>
      </div>
    </Dialog>
  );
}

export function RemoveAllDrawings({ symbol, store, close }: { symbol: string; store: DrawingStore; close: () => void }) {
  return (
    <Confirm title={t.chart.drawingRemoveAllTitle(symbol)} action={t.chart.drawingRemoveAll} act={async () => store.removeAll()} close={close} isDanger>
      <p>{t.chart.drawingRemoveAllEffect(String(store.getView().drawings.length))}</p>
    </Confirm>
  );
}
