import { expect, test } from 'vitest';
import type { Market } from '@/api/markets';
import { changedFields, kFields, leverage, marketOf, marketTexts, percent, readable, valueOf } from './markets';

const kMarket: Market = {
  symbol: 'SOL-PERP', base_asset: 'SOL', quote_asset: 'USDC', state: 'open', version: 7,
  tick_size: '0.01', price_max: '10000', lot_size: '0.01', order_size_min: '0.01', order_size_max: '20000', position_max: '100000', open_interest_max: '1000000', order_notional_min: '5', order_notional_max: '25000000',
  initial_margin_bps: 500, maintenance_margin_bps: 300, imf_factor_ppm: 500, unrealized_gain_initial_bps: 10_000,
  maker_fee_ppm: -50, taker_fee_ppm: 450, liquidation_fee_ppm: 5_000, insurance_fee_ppm: 5_000, price_band_bps: 1_000, pre_open_band_bps: 1_000, reduce_only_band_bps: 1_000, mark_band_bps: 200, market_band_bps: 500,
  funding_formula: 'hyperliquid', funding_period_s: 3_600, funding_sample_s: 5, funding_interest_ppm: 100, funding_clamp_ppm: 500, funding_cap_ppm: 40_000, impact_notional: '10000',
  oracle_stale_ms: 10_000, oracle_confidence_bps: 200, oracle_volatility_bps: 5_000, oracle_divergence_bps: 300,
  liquidation_buffer_bps: 200, liquidation_band_bps: 300, liquidation_step_bps: 2_500, auction_ms: 1_000,
};
const field = (name: string) => kFields.find((one) => one.name === name)!;

test('every setting stands in the form once, and goes through it unchanged', () => {
  const names = [...kFields.map(({ name }) => name as string), 'symbol', 'base_asset', 'quote_asset', 'version'];
  expect(names.sort()).toEqual(Object.keys(kMarket).sort());
  expect(marketOf(kMarket, marketTexts(kMarket))).toEqual(kMarket);
});

test('whole numbers are sent as numbers, decimals as the text that was typed', () => {
  expect(valueOf(field('maker_fee_ppm'), '−1,050')).toBe(-1050);
  for (const text of ['', '4.5', '1e3', 'ten', '9999999999999999']) expect(valueOf(field('taker_fee_ppm'), text), text).toBeNull();
  expect(valueOf(field('price_max'), ' 10,000.000001 ')).toBe('10000.000001');
  for (const text of ['', '.', '1.', '.5', '0.0000001', '+1', '0x1']) expect(valueOf(field('price_max'), text), text).toBeNull();
  expect(valueOf(field('order_size_min'), '0.000000001')).toBe('0.000000001');
  expect(marketOf(kMarket, { ...marketTexts(kMarket), auction_ms: '' })).toBeNull();
});

test('a change is one of the value, not of how it is written', () => {
  const changed = (texts: object) => changedFields(kMarket, marketOf(kMarket, { ...marketTexts(kMarket), ...texts })!).map(({ name }) => name);
  expect(changed({ price_max: '10,000.00', taker_fee_ppm: '0450' })).toEqual([]);
  expect(changed({ state: 'halted', price_max: '9999.99', taker_fee_ppm: '451' })).toEqual(['state', 'price_max', 'taker_fee_ppm']);
});

test('thousands are parted before the point only', () => {
  expect(['0.00001', '12345.000010', '1000000', '-1234.5'].map((text) => readable(text, 'price'))).toEqual(['0.00001', '12,345.00001', '1,000,000', '−1,234.5']);
});

test('shares as percent, margin as leverage', () => {
  expect([450, -50, 0, 1_000_000, 10_000].map((ppm) => percent(ppm, 6))).toEqual(['0.045', '−0.005', '0', '100', '1']);
  expect(percent(500, 4)).toBe('5');
  expect([500, 10_000, 400, 333, 300, 50].map(leverage)).toEqual(['20', '1', '25', '30', '33.3', '200']);
});
