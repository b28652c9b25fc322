/** Moments that are apart, for batchers that would all tell in one frame. */
export class Turns {
  private free = -Infinity;

  constructor(private readonly apartMs: number) {}

  /** The first that is free, from `earliest` on. */
  take(earliest: number): number {
    const at = Math.max(earliest, this.free);
    this.free = at + this.apartMs;
    return at;
  }
}

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
    private readonly turns?: Turns,
  ) {}

  mark(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    const now = this.now();
    const due = Math.max(now, this.lastAt + this.spacingMs);
    this.later(() => this.run(), (this.turns?.take(due) ?? due) - now);
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
