import { useEffect } from 'react';
import { t } from '@/strings';
import { toast } from '@/ui/toasts';
import { reached, setAlerts, usePriceAlerts } from './alerts';
import { useTickers } from './market';

/** Tells of price alerts while the workspace is open. */
export function useAlertWatch(): void {
  const { list } = useTickers();
  const alerts = usePriceAlerts((s) => s.alerts);
  useEffect(() => {
    const hits = reached(alerts, list);
    if (hits.length === 0) return;
    for (const { market, price, side } of hits) toast(t.venue.alerts.told(market, t.venue.alerts.sides[side], price), 'warn');
    const ids = new Set(hits.map(({ id }) => id));
    setAlerts((all) => all.map((alert) => (ids.has(alert.id) ? { ...alert, hit: Date.now() } : alert)));
  }, [alerts, list]);
}
