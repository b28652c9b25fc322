import { describe, expect, it } from 'vitest';
import type { Proposal } from '@/api/governance';
import { coolingInOrder, nextStepOf, powerText, slicesOf, stepsOf, withProposal } from './proposals';

const terms: Proposal['terms'] = { total: '800.5', quorum: '160.1', threshold: '120.075', voting_ends: 10_000, executable: 70_000, expires: 130_000, deposit: '100', vetoes: 2 };
const proposal = (id: number, state: Proposal['state'] = 'voting'): Proposal => ({
  id, state, terms, account: 1, title: `p${id}`, text: '', subject: 'venue', changes: [], created: 0, ended: null,
  tally: { in_favour: '200.125', against: '0', abstain: '400.25' }, verdict: 'accepted', conditions: [], vetoes: 0,
});

describe('proposals', () => {
  it('show what each choice has of all power', () => {
    expect(slicesOf(proposal(1)).map(({ share }) => share)).toEqual([25_000, 0, 50_000]);
    expect(slicesOf({ ...proposal(1), terms: { ...terms, total: '0' } }).map(({ share }) => share)).toEqual([0, 0, 0]);
    expect(powerText('1234.500000000')).toBe('1,234.5');
    expect(powerText('1000')).toBe('1,000');
  });

  it('say what happens next, until they have ended', () => {
    expect(nextStepOf(proposal(1), 5_000)).toBe('voting ends in 5 s');
    expect(nextStepOf(proposal(1, 'timelock'), 10_000)).toBe('can be executed in 1 min');
    expect(nextStepOf(proposal(1, 'ready'), 10_000)).toBe('expires in 2 min');
    expect(nextStepOf(proposal(1, 'executed'), 10_000)).toBeNull();
    expect(nextStepOf(proposal(1), 99_000)).toBe('voting ends in 0 s');
  });

  it('offer only what their state allows', () => {
    expect(stepsOf(proposal(1))).toEqual(['cancel']);
    expect(stepsOf(proposal(1, 'timelock'))).toEqual(['veto', 'cancel']);
    expect(stepsOf(proposal(1, 'ready'))).toEqual(['execute', 'cancel']);
    expect(stepsOf(proposal(1, 'defeated'))).toEqual([]);
  });

  it('are replaced where they stand; a new one stands first', () => {
    const known = [proposal(2), proposal(1)];
    expect(withProposal(known, proposal(1, 'defeated')).map(({ id, state }) => `${id} ${state}`)).toEqual(['2 voting', '1 defeated']);
    expect(withProposal(known, proposal(3)).map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  it('stakes come free in order', () => {
    expect(coolingInOrder({ cooling: [{ free_at: 9, amount: '1' }, { free_at: 3, amount: '2' }] }).map(({ amount }) => amount)).toEqual(['2', '1']);
  });
});
