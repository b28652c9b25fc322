import { useState } from 'react';
import { t } from '@/strings';
import { Dialog, DialogHeader } from '@/ui/Dialog';
import { TextField } from '@/ui/form';
import { duplicate, freeName, rename } from './layouts';
import { LayoutError } from './parse';

const w = t.workspace;

/** A new name for the layout, or one for its copy. */
export function NameDialog({ what, name, close }: { what: 'rename' | 'duplicate'; name: string; close: () => void }) {
  const [text, setText] = useState(() => (what === 'rename' ? name : freeName(name)));
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    try {
      if (what === 'rename') rename(text);
      else duplicate(text);
      close();
    } catch (error) {
      if (!(error instanceof LayoutError)) throw error;
      setProblem(error.message);
    }
  };
  const title = what === 'rename' ? w.renameTitle(name) : w.duplicateTitle(name);
  return (
    <Dialog label={title} close={close}>
      <DialogHeader>{title}</DialogHeader>
      <form onSubmit={submit}>
        <div className="dialog-body">
          <TextField label={w.name} value={text} onChange={setText} problem={problem} />
        </div>
        <footer className="dialog-footer">
          <button type="button" className="button" onClick={close}>
            {t.confirm.cancel}
          </button>
          <button type="submit" className="button button-primary">
            {w.acts[what]}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
