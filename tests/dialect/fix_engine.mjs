// jspurefix, as npm has it: a FIX engine that is not QuickFIX, with its own dictionary of FIX 4.4.
import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root, within } from './venue.mjs';

const require = createRequire(join(root, 'web/node_modules/jspurefix/package.json'));
require('reflect-metadata');
const { AsciiSession, EmptyLogFactory, SessionLauncher } = require(join(root, 'web/node_modules/jspurefix'));
const { AsciiSessionMsgFactory } = require(join(root, 'web/node_modules/jspurefix/dist/transport/ascii/ascii-session-msg-factory.js'));

const utc = (date) => {
  const [day, time] = date.toISOString().slice(0, -1).split('T');
  return `${day.replaceAll('-', '')}-${time}`;
};

/** The engine's session, which hands on what it has decoded. */
class EngineSession extends AsciiSession {
  constructor(config, engine) {
    super(config);
    this.engine = engine;
    engine.session = this;
  }
  onApplicationMsg(type, view) {
    this.engine.take(type, view.toObject());
  }
  onReady() {
    this.engine.ready();
  }
  onStopped() {}
  onLogon() {
    return true;
  }
  onDecoded() {}
  onEncoded() {}
}

/** Its Logon with the key's signature, over the time that the engine will write. */
class SignedFactory extends AsciiSessionMsgFactory {
  constructor(description, engine) {
    super(description);
    this.engine = engine;
  }
  cloneFor(description) {
    return new SignedFactory(description, this.engine);
  }
  logon() {
    const { transmitter } = this.engine.session.transport;
    transmitter.time = new Date();
    const { apiKey, secret } = this.engine.trader;
    const signature = createHmac('sha256', secret).update([utc(transmitter.time), transmitter.msgSeqNum, apiKey, 'ASTROLABE'].join('\u0001')).digest();
    const hex = Buffer.from(signature.toString('hex'));
    return { ...super.logon(), Password: undefined, RawDataLength: hex.length, RawData: hex };
  }
}

export class Engine extends SessionLauncher {
  constructor(port, trader) {
    super(
      {
        application: { reconnectSeconds: 1, type: 'initiator', name: 'institution', tcp: { host: '127.0.0.1', port }, protocol: 'ascii', dictionary: 'repo44' },
        Username: trader.apiKey,
        EncryptMethod: 0,
        ResetSeqNumFlag: true,
        HeartBtInt: 30,
        SenderCompId: trader.apiKey,
        TargetCompID: 'ASTROLABE',
        BeginString: 'FIX.4.4',
      },
      null,
      new EmptyLogFactory(),
    );
    this.trader = trader;
    this.messages = [];
    this.waiters = [];
  }
  makeSessionMsgFactory(description) {
    return new SignedFactory(description, this);
  }
  makeFactory() {
    return { makeSession: (config) => new EngineSession(config, this) };
  }
  /** Logs on. */
  async start() {
    const ready = new Promise((done) => {
      this.ready = done;
    });
    this.running = this.exec();
    await within(ready, 'the engine');
    delete this.session.transport.transmitter.time;
  }
  take(type, message) {
    this.messages.push([type, message]);
    this.waiters = this.waiters.filter(({ holds, done }) => !(holds(type, message) && (done(message), true)));
  }
  send(type, message) {
    this.session.send(type, message);
  }
  comes(holds, what) {
    const known = this.messages.find(([type, message]) => holds(type, message));
    return known ? Promise.resolve(known[1]) : within(new Promise((done) => this.waiters.push({ holds, done })), what);
  }
  stop() {
    this.session.done();
  }
}
