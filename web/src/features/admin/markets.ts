import { kFundingFormulas, kMarketStates, type Market } from '@/api/markets';
import { formatRaw, parseDecimal } from '@/domain/amount';
import { t } from '@/strings';

type Kind = 'whole' | 'price' | 'size' | 'amount' | 'choice';
type Unit = 'base' | 'quote' | 'bps' | 'ppm' | 's' | 'ms';
/** What a form shows: all but the names, which never change, and the version, which goes along. */
export type FieldName = Exclude<keyof Market, 'symbol' | 'base_asset' | 'quote_asset' | 'version'>;

export interface Field {
  name: FieldName;
  kind: Kind;
  unit?: Unit;
  choices?: readonly string[];
  /** Orders and positions are counted in it. */
  isFixed?: boolean;
}
export interface Group {
  name: keyof typeof t.admin.marketGroups;
  fields: readonly Field[];
}

const whole = (name: FieldName, unit: Unit): Field => ({ name, kind: 'whole', unit });
const price = (name: FieldName, isFixed = false): Field => ({ name, kind: 'price', unit: 'quote', isFixed });
const size = (name: FieldName, isFixed = false): Field => ({ name, kind: 'size', unit: 'base', isFixed });
const amount = (name: FieldName): Field => ({ name, kind: 'amount', unit: 'quote' });

/** The settings in the groups and the order of the server's own description. */
export const kGroups: readonly Group[] = [
  { name: 'market', fields: [{ name: 'state', kind: 'choice', choices: kMarketStates }] },
  {
    name: 'sizes',
    fields: [
      price('tick_size', true), size('lot_size', true), price('price_max'), size('order_size_min'), size('order_size_max'), amount('order_notional_min'), amount('order_notional_max'),
      size('position_max'), size('open_interest_max'),
    ],
  },
  { name: 'margin', fields: [whole('initial_margin_bps', 'bps'), whole('maintenance_margin_bps', 'bps'), whole('imf_factor_ppm', 'ppm'), whole('unrealized_gain_initial_bps', 'bps')] },
  { name: 'fees', fields: [whole('maker_fee_ppm', 'ppm'), whole('taker_fee_ppm', 'ppm'), whole('liquidation_fee_ppm', 'ppm'), whole('insurance_fee_ppm', 'ppm')] },
  { name: 'protection', fields: [whole('price_band_bps', 'bps'), whole('pre_open_band_bps', 'bps'), whole('reduce_only_band_bps', 'bps'), whole('mark_band_bps', 'bps'), whole('market_band_bps', 'bps')] },
  {
    name: 'funding',
    fields: [
      { name: 'funding_formula', kind: 'choice', choices: kFundingFormulas }, whole('funding_period_s', 's'), whole('funding_sample_s', 's'),
      whole('funding_interest_ppm', 'ppm'), whole('funding_clamp_ppm', 'ppm'), whole('funding_cap_ppm', 'ppm'), amount('impact_notional'),
    ],
  },
  { name: 'oracle', fields: [whole('oracle_stale_ms', 'ms'), whole('oracle_confidence_bps', 'bps'), whole('oracle_volatility_bps', 'bps'), whole('oracle_divergence_bps', 'bps')] },
  { name: 'liquidation', fields: [whole('liquidation_buffer_bps', 'bps'), whole('liquidation_band_bps', 'bps'), whole('liquidation_step_bps', 'bps'), whole('auction_ms', 'ms')] },
];
export const kFields: readonly Field[] = kGroups.flatMap(({ fields }) => fields);

export const kDecimals: Record<'price' | 'size' | 'amount', number> = { price: 6, size: 9, amount: 6 };

export const unitText = (unit: Unit, market: Market): string => (unit === 'base' ? market.base_asset : unit === 'quote' ? market.quote_asset : unit);

/** What stands in the fields of the form. */
export type MarketTexts = Record<FieldName, string>;
export const marketTexts = (market: Market): MarketTexts => Object.fromEntries(kFields.map(({ name }) => [name, String(market[name])])) as MarketTexts;

const cleaned = (text: string): string => text.trim().replaceAll(',', '').replace('−', '-');

/** The field's value as the server reads it; null for what is no number at all. Ranges are the server's to judge. */
export function valueOf({ kind }: Field, text: string): string | number | null {
  if (kind === 'choice') return text;
  const plain = cleaned(text);
  if (kind === 'whole') return /^-?\d{1,15}$/.test(plain) ? Number(plain) : null;
  return /^-?\d+(\.\d+)?$/.test(plain) && parseDecimal(plain, kDecimals[kind]) !== null ? plain : null;
}

/** The market as the form has it, or null while a field holds no number. */
export function marketOf(before: Market, texts: MarketTexts): Market | null {
  const values = kFields.map((field) => [field.name, valueOf(field, texts[field.name])] as const);
  return values.some(([, value]) => value === null) ? null : { ...before, ...(Object.fromEntries(values) as Partial<Market>) };
}

/** The fields of which `after` has another value; "0.10" is "0.1". */
export function changedFields(before: Market, after: Market): Field[] {
  return kFields.filter(({ name, kind }) => {
    if (kind !== 'price' && kind !== 'size' && kind !== 'amount') return before[name] !== after[name];
    return parseDecimal(String(before[name]), kDecimals[kind]) !== parseDecimal(String(after[name]), kDecimals[kind]);
  });
}

/** "10000.50" as people read it: "10,000.5". */
export const readable = (text: string, kind: keyof typeof kDecimals): string => {
  const value = parseDecimal(text, kDecimals[kind]);
  return value === null ? text : formatRaw(value, kDecimals[kind], { trim: true });
};

/** Ten thousandths (4 decimals) or millionths (6) as percent: (450, 6) is "0.045". */
export function percent(value: number, decimals: 4 | 6): string {
  const places = decimals - 2;
  const digits = String(Math.abs(value)).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return `${value < 0 ? '−' : ''}${digits.slice(0, -places)}${fraction ? `.${fraction}` : ''}`;
}

/** The most that a position may be of its collateral, rounded down to a tenth: 333 bps is "30". */
export function leverage(initialMarginBps: number): string {
  const tenths = Math.floor(100_000 / initialMarginBps);
  return tenths % 10 === 0 ? String(tenths / 10) : `${Math.floor(tenths / 10)}.${tenths % 10}`;
}
