import { beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('zustand/middleware', () => ({ persist: (make: unknown) => make }));
const { DeadManKeeper, useDeadMan, useDeadManState } = await import('./deadMan');

class Around {
  calls: string[] = [];
  fails = false;
  time = 1_000;
  timers = new Map<number, { act: () => void; ms: number }>();
  private ids = 0;
  set = async (account: number, ms: number) => {
    this.calls.push(`${account}:${ms}`);
    if (this.fails) throw new Error('unreachable');
  };
  every = (act: () => void, ms: number) => {
    this.timers.set(++this.ids, { act, ms });
    return this.ids;
  };
  clear = (timer: unknown) => void this.timers.delete(timer as number);
  now = () => this.time;
}

describe("the dead man's switch", () => {
  let around: Around;
  let keeper: InstanceType<typeof DeadManKeeper>;
  beforeEach(() => {
    around = new Around();
    keeper = new DeadManKeeper(around);
    useDeadMan.setState({ minutes: {} });
    useDeadManState.setState({}, true);
  });

  it('is set at once and three times within its time', async () => {
    await keeper.start(3, 2);
    expect(around.calls).toEqual(['3:120000']);
    expect([...around.timers.values()].map(({ ms }) => ms)).toEqual([40_000]);
    expect(useDeadManState.getState()[3]).toEqual({ until: 121_000, error: null });
    around.time = 41_000;
    [...around.timers.values()][0]!.act();
    await Promise.resolve();
    await Promise.resolve();
    expect(around.calls).toEqual(['3:120000', '3:120000']);
    expect(useDeadManState.getState()[3]?.until).toBe(161_000);
  });

  it('that cannot be set says so, and keeps saying until when the last one holds', async () => {
    await keeper.start(3, 2);
    around.fails = true;
    around.time = 41_000;
    [...around.timers.values()][0]!.act();
    await vi.waitFor(() => expect(useDeadManState.getState()[3]?.error).toBeInstanceOf(Error));
    expect(useDeadManState.getState()[3]?.until).toBe(121_000);
  });

  it('is taken away with all that renews it', async () => {
    await keeper.start(3, 5);
    await keeper.stop(3);
    expect(around.timers.size).toBe(0);
    expect(around.calls.at(-1)).toBe('3:0');
    expect(useDeadMan.getState().minutes).toEqual({});
    expect(useDeadManState.getState()[3]?.until).toBeNull();
  });

  it('goes on when the page is opened again, for the accounts that had it', async () => {
    useDeadMan.setState({ minutes: { 7: 15 } });
    keeper.resume([3, 7]);
    keeper.resume([3, 7]);
    await Promise.resolve();
    expect(around.calls).toEqual(['7:900000']);
  });

  it('has one timer, whatever is chosen after another', async () => {
    await keeper.start(3, 2);
    await keeper.start(3, 60);
    expect([...around.timers.values()].map(({ ms }) => ms)).toEqual([1_200_000]);
    expect(useDeadMan.getState().minutes).toEqual({ 3: 60 });
  });
});
