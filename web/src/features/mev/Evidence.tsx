import type { Leg, VictimLoss } from '@/api/types';
import { parseRaw } from '@/domain/amount';
import { protocolName } from '@/domain/protocols';
import { t } from '@/strings';
import { Icon } from '@/ui/Icon';
import { Panel } from '@/ui/parts';
import { Pool, Signature, Sol, TokenAmount, Wallet } from '@/ui/values';

/** Every leg with its amounts and its transaction, so that a person can follow it on the chain. */
export function Legs({ legs }: { legs: readonly Leg[] }) {
  const c = t.detail.legColumns;
  return (
    <Panel title={t.detail.legs} className="evidence">
      <div className="table-scroll" tabIndex={0} role="group" aria-label={t.detail.legs}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{c.nr}</th>
              <th scope="col">{c.role}</th>
              <th scope="col">{c.where}</th>
              <th scope="col" className="right">{`${c.in} → ${c.out.toLowerCase()}`}</th>
              <th scope="col">{c.signature}</th>
            </tr>
          </thead>
          <tbody>
            {legs.map((leg, i) => (
              <tr key={`${leg.signature}-${leg.ix_index}-${leg.inner_index}-${i}`}>
                <td className="num muted">{i + 1}</td>
                <td>
                  {t.roles[leg.role]}
                  <Wallet address={leg.trader} />
                </td>
                <td>
                  <span className="leg-where">
                    {protocolName(leg.protocol)}
                    <Verified is={leg.verified} />
                  </span>
                  <Pool address={leg.pool} />
                </td>
                <td className="right leg-amounts">
                  {leg.role === 'seize' ? null : <TokenAmount raw={leg.amount_in} mint={leg.mint_in} />}
                  {leg.role === 'repay' ? null : (
                    <span>
                      <span className="muted">→ </span>
                      <TokenAmount raw={leg.amount_out} mint={leg.mint_out} />
                    </span>
                  )}
                </td>
                <td>
                  <Signature text={leg.signature} />
                  <span className="leg-position num muted">{`${leg.slot} · ${leg.tx_index}`}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Verified({ is }: { is: boolean }) {
  const text = is ? t.detail.verified : t.detail.unverified;
  return (
    <span className={is ? 'verified' : 'unverified'} title={text}>
      <Icon name={is ? 'check' : 'warn'} size={12} />
      <span className="sr-only">{text}</span>
    </span>
  );
}

export function Losses({ losses }: { losses: readonly VictimLoss[] }) {
  const c = t.detail.lossColumns;
  const total = losses.reduce((sum, loss) => sum + (parseRaw(loss.loss_lamports) ?? 0n), 0n);
  return (
    <Panel title={`${t.detail.losses} (${losses.length})`} className="evidence">
      <div className="table-scroll" tabIndex={0} role="group" aria-label={t.detail.losses}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{c.trader}</th>
              <th scope="col" className="right">{c.loss}</th>
              <th scope="col" className="right">{c.sol}</th>
              <th scope="col">{c.method}</th>
              <th scope="col">{c.signature}</th>
            </tr>
          </thead>
          <tbody>
            {losses.map((loss) => (
              <tr key={`${loss.signature}-${loss.trader}-${loss.mint}`}>
                <td><Wallet address={loss.trader} /></td>
                <td className="right"><TokenAmount raw={loss.loss_raw} mint={loss.mint} /></td>
                <td className="right">{loss.loss_lamports === null ? <span className="muted">–</span> : <Sol lamports={loss.loss_lamports} />}</td>
                <td title={t.lossMethodHints[loss.method]}>{t.lossMethods[loss.method]}</td>
                <td><Signature text={loss.signature} /></td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>{t.detail.lossTotal}</th>
              <td className="right"><Sol lamports={total.toString()} /></td>
              <td colSpan={2} />
            </tr>
          </tfoot>
        </table>
      </div>
    </Panel>
  );
}
