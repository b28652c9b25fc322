import type { ReactNode } from 'react';
import { t } from '@/strings';
import { Dialog, DialogHeader } from './Dialog';
import { Refusal, useChange } from './form';

/** Says what will happen, asks once, and stays open with the refusal when it is refused. */
export function Confirm({ title, action, act, close, isDanger = false, children }: { title: string; action: string; act: () => Promise<void>; close: () => void; isDanger?: boolean; children: ReactNode }) {
  const { run, error, isBusy } = useChange();
  const confirm = () =>
    run(async () => {
      await act();
      close();
    });
  return (
    <Dialog label={title} close={close}>
      <DialogHeader>{title}</DialogHeader>
      <div className="dialog-body">
        {children}
        <Refusal error={error} />
      </div>
      <footer className="dialog-footer">
        <button type="button" className="button" data-autofocus onClick={close}>
          {t.confirm.cancel}
        </button>
        <button type="button" className={isDanger ? 'button button-danger' : 'button button-primary'} disabled={isBusy} onClick={() => void confirm()}>
          {action}
        </button>
      </footer>
    </Dialog>
  );
}
