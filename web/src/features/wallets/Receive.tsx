import { useState } from 'react';
import type { Wallet } from '@/api/wallets';
import { t } from '@/strings';
import { copyText } from '@/ui/copy';
import { TextField } from '@/ui/form';
import { Panel, Segments } from '@/ui/parts';
import { isAmount, paymentLink } from './payment';
import { QrCode } from './QrCode';

const w = t.wallets;
const kAssets = { stellar: 'XLM', solana: 'SOL' } as const;

export function Receive({ wallet }: { wallet: Wallet }) {
  const [shown, setShown] = useState<'address' | 'link'>('address');
  const [amount, setAmount] = useState('');
  const link = paymentLink(wallet, amount);
  const isLink = shown === 'link';
  const copy = () => copyText(isLink ? link : wallet.address, isLink ? w.receiveLink : w.address);
  return (
    <Panel title={w.receive}>
      <div className="wallet-receive">
        <QrCode text={isLink ? link : wallet.address} label={w.qr(isLink ? w.receiveLink.toLowerCase() : w.receiveAddress.toLowerCase())} />
        <div className="wallet-receive-words">
          <Segments
            label={w.receiveAs}
            value={shown}
            choices={[
              { value: 'address', label: w.receiveAddress },
              { value: 'link', label: w.receiveLink },
            ]}
            onChange={setShown}
          />
          <p className="num wallet-long">{isLink ? link : wallet.address}</p>
          {isLink ? <TextField label={w.amount(kAssets[wallet.chain])} value={amount} onChange={setAmount} isNumber problem={isAmount(amount) ? null : w.amountBad} /> : null}
          <p className="wallet-actions">
            <button type="button" className="button button-primary" onClick={() => void copy()}>
              {isLink ? w.copyLink : w.copyAddress}
            </button>
            {isLink ? (
              <a className="button" href={link}>
                {w.openLink}
              </a>
            ) : null}
          </p>
          {wallet.chain === 'stellar' ? <p className="muted form-hint">{w.unfunded}</p> : null}
        </div>
      </div>
    </Panel>
  );
}
