import { t } from '@/strings';
import { Icon } from '@/ui/Icon';
import { useToasts } from '@/ui/toasts';

export function Toasts() {
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
