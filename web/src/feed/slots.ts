import type { SlotEvent } from '@/api/types';

/** How many blocks are remembered. */
export const kSlots = 60;

/** A dropped slot takes the place of what was said of it before; a new one comes at the end. */
export function withSlot(slots: SlotEvent[], event: SlotEvent): SlotEvent[] {
  const at = event.orphaned ? slots.findLastIndex((known) => known.slot === event.slot) : -1;
  return at < 0 ? [...slots, event].slice(-kSlots) : slots.with(at, { ...slots[at]!, orphaned: true, findings: 0 });
}
