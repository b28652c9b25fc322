import { type Data } from '@/domain/wallet/bytes';

/** This browser's own key: its secret half is used here and cannot be read, not even by this page. */
export interface Device {
  key: CryptoKey;
  /** The public half. */
  device: Data;
}

const kStore = 'devices';

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('astrolabe-wallets', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(kStore);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no database'));
  });
}

async function inStore<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await database();
  try {
    return await new Promise<T>((resolve, reject) => {
      const request = ask(db.transaction(kStore, mode).objectStore(kStore));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('not stored'));
    });
  } finally {
    db.close();
  }
}

/** The key of this browser for this user; null when there is none yet, or none can be kept. */
export async function findDevice(user: string): Promise<Device | null> {
  try {
    return (await inStore<Device | undefined>('readonly', (store) => store.get(user) as IDBRequest<Device | undefined>)) ?? null;
  } catch {
    return null;
  }
}

/** The same, made when there is none. Null where the browser knows no X25519 or keeps nothing. */
export async function ensureDevice(user: string): Promise<Device | null> {
  const known = await findDevice(user);
  if (known) return known;
  try {
    const pair = (await crypto.subtle.generateKey('X25519', false, ['deriveBits'])) as CryptoKeyPair;
    const made: Device = { key: pair.privateKey, device: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)) };
    await inStore('readwrite', (store) => store.put(made, user));
    return made;
  } catch {
    return null;
  }
}

/** "Firefox on Linux": how the browser names itself, for the list of what opens a wallet. */
export function deviceLabel(agent: string = navigator.userAgent): string {
  const browser = /Edg\//.test(agent) ? 'Edge' : /Firefox\//.test(agent) ? 'Firefox' : /Chrom(e|ium)\//.test(agent) ? 'Chrome' : /Safari\//.test(agent) ? 'Safari' : 'Browser';
  const system = /Android/.test(agent) ? 'Android' : /iPhone|iPad/.test(agent) ? 'iOS' : /Windows/.test(agent) ? 'Windows' : /Mac OS/.test(agent) ? 'macOS' : /Linux/.test(agent) ? 'Linux' : '';
  return system ? `${browser} on ${system}` : browser;
}
