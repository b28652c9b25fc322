import { useQuery } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { ApiError, get } from '@/api/client';
import { newStream } from '@/stream';
import type { ChannelSource, EndpointSource, Widget } from './board';
import { targetOf } from './catalogue';
import { BoardFeeds, kFiltersMax } from './feeds';
import type { Given, Row } from './series';

export interface SourceState {
  given: Given;
  isLoading: boolean;
  error: unknown;
  /** When the newest came; null before. */
  at: number | null;
  gaps: number;
  again?: () => void;
}

/** A parameter that the route needs and the widget does not give. */
export class LackingError extends Error {
  constructor(readonly parameter: string) {
    super(parameter);
  }
}
/** More filters of one channel than a board follows. */
export class FiltersError extends Error {
  readonly most = kFiltersMax;
}

export const Feeds = createContext<BoardFeeds | null>(null);

/** The channels of a board, for as long as it is shown. */
export function useFeeds(mark: string): BoardFeeds {
  // Whoever signs in or out is somebody else to the server.
  const feeds = useMemo(() => new BoardFeeds(newStream), [mark]);
  useEffect(() => () => feeds.stop(), [feeds]);
  return feeds;
}

/** Answers that are kept for a line that grows while one looks on. */
const kHistoryMax = 240;

export function useEndpoint(source: EndpointSource, keepsHistory: boolean, isEnabled = true): SourceState {
  const { path, query, lacking } = targetOf(source);
  const answer = useQuery({
    queryKey: ['board', path, query],
    queryFn: ({ signal }) => get<unknown>(path, query, signal),
    enabled: isEnabled && lacking === null,
    refetchInterval: source.everyS * 1000,
    retry: false,
  });
  const history = useRef<{ of: string; rows: Row[] }>({ of: '', rows: [] });
  const key = JSON.stringify([path, query, keepsHistory]);
  const given = useMemo<Given>(() => {
    const past = history.current.of === key ? history.current.rows : [];
    if (answer.data === undefined) return { kind: 'endpoint', rows: [] };
    const isKnown = past.at(-1)?.at === answer.dataUpdatedAt;
    const rows = isKnown ? past : [...(keepsHistory ? past.slice(1 - kHistoryMax) : []), { value: answer.data, at: answer.dataUpdatedAt }];
    history.current = { of: key, rows };
    return { kind: 'endpoint', rows };
  }, [key, answer.data, answer.dataUpdatedAt, keepsHistory]);
  return {
    given,
    isLoading: answer.isPending && lacking === null,
    error: lacking !== null ? new LackingError(lacking) : answer.error,
    at: answer.data === undefined ? null : answer.dataUpdatedAt,
    gaps: 0,
    again: () => void answer.refetch(),
  };
}

const noop = (): void => {};

export function useChannel(source: ChannelSource | null): SourceState {
  const feeds = useContext(Feeds);
  const key = source ? BoardFeeds.keyOf(source.channel, source.filter) : '';
  const follow = useCallback(
    (listener: () => void) => (feeds && source ? feeds.follow(source.channel, source.filter, listener) : noop),
    // The key says all of the source.
    [feeds, key],
  );
  const view = useSyncExternalStore(follow, () => feeds?.view(key) ?? null);
  const given = useMemo<Given>(() => ({ kind: 'channel', rows: view?.rows ?? [] }), [view?.rows]);
  const { refusal } = view ?? {};
  const error = !refusal ? null : refusal.code === 'too_many_filters' ? new FiltersError() : new ApiError(refusal.code === 'unknown_channel' ? 404 : /sign_in|permission|forbidden/.test(refusal.code) ? 403 : 400, refusal.code, '', refusal.message);
  return { given, isLoading: view !== null && !view.isReady && !refusal, error, at: given.rows.at(-1)?.at ?? null, gaps: view?.gaps ?? 0 };
}

const kIdle: EndpointSource = { kind: 'endpoint', path: '/api/v1/health', parameters: {}, everyS: 300 };

/** What a widget is fed with, whichever kind its source is. */
export function useSource({ source, view, rows }: Pick<Widget, 'source' | 'view' | 'rows'>): SourceState {
  const isEndpoint = source.kind === 'endpoint';
  const asked = useEndpoint(isEndpoint ? source : kIdle, rows === '' && (view === 'line' || view === 'number'), isEndpoint);
  const followed = useChannel(isEndpoint ? null : source);
  return isEndpoint ? asked : followed;
}
