import { shorten } from './address';

/** Mints whose symbol and decimals we may state without asking the chain. */
export interface Token {
  symbol: string;
  decimals: number;
}

export const WSOL = 'So11111111111111111111111111111111111111112';
/** The system program's address stands for native SOL where a mint is expected. */
export const NATIVE = '11111111111111111111111111111111';

const known: Record<string, Token> = {
  [WSOL]: { symbol: 'SOL', decimals: 9 },
  [NATIVE]: { symbol: 'SOL', decimals: 9 },
  EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v: { symbol: 'USDC', decimals: 6 },
  Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB: { symbol: 'USDT', decimals: 6 },
  '2b1kV6DkPAnxd5ixfnxCpjxmKwqjjaYmCZfHsFu24GXo': { symbol: 'PYUSD', decimals: 6 },
  J1toso1uCk3RLmjorhTtrVwY9HJ7X8V9yYac6Y7kGCPn: { symbol: 'JitoSOL', decimals: 9 },
  mSoLzYCxHdYgdzU16g5QSh3i5K3z3KZK7ytfqcJm7So: { symbol: 'mSOL', decimals: 9 },
  bSo13r4TkiE4KumL71LsHTPpL2euBYLFx6h9HP3piy1: { symbol: 'bSOL', decimals: 9 },
  '7dHbWXmci3dT8UFYWYZweBLXgycu7Y3iL6trKn1Y7ARj': { symbol: 'stSOL', decimals: 9 },
  jupSoLaHXQiZZTSfEWMTRRgpnyFm8f6sZdosWBjx93v: { symbol: 'JupSOL', decimals: 9 },
  '5oVNBeEEQvYi1cX3ir8Dx5n1P7pdxydbGF2X4TxVusJm': { symbol: 'INF', decimals: 9 },
  DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263: { symbol: 'BONK', decimals: 5 },
  EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm: { symbol: 'WIF', decimals: 6 },
  WENWENvqqNya429ubCdR81ZmD69brwQaaBYY6p3LCpk: { symbol: 'WEN', decimals: 5 },
  JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSYbKedZNsDvCN: { symbol: 'JUP', decimals: 6 },
  '4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R': { symbol: 'RAY', decimals: 6 },
  orcaEKTdK7LKz57vaAYr9QeNsVEPfiu6QeMU1kektZE: { symbol: 'ORCA', decimals: 6 },
  jtojtomepa8beP8AuQc6eXt5FriJwfFMwQx2v2f9mCL: { symbol: 'JTO', decimals: 9 },
  HZ1JovNiVvGrGNiiYvEozEVgZ58xaU3RKwX8eACQBCt3: { symbol: 'PYTH', decimals: 6 },
  '85VBFQZC9TZkfaptBWjvUw7YbZjy52A6mjtPGjstQAmQ': { symbol: 'W', decimals: 6 },
  '7vfCXTUXx5WJV5JADk17DUJ4ksgau7utNKj4b963voxs': { symbol: 'wETH', decimals: 8 },
  '3NZ9JMVBmGAqocybic2c7LQCJScmgsAZ6vQqTDzcqmJh': { symbol: 'wBTC', decimals: 8 },
  oreoU2P8bN6jkk3jbaiVxYnG1dCXcYxwhwyK9jSybcp: { symbol: 'ORE', decimals: 11 },
};

export const knownMints: ReadonlyMap<string, Token> = new Map(Object.entries(known));

const kLearnedMax = 20_000;
const learned = new Map<string, Token>();

/** A mint's decimals never change, so what one finding says of them holds for every amount of the token. */
export function learnDecimals(legs: readonly { mint_in: string; decimals_in?: number | null; mint_out: string; decimals_out?: number | null }[]): void {
  for (const leg of legs) {
    learn(leg.mint_in, leg.decimals_in);
    learn(leg.mint_out, leg.decimals_out);
  }
}

function learn(mint: string, decimals: number | null | undefined): void {
  if (decimals === null || decimals === undefined || knownMints.has(mint) || learned.has(mint) || learned.size >= kLearnedMax) return;
  learned.set(mint, { symbol: shorten(mint, 4, 3), decimals });
}

/** What is known of a mint: its symbol, or its address shortened; undefined when its decimals are not known. */
export const tokenOf = (mint: string): Token | undefined => knownMints.get(mint) ?? learned.get(mint);

export const isSol = (mint: string): boolean => mint === WSOL || mint === NATIVE;
