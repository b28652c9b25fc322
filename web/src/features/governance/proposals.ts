import type { Choice, Proposal, Stake } from '@/api/governance';
import { nanoOr0, shownNano, type Nano } from '@/domain/decimal';
import { duration } from '@/domain/time';
import { t } from '@/strings';

const g = t.governance;

/** "1,234.5", without needless zeros. */
export const powerText = (amount: string): string => shownNano(nanoOr0(amount), 9).replace(/\.?0+$/, '');

export interface Slice {
  choice: Choice;
  power: string;
  /** Of all power, in thousandths of a per cent: for drawing. */
  share: number;
}

/** What each choice has of all the power that counts. */
export function slicesOf({ tally, terms }: Pick<Proposal, 'tally' | 'terms'>): Slice[] {
  const total: Nano = nanoOr0(terms.total);
  const share = (power: Nano): number => (total === 0n ? 0 : Number((power * 100_000n) / total));
  return (['in_favour', 'against', 'abstain'] as const).map((choice) => ({ choice, power: tally[choice], share: share(nanoOr0(tally[choice])) }));
}

/** What happens next by itself, and when; null of what has ended. */
export function nextStepOf({ state, terms }: Pick<Proposal, 'state' | 'terms'>, now: number): string | null {
  const at = { voting: terms.voting_ends, timelock: terms.executable, ready: terms.expires }[state as 'voting' | 'timelock' | 'ready'];
  if (at === undefined) return null;
  return g.next[state as 'voting' | 'timelock' | 'ready'](duration(Math.max(0, (at - now) / 1000)));
}

/** Acts that its state allows; who may do them is the venue's to say. */
export function stepsOf({ state }: Pick<Proposal, 'state'>): ('execute' | 'cancel' | 'veto')[] {
  if (state === 'voting') return ['cancel'];
  if (state === 'timelock') return ['veto', 'cancel'];
  return state === 'ready' ? ['execute', 'cancel'] : [];
}

/** A proposal as it is now, in the place of what it was; new ones first. */
export function withProposal(known: readonly Proposal[], proposal: Proposal): Proposal[] {
  const isKnown = known.some(({ id }) => id === proposal.id);
  return isKnown ? known.map((each) => (each.id === proposal.id ? proposal : each)) : [proposal, ...known];
}

/** What comes free first stands first. */
export const coolingInOrder = ({ cooling }: Pick<Stake, 'cooling'>): Stake['cooling'] => [...cooling].sort((a, b) => a.free_at - b.free_at);
