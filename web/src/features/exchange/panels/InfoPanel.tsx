import type { MarketAnswer } from '@/api/venue';
import { duration } from '@/domain/time';
import { t } from '@/strings';
import { useNow } from '@/ui/clock';
import { Facts } from '@/ui/parts';
import { usePanel } from '@/workspace/usePanel';
import { decimals, isZero, percent, percentOfBps, short } from '../format';
import { useTicker } from '../market';
import type { Places } from '../MarketHeader';
import { usePriceSource } from '../sources';
import { PanelBody } from './PanelBody';

const w = t.venue.info;
const ofPpm = (ppm: number): string => percent((ppm / 1e6).toFixed(6), 3);

export default function InfoPanel() {
  const { symbol } = usePanel();
  return <PanelBody symbol={symbol}>{(answer, places) => <Info answer={answer} places={places} />}</PanelBody>;
}

function Info({ answer, places }: { answer: MarketAnswer; places: Places }) {
  const { settings: m } = answer;
  const ticker = useTicker(m.symbol) ?? answer.ticker;
  const source = usePriceSource(m.base_asset);
  const left = Math.max(0, Math.round((ticker.funding_at - useNow()) / 1000));
  const price = (text: string) => <span className="num">{isZero(text) ? t.venue.none : decimals(text, places.price)}</span>;
  const num = (text: string) => <span className="num">{text}</span>;
  return (
    <div className="info-groups">
      <Facts
        items={[
          [t.venue.mark, price(ticker.mark)],
          [t.venue.index, price(ticker.index)],
          [t.venue.last, price(ticker.last)],
          [t.venue.change, <span className={`num ${ticker.change_24h_bps < 0 ? 'down' : 'up'}`}>{percentOfBps(ticker.change_24h_bps)}</span>],
          [t.venue.range, <>{price(ticker.low_24h)} – {price(ticker.high_24h)}</>],
          [`${t.venue.volume}, ${m.quote_asset}`, num(short(ticker.value_24h))],
          [`${t.venue.interest}, ${m.base_asset}`, num(`${short(ticker.open_interest)} ${w.of} ${short(m.open_interest_max)}`)],
        ]}
      />
      <Facts
        items={[
          [w.fundingNow, <span className="num" title={t.venue.fundingHint}>{percent(ticker.funding_rate)}</span>],
          [w.fundingLast, num(percent(ticker.funding_rate_last))],
          [w.fundingIn, num(ticker.funding_at > 0 ? duration(left) : t.venue.none)],
          [w.state, t.venue.states[ticker.state]],
          [w.oracle, <span title={t.venue.verdictHint}>{t.venue.verdicts[ticker.oracle]}</span>],
          [w.sources, source ? `${source.sources.join(', ')} · ${t.labels[source.label]}` : t.venue.none],
          [w.confidence, source ? num(`±${decimals(source.confidence, places.price + 2)}`) : t.venue.none],
        ]}
      />
      <Facts
        items={[
          [w.fees, num(`${ofPpm(m.maker_fee_ppm)} / ${ofPpm(m.taker_fee_ppm)}`)],
          [w.leverage, num(`${Math.floor(10_000 / m.initial_margin_bps)}×`)],
          [w.margin, num(`${percentOfBps(m.initial_margin_bps)} / ${percentOfBps(m.maintenance_margin_bps)}`)],
          [w.tick, num(m.tick_size)],
          [w.lot, num(m.lot_size)],
          [`${w.orderSize}, ${m.base_asset}`, num(`${short(m.order_size_min)} – ${short(m.order_size_max)}`)],
          [`${w.orderValue}, ${m.quote_asset}`, num(`${short(m.order_notional_min)} – ${short(m.order_notional_max)}`)],
          [`${w.position}, ${m.base_asset}`, num(short(m.position_max))],
          [w.band, num(`±${(m.price_band_bps / 100).toFixed(2)} %`)],
        ]}
      />
    </div>
  );
}
