import { useMemo } from 'react';
import { useAnyTick } from './useTick';
import { Skeleton } from '@/ui/states';
import { useWorkspace } from '@/workspace/store';
import { usePanel } from '@/workspace/usePanel';
import { Chart } from './Chart';
import { parseSettings, type ChartSettings } from './settings';

/** The chart as a panel of the workspace. */
export default function ChartPanel() {
  const panel = usePanel<Partial<ChartSettings>>();
  const group = useWorkspace((s) => s.layout.panels[panel.panelId]?.link ?? null);
  const kept = JSON.stringify(panel.settings);
  const settings = useMemo(() => parseSettings(JSON.parse(kept)), [kept]);
  const tick = useAnyTick(panel.symbol);
  if (!panel.symbol || tick === undefined) return <Skeleton rows={8} className="panel-fill" />;
  return <Chart key={panel.symbol} symbol={panel.symbol} tick={tick} group={group} settings={settings} change={panel.setSettings} document={panel.document} />;
}
