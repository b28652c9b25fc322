import type { IDockviewPanelHeaderProps } from 'dockview-react';
import { t } from '@/strings';
import { Icon } from '@/ui/Icon';
import { panelKind } from './panels';
import { symbolOf, useWorkspace } from './store';
import { useFirstSymbol } from './useFirstSymbol';

export function PanelTab({ api }: IDockviewPanelHeaderProps) {
  const panel = useWorkspace((s) => s.layout.panels[api.id]);
  const chosen = useWorkspace((s) => symbolOf(s.layout, api.id));
  const first = useFirstSymbol();
  const kind = panel && panelKind(panel.kind);
  const title = kind?.title ?? api.id;
  return (
    <div className="panel-tab">
      {kind?.symbolic ? <span className="link-dot" data-link={panel?.link ?? 'none'} /> : null}
      <span className="panel-tab-title">{title}</span>
      {kind?.symbolic ? <span className="muted">{chosen ?? first}</span> : null}
      <button type="button" className="panel-tab-close" aria-label={t.workspace.closePanel(title)} onPointerDown={(event) => event.stopPropagation()} onClick={() => api.close()}>
        <Icon name="close" size={12} />
      </button>
    </div>
  );
}
