import { WalletError, type Data } from './bytes';

export interface Argon2Work {
  password: Data;
  salt: Data;
  /** KiB. */
  memorySize: number;
  iterations: number;
}

/** The 32 bytes of Argon2id with one lane: in a thread of its own where there are threads. */
export async function argon2(work: Argon2Work): Promise<Data> {
  if (typeof Worker === 'undefined') {
    const { argon2id } = await import('hash-wasm');
    return (await argon2id({ ...work, parallelism: 1, hashLength: 32, outputType: 'binary' })) as Data;
  }
  const worker = new Worker(new URL('./argon2.worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise<Data>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<{ key?: Data; error?: string }>) =>
        data.key ? resolve(data.key) : reject(new WalletError('wallet_memory', data.error ?? 'failed'));
      worker.onerror = (event) => reject(new WalletError('wallet_memory', event.message));
      worker.postMessage(work);
    });
  } finally {
    worker.terminate();
  }
}
