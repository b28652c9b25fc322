import type { ReactNode } from 'react';
import type { PostOnly, TimeInForce, TriggerSource } from '@/api/trading';
import { nano, nanoOr0, plain, shownNano, type Nano } from '@/domain/decimal';
import type { Places } from '@/features/exchange/MarketHeader';
import { t } from '@/strings';
import { Segments } from '@/ui/parts';
import { NumberField } from './NumberField';
import { kindFields, kSizeModes, kTicketKinds, referencePrice, shownFields, sizeOf, stepped, touch, type Problems, type TextField, type TicketContext, type TicketForm, type TicketKind } from './ticket';
import type { TicketRefusal } from './TicketPanel';
import { fieldLabel, fieldOf } from './ticketWords';

const words = t.trading;
const kPercents = [10, 25, 50, 75, 100];

interface Props {
  form: TicketForm;
  context: TicketContext;
  places: Places;
  problems: Problems;
  refusal: TicketRefusal | null;
  change: (next: Partial<TicketForm>) => void;
  leverage: ReactNode;
}

/** All of the form above the preview: side, kind, numbers, choices. */
export function TicketFields(props: Props) {
  const { form, change, leverage } = props;
  return (
    <>
      <div className="ticket-sides" role="group" aria-label={words.side}>
        {(['buy', 'sell'] as const).map((side) => (
          <button key={side} type="button" data-side={side} aria-pressed={form.side === side} onClick={() => change({ side })}>
            {side === 'buy' ? words.buy : words.sell}
          </button>
        ))}
      </div>
      <div className="ticket-row">
        <select className="field ticket-kind" aria-label={words.moreKinds} title={words.kindHints[form.kind]} value={form.kind} onChange={(event) => change(kindChange(event.target.value as TicketKind))}>
          {kTicketKinds.map((kind) => (
            <option key={kind} value={kind}>
              {words.kinds[kind]}
            </option>
          ))}
        </select>
        {leverage}
      </div>
      {shownFields(form).map((field) => (
        <TicketNumber key={field} field={field} {...props} />
      ))}
      <SizeField {...props} />
      <Choices form={form} change={change} />
    </>
  );
}

/** Orders that wait for a worse price are mostly there to close something. */
const kindChange = (kind: TicketKind): Partial<TicketForm> => ({
  kind,
  reduceOnly: kind === 'stop_market' || kind === 'stop_limit' || kind === 'take_profit' || kind === 'trailing',
  timeInForce: 'gtc',
});

const isPrice = (field: TextField): boolean => ['price', 'trigger', 'takeProfit', 'stopLoss', 'riskStop'].includes(field);

function stepOf(field: TextField, { market }: TicketContext): string {
  if (field === 'display') return market.lot_size;
  if (field === 'trail') return '0.1';
  if (field === 'expiresMinutes') return '1';
  return market.tick_size;
}

/** An offset may be below zero; all else is stepped on the grid above it. */
function stepTicket(field: TextField, form: TicketForm, context: TicketContext, by: number): string {
  const step = stepOf(field, context);
  if (field === 'offset') return plain(nanoOr0(form.offset) + nanoOr0(step) * BigInt(by));
  return stepped(form[field], step, by, isPrice(field) ? referencePrice({ ...form, price: '' }, context) : nanoOr0(step));
}

function refusedAt(field: TextField, form: TicketForm, refusal: TicketRefusal | null): TicketRefusal | null {
  return refusal && fieldOf(refusal.where, form) === field ? refusal : null;
}

function TicketNumber({ field, form, context, places, problems, refusal, change }: Props & { field: TextField }) {
  const example = isPrice(field) && !kindFields[form.kind].optional?.includes(field) ? shownNano(touch(form.side, context), places.price) : undefined;
  return (
    <NumberField
      label={fieldLabel(field, form, context)}
      value={form[field]}
      onChange={(value) => change({ [field]: value })}
      onStep={(by) => change({ [field]: stepTicket(field, form, context, by) })}
      problem={problems[field]}
      refused={refusedAt(field, form, refusal)}
      placeholder={example}
      tools={field === 'price' ? <BestPrices context={context} places={places} take={(price) => change({ price })} /> : null}
    />
  );
}

/** The touch, to take with a click. */
function BestPrices({ context, places, take }: { context: TicketContext; places: Places; take: (price: string) => void }) {
  const best: [string, Nano | null][] = [
    [t.trading.ladder.bids, context.bestBid],
    [t.trading.ladder.asks, context.bestAsk],
  ];
  return (
    <span className="ticket-best">
      {best.map(([name, price]) =>
        price === null ? null : (
          <button key={name} type="button" className="button-plain num" title={name} onClick={() => take(plain(price))}>
            {name} {shownNano(price, places.price)}
          </button>
        ),
      )}
    </span>
  );
}

function SizeField({ form, context, places, problems, refusal, change }: Props) {
  const { market } = context;
  const size = form.sizeMode === 'units' ? null : sizeOf(form, context);
  const modes = kSizeModes.map((value) => ({ value, label: words.sizeModes[value] }));
  const step = form.sizeMode === 'units' ? market.lot_size : form.sizeMode === 'percent' ? '1' : '10';
  const share = form.sizeMode === 'percent' ? nano(form.size) : null;
  return (
    <>
      <NumberField
        label={fieldLabel('size', form, context)}
        value={form.size}
        onChange={(value) => change({ size: value })}
        onStep={(by) => change({ size: stepped(form.size, step, by, nanoOr0(step)) })}
        problem={problems.size}
        refused={refusedAt('size', form, refusal)}
        tools={<Segments label={words.sizeModes.label} value={form.sizeMode} choices={modes} onChange={(sizeMode) => change({ sizeMode, size: '' })} />}
        note={size !== null && size > 0n ? <p className="muted num ticket-note-line">{words.sizeIs(shownNano(size, places.size), market.base_asset)}</p> : null}
      />
      <div className="ticket-percents" role="group" aria-label={words.fields.size.percent}>
        {kPercents.map((percent) => (
          <button
            key={percent}
            type="button"
            className="num"
            title={words.percentHint(percent)}
            aria-pressed={share === BigInt(percent) * 1_000_000_000n}
            disabled={context.free === null || context.free <= 0n}
            onClick={() => change({ sizeMode: 'percent', size: String(percent) })}
          >
            {words.percentOf(percent)}
          </button>
        ))}
      </div>
    </>
  );
}

function Choices({ form, change }: Pick<Props, 'form' | 'change'>) {
  const { choices } = kindFields[form.kind];
  const options = <T extends string>(values: readonly T[], names: Record<T, string>) =>
    values.map((value) => (
      <option key={value} value={value}>
        {names[value]}
      </option>
    ));
  return (
    <div className="ticket-choices">
      {choices.includes('timeInForce') ? (
        <label>
          <span>{words.timeInForce.label}</span>
          <select className="field" value={form.timeInForce} onChange={(event) => change({ timeInForce: event.target.value as TimeInForce })}>
            {options(['gtc', 'gtt', 'ioc', 'fok'], words.timeInForce)}
          </select>
        </label>
      ) : null}
      {choices.includes('postOnly') ? (
        <label title={words.postOnlyHint}>
          <span>{words.postOnly.label}</span>
          <select className="field" value={form.postOnly} onChange={(event) => change({ postOnly: event.target.value as PostOnly })}>
            {options(['no', 'reject', 'slide'], words.postOnly)}
          </select>
        </label>
      ) : null}
      {choices.includes('source') ? (
        <label>
          <span>{words.source.label}</span>
          <select className="field" value={form.source} onChange={(event) => change({ source: event.target.value as TriggerSource })}>
            {options(['mark', 'index', 'last'], words.source)}
          </select>
        </label>
      ) : null}
      {choices.includes('reduceOnly') ? (
        <label className="ticket-check">
          <input type="checkbox" checked={form.reduceOnly} onChange={(event) => change({ reduceOnly: event.target.checked })} />
          <span>{words.reduceOnly}</span>
        </label>
      ) : null}
    </div>
  );
}
