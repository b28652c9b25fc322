import type { ReactNode } from 'react';
import type { Market } from '@/api/markets';
import type { OrderPreview, OrderWish } from '@/api/trading';
import { nano, nanoOr0, shownNano } from '@/domain/decimal';
import type { Places } from '@/features/exchange/MarketHeader';
import { t } from '@/strings';
import { Facts } from '@/ui/parts';
import type { TicketForm } from './ticket';
import type { PreviewState } from './useTicketContext';

const words = t.trading.preview;

interface Props {
  asked: PreviewState;
  wish: OrderWish | null;
  market: Market;
  hasAccount: boolean;
  places: Places;
  /** Takes the nearest value that the engine names into the form. */
  take?: (change: Partial<TicketForm>) => void;
}

/** What the engine says the order would do; in words when it would be refused. */
export function PreviewFacts(props: Props) {
  const { asked, wish, hasAccount } = props;
  return (
    <div className="ticket-preview" role="group" aria-label={words.title} aria-busy={asked.state === 'asking'}>
      {!hasAccount ? null : !wish ? (
        <p className="muted">{words.complete}</p>
      ) : asked.state === 'failed' ? (
        <p className={asked.words ? 'ticket-problem' : 'muted'}>{asked.words ?? words.failed}</p>
      ) : asked.state !== 'ready' ? (
        <p className="muted">{words.asking}</p>
      ) : asked.preview.refused ? (
        <Refused preview={asked.preview} take={props.take} />
      ) : wish.trigger ? (
        <p className="muted">{words.waits}</p>
      ) : (
        <Judged {...props} preview={asked.preview} />
      )}
    </div>
  );
}

const kFields = ['size', 'price', 'display'] as const;

function Refused({ preview, take }: { preview: OrderPreview; take?: Props['take'] }) {
  const { where, nearest } = preview;
  const field = kFields.find((name) => name === where);
  const use = () => take?.(field === 'size' ? { size: nearest!, sizeMode: 'units' } : { [field!]: nearest! });
  return (
    <p className="ticket-problem">
      {words.refused} {preview.detail}{' '}
      {take && field && nearest !== null ? (
        <button type="button" className="button-plain num" onClick={use}>
          {t.trading.take(nearest)}
        </button>
      ) : null}
    </p>
  );
}

function Judged({ preview, market, places }: Props & { preview: OrderPreview }) {
  const { slippage_ppm: slippage, exits } = preview;
  const price = (text: string | null) => {
    const value = nano(text);
    return value === null ? words.noLiquidation : shownNano(value, places.price);
  };
  const rows: [string, ReactNode][] = [[words.trades, <Trades key="t" preview={preview} market={market} places={places} />]];
  if (slippage !== null && preview.mid !== null)
    rows.push([words.slippage, <Num key="s" title={words.slippageHint(price(preview.mid))}>{t.venue.bps((slippage / 100).toFixed(2))}</Num>]);
  rows.push(
    [words.fee, <Fee key="f" preview={preview} />],
    [words.margin, <Num key="m">{money(preview.margin)}</Num>],
    [words.free, <Num key="r">{words.change(money(preview.before.free), money(preview.after.free))}</Num>],
    [words.liquidation, <Num key="l">{preview.liquidation_before === preview.liquidation_price ? price(preview.liquidation_price) : words.change(price(preview.liquidation_before), price(preview.liquidation_price))}</Num>],
  );
  if (nanoOr0(preview.rests) > 0n) rows.push([words.liquidationFilled, <Num key="a">{price(preview.liquidation_filled)}</Num>]);
  if (exits?.loss_at_stop) rows.push([words.atStop(price(exits.stop_price)), <Num key="x" title={words.exitsHint}>{money(exits.loss_at_stop)}</Num>]);
  if (exits?.gain_at_take_profit) rows.push([words.atTakeProfit(price(exits.take_profit_price)), <Num key="g" title={words.exitsHint}>{money(exits.gain_at_take_profit)}</Num>]);
  return (
    <>
      <Facts items={rows} />
      {preview.waits ? <p className="muted">{words.offered}</p> : null}
    </>
  );
}

const money = (text: string): string => shownNano(nanoOr0(text), 2);
const perCent = (ppm: number): string => (ppm / 10_000).toFixed(4).replace(/0{1,2}$/, '');

const Num = ({ children, title }: { children: ReactNode; title?: string }) => (
  <span className="num" title={title}>
    {children}
  </span>
);

/** What would trade, and at which prices on hover. */
function Trades({ preview, market, places }: { preview: OrderPreview; market: Market; places: Places }) {
  const average = nano(preview.average_price);
  if (average === null) return <>{words.tradesNothing}</>;
  const levels = preview.levels.map((level) => words.level(level.size, shownNano(nanoOr0(level.price), places.price), level.orders));
  if (preview.levels_more > 0) levels.push(words.levelsMore(preview.levels_more));
  const count = preview.levels.length + preview.levels_more;
  return (
    <Num title={levels.join('\n')}>
      {words.tradesValue(preview.filled, market.base_asset, shownNano(average, places.price))}
      {count > 1 ? ` · ${words.levels(count)}` : ''}
    </Num>
  );
}

function Fee({ preview }: { preview: OrderPreview }) {
  const now = shownNano(nanoOr0(preview.fee) + nanoOr0(preview.builder_fee), 4);
  const rest = nanoOr0(preview.rest_fee);
  return (
    <Num title={words.feeHint(perCent(preview.taker_fee_ppm), perCent(preview.maker_fee_ppm))}>
      {nanoOr0(preview.rests) > 0n ? words.feeRest(now, shownNano(rest, 4)) : now}
    </Num>
  );
}
