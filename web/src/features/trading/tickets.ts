import { create } from 'zustand';
import { emptyTicket, type TicketForm } from './ticket';

/** One form a market, wherever it is shown: a click on a price in another panel fills it in. */
export const useTickets = create<{ forms: Readonly<Record<string, TicketForm>> }>()(() => ({ forms: {} }));

export const useTicket = (symbol: string): TicketForm => useTickets((s) => s.forms[symbol] ?? emptyTicket);

export function changeTicket(symbol: string, change: Partial<TicketForm>): void {
  useTickets.setState(({ forms }) => ({ forms: { ...forms, [symbol]: { ...(forms[symbol] ?? emptyTicket), ...change } } }));
}

/** A price that was pointed at: the form's, and its side when that is meant. */
export function pickPrice(symbol: string, price: string, side?: TicketForm['side']): void {
  const { kind } = useTickets.getState().forms[symbol] ?? emptyTicket;
  const field = kind === 'stop_market' || kind === 'take_profit' ? { trigger: price } : { price };
  // A market order takes no price: pointing at one means a limit order.
  changeTicket(symbol, { ...field, ...(kind === 'market' || kind === 'trailing' ? { kind: 'limit' } : {}), ...(side ? { side } : {}) });
}

