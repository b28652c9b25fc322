import { useTickers } from '@/features/exchange/market';

/** The market that is shown where none has been chosen: the venue's first. Empty until it is known. */
export const useFirstSymbol = (): string => useTickers().list[0]?.market ?? '';
