/**
 * Collects changes and tells once for many: at the next frame, and not more often than every
 * `spacingMs`. Data may arrive hundreds of times a second; nobody reads faster than ten.
 */
export class FrameBatcher {
  private scheduled = false;
  private lastAt = -Infinity;

  constructor(
    private readonly flush: () => void,
    private readonly spacingMs = 100,
    private readonly now: () => number = () => performance.now(),
    private readonly later: (run: () => void, ms: number) => void = defaultLater,
  ) {}

  mark(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.later(() => this.run(), Math.max(0, this.lastAt + this.spacingMs - this.now()));
  }

  private run(): void {
    this.scheduled = false;
    this.lastAt = this.now();
    this.flush();
  }
}

function defaultLater(run: () => void, ms: number): void {
  // A hidden page gets no frames; its data must go on all the same.
  const frame = () => (document.hidden ? setTimeout(run, 0) : requestAnimationFrame(() => run()));
  if (ms > 0) setTimeout(frame, ms);
  else frame();
}
