/** The tokens that a canvas needs, as the document has them now. */
export interface Palette {
  surface: string;
  raised: string;
  line: string;
  text: string;
  muted: string;
  faint: string;
  accent: string;
  up: string;
  down: string;
  warn: string;
  /** Of lines that are neither up nor down. */
  lines: string[];
  fontText: string;
}

export const kLineColours = 6;

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const of = (name: string) => whole(style.getPropertyValue(`--${name}`).trim());
  return {
    surface: of('surface'),
    raised: of('raised'),
    line: of('line'),
    text: of('text'),
    muted: of('muted'),
    faint: of('faint'),
    accent: of('accent'),
    up: of('up'),
    down: of('down'),
    warn: of('warn'),
    lines: Array.from({ length: kLineColours }, (_, i) => of(`chart-${i + 1}`)),
    fontText: of('font-text'),
  };
}

/** #fff is #ffffff: the build shortens what it can. */
const whole = (colour: string): string => colour.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');

/** Tokens are #rrggbb; the canvas library reads no color-mix(). */
export const withAlpha = (colour: string, share: number): string => colour + Math.round(share * 255).toString(16).padStart(2, '0');
