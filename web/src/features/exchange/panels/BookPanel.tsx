import { PanelBody } from './PanelBody';
import { useSize } from '@/ui/size';
import { usePanel } from '@/workspace/usePanel';
import { useMarketView, useTicker } from '../market';
import { OrderBook } from '../OrderBook';

const kRowPx = 20;
/** Heading, spread and note. */
const kRestPx = 84;

export default function BookPanel() {
  const { symbol } = usePanel();
  const { book, resyncs } = useMarketView(symbol);
  const ticker = useTicker(symbol);
  const [box, { height }] = useSize();
  const rows = Math.max(3, Math.floor((height - kRestPx) / 2 / kRowPx));
  return (
    <PanelBody symbol={symbol} body={box}>
      {(answer, places) => <OrderBook book={book} rows={rows} market={answer.settings} places={places} mark={(ticker ?? answer.ticker).mark} resyncs={resyncs} />}
    </PanelBody>
  );
}
