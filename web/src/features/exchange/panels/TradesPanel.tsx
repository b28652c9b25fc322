import { useEffect, useState } from 'react';
import { useSize } from '@/ui/size';
import { PanelBody } from './PanelBody';
import { usePanel } from '@/workspace/usePanel';
import { useMarketView } from '../market';
import { Trades } from '../Tapes';

const kRowPx = 24;

export default function TradesPanel() {
  const { symbol } = usePanel();
  const trades = useMarketView(symbol, (view) => view.trades);
  const [box, { height }] = useSize();
  const [isScrolled, setIsScrolled] = useState(false);
  useEffect(() => {
    const element = box.current;
    const note = () => setIsScrolled((element?.scrollTop ?? 0) > 0);
    element?.addEventListener('scroll', note, { passive: true });
    return () => element?.removeEventListener('scroll', note);
  }, [box]);
  // Many trades a second move every row that is there: only those are that can be seen, and enough to scroll to the rest.
  const rows = isScrolled ? undefined : Math.ceil(height / kRowPx) + 2;
  return (
    <PanelBody symbol={symbol} body={box}>
      {(answer, places) => <Trades trades={trades} market={answer.settings} places={places} rows={rows} />}
    </PanelBody>
  );
}
