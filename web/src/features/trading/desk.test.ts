import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/api/client';
import { CallLost } from '@/stream';
import { closingSide, Desk, percentile, useLatency } from './desk';

const command = { method: 'POST', path: '/api/v1/exchange/orders', body: { size: '1' } };
const unreachable = () => new ApiError(0, 'unreachable', 'unreachable', '');
const answer = (status: number, body: Record<string, unknown>) => ({ status, body, retryAfterS: null, tookMs: 1 });

function deskWith(call: () => Promise<unknown>, http: ReturnType<typeof vi.fn> = vi.fn()) {
  const asked = vi.fn(call);
  return { desk: new Desk({ call: asked as never }, http as never, [0, 0], () => 'key-1'), call: asked, http };
}

describe('a command', () => {
  it('goes over the connection and is timed', async () => {
    const { desk, call, http } = deskWith(async () => answer(201, { order_id: '4' }));
    const before = useLatency.getState().samples.length;
    expect(await desk.act(command)).toEqual({ order_id: '4' });
    expect(call).toHaveBeenCalledWith({ ...command, idempotency_key: 'key-1' });
    expect(http).not.toHaveBeenCalled();
    expect(useLatency.getState().samples.length).toBe(before + 1);
  });
  it('that is refused says the rule, the field and what would be right', async () => {
    const { desk } = deskWith(async () => answer(400, { code: 'price_not_tick', title: 'Price not tick', detail: 'x', where: 'price', needed: '99.76', available: '99.763' }));
    await expect(desk.act(command)).rejects.toMatchObject({ status: 400, code: 'price_not_tick', where: 'price', needed: '99.76', available: '99.763' });
  });
  it.each([true, false])('goes over HTTP under the same key when the answer is lost (sent: %s)', async (sent) => {
    const http = vi.fn(async () => ({ order_id: '4' }));
    const { desk } = deskWith(() => Promise.reject(new CallLost(sent)), http);
    expect(await desk.act(command)).toEqual({ order_id: '4' });
    expect(http).toHaveBeenCalledWith('POST', command.path, command.body, 'key-1');
  });
  it('goes over HTTP when the connection has no session any more', async () => {
    const http = vi.fn(async () => 'done');
    const { desk } = deskWith(async () => answer(401, { code: 'token_expired' }), http);
    expect(await desk.act(command)).toBe('done');
  });
  it('is asked again until the server is back', async () => {
    const http = vi.fn().mockRejectedValueOnce(unreachable()).mockResolvedValueOnce('done');
    const { desk } = deskWith(() => Promise.reject(new CallLost(true)), http);
    expect(await desk.act(command)).toBe('done');
    expect(http.mock.calls.map((args) => args[3])).toEqual(['key-1', 'key-1']);
  });
  it.each([
    [true, 'outcome_unknown'],
    [false, 'unreachable'],
  ])('of a server that stays away has an outcome as known as it is (sent: %s → %s)', async (sent, code) => {
    const http = vi.fn().mockRejectedValue(unreachable());
    const { desk } = deskWith(() => Promise.reject(new CallLost(sent)), http);
    await expect(desk.act(command)).rejects.toMatchObject({ code });
    expect(http).toHaveBeenCalledTimes(3);
  });
  it('refused over HTTP is not sent again', async () => {
    const http = vi.fn().mockRejectedValue(new ApiError(422, 'margin_insufficient', '', ''));
    const { desk } = deskWith(() => Promise.reject(new CallLost(false)), http);
    await expect(desk.act(command)).rejects.toMatchObject({ code: 'margin_insufficient' });
    expect(http).toHaveBeenCalledTimes(1);
  });
});

describe('helpers', () => {
  it('closes a long by selling', () => {
    expect(closingSide({ size: '2' })).toBe('sell');
    expect(closingSide({ size: '-0.5' })).toBe('buy');
  });
  it('has percentiles', () => {
    expect(percentile([], 0.5)).toBeNull();
    expect(percentile([3, 1, 2], 0.5)).toBe(2);
    expect(percentile([3, 1, 2], 0.99)).toBe(3);
  });
});
