import { useEffect, useState, type ComponentType, type ReactNode } from 'react';

interface Prepared<P> {
  (props: P): ReactNode;
  /** Fetches it before it is drawn. */
  prepare: () => void;
}

/**
 * A component in a file of its own, with `meanwhile` in its place until the file is there. Other than with React's `lazy`,
 * what was fetched before is drawn at once, and what was not as soon as it comes: a suspended part waits up to 300 ms.
 */
export function prepared<P extends object>(load: () => Promise<{ default: ComponentType<P> }>, meanwhile: ReactNode): Prepared<P> {
  let found: ComponentType<P> | undefined;
  let asked: Promise<void> | undefined;
  const ask = (): Promise<void> =>
    (asked ??= load().then(
      (module) => void (found = module.default),
      (error: unknown) => {
        asked = undefined;
        throw error;
      },
    ));
  function Part(props: P): ReactNode {
    const [, setSettled] = useState(found !== undefined);
    const [failure, setFailure] = useState<{ error: unknown } | null>(null);
    useEffect(() => {
      if (!found) ask().then(() => setSettled(true), (error: unknown) => setFailure({ error }));
    }, []);
    // To whoever bounds this part of the page.
    if (failure) throw failure.error;
    const Found = found;
    return Found ? <Found {...props} /> : meanwhile;
  }
  Part.prepare = () => void ask().catch(() => {});
  return Part;
}
