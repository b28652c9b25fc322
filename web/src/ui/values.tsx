import { Link } from 'react-router';
import { shorten } from '@/domain/address';
import { formatCompact, formatRaw, group, parseRaw, SOL_DECIMALS, USD_DECIMALS } from '@/domain/amount';
import { exactTime, parseTime, relativeTime } from '@/domain/time';
import { tokenOf } from '@/domain/tokens';
import { t } from '@/strings';
import { useNow } from './clock';
import { copyText } from './copy';
import { Icon } from './Icon';

const direction = (value: bigint): string => (value > 0n ? 'up' : value < 0n ? 'down' : 'muted');

/** Lamports as SOL with six decimals; the exact amount on hover. `signed` colours gains and losses. */
export function Sol({ lamports, signed = false, places = 6 }: { lamports: string | null; signed?: boolean; places?: number }) {
  const value = parseRaw(lamports);
  if (value === null) return <span className="muted">{t.live.noPrice}</span>;
  return (
    <span className={`num ${signed ? direction(value) : ''}`} title={`${formatRaw(value, SOL_DECIMALS, { sign: signed ? 'always' : 'negative' })} SOL`}>
      {formatRaw(value, SOL_DECIMALS, { places, sign: signed ? 'always' : 'negative' })}
    </span>
  );
}

export function Usd({ micros }: { micros: string | null }) {
  const value = parseRaw(micros);
  if (value === null) return <span className="muted">–</span>;
  return <span className={`num ${direction(value)}`}>{formatRaw(value, USD_DECIMALS, { places: 2, sign: 'always' })}</span>;
}

export const mintSymbol = (mint: string): string => tokenOf(mint)?.symbol ?? shorten(mint, 4, 3);

/** "1,234.5 BONK"; of an unknown mint the raw integer, plainly marked. */
export function amountText(raw: string | null, mint: string, sign: 'always' | 'negative' = 'negative'): string {
  const value = parseRaw(raw);
  if (value === null) return '–';
  const token = tokenOf(mint);
  if (token) return `${formatCompact(value, token.decimals, sign)} ${token.symbol}`;
  return `${formatRaw(value, 0, { sign })} ${t.tokens.raw} ${shorten(mint, 4, 3)}`;
}

export function TokenAmount({ raw, mint, signed = false }: { raw: string | null; mint: string; signed?: boolean }) {
  const value = parseRaw(raw);
  if (value === null) return <span className="muted">–</span>;
  const token = tokenOf(mint);
  const sign = signed ? 'always' : 'negative';
  const figure = token ? formatCompact(value, token.decimals, sign) : formatRaw(value, 0, { sign });
  const hint = token ? `${formatRaw(value, token.decimals, { sign })} ${token.symbol} (${mint})` : t.tokens.rawHint(mint);
  return (
    <span className="token-amount" title={hint}>
      <span className={`num ${signed ? direction(value) : ''}`}>{figure}</span>
      <span className="token-symbol">
        {token ? token.symbol : shorten(mint, 4, 3)}
        {token ? null : <em className="raw-mark">{t.tokens.raw}</em>}
      </span>
    </span>
  );
}

export function Count({ value }: { value: number | string }) {
  return <span className="num">{group(String(value))}</span>;
}

/** A long hash, shortened; a click copies the whole. */
export function Hash({ text, what, head = 4, tail = 4 }: { text: string; what: string; head?: number; tail?: number }) {
  return (
    <button
      type="button"
      className="hash num"
      title={text}
      aria-label={t.copy.action(`${what} ${shorten(text, head, tail)}`)}
      onClick={(event) => {
        event.stopPropagation();
        void copyText(text, what);
      }}
    >
      {shorten(text, head, tail)}
      <Icon name="copy" size={12} />
    </button>
  );
}

/** A hash with the way to its page in the terminal. */
export function LinkedHash({ text, what, to, head, tail }: { text: string; what: string; to: string; head?: number; tail?: number }) {
  return (
    <span className="linked-hash">
      <Hash text={text} what={what} head={head} tail={tail} />
      <Link to={to} className="hash-link" aria-label={`${t.lookup.go} ${shorten(text)}`} title={t.lookup.go}>
        <Icon name="open" size={12} />
      </Link>
    </span>
  );
}

export const walletPath = (address: string): string => `/mev/wallets/${address}`;
export const poolPath = (address: string): string => `/mev/pools/${address}`;
export const transactionPath = (signature: string): string => `/mev/transactions/${signature}`;
export const findingPath = (id: string): string => `/mev/opportunities/${encodeURIComponent(id)}`;

export const Wallet = ({ address }: { address: string }) => <LinkedHash text={address} what={t.copy.address} to={walletPath(address)} />;
export const Pool = ({ address }: { address: string }) => <LinkedHash text={address} what={t.copy.address} to={poolPath(address)} />;
export const Signature = ({ text }: { text: string }) => <LinkedHash text={text} what={t.copy.signature} to={transactionPath(text)} />;

/** How long ago, the exact time on hover. */
export function Time({ at }: { at: string | null }) {
  const now = useNow();
  const ms = parseTime(at);
  if (ms === null) return <span className="muted">–</span>;
  return (
    <time className="num" dateTime={at!} title={exactTime(ms)}>
      {relativeTime(ms, now)}
    </time>
  );
}
