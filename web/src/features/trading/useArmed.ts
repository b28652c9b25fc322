import { useCallback, useEffect, useState } from 'react';

export const kIdleMs = 60_000;

/** A switch that goes off by itself: when the window loses the focus, is hidden, or nothing is done for a minute. */
export function useArmed(document: Document) {
  const [armed, setArmed] = useState(false);
  /** Counts what is done, so that the minute begins anew. */
  const [deeds, setDeeds] = useState(0);
  const disarm = useCallback(() => setArmed(false), []);
  const touch = useCallback(() => setDeeds((n) => n + 1), []);
  useEffect(() => {
    if (!armed) return;
    const view = document.defaultView;
    const hidden = () => document.hidden && disarm();
    const timer = setTimeout(disarm, kIdleMs);
    view?.addEventListener('blur', disarm);
    document.addEventListener('visibilitychange', hidden);
    return () => {
      clearTimeout(timer);
      view?.removeEventListener('blur', disarm);
      document.removeEventListener('visibilitychange', hidden);
    };
  }, [armed, deeds, document, disarm]);
  return { armed, setArmed, disarm, touch };
}
