import type { Wallet } from '@/api/wallets';

const kAmount = /^(0|[1-9][0-9]{0,11})(\.[0-9]{1,7})?$/;

/** Up to seven decimals, above zero; empty is good too: the payer chooses. */
export const isAmount = (text: string): boolean => text === '' || (kAmount.test(text) && /[1-9]/.test(text));

/** A request to pay: SEP-7 for Stellar, Solana Pay's form for Solana. */
export function paymentLink({ chain, address }: Pick<Wallet, 'chain' | 'address'>, amount: string): string {
  const wanted = amount !== '' && isAmount(amount) ? amount : null;
  if (chain === 'solana') return `solana:${address}${wanted ? `?amount=${wanted}` : ''}`;
  return `web+stellar:pay?destination=${address}${wanted ? `&amount=${wanted}` : ''}`;
}
