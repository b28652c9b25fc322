import { en, type Strings } from './en';

/** The language in use. */
export const t: Strings = en;
