import { t } from '@/strings';
import { fieldOf, type Board, type EndpointSource, type Field, type Place, type Source, type View, type Widget } from './board';

/** Boards to begin from; each a widget can be changed like any other. */

export const kTemplates = ['venue', 'mev', 'market', 'empty'] as const;
export type Template = (typeof kTemplates)[number];

const w = t.boards.templateWidgets;
const asked = (path: string, everyS: number, parameters: Record<string, string> = {}): EndpointSource => ({ kind: 'endpoint', path: `/api/v1/${path}`, parameters, everyS });
const followed = (channel: string, filter: Record<string, string[] | string> = {}): Source => ({ kind: 'channel', channel, filter });

function widget(title: string, view: View, source: Source, [x, y, width, h]: [number, number, number, number], fields: Field[], more: Partial<Widget> = {}): Omit<Widget, 'id'> {
  return { title, view, source, rows: '', x: '', by: '', same: 'newest', fields, place: { x, y, w: width, h } satisfies Place, ...more };
}
const f = (path: string, label = '', shift = 0, unit = ''): Field => fieldOf(path, { label, shift, unit });
const stats = asked('exchange/stats', 5);

function venueBoard(): Omit<Widget, 'id'>[] {
  return [
    widget(w.interest, 'number', stats, [0, 0, 3, 3], [f('open_interest', '', 0, 'USDC')]),
    widget(w.volume, 'number', stats, [3, 0, 3, 3], [f('value_24h', '', 0, 'USDC')]),
    widget(w.trades, 'number', stats, [6, 0, 3, 3], [f('trades_24h')]),
    widget(w.insurance, 'number', asked('exchange/insurance', 10), [9, 0, 3, 3], [f('insurance', '', 0, 'USDC')]),
    widget(w.markets, 'table', followed('exchange.price'), [0, 3, 7, 6], [f('market', w.market), f('mark', w.mark), f('last', w.last), f('change_24h_bps', w.change), f('value_24h', w.volume), f('funding_rate', w.funding)], { by: 'market' }),
    widget(w.interestBy, 'bar', asked('exchange/open-interest', 10), [7, 3, 5, 6], [f('value', '', 0, 'USDC')], { rows: 'markets', x: 'market' }),
    widget(w.marks('SOL-PERP'), 'line', followed('exchange.price', { market: ['SOL-PERP'] }), [0, 9, 7, 7], [f('mark', w.mark), f('index', w.index)]),
    widget(w.tape, 'table', followed('exchange.trade'), [7, 9, 5, 7], [f('time', w.time), f('market', w.market), f('side', w.side), f('price', w.price), f('size', w.size)]),
  ];
}

function mevBoard(): Omit<Widget, 'id'>[] {
  const statistics = (bucket: string) => asked('mev/statistics', 10, { bucket });
  return [
    widget(w.slot, 'number', followed('mev.slot'), [0, 0, 3, 3], [f('slot')]),
    widget(w.processing, 'number', followed('mev.slot'), [3, 0, 3, 3], [f('processing_ms', '', 0, 'ms')]),
    widget(w.swaps, 'line', followed('mev.slot'), [6, 0, 6, 6], [f('swaps', w.swapsLabel), f('findings', w.findingsLabel)]),
    widget(w.profitBy, 'bar', statistics('1d'), [0, 3, 6, 5], [f('profit_lamports', '', 9, 'SOL')], { rows: 'items', x: 'kind', same: 'sum' }),
    widget(w.countBy, 'heat', statistics('1m'), [6, 6, 6, 6], [f('count')], { rows: 'items', x: 'time', by: 'kind', same: 'sum' }),
    widget(w.findings, 'table', followed('mev.opportunity'), [0, 8, 6, 8], [f('time', w.time), f('kind', w.kind), f('status', w.status), f('net_lamports', w.net, 9, 'SOL'), f('confidence', w.confidence), f('actor', w.actor)]),
    widget(w.decoding, 'table', asked('mev/counters', 10), [6, 12, 6, 4], [f('name', w.what), f('value', w.count)], { rows: '{}' }),
  ];
}

function marketBoard(): Omit<Widget, 'id'>[] {
  return [
    widget(w.indexOf('SOL'), 'number', followed('market.price', { asset: 'SOL' }), [0, 0, 3, 3], [f('index', '', 0, 'USD')]),
    widget(w.indexOf('BTC'), 'number', followed('market.price', { asset: 'BTC' }), [3, 0, 3, 3], [f('index', '', 0, 'USD')]),
    widget(w.confidences, 'bar', asked('market/prices', 5), [6, 0, 6, 5], [f('confidence', '', 0, 'USD')], { rows: 'prices', x: 'asset' }),
    widget(w.closes('SOL-PERP', '1 min'), 'line', asked('market/candles', 5, { symbol: 'SOL-PERP', interval: '1m', limit: '240' }), [0, 3, 6, 7], [f('close', w.close)], { rows: 'candles', x: 'start' }),
    widget(w.moving, 'table', asked('market/tickers', 5), [6, 5, 6, 8], [f('symbol', w.market), f('last', w.last), f('change_24h_bps', w.change), f('value_24h', w.volume), f('label', w.label)], { rows: 'tickers' }),
    widget(w.sources, 'table', asked('market/sources', 5), [0, 10, 6, 5], [f('status.source', w.source), f('status.state', w.state), f('status.messages', w.messages), f('status.last_message', w.lastMessage)], { rows: 'sources' }),
  ];
}

const made: Record<Template, () => Omit<Widget, 'id'>[]> = { venue: venueBoard, mev: mevBoard, market: marketBoard, empty: () => [] };

export const boardFrom = (template: Template, title: string): Board => ({ version: 1, title, widgets: made[template]().map((each, i) => ({ ...each, id: `w${i + 1}` })) });
