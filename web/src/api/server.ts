import { get } from './client';

/** The server as a process, for operators. */

export interface SystemStatus {
  version: string;
  started_at: string;
  uptime_seconds: number;
  roles: { part: string; mode: string }[];
  process: { memory_bytes: number; memory_peak_bytes: number; threads: number; open_files: number; open_files_max: number; cpu_seconds: number };
  disk: { database_bytes: number; journal_bytes: number; other_bytes: number; free_bytes: number; total_bytes: number };
}

export type JobOutcome = 'never' | 'running' | 'done' | 'failed';
export interface JobStatus {
  name: string;
  summary: string;
  rhythm: string;
  outcome: JobOutcome;
  runs: number;
  failures: number;
  last_run: string | null;
  took_ms: number | null;
  trouble: string;
  next_run: string | null;
}

export interface Health {
  status: string;
  version: string;
  reasons: string[];
}

export interface PriceSourceStatus {
  status: { source: string; kind: string; label: string; state: string; detail: string; messages: number; reconnects: number; last_message: string | null };
}

/** 503 is an answer too: what is wrong stands in it. */
async function health(signal?: AbortSignal): Promise<Health> {
  const response = await fetch('/api/v1/health', { signal });
  return (await response.json()) as Health;
}

async function metrics(signal?: AbortSignal): Promise<string> {
  const response = await fetch('/metrics', { signal });
  return response.text();
}

export const server = {
  health,
  metrics,
  system: (signal?: AbortSignal) => get<SystemStatus>('/api/v1/server/system', {}, signal),
  jobs: (signal?: AbortSignal) => get<{ time: string; items: JobStatus[] }>('/api/v1/server/jobs', {}, signal),
  sources: (signal?: AbortSignal) => get<{ sources: PriceSourceStatus[] }>('/api/v1/market/sources', {}, signal),
};
