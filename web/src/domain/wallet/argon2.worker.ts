import { argon2id } from 'hash-wasm';
import type { Argon2Work } from './argon2';

/** Hashes away from the page, which stays alive meanwhile. */
self.onmessage = async ({ data }: MessageEvent<Argon2Work>) => {
  try {
    self.postMessage({ key: await argon2id({ ...data, parallelism: 1, hashLength: 32, outputType: 'binary' }) });
  } catch (error) {
    self.postMessage({ error: error instanceof Error ? error.message : 'failed' });
  }
};
