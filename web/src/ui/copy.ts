import { t } from '@/strings';
import { toast } from './toasts';

/** Puts `text` on the clipboard and says so. Works without a secure context too. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else copyBySelection(text);
    toast(t.toasts.copied(what));
  } catch {
    toast(t.toasts.copyFailed, 'warn');
  }
}

function copyBySelection(text: string): void {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'sr-only';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (!done) throw new Error('copy refused');
}
