import { useState } from 'react';
import type { Market } from '@/api/markets';
import type { OrderWish } from '@/api/trading';
import { absNano, nano, nanoOr0, plain, shownNano } from '@/domain/decimal';
import { placesOf } from '@/features/exchange/format';
import { t } from '@/strings';
import { Refusal, useChange } from '@/ui/form';
import { toast } from '@/ui/toasts';
import type { AccountData, Position } from './accountState';
import { actions, closingSide } from './desk';
import { useAccount } from './useAccount';

const words = t.trading.positions;

export type PositionActionKind = 'close' | 'reverse' | 'exits' | 'margin';

interface Props {
  account: AccountData;
  position: Position;
  mark: string;
  market: Market | undefined;
  close: () => void;
}

/** What one may do with a position: says what it leads to, and asks with its one button. */
export function PositionAction({ kind, ...props }: Props & { kind: PositionActionKind }) {
  const Chosen = { close: Close, reverse: Reverse, exits: Exits, margin: AddMargin }[kind];
  return <Chosen {...props} />;
}

const isPrice = (text: string): boolean => (nano(text) ?? 0n) > 0n;

function Input({ label, value, onChange, autoFocus = false }: { label: string; value: string; onChange: (value: string) => void; autoFocus?: boolean }) {
  return (
    <label>
      <span className="muted">{label}</span>
      <input className="field num trade-input" inputMode="decimal" autoFocus={autoFocus} value={value} onChange={(event) => onChange(event.target.value.replace(',', '.'))} />
    </label>
  );
}

function Close({ account, position, close }: Props) {
  const { run, error, isBusy } = useChange();
  const [price, setPrice] = useState('');
  const send = (limit?: string) =>
    run(async () => {
      await actions.close(account.account, position, limit);
      close();
    });
  return (
    <div className="trade-line">
      <button type="button" className="button" data-autofocus disabled={isBusy} onClick={() => void send()}>
        {words.closeMarket}
      </button>
      <Input label={words.limitPrice} value={price} onChange={setPrice} />
      <button type="button" className="button" disabled={isBusy || !isPrice(price)} onClick={() => void send(plain(nanoOr0(price)))}>
        {words.closeLimit(isPrice(price) ? price : '…')}
      </button>
      <Refusal error={error} />
    </div>
  );
}

function Reverse({ account, position, market, close }: Props) {
  const { run, error, isBusy } = useChange();
  const side = closingSide(position) === 'buy' ? words.long : words.short;
  const size = shownNano(2n * absNano(nanoOr0(position.size)), placesOf(market?.lot_size ?? '0.01'));
  const reverse = () =>
    run(async () => {
      await actions.reverse(account.account, position);
      close();
    });
  return (
    <div className="trade-line">
      <span>{words.reverseText(side.toLowerCase(), size, market?.base_asset ?? '')}</span>
      <button type="button" className="button" disabled={isBusy} onClick={() => void reverse()}>
        {words.reverseAction(side.toLowerCase())}
      </button>
      <Refusal error={error} />
    </div>
  );
}

/** Both only reduce: with the position they come to nothing. */
function Exits({ account, position, close }: Props) {
  const { run, error, isBusy } = useChange();
  const [good, setGood] = useState('');
  const [bad, setBad] = useState('');
  const attach = () =>
    run(async () => {
      const wish: OrderWish = { account: account.account, market: position.market, side: closingSide(position), size: plain(absNano(nanoOr0(position.size))), reduce_only: true };
      if (position.leg !== 'net') wish.leg = position.leg;
      if (isPrice(good)) await actions.place({ ...wish, trigger: { kind: 'take_profit', source: 'mark', price: plain(nanoOr0(good)) } });
      if (isPrice(bad)) await actions.place({ ...wish, trigger: { kind: 'stop', source: 'mark', price: plain(nanoOr0(bad)) } });
      toast(words.attached(position.market));
      close();
    });
  return (
    <div className="trade-line">
      <Input label={words.takeProfit} value={good} onChange={setGood} autoFocus />
      <Input label={words.stopLoss} value={bad} onChange={setBad} />
      <button type="button" className="button" disabled={isBusy || (!isPrice(good) && !isPrice(bad))} onClick={() => void attach()}>
        {words.attach}
      </button>
      <Refusal error={error} />
    </div>
  );
}

/** An isolated account is given more from another. */
function AddMargin({ account, close }: Props) {
  const { accounts } = useAccount();
  const others = accounts.filter((each) => each.account !== account.account);
  const { run, error, isBusy } = useChange();
  const [from, setFrom] = useState(others[0]?.account ?? 0);
  const [amount, setAmount] = useState('');
  const move = () =>
    run(async () => {
      await actions.transfer(from, account.account, plain(nanoOr0(amount)));
      toast(words.marginDone(amount));
      close();
    });
  return (
    <div className="trade-line">
      <label>
        <span className="muted">{words.marginFrom}</span>
        <select className="field" value={from} onChange={(event) => setFrom(Number(event.target.value))}>
          {others.map((each) => (
            <option key={each.account} value={each.account}>
              {t.trading.accountName(each.account, each.isolated)}
            </option>
          ))}
        </select>
      </label>
      <Input label={words.marginAmount} value={amount} onChange={setAmount} autoFocus />
      <button type="button" className="button" disabled={isBusy || others.length === 0 || !isPrice(amount)} onClick={() => void move()}>
        {words.marginAction(isPrice(amount) ? amount : '…')}
      </button>
      <Refusal error={error} />
    </div>
  );
}
