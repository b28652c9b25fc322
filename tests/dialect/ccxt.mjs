// ccxt's binanceusdm, as npm has it, against the running server: node ccxt.mjs PROGRAM
import assert from 'node:assert/strict';
import { becomes, ccxt, Story, Venue, within } from './venue.mjs';

const symbol = 'SOL/USDC:USDC';
const story = new Story();
const venue = await Venue.start(process.argv[2]);
const ada = await venue.trader('ada', '100000');
const bob = await venue.trader('bob', '100000');
const open = async (keys) => {
  const exchange = venue.exchange(keys);
  await exchange.loadHttpProxyAgent(); // what ccxt asks of whoever uses ws:// instead of wss://
  return exchange;
};
const maker = await open(ada);
const taker = await open(bob);
const everyone = await open();

async function failsWith(kind, code, act) {
  await assert.rejects(act, (error) => {
    assert.ok(error instanceof kind, `${error.constructor.name}: ${error.message}`);
    assert.match(error.message, new RegExp(`"code":${code}\\b`), error.message);
    return true;
  });
}

story.tell('markets are linear swaps with their filters', async () => {
  const markets = await maker.loadMarkets();
  const market = markets[symbol];
  assert.equal(market.id, 'SOLUSDC');
  assert.ok(market.swap && market.linear && market.active);
  assert.equal(market.settle, 'USDC');
  assert.equal(market.contractSize, 1);
  for (const value of [market.precision.price, market.precision.amount, market.limits.amount.min, market.limits.cost.min]) assert.ok(value > 0);
  await taker.loadMarkets();
  await everyone.loadMarkets();
  assert.ok((await everyone.fetchTime()) > 1.7e12);
});

story.tell('a book is told, by REST and as it changes', async () => {
  for (const [side, price, amount] of [['buy', 99, 3], ['buy', 98, 5], ['sell', 101, 4], ['sell', 102, 6]]) {
    const order = await maker.createOrder(symbol, 'limit', side, amount, price);
    assert.equal(order.status, 'open');
    assert.equal(order.timeInForce, 'GTC');
    assert.equal(order.price, price);
    assert.equal(order.amount, amount);
  }
  const book = await becomes('the book', async () => {
    const now = await everyone.fetchOrderBook(symbol);
    return now.asks.length === 2 && now.bids.length === 2 && now;
  });
  assert.deepEqual(book.bids, [[99, 3], [98, 5]]);
  assert.deepEqual(book.asks, [[101, 4], [102, 6]]);
  const ticker = await everyone.fetchBidsAsks([symbol]);
  assert.equal(ticker[symbol].bid, 99);
  assert.equal(ticker[symbol].askVolume, 4);
});

story.tell('a market order trades, and everybody sees it', async () => {
  const order = await taker.createOrder(symbol, 'market', 'buy', 1.5);
  assert.equal(order.status, 'closed');
  assert.equal(order.type, 'market');
  assert.equal(order.filled, 1.5);
  assert.equal(order.average, 101);
  const trades = await becomes('trades', async () => {
    const list = await everyone.fetchTrades(symbol);
    return list.length > 0 && list;
  });
  assert.equal(trades.at(-1).price, 101);
  assert.equal(trades.at(-1).amount, 1.5);
  assert.equal(trades.at(-1).side, 'buy');
  await becomes('a candle', async () => (await everyone.fetchOHLCV(symbol, '1m')).at(-1)?.[4] === 101);
  const ticker = await becomes('a ticker', async () => {
    const now = await everyone.fetchTicker(symbol);
    return now.last === 101 && now;
  });
  assert.equal(ticker.baseVolume, 1.5);
  assert.equal((await everyone.fetchTickers())[symbol].last, 101);
  assert.equal((await everyone.fetchLastPrices([symbol]))[symbol].price, 101);
  assert.equal((await everyone.fetchOpenInterest(symbol)).openInterestAmount, 1.5);
});

story.tell('positions, balance and own trades follow', async () => {
  const [position] = await taker.fetchPositions([symbol]);
  assert.equal(position.side, 'long');
  assert.equal(position.contracts, 1.5);
  assert.equal(position.entryPrice, 101);
  assert.equal(position.marginMode, 'cross');
  const short = await maker.fetchPosition(symbol).catch(async () => (await maker.fetchPositions([symbol]))[0]);
  assert.equal(short.side, 'short');
  const balance = await taker.fetchBalance();
  assert.ok(balance.USDC.total < 100000 && balance.USDC.total > 99900, String(balance.USDC.total));
  assert.ok(balance.USDC.free < balance.USDC.total);
  const mine = await becomes('own trades', async () => {
    const list = await taker.fetchMyTrades(symbol);
    return list.length === 1 && list;
  });
  assert.equal(mine[0].takerOrMaker, 'taker');
  assert.equal(mine[0].amount, 1.5);
  assert.ok(mine[0].fee.cost > 0);
});

story.tell('funding, leverage and modes are answered', async () => {
  const rate = await everyone.fetchFundingRate(symbol);
  assert.equal(rate.indexPrice, 100);
  assert.ok(rate.fundingTimestamp > Date.now() - 60_000);
  assert.ok(symbol in (await everyone.fetchFundingRates()));
  assert.ok(Array.isArray(await everyone.fetchFundingRateHistory(symbol)));
  assert.ok(Array.isArray(await taker.fetchFundingHistory(symbol)));
  assert.equal((await everyone.fetchFundingIntervals([symbol]))[symbol].interval, '1h');
  const set = await taker.setLeverage(3, symbol);
  assert.equal(Number(set.leverage), 3);
  assert.equal((await taker.fetchLeverages([symbol]))[symbol].longLeverage, 3);
  assert.ok((await taker.fetchLeverageTiers())[symbol].length > 0);
  assert.ok((await taker.fetchTradingFee(symbol)).taker > 0);
  await assert.rejects(() => taker.setMarginMode('cross', symbol), ccxt.MarginModeAlreadySet);
  assert.equal((await taker.fetchPositionMode(symbol)).hedged, false);
  await failsWith(ccxt.ExchangeError, -4028, () => taker.setLeverage(125, symbol));
});

story.tell('orders are amended, found, and cancelled', async () => {
  const order = await taker.createOrder(symbol, 'limit', 'buy', 2, 95, { clientOrderId: 'ccxt-1', timeInForce: 'GTC' });
  assert.equal(order.clientOrderId, 'ccxt-1');
  const changed = await taker.editOrder(order.id, symbol, 'limit', 'buy', 3, 96);
  assert.equal(changed.id, order.id);
  assert.equal(changed.price, 96);
  assert.equal(changed.amount, 3);
  assert.equal((await taker.fetchOrder(order.id, symbol)).price, 96);
  assert.deepEqual((await taker.fetchOpenOrders(symbol)).map(({ id }) => id), [order.id]);
  const gone = await taker.cancelOrder(order.id, symbol);
  assert.equal(gone.status, 'canceled');
  assert.equal((await taker.fetchOrder(order.id, symbol)).status, 'canceled');
  const all = await taker.fetchOrders(symbol);
  assert.deepEqual(all.map(({ type, status }) => [type, status]), [['market', 'closed'], ['limit', 'canceled']]);
  assert.equal((await taker.fetchClosedOrders(symbol)).length, 1);
  await taker.createOrder(symbol, 'limit', 'buy', 1, 94);
  await taker.createOrder(symbol, 'limit', 'buy', 1, 93);
  await taker.cancelAllOrders(symbol);
  assert.deepEqual(await taker.fetchOpenOrders(symbol), []);
});

story.tell('times in force do what they say', async () => {
  assert.equal((await taker.createOrder(symbol, 'limit', 'buy', 1, 90, { timeInForce: 'IOC' })).status, 'expired');
  await failsWith(ccxt.InvalidOrder, -5021, () => taker.createOrder(symbol, 'limit', 'buy', 50, 101, { timeInForce: 'FOK' }));
  await failsWith(ccxt.InvalidOrder, -5022, () => taker.createOrder(symbol, 'limit', 'buy', 1, 101, { postOnly: true }));
  const resting = await taker.createOrder(symbol, 'limit', 'buy', 1, 97, { postOnly: true });
  assert.equal(resting.postOnly, true);
  const until = Date.now() + 3_600_000;
  const dated = await taker.createOrder(symbol, 'limit', 'buy', 1, 96, { timeInForce: 'GTD', goodTillDate: until });
  assert.equal(dated.timeInForce, 'GTD');
  assert.equal(dated.info.goodTillDate, until);
  await taker.cancelAllOrders(symbol);
});

story.tell('orders that wait are algo orders', async () => {
  const kinds = [
    ['market', 'sell', { stopLossPrice: 80 }, 'STOP_MARKET'],
    ['limit', 'sell', { stopLossPrice: 80 }, 'STOP', 79],
    ['market', 'sell', { takeProfitPrice: 130 }, 'TAKE_PROFIT_MARKET'],
    ['limit', 'sell', { takeProfitPrice: 130 }, 'TAKE_PROFIT', 129],
    ['market', 'sell', { trailingPercent: 5 }, 'TRAILING_STOP_MARKET'],
  ];
  const ids = [];
  for (const [type, side, params, kind, price] of kinds) {
    const order = await taker.createOrder(symbol, type, side, 1, price, { ...params, reduceOnly: true, workingType: 'MARK_PRICE' });
    assert.equal(order.info.orderType, kind);
    assert.equal(order.info.algoStatus, 'NEW');
    assert.equal(order.reduceOnly, true);
    ids.push(order.id);
  }
  const close = await taker.createOrder(symbol, 'STOP_MARKET', 'sell', undefined, undefined, { stopLossPrice: 70, closePosition: true });
  ids.push(close.id);
  assert.deepEqual((await taker.fetchOpenOrders(symbol, undefined, undefined, { trigger: true })).map(({ id }) => id), ids);
  assert.equal((await taker.fetchOrder(ids[0], symbol, { trigger: true })).triggerPrice, 80);
  assert.deepEqual(await taker.fetchOpenOrders(symbol), []);
  await taker.cancelAllOrders(symbol);
  assert.equal((await taker.fetchOpenOrders(symbol, undefined, undefined, { trigger: true })).length, ids.length, 'stops stay');
  await taker.cancelOrder(ids[0], symbol, { trigger: true });
  await taker.cancelAllOrders(symbol, { trigger: true });
  assert.deepEqual(await taker.fetchOpenOrders(symbol, undefined, undefined, { trigger: true }), []);
  assert.equal((await taker.fetchOrders(symbol, undefined, undefined, { trigger: true })).length, ids.length);
});

story.tell('several orders at once are each done or refused', async () => {
  const made = await taker.createOrders([
    { symbol, type: 'limit', side: 'buy', amount: 1, price: 95 },
    { symbol, type: 'limit', side: 'buy', amount: 1, price: 96 },
    { symbol, type: 'limit', side: 'buy', amount: 1, price: 1000 },
  ]);
  assert.deepEqual(made.map(({ status }) => status), ['open', 'open', 'rejected']);
  const gone = await taker.cancelOrders([made[0].id, made[1].id], symbol);
  assert.deepEqual(gone.map(({ status }) => status), ['canceled', 'canceled']);
});

story.tell('what is wrong has Binance\'s own number', async () => {
  await failsWith(ccxt.BadSymbol, -1121, () => everyone.fapiPublicGetDepth({ symbol: 'NOSUCH' }));
  await failsWith(ccxt.ExchangeError, -2019, () => taker.createOrder(symbol, 'limit', 'buy', 5000, 100));
  await failsWith(ccxt.OrderNotFound, -2013, () => taker.fetchOrder('123456789', symbol));
  await failsWith(ccxt.OrderNotFound, -2011, () => taker.cancelOrder('123456789', symbol));
  await failsWith(ccxt.ExchangeError, -2022, () => taker.createOrder(symbol, 'market', 'buy', 1, undefined, { reduceOnly: true }));
  const stranger = await open({ apiKey: '0'.repeat(32), secret: 'x' });
  await failsWith(ccxt.AuthenticationError, -2015, () => stranger.fetchBalance());
  const forged = await open({ apiKey: ada.apiKey, secret: bob.secret });
  await failsWith(ccxt.AuthenticationError, -1022, () => forged.fetchBalance());
});

story.tell('a watched book stays equal to the one that is asked for', async () => {
  const watcher = await open();
  await within(watcher.watchOrderBook(symbol), 'a book');
  for (let i = 1; i <= 20; ++i) await maker.createOrder(symbol, 'limit', i % 2 ? 'buy' : 'sell', 0.1 * i, i % 2 ? 90 + i / 10 : 110 - i / 10);
  const levels = (side) => side.map(([price, amount]) => [price, amount]);
  await becomes('the same book', async () => {
    const [watched, asked] = [watcher.orderbooks[symbol], await everyone.fetchOrderBook(symbol, 1000)];
    return JSON.stringify([levels(watched.bids), levels(watched.asks)]) === JSON.stringify([asked.bids, asked.asks]) && asked.bids.length > 10;
  });
});

story.tell('trades, candles and tickers are told as they come', async () => {
  const watcher = await open();
  const [trades, candles, ticker, tickers, best, mark] = [watcher.watchTrades(symbol), watcher.watchOHLCV(symbol, '1m'), watcher.watchTicker(symbol), watcher.watchTickers([symbol]), watcher.watchBidsAsks([symbol]), watcher.watchMarkPrice(symbol)];
  let going = true;
  const traded = (async () => {
    for (let i = 0; going; ++i) {
      await taker.createOrder(symbol, 'market', i % 2 ? 'sell' : 'buy', 0.2);
      await venue.index(i % 2 ? '100' : '100.1');
    }
  })();
  const all = within(Promise.all([trades, candles, ticker, tickers, best, mark]), 'what is watched').finally(() => {
    going = false;
  });
  const [first, bars, now, several, asks, price] = await all;
  await traded;
  assert.equal(first[0].symbol, symbol);
  assert.equal(first[0].amount, 0.2);
  assert.equal(bars.at(-1).length, 6);
  assert.ok(now.last > 0 && several[symbol].last > 0);
  assert.ok(asks[symbol].ask >= asks[symbol].bid);
  assert.ok(price.markPrice > 0);
});

story.tell('one hears of one\'s own orders, trades, balance and positions', async () => {
  const watcher = await open(bob);
  await watcher.loadMarkets();
  const balances = watcher.watchBalance();
  const positions = watcher.watchPositions([symbol]);
  const mine = watcher.watchMyTrades(symbol);
  const orders = watcher.watchOrders(symbol);
  await becomes('the private stream', () => Object.values(watcher.clients).some((client) => client.url.includes('listenKey=') && client.isConnected));
  // However much was traded while others watched, there is something to buy.
  await maker.createOrder(symbol, 'limit', 'sell', 0.5, 101);
  const placed = await taker.createOrder(symbol, 'limit', 'buy', 0.5, 101, { clientOrderId: 'watched-1' });
  assert.equal(placed.status, 'closed');
  const told = await within(orders, 'an order');
  assert.equal(told[0].id, placed.id);
  assert.equal(told[0].clientOrderId, 'watched-1');
  const trade = (await within(mine, 'a trade')).at(-1);
  assert.equal(trade.order, placed.id);
  assert.equal(trade.amount, 0.5);
  await becomes('the order filled', () => watcher.orders.find(({ id }) => id === placed.id)?.status === 'closed');
  const balance = await within(balances, 'a balance');
  assert.ok(balance.USDC.total > 0);
  const position = (await within(positions, 'a position')).at(-1);
  assert.equal(position.symbol, symbol);
});

try {
  await story.run();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  venue.stop();
  process.exit(process.exitCode ?? 0);
}
