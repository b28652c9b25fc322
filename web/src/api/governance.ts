import { get, send } from './client';
import type { Market } from './markets';

/** Proposals and votes (docs/governance.md). Amounts are in the governance asset, as decimal text. */

export const kProposalStates = ['voting', 'timelock', 'ready', 'executed', 'defeated', 'vetoed', 'expired', 'cancelled'] as const;
export type ProposalState = (typeof kProposalStates)[number];
export const kChoices = ['in_favour', 'against', 'abstain'] as const;
export type Choice = (typeof kChoices)[number];

export interface Condition {
  name: string;
  sentence: string;
  needed: string;
  has: string;
  is_met: boolean;
}

export interface Proposal {
  id: number;
  account: number;
  state: ProposalState;
  title: string;
  text: string;
  subject: string;
  changes: { setting: string; from: string; to: string }[];
  created: number;
  ended: number | null;
  terms: { total: string; quorum: string; threshold: string; voting_ends: number; executable: number; expires: number; deposit: string; vetoes: number };
  tally: Record<Choice, string>;
  verdict: string;
  conditions: Condition[];
  vetoes: number;
}

export interface Vote {
  account: number;
  choice: Choice;
  power: string;
}

export interface Stake {
  account: number;
  stake: string;
  delegate: number;
  power: string;
  cooling: { free_at: number; amount: string }[];
}

export interface GovernanceParameters {
  asset: string;
  staked: string;
  voters: number;
  rules: { binds: boolean; quorum_ppm: number; threshold_ppm: number; voting_ms: number; timelock_ms: number; expiry_ms: number; cooldown_ms: number; deposit: string; proposer_power_min: string; vetoes: number; guardians: string[] };
}

export type Settings = Record<string, unknown>;
/** What a proposal does: exactly one of these. Of settings, what differs from those in force. */
export interface ProposalAction {
  market?: Market;
  asset?: Settings;
  venue?: Settings;
  governance?: Settings;
  payment?: { account: number; amount: string };
}

const root = '/api/v1/governance';
/** Each act is done once, however often it is sent. */
const act = <T>(path: string, body: object) => send<T>('POST', root + path, body, crypto.randomUUID());

export const governance = {
  parameters: (signal?: AbortSignal) => get<GovernanceParameters>(`${root}/parameters`, {}, signal),
  proposals: (state: ProposalState | null, signal?: AbortSignal) => get<{ proposals: Proposal[] }>(`${root}/proposals`, { state }, signal),
  proposal: (id: number, signal?: AbortSignal) => get<Proposal>(`${root}/proposals/${id}`, {}, signal),
  votes: (proposal: number, signal?: AbortSignal) => get<{ votes: Vote[]; next: number | null }>(`${root}/votes`, { proposal }, signal),
  stake: (account: number, signal?: AbortSignal) => get<Stake>(`${root}/stakes`, { account }, signal),
  propose: (account: number, title: string, text: string, action: ProposalAction) => act<Proposal>('/proposals', { account, title, text, action }),
  /** Settings that a proposal may change beside those of markets: of each collateral, and of the whole venue. */
  assets: (signal?: AbortSignal) => get<{ assets: { settings: Settings & { symbol: string } }[] }>('/api/v1/exchange/assets', {}, signal),
  venue: (signal?: AbortSignal) => get<Settings>('/api/v1/exchange/settings', {}, signal),
  vote: (account: number, proposal: number, choice: Choice) => act<Proposal>('/votes', { account, proposal, choice }),
  addStake: (account: number, amount: string) => act<Stake>('/stakes', { account, amount }),
  withdraw: (account: number, amount: string) => act<Stake>('/stakes/withdrawals', { account, amount }),
  delegate: (account: number, to: number) => act<Stake>('/stakes/delegations', { account, to }),
  step: (proposal: number, what: 'veto' | 'cancel' | 'execute', account: number) => act<Proposal>(`/proposals/${proposal}/${what}`, { account }),
};
