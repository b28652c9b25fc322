import { describe, expect, it } from 'vitest';
import type { ApiDocument, Operation } from '@/features/docs/openapi';
import { found, offersOf, sourceWith, targetOf, typedOf, type StreamDocument } from './catalogue';
import { begunWith, shownAs } from './draft';

const operation = (summary: string, change: object = {}): Operation =>
  ({ operationId: 'x', summary, tags: ['exchange'], 'x-permission': 'public.read', 'x-limit-class': 'read', 'x-weight': 1, responses: { 200: { content: { 'application/json': { schema: {}, example: { trades: [{ time: 1796004962553, price: '1.5', size: '2', side: 'buy' }] } } } } }, ...change }) as Operation;

const api: ApiDocument = {
  info: { title: '', version: '' },
  components: { responses: {}, schemas: {} },
  paths: {
    '/api/v1/exchange/trades': { get: operation('Trades, newest first', { parameters: [{ name: 'market', in: 'query', required: false, description: '', schema: { type: 'string' }, example: 'SOL-PERP' }] }) },
    '/api/v1/exchange/markets/{market}': { get: operation('A market', { parameters: [{ name: 'market', in: 'path', required: true, description: '', schema: { type: 'string' }, example: 'SOL-PERP' }] }) },
    '/api/v1/exchange/orders': { post: operation('Places an order') },
    '/api/v1/identity/export': { get: operation('An archive', { responses: { 200: { content: { 'application/zip': { schema: {} } } } } }) },
    '/api/trades': { get: operation('An alias') },
  },
};
const streams: StreamDocument = {
  channels: {
    live: {
      'x-subscriptions': {
        'exchange.price': { summary: 'Prices of markets', permission: 'public.read', filter: { properties: { market: { type: 'array', items: { type: 'string' } }, verified: { type: 'boolean' }, slot_from: { type: 'integer' } } } },
      },
    },
  },
  components: { messages: { 'exchange.price': { examples: [{ payload: { data: { market: 'text', seq: 100, time: 1796004962553, mark: '0' } } }] } } },
};
const offers = offersOf(api, streams);

describe('what a widget can be fed with', () => {
  it('are channels, and what reads JSON under /api/v1', () => {
    expect(offers.map(({ name }) => name)).toEqual(['exchange.price', '/api/v1/exchange/trades', '/api/v1/exchange/markets/{market}']);
    expect(found(offers, 'NEWEST trades').map(({ name }) => name)).toEqual(['/api/v1/exchange/trades']);
    expect(found(offers, 'channel')).toHaveLength(1);
  });

  it('takes filters as the channel wants them, and shows them as they were typed', () => {
    const source = sourceWith(offers[0]!, { market: 'SOL-PERP, BTC-PERP', verified: 'true', slot_from: '5' }, 5);
    expect(source).toEqual({ kind: 'channel', channel: 'exchange.price', filter: { market: ['SOL-PERP', 'BTC-PERP'], verified: true, slot_from: 5 } });
    expect(typedOf(source)).toEqual({ market: 'SOL-PERP,BTC-PERP', verified: 'true', slot_from: '5' });
    expect(sourceWith(offers[0]!, { market: ' ' }, 5)).toEqual({ kind: 'channel', channel: 'exchange.price', filter: {} });
  });

  it('puts parameters into the path, encoded, and says which one lacks', () => {
    expect(targetOf({ kind: 'endpoint', path: '/api/v1/exchange/markets/{market}', parameters: { market: 'a/b', x: '1' }, everyS: 5 })).toEqual({ path: '/api/v1/exchange/markets/a%2Fb', query: { x: '1' }, lacking: null });
    expect(targetOf({ kind: 'endpoint', path: '/api/v1/exchange/markets/{market}', parameters: {}, everyS: 5 }).lacking).toBe('market');
  });
});

describe('a new widget', () => {
  it('shows something at once: rows of a list as a table', () => {
    const widget = begunWith(offers[1]!, sourceWith(offers[1]!, {}, 5), 'w1');
    expect([widget.view, widget.rows, widget.fields.map(({ path }) => path)]).toEqual(['table', 'trades', ['time', 'price', 'size', 'side']]);
  });

  it('finds what fits another view, and keeps what still does', () => {
    const widget = begunWith(offers[1]!, sourceWith(offers[1]!, {}, 5), 'w1');
    const line = shownAs(widget, 'line', offers[1]!.example);
    expect([line.x, line.fields[0]?.path]).toEqual(['time', 'time']);
    const fresh = shownAs({ ...widget, fields: [] }, 'line', offers[1]!.example);
    expect([fresh.x, fresh.fields.map(({ path }) => path)]).toEqual(['time', ['price']]);
    const bar = shownAs({ ...widget, fields: [] }, 'bar', offers[1]!.example);
    expect([bar.x, bar.fields[0]?.path]).toEqual(['side', 'price']);
    const number = shownAs({ ...widget, fields: [] }, 'number', offers[1]!.example);
    expect([number.rows, number.fields[0]?.path]).toEqual(['', 'trades[0].price']);
  });
});
