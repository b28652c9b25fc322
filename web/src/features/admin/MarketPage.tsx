import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { useAccess } from '@/api/access';
import { isCode } from '@/api/admin';
import { exchange, type Market } from '@/api/markets';
import { shown } from '@/domain/whole';
import { t } from '@/strings';
import { Form, refusalOfField, SelectField, TextField, useChange } from '@/ui/form';
import { Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { toast } from '@/ui/toasts';
import { changedFields, kDecimals, kFields, kGroups, marketOf, marketTexts, unitText, valueOf, type Field, type MarketTexts } from './markets';
import { MarketStateText, useMarkets } from './MarketsPage';

const kNames = kFields.map(({ name }) => name);

/** Every setting of one market, to be read by all who come here and changed by who operates the exchange. */
export default function MarketPage() {
  const { symbol = '' } = useParams();
  const markets = useMarkets();
  const market = markets.data?.markets.find((one) => one.symbol === symbol);
  return (
    <>
      <p className="admin-back">
        <Link to="/admin/markets">← {t.admin.marketsBack}</Link>
      </p>
      {markets.isError ? <ErrorState error={markets.error} retry={() => void markets.refetch()} /> : null}
      {markets.isPending ? <Skeleton rows={12} /> : null}
      {markets.data && !market ? <Empty title={t.admin.marketUnknown} /> : null}
      {market ? (
        <>
          <h2 className="admin-name admin-actions">
            {market.symbol} <MarketStateText market={market} /> <span className="muted num">{t.admin.marketVersion(shown(market.version))}</span>
          </h2>
          <MarketForm key={`${market.symbol} ${market.version}`} market={market} />
        </>
      ) : null}
    </>
  );
}

function MarketForm({ market }: { market: Market }) {
  const client = useQueryClient();
  const isEditable = useAccess().may('exchange.operate');
  const [texts, setTexts] = useState(() => marketTexts(market));
  const { run, error, isBusy } = useChange();
  const wanted = marketOf(market, texts);
  const changes = wanted ? changedFields(market, wanted) : [];
  const isRaced = isCode(error, 'market_changed');
  const reload = () => client.invalidateQueries({ queryKey: ['admin', 'markets'] });
  const save = () =>
    run(async () => {
      const { version } = await exchange.putMarket(wanted!);
      await reload();
      toast(t.admin.marketSaved(market.symbol, shown(version)));
    });
  const groups = (
    <div className="market-groups">
      {kGroups.map(({ name, fields }) => (
        <Panel key={name} title={t.admin.marketGroups[name]}>
          <div className="form-grid">
            {fields.map((field) => (
              <MarketField
                key={field.name}
                field={field}
                market={market}
                text={texts[field.name]}
                refused={refusalOfField(error, field.name)}
                isReadOnly={!isEditable}
                onChange={(text) => setTexts({ ...texts, [field.name]: text })}
              />
            ))}
          </div>
        </Panel>
      ))}
    </div>
  );
  if (!isEditable) {
    return (
      <>
        <p className="muted">{t.admin.marketReadOnly}</p>
        {groups}
      </>
    );
  }
  return (
    <div className="market-form">
      <Form
        submit={wanted && changes.length === 0 ? t.admin.marketSame : t.admin.marketSave(market.symbol)}
        isBusy={isBusy}
        error={isRaced ? null : error}
        isReady={changes.length > 0 && !isRaced}
        fields={kNames}
        onSubmit={() => void save()}
      >
        {groups}
        {isRaced ? <Raced reload={reload} /> : <Changes market={market} texts={texts} changes={changes} />}
      </Form>
    </div>
  );
}

/** What is about to change, before it is asked for. */
function Changes({ market, texts, changes }: { market: Market; texts: MarketTexts; changes: readonly Field[] }) {
  if (changes.length === 0) return null;
  return (
    <div role="status">
      <p className="muted">{t.admin.marketChanges}</p>
      <ul className="market-changes">
        {changes.map((field) => (
          <li key={field.name}>{t.admin.marketChange(labelOf(field, market), wordOf(field, String(market[field.name])), wordOf(field, texts[field.name]))}</li>
        ))}
      </ul>
    </div>
  );
}

function Raced({ reload }: { reload: () => Promise<void> }) {
  return (
    <div role="alert" className="admin-once">
      <p>{t.admin.marketRaced}</p>
      <p className="muted">{t.admin.marketReloadHint}</p>
      <button type="button" className="button" onClick={() => void reload()}>
        {t.admin.marketReload}
      </button>
    </div>
  );
}

function MarketField({ field, market, text, refused, isReadOnly, onChange }: {
  field: Field;
  market: Market;
  text: string;
  refused: string | null;
  isReadOnly: boolean;
  onChange: (text: string) => void;
}) {
  const label = labelOf(field, market);
  const { help } = t.admin.marketFields[field.name];
  if (field.choices) {
    const choices = field.choices.map((value) => ({ value, label: wordOf(field, value) }));
    return <SelectField label={label} hint={help} problem={refused} choices={choices} value={text} isDisabled={isReadOnly} onChange={onChange} />;
  }
  const problem = valueOf(field, text) !== null ? refused : field.kind === 'whole' || field.kind === 'choice' ? t.admin.marketWhole : t.admin.marketDecimal(kDecimals[field.kind]);
  return <TextField label={label} hint={field.isFixed ? t.admin.marketFixed : help} problem={problem} value={text} isReadOnly={isReadOnly || field.isFixed} isNumber onChange={onChange} />;
}

function labelOf({ name, unit }: Field, market: Market): string {
  const { label } = t.admin.marketFields[name];
  return unit ? `${label}, ${unitText(unit, market)}` : label;
}

function wordOf({ name }: Field, text: string): string {
  const words: Record<string, string> = name === 'state' ? t.admin.marketStates : name === 'funding_formula' ? t.admin.fundingFormulas : {};
  return words[text] ?? text;
}
