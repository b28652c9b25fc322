import { describe, expect, it } from 'vitest';
import type { Candle } from '@/api/series';
import type { ChannelHandlers } from '@/stream';
import { CandleHub } from './live';

const candle = (start: number): Candle => ({ start, open: '1', high: '1', low: '1', close: '1', volume: '1', value: '1', trades: 1, first_trade: '1', last_trade: '1' });

function world() {
  const log: string[] = [];
  const handlers = new Map<string, ChannelHandlers<unknown>>();
  const stream = {
    subscribe: (name: string, request: { filter?: object }, handler: unknown) => {
      log.push(`${name} ${JSON.stringify(request.filter)}`);
      handlers.set(name, handler as ChannelHandlers<unknown>);
      return { change: (next: { filter?: object }) => void log.push(`${name} ${JSON.stringify(next.filter)}`), close: () => void log.push(`${name} closed`) };
    },
  };
  const hub = new CandleHub(stream as never);
  const follow = (symbol: string, interval: string) => {
    const heard: (number | string)[] = [];
    const stop = hub.listen(symbol, interval, { onCandle: (each) => heard.push(each.start), onDoubt: () => heard.push('doubt') });
    return { heard, stop };
  };
  const event = (name: string, data: unknown) => handlers.get(name)!.onEvent({ seq: 1, time: '', data });
  return { log, follow, event, handlers };
}

describe('the channels of candles', () => {
  it('are subscribed to once, for what any chart shows, and closed with the last of them', () => {
    const w = world();
    const a = w.follow('SOL-PERP', '1m');
    const b = w.follow('SOL-PERP', '1m');
    const c = w.follow('BTC-PERP', '1s');
    b.stop();
    a.stop();
    c.stop();
    expect(w.log).toEqual([
      'exchange.candle {"market":"SOL-PERP","interval":"1m"}',
      'exchange.candle {"market":"BTC-PERP,SOL-PERP","interval":"1m,1s"}',
      'exchange.candle {"market":"BTC-PERP","interval":"1s"}',
      'exchange.candle closed',
    ]);
  });

  it('tell each chart its own candles only', () => {
    const w = world();
    const [a, b, c] = [w.follow('SOL-PERP', '1m'), w.follow('BTC-PERP', '1s'), w.follow('binance_spot:BTCUSDT', '1s')];
    w.event('exchange.candle', { market: 'SOL-PERP', interval: '1m', candle: candle(1) });
    w.event('exchange.candle', { market: 'SOL-PERP', interval: '1s', candle: candle(2) });
    w.event('exchange.candle', { market: 'BTC-PERP', interval: '1s', candle: candle(3) });
    w.event('market.candle', { symbol: 'binance_spot:BTCUSDT', interval: '1s', candle: candle(4) });
    expect([a.heard, b.heard, c.heard]).toEqual([[1], [3], [4]]);
  });

  it('begin anew with the running candles, and doubt about what closed in between', () => {
    const w = world();
    const [a, c] = [w.follow('SOL-PERP', '1m'), w.follow('binance_spot:BTCUSDT', '1s')];
    w.handlers.get('exchange.candle')!.onState!({ candles: [{ market: 'SOL-PERP', interval: '1m', candle: candle(5) }] }, 9);
    expect(a.heard).toEqual([5, 'doubt']);
    expect(c.heard).toEqual([]);
  });
});
