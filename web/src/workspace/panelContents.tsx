import { prepared } from '@/ui/prepared';
import { Skeleton } from '@/ui/states';
import type { Layout } from './layout';
import { panelKinds } from './panels';

/** What each kind of panel draws: made once, as a component that is made again would be mounted again. */
const contents = new Map(panelKinds.map(({ kind, load }) => [kind, prepared(load, <Skeleton rows={6} className="panel-fill" />)]));

export const panelContent = (kind: string) => contents.get(kind);

/** Fetches what the layout's panels draw. */
export function preparePanels(layout: Layout): void {
  for (const { kind } of Object.values(layout.panels)) contents.get(kind)?.prepare();
}
