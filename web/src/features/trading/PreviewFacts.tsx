import type { ReactNode } from 'react';
import type { OrderPreview, OrderWish } from '@/api/trading';
import { nano, nanoOr0, shownNano } from '@/domain/decimal';
import type { Places } from '@/features/exchange/MarketHeader';
import { t } from '@/strings';
import { Facts } from '@/ui/parts';
import type { AccountData } from './accountState';
import { liquidationAfter, referencePrice, slippageBps, touch, type TicketContext, type TicketForm } from './ticket';
import { marginNow, type PreviewState } from './useTicketContext';

const words = t.trading.preview;

interface Props {
  asked: PreviewState;
  wish: OrderWish | null;
  form: TicketForm;
  context: TicketContext;
  account: AccountData | null;
  places: Places;
}

/** What the engine says the order would do; in words when it would be refused. */
export function PreviewFacts(props: Props) {
  const { asked, wish, account } = props;
  return (
    <div className="ticket-preview" role="group" aria-label={words.title} aria-busy={asked.state === 'asking'}>
      {!account ? null : !wish ? (
        <p className="muted">{words.complete}</p>
      ) : wish.trigger ? (
        <p className="muted">{words.waits}</p>
      ) : asked.state === 'failed' ? (
        <p className="muted">{words.failed}</p>
      ) : asked.state !== 'ready' ? (
        <p className="muted">{words.asking}</p>
      ) : asked.preview.refused ? (
        <p className="ticket-problem">
          {words.refused} {asked.preview.detail}
        </p>
      ) : (
        <Judged {...props} preview={asked.preview} wish={wish} account={account} />
      )}
    </div>
  );
}

function Judged({ preview, wish, form, context, account, places }: Props & { preview: OrderPreview; wish: OrderWish; account: AccountData }) {
  const average = nano(preview.average_price);
  const slippage = average === null ? null : slippageBps(wish.side, average, touch(wish.side, context));
  const needed = nanoOr0(preview.after.requirement) - nanoOr0(preview.before.requirement);
  const items: [string, ReactNode][] = [
    [words.trades, average === null ? words.tradesNothing : <Num key="t">{words.tradesValue(preview.filled, context.market.base_asset, shownNano(average, places.price))}</Num>],
    ...(slippage === null ? [] : ([[words.slippage, <Num key="s">{t.venue.bps(slippage.toFixed(1))}</Num>]] as [string, ReactNode][])),
    [words.fee, <Num key="f">{shownNano(nanoOr0(preview.fee), 4)}</Num>],
    [words.margin, <Num key="m">{words.marginValue(shownNano(needed, 2), shownNano(nanoOr0(preview.before.free), 2))}</Num>],
    [words.liquidation, <Liquidation key="l" preview={preview} wish={wish} form={form} context={context} account={account} places={places} />],
  ];
  return <Facts items={items} />;
}

const Num = ({ children }: { children: ReactNode }) => <span className="num">{children}</span>;

function Liquidation({ preview, wish, form, context, account, places }: { preview: OrderPreview; wish: OrderWish; form: TicketForm; context: TicketContext; account: AccountData; places: Places }) {
  const now = marginNow(account, context.market, context);
  if (!now) return <>{t.venue.none}</>;
  const size = nanoOr0(wish.size);
  const filled = nanoOr0(preview.filled);
  const rest = nano(wish.price) ?? referencePrice(form, context);
  const price = size === 0n ? rest : (nanoOr0(preview.average_price) * filled + rest * (size - filled)) / size;
  const at = liquidationAfter(now, wish.side, size, price, nanoOr0(preview.fee));
  return (
    <span className="num" title={words.estimate}>
      {at === null ? words.noLiquidation : `≈ ${shownNano(at, places.price)}`}
    </span>
  );
}
