import { useTradeSettings } from './settings';

/** Short tones, made here: no files, nothing that plays unasked (off by default). */
export type Sound = 'fill' | 'refusal' | 'warning';

/** Pitch in hertz, beginning and length in seconds. */
const tones: Record<Sound, readonly [number, number, number][]> = {
  fill: [[880, 0, 0.07], [1320, 0.08, 0.09]],
  refusal: [[220, 0, 0.16]],
  warning: [[660, 0, 0.12], [440, 0.16, 0.12], [660, 0.32, 0.12], [440, 0.48, 0.2]],
};
const kLoudness = 0.08;
const kEdgeS = 0.01;

let context: AudioContext | null = null;

export function play(sound: Sound): void {
  if (!useTradeSettings.getState().sounds || typeof AudioContext === 'undefined') return;
  context ??= new AudioContext();
  // Browsers keep it silent until the page has been used.
  if (context.state === 'suspended') void context.resume();
  for (const [pitch, after, length] of tones[sound]) tone(context, pitch, context.currentTime + after, length);
}

function tone(audio: AudioContext, pitch: number, at: number, length: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = pitch;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(kLoudness, at + kEdgeS);
  gain.gain.linearRampToValueAtTime(0, at + length);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + length + kEdgeS);
}
