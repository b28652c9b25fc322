import { PanelBody } from './PanelBody';
import { usePanel } from '@/workspace/usePanel';
import { useMarketView } from '../market';
import { Liquidations } from '../Tapes';

export default function LiquidationsPanel() {
  const { symbol } = usePanel();
  const liquidations = useMarketView(symbol, (view) => view.liquidations);
  return <PanelBody symbol={symbol}>{(answer, places) => <Liquidations liquidations={liquidations} market={answer.settings} places={places} />}</PanelBody>;
}
