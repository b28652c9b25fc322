import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useAccess } from '@/api/access';
import { isCode } from '@/api/admin';
import { exchange, type Market } from '@/api/markets';
import { shown } from '@/domain/whole';
import { isStopOnly, proposingPath } from '@/features/governance/proposing';
import { useIsBound } from '@/features/governance/useIsBound';
import { t } from '@/strings';
import { Form, refusalOfField, useChange } from '@/ui/form';
import { Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { toast } from '@/ui/toasts';
import { labelOf, MarketField, wordOf } from './MarketField';
import { changedFields, kFields, kGroups, marketOf, marketTexts, type Field, type MarketTexts } from './markets';
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
          <Bound symbol={market.symbol} />
          <MarketForm key={`${market.symbol} ${market.version}`} market={market} />
        </>
      ) : null}
    </>
  );
}

function Bound({ symbol }: { symbol: string }) {
  if (!useIsBound()) return null;
  return (
    <p className="market-bound" role="note">
      {t.admin.marketBound} <Link to={proposingPath('market', symbol)}>{t.admin.marketProposeLink}</Link>
    </p>
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
  const isBound = useIsBound();
  const isProposed = isBound && !isStopOnly(changes.map(({ name }) => ({ name, then: texts[name] })));
  const navigate = useNavigate();
  const propose = () => void navigate(proposingPath('market', market.symbol, Object.fromEntries(changes.map(({ name }) => [name, texts[name]]))));
  const save = () =>
    run(async () => {
      try {
        const { version } = await exchange.putMarket(wanted!);
        await reload();
        toast(t.admin.marketSaved(market.symbol, shown(version)));
      } catch (refused) {
        // The rules bind since the page has read them.
        if (isCode(refused, 'governed')) await client.invalidateQueries({ queryKey: ['governance', 'parameters'] });
        throw refused;
      }
    });
  const submit = wanted && changes.length === 0 ? t.admin.marketSame : isProposed ? t.admin.marketPropose(market.symbol) : t.admin.marketSave(market.symbol);
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
        submit={submit}
        isBusy={isBusy}
        error={isRaced ? null : error}
        isReady={changes.length > 0 && !isRaced}
        fields={kNames}
        onSubmit={() => (isProposed ? propose() : void save())}
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
