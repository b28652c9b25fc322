import { get, send } from './client';

/** Requests to stop or start markets, which another operator confirms. */

export const kRequestStates = ['halted', 'reduce_only', 'open'] as const;
export interface StateWish {
  market: string;
  state: (typeof kRequestStates)[number];
  reason: string;
}
export type StateRequest = StateWish & {
  id: number;
  asked_by: string;
  asked: string;
  expires: string;
  outcome: 'waiting' | 'done' | 'refused' | 'withdrawn' | 'expired';
  decided_by: string | null;
  decided: string | null;
  note: string;
};

const root = '/api/v1/exchange/operate/state-requests';

export const halts = {
  list: (signal?: AbortSignal) => get<{ items: StateRequest[] }>(root, {}, signal),
  ask: (wish: StateWish) => send<StateRequest>('POST', root, wish),
  confirm: (id: number) => send<StateRequest>('POST', `${root}/${id}/confirm`),
  withdraw: (id: number) => send<StateRequest>('DELETE', `${root}/${id}`),
};
