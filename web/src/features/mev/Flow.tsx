import type { Finding } from '@/api/types';
import { formatCompact, parseRaw, SOL_DECIMALS } from '@/domain/amount';
import { protocolName } from '@/domain/protocols';
import { t } from '@/strings';
import { amountText, mintSymbol } from '@/ui/values';
import { flowOf, onEllipse, type CycleEdge, type Point, type SequenceRow } from './flow';
import { shorten } from '@/domain/address';

/** The legs as a picture: a ring for a cycle of tokens, else lanes in the order of execution. */
export function Flow({ finding }: { finding: Finding }) {
  const flow = flowOf(finding);
  if (flow.shape === 'none') return null;
  if (flow.shape === 'cycle') return <Cycle edges={flow.edges} net={netText(finding)} gain={finding.profitable} />;
  return <Sequence rows={flow.rows} hasVictims={flow.hasVictims} omitted={flow.omittedVictims} kind={finding.kind} />;
}

function netText(finding: Finding): string {
  const net = parseRaw(finding.net_lamports);
  if (net === null) return amountText(finding.profit_raw, finding.start_mint, 'always');
  return `${formatCompact(net, SOL_DECIMALS, 'always')} SOL`;
}

const kWidth = 520;

function ArrowHead({ id }: { id: string }) {
  return (
    <marker id={id} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
      <path className="flow-head" d="M0 .5 7.5 4 0 7.5z" />
    </marker>
  );
}

const kCycle = { height: 270, centre: { x: kWidth / 2, y: 135 }, rx: 130, ry: 92 };

function Cycle({ edges, net, gain }: { edges: CycleEdge[]; net: string; gain: boolean }) {
  const { height, centre, rx, ry } = kCycle;
  const n = edges.length;
  return (
    <svg className="flow" viewBox={`0 0 ${kWidth} ${height}`} role="img" aria-label={`${t.detail.flowArbitrage}: ${edges.map((e) => mintSymbol(e.from)).join(' → ')} → ${mintSymbol(edges[0]!.from)}`}>
      <defs><ArrowHead id="flow-ring" /></defs>
      {edges.map((edge, i) => (
        <RingEdge key={i} edge={edge} i={i} n={n} />
      ))}
      {edges.map((edge, i) => (
        <TokenNode key={edge.from} at={onEllipse(i, n, centre, rx, ry)} mint={edge.from} isStart={i === 0} />
      ))}
      <text className={`flow-net num ${gain ? 'up' : 'down'}`} x={centre.x} y={centre.y + 2} textAnchor="middle">{net}</text>
      <text className="flow-small" x={centre.x} y={centre.y + 18} textAnchor="middle">{t.flow.net}</text>
    </svg>
  );
}

function RingEdge({ edge, i, n }: { edge: CycleEdge; i: number; n: number }) {
  const { centre, rx, ry } = kCycle;
  // Cut so that line and arrow end at the boxes of the tokens, not under them.
  const cut = n === 2 ? 0.13 : 0.05 * n + 0.05;
  const a = onEllipse(i + cut, n, centre, rx, ry);
  const b = onEllipse(i + 1 - cut, n, centre, rx, ry);
  const middle = onEllipse(i + 0.5, n, centre, rx, ry);
  return (
    <g>
      <path className="flow-line" d={`M${a.x} ${a.y}A${rx} ${ry} 0 0 1 ${b.x} ${b.y}`} markerEnd="url(#flow-ring)" />
      <EdgeLabel edge={edge} middle={middle} />
    </g>
  );
}

function EdgeLabel({ edge, middle }: { edge: CycleEdge; middle: Point }) {
  const { centre } = kCycle;
  const side = Math.abs(middle.x - centre.x) < 20 ? 'middle' : middle.x > centre.x ? 'start' : 'end';
  const dx = side === 'middle' ? 0 : side === 'start' ? 10 : -10;
  const isBelow = side === 'middle' && middle.y > centre.y;
  const top = side === 'middle' ? (isBelow ? middle.y + 14 : middle.y - 32) : middle.y - 10;
  const x = middle.x + dx;
  const names = [...new Set(edge.legs.map((leg) => protocolName(leg.protocol)))];
  const many = edge.legs.length > 1 ? ` · ${t.flow.pools(edge.legs.length)}` : '';
  return (
    <g textAnchor={side}>
      <text className="flow-text" x={x} y={top}>{names.slice(0, 2).join(', ') + many}</text>
      <text className="flow-small num" x={x} y={top + 13}>{amountText(edge.amountIn.toString(), edge.from)}</text>
      <text className="flow-small num" x={x} y={top + 26}>{`→ ${amountText(edge.amountOut.toString(), edge.to)}`}</text>
    </g>
  );
}

function TokenNode({ at, mint, isStart }: { at: Point; mint: string; isStart: boolean }) {
  const text = mintSymbol(mint);
  const width = Math.max(52, text.length * 7.4 + 18);
  return (
    <g className={isStart ? 'flow-node flow-node-start' : 'flow-node'}>
      <rect x={at.x - width / 2} y={at.y - 12} width={width} height={24} rx={4} />
      <text className="flow-text" x={at.x} y={at.y + 4} textAnchor="middle">{text}</text>
    </g>
  );
}

const kLane = { actor: 74, pool: kWidth / 2, victim: kWidth - 74 };
const kRow = 50;
const kHead = 34;

interface SequenceProps {
  rows: SequenceRow[];
  hasVictims: boolean;
  omitted: number;
  kind: Finding['kind'];
}

function Sequence({ rows, hasVictims, omitted, kind }: SequenceProps) {
  const isLending = kind === 'liquidation' || kind === 'near_liquidation';
  const height = kHead + rows.length * kRow + (omitted > 0 ? 18 : 4);
  const pools = new Set(rows.map((row) => row.leg.pool));
  const poolLabel = isLending ? t.flow.lender : pools.size === 1 ? `${t.flow.pool} ${shorten([...pools][0]!)}` : t.flow.pools(pools.size);
  return (
    <svg className="flow" viewBox={`0 0 ${kWidth} ${height}`} role="img" aria-label={`${t.detail.flowSequence}: ${rows.map((row) => t.roles[row.leg.role]).join(', ')}`}>
      <defs><ArrowHead id="flow-lane" /></defs>
      <Lane x={kLane.actor} label={t.flow.actor} height={height} />
      <Lane x={kLane.pool} label={poolLabel} height={height} />
      {hasVictims ? <Lane x={kLane.victim} label={t.flow.victims} height={height} /> : null}
      {rows.map((row, i) => (
        <Exchange key={i} row={row} y={kHead + i * kRow} />
      ))}
      {omitted > 0 ? <text className="flow-small" x={kLane.victim} y={height - 4} textAnchor="middle">{t.flow.omitted(omitted)}</text> : null}
    </svg>
  );
}

function Lane({ x, label, height }: { x: number; label: string; height: number }) {
  return (
    <g>
      <text className="flow-text" x={x} y={14} textAnchor="middle">{label}</text>
      <line className="flow-lane" x1={x} x2={x} y1={22} y2={height - 2} />
    </g>
  );
}

/** One swap: what goes into the pool, and below it what comes out. */
function Exchange({ row, y }: { row: SequenceRow; y: number }) {
  const { leg, side } = row;
  const outer = kLane[side];
  const inward = side === 'actor' ? 1 : -1;
  const from = outer + 5 * inward;
  const to = kLane.pool - 5 * inward;
  const middle = (outer + kLane.pool) / 2;
  const opposite = side === 'actor' ? kLane.pool + 12 : kLane.pool - 12;
  return (
    <g className={`flow-exchange flow-${leg.role}`}>
      <text className="flow-small num" x={middle} y={y + 9} textAnchor="middle">{amountText(leg.amount_in, leg.mint_in)}</text>
      <line className="flow-line" x1={from} x2={to} y1={y + 14} y2={y + 14} markerEnd="url(#flow-lane)" />
      <line className="flow-line" x1={to} x2={from} y1={y + 24} y2={y + 24} markerEnd="url(#flow-lane)" />
      <text className="flow-small num" x={middle} y={y + 37} textAnchor="middle">{amountText(leg.amount_out, leg.mint_out)}</text>
      <text className="flow-text" x={opposite} y={y + 17} textAnchor={side === 'actor' ? 'start' : 'end'}>{t.roles[leg.role]}</text>
      <text className="flow-small" x={opposite} y={y + 30} textAnchor={side === 'actor' ? 'start' : 'end'}>{protocolName(leg.protocol)}</text>
    </g>
  );
}
