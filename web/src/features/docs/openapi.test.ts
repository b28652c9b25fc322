import { describe, expect, it } from 'vitest';
import { answerOf, curlOf, groupsOf, typeText, type ApiDocument } from './openapi';

const operation = (tag: string, permission: string) => ({
  operationId: 'x', summary: 'Places an order', tags: [tag], 'x-permission': permission, 'x-limit-class': 'write', 'x-weight': 1, responses: {},
});
const document: ApiDocument = {
  info: { title: 'A', version: '1' },
  paths: {
    '/api/v1/exchange/orders/{id}': {
      put: {
        ...operation('exchange', 'exchange.trade'),
        parameters: [{ name: 'id', in: 'path', required: true, description: '', schema: {}, example: 'a b' }],
        requestBody: { content: { 'application/json': { schema: {}, example: { note: "it's" } } } },
      },
      get: operation('exchange', 'public.read'),
    },
    '/api/v1/health': { get: operation('server', 'public.read') },
  },
  components: { responses: { '404': { description: 'not here' } }, schemas: {} },
};

describe('openapi', () => {
  it('groups by tag and finds by every word', () => {
    expect(groupsOf(document).map((g) => [g.tag, g.calls.length])).toEqual([['exchange', 2], ['server', 1]]);
    expect(groupsOf(document, 'PUT order').flatMap((g) => g.calls.map((c) => c.method))).toEqual(['PUT']);
    expect(groupsOf(document, 'exchange.trade')).toHaveLength(1);
    expect(groupsOf(document, 'nothing')).toEqual([]);
  });

  it('says types in words', () => {
    expect(typeText({ $ref: '#/components/schemas/mev.Finding' })).toBe('mev.Finding');
    expect(typeText({ type: 'integer', minimum: 1, maximum: 500 })).toBe('integer 1 … 500');
    expect(typeText({ type: 'integer', minimum: 0 })).toBe('integer 0 or more');
    expect(typeText({ type: 'array', items: { type: 'string', enum: ['a', 'b'] } })).toBe('list of a | b');
    expect(typeText({ anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] })).toBe('time | null');
  });

  it('finds shared answers', () => {
    expect(answerOf(document, { $ref: '#/components/responses/404' }).description).toBe('not here');
  });

  it('writes a call for the shell', () => {
    const [put, get] = groupsOf(document)[0]!.calls;
    expect(curlOf(put!, 'http://h')).toBe(
      `curl -X PUT -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"note":"it'\\''s"}' 'http://h/api/v1/exchange/orders/a%20b'`,
    );
    expect(curlOf(get!, 'http://h')).toBe(`curl 'http://h/api/v1/exchange/orders/{id}'`);
  });
});
