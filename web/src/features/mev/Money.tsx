import type { Finding } from '@/api/types';
import { formatRaw, parseRaw, SOL_DECIMALS } from '@/domain/amount';
import { isSol } from '@/domain/tokens';
import { t } from '@/strings';
import { TokenAmount, Usd } from '@/ui/values';

/** From the gain to the net, line by line, so that a person can add it up. */
export function Money({ finding }: { finding: Finding }) {
  const net = parseRaw(finding.net_lamports);
  const fee = parseRaw(finding.fee_lamports) ?? 0n;
  const tip = parseRaw(finding.tip_lamports) ?? 0n;
  const isInSol = isSol(finding.start_mint);
  const sol = (value: bigint, isResult = false) => <SolLine value={value} isResult={isResult} />;
  const lines: [string, React.ReactNode, boolean?][] = [];
  if (!isInSol) lines.push([t.detail.profit, <TokenAmount key="p" raw={finding.profit_raw} mint={finding.start_mint} signed />]);
  // What is left after fee and tip, put back together: the gain at the price that the server used.
  if (net !== null) lines.push([isInSol ? t.detail.profit : t.detail.worth, sol(net + fee + tip, true)]);
  lines.push([t.detail.fee, sol(-fee)], [t.detail.tip, sol(-tip)]);
  if (net !== null) lines.push([t.detail.net, sol(net, true), true]);
  if (finding.net_usd_micros !== null) lines.push([t.detail.netUsd, <UsdLine key="u" micros={finding.net_usd_micros} />]);
  return (
    <>
      <dl className="money">
        {lines.map(([name, value, isSum]) => (
          <div key={name} className={isSum ? 'money-sum' : ''}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {net === null ? <p className="muted detail-note">{t.detail.noPrice}</p> : null}
    </>
  );
}

function UsdLine({ micros }: { micros: string }) {
  return (
    <span className="token-amount">
      <Usd micros={micros} />
      <span className="token-symbol">USD</span>
    </span>
  );
}

function SolLine({ value, isResult }: { value: bigint; isResult: boolean }) {
  const tone = !isResult || value === 0n ? '' : value > 0n ? 'up' : 'down';
  return (
    <span className="token-amount">
      <span className={`num ${tone}`}>{formatRaw(value, SOL_DECIMALS, { sign: 'always' })}</span>
      <span className="token-symbol">SOL</span>
    </span>
  );
}
