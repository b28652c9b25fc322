import './trading.css';
import { useEffect, useState } from 'react';
import { dividedBy, nanoOr0, shownNano, times } from '@/domain/decimal';
import { useTickers } from '@/features/exchange/market';
import { t } from '@/strings';
import { Empty } from '@/ui/states';
import { Table } from '@/ui/Table';
import type { AccountData, Position } from './accountState';
import { profitAt } from './accountState';
import { beginNotices } from './notices';
import { AccountBar, Gain, Gate, money, priceText } from './parts';
import { PositionAction, type PositionActionKind } from './PositionAction';
import { placesIn, useMarkets, type Markets } from './useMarkets';

const words = t.trading;

export default function PositionsPanel() {
  useEffect(beginNotices, []);
  return <div className="panel-fill">{<Gate panel="positions">{(account) => <Positions account={account} />}</Gate>}</div>;
}

const columns = [
  { label: words.columns.market },
  { label: words.columns.side },
  { label: words.columns.size, isRight: true },
  { label: words.columns.entry, isRight: true },
  { label: words.columns.mark, isRight: true },
  { label: words.columns.liquidation, isRight: true },
  { label: words.columns.profit, isRight: true },
  { label: words.columns.value, isRight: true },
  { label: words.columns.margin, isRight: true },
  { label: words.columns.actions, isHidden: true },
];

function Positions({ account }: { account: AccountData }) {
  const markets = useMarkets();
  const { list } = useTickers();
  const { positions } = account;
  return (
    <>
      <div className="trade-tools">
        <AccountBar />
      </div>
      {positions.length === 0 ? (
        <Empty title={words.positions.none} text={words.positions.noneHint} />
      ) : (
        <Table className="trade-table" isWalked label={words.panels.positions} columns={columns}>
          {positions.map((position) => (
            <PositionRow
              key={`${position.market} ${position.leg}`}
              account={account}
              position={position}
              mark={list.find(({ market }) => market === position.market)?.mark ?? '0'}
              markets={markets}
            />
          ))}
        </Table>
      )}
    </>
  );
}

function PositionRow({ account, position, mark, markets }: { account: AccountData; position: Position; mark: string; markets: Markets }) {
  const [action, setAction] = useState<PositionActionKind | null>(null);
  const places = placesIn(markets, position.market);
  const size = nanoOr0(position.size);
  const isLong = size > 0n;
  const profit = profitAt(position, nanoOr0(mark));
  const share = dividedBy(profit * 100n, nanoOr0(position.initialRequirement));
  const toggle = (kind: PositionActionKind) => setAction((open) => (open === kind ? null : kind));
  const kinds: [PositionActionKind, string, string][] = [
    ['close', words.positions.close, words.positions.closeWhat(position.market)],
    ['reverse', words.positions.reverse, words.positions.reverseWhat(position.market)],
    ['exits', words.positions.exits, words.positions.exitsWhat(position.market)],
    ...(account.isolated ? ([['margin', words.positions.margin, words.positions.marginWhat(account.account)]] as [PositionActionKind, string, string][]) : []),
  ];
  return (
    <>
      <tr tabIndex={0} data-row data-position={position.market}>
        <td>{position.market}</td>
        <td className={isLong ? 'up' : 'down'}>{isLong ? words.positions.long : words.positions.short}</td>
        <td className="num right">{shownNano(size, places.size)}</td>
        <td className="num right">{priceText(position.entryPrice, places.price)}</td>
        <td className="num right">{priceText(mark, places.price)}</td>
        <td className="num right">{priceText(position.liquidationPrice, places.price)}</td>
        <td className="right" title={share === null ? undefined : words.positions.share(`${shownNano(share, 1, 'always')} %`)}>
          <Gain value={profit} />
        </td>
        <td className="num right">{shownNano(times(size, nanoOr0(mark)), 2)}</td>
        <td className="num right">{money(position.initialRequirement)}</td>
        <td className="right trade-actions">
          {kinds.map(([kind, label, name]) => (
            <button key={kind} type="button" className="button-plain" aria-label={name} aria-expanded={action === kind} onClick={() => toggle(kind)}>
              {label}
            </button>
          ))}
        </td>
      </tr>
      {action ? (
        <tr className="trade-action">
          <td colSpan={columns.length}>
            <PositionAction kind={action} account={account} position={position} mark={mark} market={markets.get(position.market)} close={() => setAction(null)} />
          </td>
        </tr>
      ) : null}
    </>
  );
}
