import { describe, expect, it } from 'vitest';
import { barTime, shiftMs, zoneName } from './clock';
import { joinGroup } from './crosshairs';
import { countdown, kIntervals, startOf, typedInterval } from './intervals';
import { shownNumber, widened } from './plot';
import { changeOfClose, changeText, moveByTicks, snapToTick } from './price';
import { kStandardSettings, parseSettings } from './settings';
import { kStudyKinds, parseStudies, readParameter, standardStudy, studyText } from './studies';
import { splitAnswer, withTail } from './study_values';

describe('a place on the screen', () => {
  it('becomes the nearest price the venue takes', () => {
    expect(snapToTick(105.3949, '0.01')).toBe('105.39');
    expect(snapToTick(105.395, '0.01')).toBe('105.40');
    expect(snapToTick(61_803.26, '0.1')).toBe('61803.3');
    expect(snapToTick(0.100_514_9, '0.00001')).toBe('0.10051');
    expect(snapToTick(103, '5')).toBe('105');
    expect(snapToTick(-3, '0.01')).toBe('0.01');
  });

  it('is a multiple of the tick for every price', () => {
    for (let i = 1; i < 2000; i++) expect(Number(BigInt(snapToTick(i * 0.0137, '0.025').replace('.', '')) % 25n)).toBe(0);
  });

  it('is written with thousands apart', () => {
    expect([shownNumber(61803.26, 1), shownNumber(-0.5, 2), shownNumber(1234, 0)]).toEqual(['61,803.3', '−0.50', '1,234']);
  });

  it('moves by ticks and never to nothing', () => {
    expect(moveByTicks('105.39', 10, '0.01')).toBe('105.49');
    expect(moveByTicks('0.02', -10, '0.01')).toBe('0.01');
  });
});

describe('the range of prices', () => {
  it('takes in what stands near, not what is far away', () => {
    expect(widened({ minValue: 100, maxValue: 110 }, [95, 200, 115, 1])).toEqual({ minValue: 95, maxValue: 115 });
    expect(widened({ minValue: 100, maxValue: 100 }, [99.5, 98])).toEqual({ minValue: 99.5, maxValue: 100 });
    expect(widened({ minValue: 1, maxValue: 2 }, [])).toEqual({ minValue: 1, maxValue: 2 });
  });
});

describe('change of a bar', () => {
  it('is against the close before', () => {
    expect(changeText(changeOfClose('100', '101.5')!, 2)).toBe('+1.50 (+1.50 %)');
    expect(changeText(changeOfClose('100', '99.99')!, 2)).toBe('−0.01 (−0.01 %)');
    expect(changeOfClose(undefined, '1')).toBeNull();
    expect(changeOfClose('0', '1')).toBeNull();
  });
});

describe('intervals', () => {
  it('are typed as traders do', () => {
    expect(typedInterval('5')?.interval).toBe('5m');
    expect(typedInterval('240')?.interval).toBe('4h');
    expect(typedInterval('1D')?.interval).toBe('1d');
    expect(typedInterval('60s')?.interval).toBe('1m');
    expect(typedInterval('7')).toEqual({ interval: null, nearest: '5m' });
    expect(typedInterval('x')).toBeNull();
  });

  it('begin where the server lets them begin, weeks on Monday', () => {
    const moment = Date.UTC(2026, 10, 29, 23, 7, 5);
    expect(new Date(startOf(moment, '1w')).toISOString()).toBe('2026-11-23T00:00:00.000Z');
    expect(new Date(startOf(moment, '4h')).toISOString()).toBe('2026-11-29T20:00:00.000Z');
    for (const interval of kIntervals) expect(startOf(startOf(moment, interval), interval)).toBe(startOf(moment, interval));
  });

  it('count down to their end and never below one second', () => {
    expect(countdown(Date.UTC(2026, 10, 29, 23, 7, 5), '1m')).toBe('00:55');
    expect(countdown(Date.UTC(2026, 10, 29, 23, 7, 5), '4h')).toBe('52:55');
    expect(countdown(Date.UTC(2026, 10, 29, 22, 7, 5), '4h')).toBe('1:52:55');
    expect(countdown(Date.UTC(2026, 10, 23, 0, 0, 0), '1w')).toBe('7 d 00:00');
    expect(countdown(59_999, '1m')).toBe('00:01');
    expect(countdown(60_000, '1m')).toBe('01:00');
  });
});

describe('the clock of the axis', () => {
  it('says its zone, and leaves days in UTC', () => {
    const there = { getTimezoneOffset: () => 210 } as Date;
    expect(shiftMs('utc', '1m', there)).toBe(0);
    expect(shiftMs('local', '1d', there)).toBe(0);
    expect(zoneName(shiftMs('local', '1m', there))).toBe('UTC−3:30');
    expect(zoneName(7_200_000)).toBe('UTC+2');
  });
  it('tells a bar by what it needs', () => {
    const moment = Date.UTC(2026, 10, 29, 23, 7, 5);
    expect([barTime(moment, '1s', 0), barTime(moment, '1m', 7_200_000), barTime(moment, '1d', 0)]).toEqual(['29 Nov 2026 23:07:05', '30 Nov 2026 01:07', '29 Nov 2026']);
  });
});

describe('indicators', () => {
  it('have standards that obey their own rules', () => {
    for (const kind of kStudyKinds) expect(parseStudies([standardStudy(kind)])).toHaveLength(1);
    expect(studyText(standardStudy(kStudyKinds.find((kind) => kind.name === 'macd')!))).toBe('macd(12,26,9)');
    expect(studyText({ kind: 'obv', parameters: [] })).toBe('obv');
  });

  it('name the rule and the nearest value of a number that breaks it', () => {
    const [period] = kStudyKinds.find((kind) => kind.name === 'rsi')!.parameters;
    expect(readParameter('14', period!)).toBe(14);
    expect(readParameter('1', period!)).toMatchObject({ least: 2, most: 1000, nearest: 2 });
    expect(readParameter('2000', period!)).toMatchObject({ nearest: 1000 });
    expect(readParameter('14.6', period!)).toMatchObject({ nearest: 15 });
    expect(readParameter('', period!)).toMatchObject({ nearest: 14 });
  });

  it('are kept once each', () => {
    expect(parseStudies([{ kind: 'ema', parameters: [20] }, { kind: 'ema', parameters: [20] }, { kind: 'ema', parameters: [0] }, { kind: 'nonsense', parameters: [] }])).toEqual([{ kind: 'ema', parameters: [20] }]);
  });

  it('come apart in the order they were asked for', () => {
    const studies = [{ kind: 'macd', parameters: [12, 26, 9] }, { kind: 'ema', parameters: [20] }];
    const indicators = ['a', 'b', 'c', 'd'].map((name, i) => ({ name, values: [i, i] }));
    const split = splitAnswer(studies, { symbol: 'A', interval: '1m', warm_up: 0, starts: [1, 2], indicators });
    expect(split.get('macd(12,26,9)')!.columns).toEqual([[0, 0], [1, 1], [2, 2]]);
    expect(split.get('ema(20)')!.columns).toEqual([[3, 3]]);
  });

  it('take a tail in the place of what it says again', () => {
    const known = { starts: [1, 2, 3], columns: [[10, 20, 30]] };
    expect(withTail(known, { starts: [3, 4], columns: [[31, 40]] })).toEqual({ starts: [1, 2, 3, 4], columns: [[10, 20, 31, 40]] });
    expect(withTail(known, { starts: [], columns: [[]] })).toEqual(known);
    expect(withTail(undefined, known)).toEqual(known);
  });
});

describe('settings', () => {
  it('are what is understood of what was kept', () => {
    expect(parseSettings(null)).toEqual(kStandardSettings);
    expect(parseSettings({ interval: '7m', style: 'line', volume: 'yes', compared: ['A', 'A', 3], studies: [{ kind: 'obv', parameters: [] }] })).toEqual({
      ...kStandardSettings, style: 'line', compared: ['A'], studies: [{ kind: 'obv', parameters: [] }],
    });
  });
});

describe('charts of a group', () => {
  it('hear each other and not themselves', () => {
    const heard: string[] = [];
    const a = joinGroup('blue', () => heard.push('a'));
    const b = joinGroup('blue', () => heard.push('b'));
    const c = joinGroup('teal', () => heard.push('c'));
    a.tell({ time: 1, symbol: 'A', price: null });
    expect(heard).toEqual(['b']);
    b.leave();
    a.tell(null);
    expect(heard).toEqual(['b']);
    c.leave();
  });
});
