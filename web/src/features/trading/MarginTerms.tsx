import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { trading, type AssetItem, type MarginPositionTerm, type MarginSide } from '@/api/trading';
import { formatRaw } from '@/domain/amount';
import { nanoOr0 } from '@/domain/decimal';
import { t } from '@/strings';
import { Segments } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import type { AccountData } from './accountState';
import { Gain, money, percentOfPpm } from './parts';

const words = t.trading.account;
type Which = 'initial' | 'maintenance';

/** How the server counts the margin, so that anybody can count it again. */
export function MarginTerms({ account }: { account: AccountData }) {
  const [which, setWhich] = useState<Which>('initial');
  const terms = useQuery({
    queryKey: ['exchange', 'explain', account.account, account.accountSeq],
    queryFn: ({ signal }) => trading.explain(account.account, signal),
    placeholderData: (before) => before,
    refetchInterval: 3_000,
  });
  const assets = useQuery({ queryKey: ['exchange', 'assets'], queryFn: ({ signal }) => trading.assets(signal), staleTime: 60_000 });
  if (terms.isError) return <ErrorState error={terms.error} retry={() => void terms.refetch()} />;
  if (!terms.data || !assets.data) return <Skeleton rows={5} />;
  return (
    <div className="margin-terms" role="group" aria-label={words.explainTitle}>
      <Segments
        label={words.explainWhich}
        value={which}
        choices={[
          { value: 'initial', label: words.explainFor.initial },
          { value: 'maintenance', label: words.explainFor.maintenance },
        ]}
        onChange={setWhich}
      />
      <Side side={terms.data[which]} assets={assets.data.assets} />
    </div>
  );
}

function Line({ name, value, detail, isSum = false }: { name: ReactNode; value: ReactNode; detail?: ReactNode; isSum?: boolean }) {
  return (
    <div className={isSum ? 'margin-sum' : undefined}>
      <dt>
        {name}
        {detail ? <span className="margin-detail">{detail}</span> : null}
      </dt>
      <dd className="num">{value}</dd>
    </div>
  );
}

function Side({ side, assets }: { side: MarginSide; assets: readonly AssetItem[] }) {
  const decimalsOf = (symbol: string) => assets.find(({ settings }) => settings.symbol === symbol)?.settings.decimals ?? 6;
  return (
    <dl className="facts">
      {side.assets.map((term) => (
        <Line
          key={term.symbol}
          name={words.assetTerm(formatRaw(BigInt(term.balance), decimalsOf(term.symbol), { trim: true }), term.symbol, money(term.price), percentOfPpm(term.weight_bps * 100, 0))}
          value={money(term.value)}
        />
      ))}
      {side.positions.map((term) => (
        <Line key={`${term.symbol} ${term.leg}`} name={words.profitTerm(term.symbol)} value={<Gain value={nanoOr0(term.counted_profit)} />} />
      ))}
      <Line name={words.collateral} value={money(side.collateral)} isSum />
      {side.positions.map((term) => (
        <PositionTerm key={`${term.symbol} ${term.leg}`} term={term} />
      ))}
      <Line name={words.requirement} value={money(side.requirement)} isSum />
      <Line name={words.freeIs} value={money(side.free)} isSum />
    </dl>
  );
}

function PositionTerm({ term }: { term: MarginPositionTerm }) {
  const ratio = percentOfPpm(term.ratio_ppm, 2);
  const detail = [
    words.charged(term.charged_size),
    words.ratioIs(percentOfPpm(term.base_ratio_ppm, 2), percentOfPpm(term.premium_ppm, 2), percentOfPpm(term.own_ratio_ppm, 2)),
    nanoOr0(term.deduction) > 0n ? words.deduction(money(term.deduction)) : '',
    nanoOr0(term.open_orders_loss) > 0n ? words.openOrdersLoss(money(term.open_orders_loss)) : '',
  ].filter(Boolean);
  return <Line name={`${term.symbol}: ${words.positionTerm(money(term.charged_value), ratio)}`} value={money(term.requirement)} detail={detail.join('; ')} />;
}
