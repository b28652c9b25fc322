import { useEffect, useState } from 'react';
import { beginWith, type SignedIn, type WalletProof } from '@/api/identity';
import { t } from '@/strings';
import { Refusal, useChange } from '@/ui/form';
import { watchSolanaWallets } from './solana';
import { freighter } from './stellar';
import type { BrowserWallet } from './wallet';

const w = t.account.wallets;

/** A button for each wallet that this browser has; `use` gets what it proved. */
export default function WalletButtons({ verb, use }: { verb: (name: string) => string; use: (proof: WalletProof) => Promise<SignedIn | void> }) {
  const [solana, setSolana] = useState<BrowserWallet[]>([]);
  const { run, error, isBusy } = useChange();
  useEffect(() => watchSolanaWallets(setSolana), []);
  const choose = (wallet: BrowserWallet) => run(async () => void (await use(await wallet.prove(beginWith))));
  return (
    <div className="account-wallets">
      {[freighter, ...solana].map((wallet) => (
        <button key={`${wallet.chain} ${wallet.name}`} type="button" className="button account-wide" disabled={isBusy} onClick={() => void choose(wallet)}>
          <Mark icon={wallet.icon} />
          {verb(wallet.name)} <span className="muted">{w.chains[wallet.chain]}</span>
        </button>
      ))}
      {solana.length === 0 ? <p className="muted form-hint">{w.noSolana}</p> : null}
      {isBusy ? (
        <p role="status" className="muted">
          {w.asking}
        </p>
      ) : null}
      <Refusal error={error} />
    </div>
  );
}

/** A wallet's own picture: only what stands in the page itself, never an address to load. */
function Mark({ icon }: { icon: string | null }) {
  if (!icon || !/^data:image\/(svg\+xml|png|webp|gif);base64,/.test(icon)) return null;
  return <img src={icon} alt="" width={16} height={16} />;
}
