import type { Finding } from '@/api/types';
import { shorten } from '@/domain/address';
import { formatCompact, formatShort, parseRaw, SOL_DECIMALS } from '@/domain/amount';
import { protocolName } from '@/domain/protocols';
import { tokenOf } from '@/domain/tokens';
import { t } from '@/strings';
import { useSize } from '@/ui/size';
import { amountText, mintSymbol } from '@/ui/values';
import { flowOf, onEllipse, type CycleEdge, type Point, type SequenceRow } from './flow';

const kWidest = 620;
const kNarrow = 440;

/** The legs as a picture: a ring for a cycle of tokens, else lanes in the order of execution. */
export function Flow({ finding }: { finding: Finding }) {
  const [box, { width }] = useSize();
  return (
    <div ref={box} className="flow-box">
      {width > 0 ? <Picture finding={finding} width={Math.min(width, kWidest)} /> : null}
    </div>
  );
}

function Picture({ finding, width }: { finding: Finding; width: number }) {
  // The labels of a ring need room at its sides.
  const flow = flowOf(finding, width >= kNarrow);
  if (flow.shape === 'none') return <p className="muted">{t.flow.none}</p>;
  if (flow.shape === 'cycle') return <Cycle edges={flow.edges} finding={finding} width={width} />;
  return <Sequence rows={flow.rows} hasVictims={flow.hasVictims} omitted={flow.omittedVictims} kind={finding.kind} width={width} />;
}

/** An amount as short as a picture needs. */
function amountLabel(raw: string, mint: string, withMint = true): string {
  const value = parseRaw(raw);
  if (value === null) return '–';
  const token = tokenOf(mint);
  if (token) return `${formatShort(value, token.decimals)} ${token.symbol}`;
  return `${formatShort(value, 0)} ${t.tokens.raw}${withMint ? ` ${shorten(mint, 4, 3)}` : ''}`;
}

function ArrowHead({ id }: { id: string }) {
  return (
    <marker id={id} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
      <path className="flow-head" d="M0 .5 7.5 4 0 7.5z" />
    </marker>
  );
}

interface Ring {
  centre: Point;
  rx: number;
  ry: number;
  n: number;
}

/** Labels above and below the ring need room; those of two hops stand beside it. */
const ringHeight = (hops: number): number => (hops === 2 ? 236 : 300);

function Cycle({ edges, finding, width }: { edges: CycleEdge[]; finding: Finding; width: number }) {
  const height = ringHeight(edges.length);
  const ring: Ring = { centre: { x: width / 2, y: height / 2 }, rx: width * 0.24, ry: 90, n: edges.length };
  const net = parseRaw(finding.net_lamports);
  const text = net === null ? amountText(finding.profit_raw, finding.start_mint, 'always') : `${formatCompact(net, SOL_DECIMALS, 'always')} SOL`;
  const gain = net ?? parseRaw(finding.profit_raw) ?? 0n;
  return (
    <svg className="flow" width={width} height={height} role="img" aria-label={`${t.detail.flowArbitrage}: ${edges.map((e) => mintSymbol(e.from)).join(' → ')} → ${mintSymbol(edges[0]!.from)}`}>
      <defs><ArrowHead id="flow-ring" /></defs>
      {edges.map((edge, i) => (
        <RingEdge key={edge.from} edge={edge} i={i} ring={ring} />
      ))}
      {edges.map((edge, i) => (
        <TokenNode key={edge.from} at={onEllipse(i, ring.n, ring.centre, ring.rx, ring.ry)} mint={edge.from} isStart={i === 0} />
      ))}
      <text className={`flow-net num ${gain > 0n ? 'up' : gain < 0n ? 'down' : ''}`} x={ring.centre.x} y={ring.centre.y + 2} textAnchor="middle">{text}</text>
      <text className="flow-small" x={ring.centre.x} y={ring.centre.y + 18} textAnchor="middle">{net === null ? t.flow.gain : t.flow.net}</text>
    </svg>
  );
}

function RingEdge({ edge, i, ring }: { edge: CycleEdge; i: number; ring: Ring }) {
  const { centre, rx, ry, n } = ring;
  // Cut so that line and arrow end at the boxes of the tokens, not under them.
  const cut = n === 2 ? 0.13 : 0.05 * n + 0.05;
  const a = onEllipse(i + cut, n, centre, rx, ry);
  const b = onEllipse(i + 1 - cut, n, centre, rx, ry);
  return (
    <g>
      <path className="flow-line" d={`M${a.x} ${a.y}A${rx} ${ry} 0 0 1 ${b.x} ${b.y}`} markerEnd="url(#flow-ring)" />
      <EdgeLabel edge={edge} at={onEllipse(i + 0.5, n, centre, rx + 12, ry + 10)} centre={centre} />
    </g>
  );
}

/** Three lines outside of the ring, growing away from it. */
function EdgeLabel({ edge, at, centre }: { edge: CycleEdge; at: Point; centre: Point }) {
  const { x } = at;
  const anchor = Math.abs(x - centre.x) < 20 ? 'middle' : x > centre.x ? 'start' : 'end';
  const height = (at.y - centre.y) / centre.y;
  const top = height < -0.35 ? at.y - 26 : height > 0.35 ? at.y + 12 : at.y - 9;
  const names = [...new Set(edge.legs.map((leg) => protocolName(leg.protocol)))];
  const many = edge.legs.length > 1 ? ` · ${t.flow.pools(edge.legs.length)}` : '';
  return (
    <g textAnchor={anchor}>
      <text className="flow-text" x={x} y={top}>{names.slice(0, 2).join(', ') + many}</text>
      <text className="flow-small num" x={x} y={top + 13}>{amountLabel(edge.amountIn.toString(), edge.from)}</text>
      <text className="flow-small num" x={x} y={top + 26}>{`→ ${amountLabel(edge.amountOut.toString(), edge.to)}`}</text>
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

const kRow = 50;
const kHead = 34;

interface SequenceProps {
  rows: SequenceRow[];
  hasVictims: boolean;
  omitted: number;
  kind: Finding['kind'];
  width: number;
}

interface Lanes {
  actor: number;
  pool: number;
  victim: number;
  withMint: boolean;
}

function Sequence({ rows, hasVictims, omitted, kind, width }: SequenceProps) {
  const isLending = kind === 'liquidation' || kind === 'near_liquidation';
  const height = kHead + rows.length * kRow + (omitted > 0 ? 18 : 4);
  const edge = width * 0.14;
  const lanes: Lanes = { actor: edge, pool: hasVictims ? width / 2 : width * 0.62, victim: width - edge, withMint: width >= kNarrow || !hasVictims };
  const pools = new Set(rows.map((row) => row.leg.pool));
  const poolLabel = isLending ? t.flow.lender : pools.size === 1 ? `${t.flow.pool} ${shorten([...pools][0]!)}` : t.flow.pools(pools.size);
  return (
    <svg className="flow" width={width} height={height} role="img" aria-label={`${t.detail.flowSequence}: ${rows.map((row) => t.roles[row.leg.role]).join(', ')}`}>
      <defs><ArrowHead id="flow-lane" /></defs>
      <Lane x={lanes.actor} label={t.flow.actor} height={height} />
      <Lane x={lanes.pool} label={poolLabel} height={height} />
      {hasVictims ? <Lane x={lanes.victim} label={t.flow.victims} height={height} /> : null}
      {rows.map((row, i) => (
        <Exchange key={i} row={row} y={kHead + i * kRow} lanes={lanes} />
      ))}
      {omitted > 0 ? <text className="flow-small" x={width} y={height - 4} textAnchor="end">{t.flow.omitted(omitted)}</text> : null}
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

/** One swap: what goes into the pool, and below it what comes out. A repayment or seizure has one of both. */
function Exchange({ row, y, lanes }: { row: SequenceRow; y: number; lanes: Lanes }) {
  const { leg, side } = row;
  const outer = lanes[side];
  const inward = side === 'actor' ? 1 : -1;
  const from = outer + 5 * inward;
  const to = lanes.pool - 5 * inward;
  const middle = (outer + lanes.pool) / 2;
  const beside = lanes.pool + 12 * inward;
  const anchor = side === 'actor' ? 'start' : 'end';
  const hasIn = leg.amount_in !== '0';
  const hasOut = leg.amount_out !== '0';
  return (
    <g className={`flow-exchange flow-${leg.role}`}>
      {hasIn ? (
        <g>
          <text className="flow-small num" x={middle} y={y + 9} textAnchor="middle">{amountLabel(leg.amount_in, leg.mint_in, lanes.withMint)}</text>
          <line className="flow-line" x1={from} x2={to} y1={y + 14} y2={y + 14} markerEnd="url(#flow-lane)" />
        </g>
      ) : null}
      {hasOut ? (
        <g>
          <line className="flow-line" x1={to} x2={from} y1={y + 24} y2={y + 24} markerEnd="url(#flow-lane)" />
          <text className="flow-small num" x={middle} y={y + 37} textAnchor="middle">{amountLabel(leg.amount_out, leg.mint_out, lanes.withMint)}</text>
        </g>
      ) : null}
      <text className="flow-text" x={beside} y={y + 17} textAnchor={anchor}>{t.roles[leg.role]}</text>
      <text className="flow-small" x={beside} y={y + 30} textAnchor={anchor}>{protocolName(leg.protocol)}</text>
    </g>
  );
}
