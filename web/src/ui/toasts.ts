import { create } from 'zustand';

export interface Toast {
  id: number;
  text: string;
  tone: 'info' | 'warn';
}

interface Toasts {
  items: Toast[];
  dismiss(id: number): void;
}

export const useToasts = create<Toasts>()((set) => ({
  items: [],
  dismiss: (id) => set((s) => ({ items: s.items.filter((item) => item.id !== id) })),
}));

let nextId = 1;

/** Says something for a few seconds. The same text twice is said once. */
export function toast(text: string, tone: Toast['tone'] = 'info'): void {
  const { items, dismiss } = useToasts.getState();
  if (items.some((item) => item.text === text)) return;
  const id = nextId++;
  useToasts.setState({ items: [...items.slice(-3), { id, text, tone }] });
  setTimeout(() => dismiss(id), tone === 'warn' ? 8000 : 3000);
}
