import { PanelBody } from './PanelBody';
import { usePanel } from '@/workspace/usePanel';
import { useMarketView } from '../market';
import { Trades } from '../Tapes';

export default function TradesPanel() {
  const { symbol } = usePanel();
  const trades = useMarketView(symbol, (view) => view.trades);
  return <PanelBody symbol={symbol}>{(answer, places) => <Trades trades={trades} market={answer.settings} places={places} />}</PanelBody>;
}
