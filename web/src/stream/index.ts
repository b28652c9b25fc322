import { LiveStream, type Socket } from './client';

export type { ChannelHandlers, Gap } from './channel';
export type { CallAnswer, StreamState, Subscription } from './client';
export { CallLost, LiveStream } from './client';
export { FrameBatcher, Turns } from './frames';
export type { CallRequest, Filter, StreamItem } from './protocol';

function openSocket(): Socket {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return new WebSocket(`${scheme}://${location.host}/ws/live`) as unknown as Socket;
}

/** A connection of its own, for who follows one channel with several filters; to be started and stopped. */
export const newStream = (): LiveStream =>
  new LiveStream({
    open: openSocket,
    timers: {
      set: (run, ms) => setTimeout(run, ms),
      clear: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
      now: () => performance.now(),
    },
    random: Math.random,
  });

/** The terminal's connection. Started by main. */
export const liveStream = newStream();
