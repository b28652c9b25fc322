import { createPortal } from 'react-dom';
import { t } from '@/strings';
import { Icon } from '@/ui/Icon';
import { useToasts } from '@/ui/toasts';
import { useOtherWindows } from '@/ui/windows';

/** Said in every window: who trades in one on another monitor reads it there. */
export function Toasts() {
  const others = useOtherWindows();
  return (
    <>
      <ToastList />
      {others.map((document, i) => createPortal(<ToastList />, document.body, String(i)))}
    </>
  );
}

function ToastList() {
  const { items, dismiss } = useToasts();
  return (
    <div className="toasts" role="region" aria-live="polite" aria-label={t.toasts.label}>
      {items.map((item) => (
        <div key={item.id} className={`toast toast-${item.tone}`}>
          <span>{item.text}</span>
          <button type="button" className="icon-button" onClick={() => dismiss(item.id)} aria-label={t.toasts.dismiss}>
            <Icon name="close" size={12} />
          </button>
        </div>
      ))}
    </div>
  );
}
