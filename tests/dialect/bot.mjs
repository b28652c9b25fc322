// A bot on ccxt's binanceusdm, beside other traders: node bot.mjs URL, {"apiKey","secret"} on the
// first line of its input. Quotes both sides of the mark price and now and then takes, until its
// input ends; then it cancels, closes its position and says what it did.
import { createInterface } from 'node:readline';
import { ccxt, exchangeAt } from './venue.mjs';

const symbol = 'SOL/USDC:USDC';
const stepMs = 1_000;
const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const keys = JSON.parse((await input.next()).value);
let ended = false;
void input.next().then(() => (ended = true));

const exchange = exchangeAt(process.argv[2], keys);
await exchange.loadMarkets();
const done = { placed: 0, cancelled: 0, refused: {}, trades: 0, position: 0 };
/** A venue in a volatile hour may refuse: that is counted and said, anything else ends the bot. */
async function tried(act) {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ccxt.ExchangeError)) throw error;
    const name = error.constructor.name;
    done.refused[name] = (done.refused[name] ?? 0) + 1;
    return null;
  }
}
const place = async (type, side, amount, price, params) => (await tried(() => exchange.createOrder(symbol, type, side, amount, price, params))) && ++done.placed;

for (let step = 0; !ended; ++step) {
  const mark = (await exchange.fetchFundingRate(symbol)).markPrice;
  const near = (share) => Number(exchange.priceToPrecision(symbol, mark * share));
  await place('limit', 'buy', 1, near(0.9995), { timeInForce: 'GTX' });
  await place('limit', 'sell', 1, near(1.0005), { timeInForce: 'GTX' });
  if (step % 4 === 3) await place('market', step % 8 === 3 ? 'buy' : 'sell', 0.5);
  await new Promise((next) => setTimeout(next, stepMs));
  const open = await exchange.fetchOpenOrders(symbol);
  if (open.length > 0 && (await tried(() => exchange.cancelAllOrders(symbol)))) done.cancelled += open.length;
}

const [position] = await exchange.fetchPositions([symbol]);
if (position?.contracts > 0) await place('market', position.side === 'long' ? 'sell' : 'buy', position.contracts, undefined, { reduceOnly: true });
done.trades = (await exchange.fetchMyTrades(symbol)).length;
done.position = (await exchange.fetchPositions([symbol]))[0]?.contracts ?? 0;
console.log(JSON.stringify(done));
process.exit(0);
