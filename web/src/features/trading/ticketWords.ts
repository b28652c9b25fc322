import type { OrderReceipt } from '@/api/trading';
import { nano, nanoOr0, shownNano } from '@/domain/decimal';
import type { Places } from '@/features/exchange/MarketHeader';
import { t } from '@/strings';
import { kindFields, sizeOf, type TextField, type TicketContext, type TicketForm } from './ticket';

const words = t.trading;

/** Decimals that the number has, but not fewer than the market's. */
const price = (text: string, places: Places): string => {
  const value = nano(text);
  return value === null ? text : shownNano(value, places.price);
};

function placeOf(form: TicketForm, places: Places): string {
  const at = form.price.trim() === '' ? words.place.atMarket : words.place.at(price(form.price, places));
  switch (form.kind) {
    case 'market':
      return form.price.trim() === '' ? words.place.atMarket : words.place.notBeyond(price(form.price, places));
    case 'stop_market':
      return words.place.stop(price(form.trigger, places));
    case 'stop_limit':
      return words.place.stopLimit(price(form.trigger, places), price(form.price, places));
    case 'take_profit':
      return `${form.price.trim() === '' ? '' : `${at} `}${words.place.takeProfit(price(form.trigger, places))}`;
    case 'trailing':
      return words.place.trailing(form.trail);
    case 'iceberg':
      return words.place.shown(price(form.price, places), form.display);
    case 'pegged':
      return words.place.pegged(shownNano(nanoOr0(form.offset), places.price, 'always'));
    case 'bracket':
      return words.place.exits(at);
    case 'oco':
      return words.place.oco(price(form.price, places), price(form.trigger, places));
    case 'auction':
      return `${form.price.trim() === '' ? '' : `${at} `}${words.place.auction}`;
    default:
      return at;
  }
}

/** What the button does: "Place buy 2 SOL at 151.20". */
export function placeWords(form: TicketForm, context: TicketContext, places: Places): string {
  const side = (form.side === 'buy' ? words.buy : words.sell).toLowerCase();
  const base = context.market.base_asset;
  const size = sizeOf(form, context);
  if (size === null || size <= 0n) return words.place.incomplete(side, base);
  const text = words.place.plain(side, shownNano(size, places.size).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''), base, placeOf(form, places));
  return form.reduceOnly && kindFields[form.kind].choices.includes('reduceOnly') ? words.place.reduce(text) : text;
}

/** What became of an order, when it is acknowledged. */
export function receiptWords(receipt: OrderReceipt, places: Places): string {
  const side = receipt.side === 'buy' ? words.buy : words.sell;
  const what = `${side} ${receipt.size} ${receipt.market}`;
  const average = receipt.average_price === null ? '' : shownNano(nanoOr0(receipt.average_price), places.price);
  if (receipt.status === 'waiting') return words.ack.waiting(what);
  if (receipt.reason === 'filled') return words.ack.filled(what, average);
  if (receipt.filled !== '0') return words.ack.part(what, receipt.filled, average);
  if (receipt.status === 'open') return words.ack.open(what);
  return words.ack.closed(what, words.reasons[receipt.reason ?? 'cancelled']);
}

export function fieldLabel(field: TextField, form: TicketForm, { market }: Pick<TicketContext, 'market'>): string {
  const { base_asset: base, quote_asset: quote } = market;
  const names = words.fields;
  if (field === 'size') {
    const name = names.size[form.sizeMode];
    return typeof name === 'string' ? name : name(form.sizeMode === 'units' ? base : quote);
  }
  if (field === 'price') {
    const byKind: Partial<Record<TicketForm['kind'], (quote: string) => string>> = {
      market: names.worstPrice, auction: names.worstPrice, take_profit: names.limitAfter, bracket: names.entry, pegged: names.cap,
    };
    return (byKind[form.kind] ?? names.price)(quote);
  }
  if (field === 'trigger') return (form.kind === 'take_profit' ? names.triggerGood : names.trigger)(quote);
  if (field === 'display') return names.display(base);
  if (field === 'trail' || field === 'expiresMinutes') return names[field];
  return names[field](quote);
}

/** Which field a refusal is about; null: none that is shown. */
export function fieldOf(where: string | null, form: TicketForm): TextField | null {
  const known: Record<string, TextField> = {
    price: 'price', size: 'size', display: 'display', expires: 'expiresMinutes', 'peg.offset': 'offset', 'trigger.price': 'trigger', 'oco.trigger.price': 'trigger', 'trigger.trail_bps': 'trail',
    'take_profit.price': 'takeProfit', 'stop_loss.price': 'stopLoss', trigger: 'trigger',
  };
  const field = where === null ? undefined : known[where];
  return field && (field === 'size' || kindFields[form.kind].fields.includes(field)) ? field : null;
}

/** Refusals whose `needed` is a value of that field to take. */
export const kTakeable: ReadonlySet<string> = new Set(['price_not_tick', 'size_not_lot', 'price_out_of_range', 'price_out_of_band', 'size_too_small', 'size_too_large']);
