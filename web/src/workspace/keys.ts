import { openPalette } from '@/app/overlays';
import { t } from '@/strings';
import { useEveryWindow } from '@/ui/windows';
import { withDock, type Direction, type DockHost } from './dockHost';
import { kLinks } from './layout';
import { setPanelLink, useWorkspace } from './store';

const arrows: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

/** With Ctrl and Alt; by the key's place, since Alt changes what letters it makes. */
const letters: Record<string, (dock: DockHost, document: Document) => void> = {
  KeyM: (dock) => dock.maximise(),
  KeyO: (dock) => dock.tearOff(),
  KeyW: (dock) => dock.close(useWorkspace.getState().active ?? ''),
  KeyA: (_, document) => openPalette(document, t.workspace.commands.addStart),
  KeyL: (_, document) => openPalette(document, t.workspace.commands.layoutStart),
  KeyS: (_, document) => openPalette(document, t.workspace.commands.marketStart),
  PageUp: (dock) => dock.nextTab(-1),
  PageDown: (dock) => dock.nextTab(1),
};

function actOf(event: KeyboardEvent): ((dock: DockHost, document: Document) => void) | null {
  if (event.key === 'F6' && !event.ctrlKey && !event.altKey) return (dock) => dock.focusNext(event.shiftKey ? -1 : 1);
  if (!event.ctrlKey || !event.altKey || event.metaKey) return null;
  const arrow = arrows[event.key];
  if (arrow) return event.shiftKey ? (dock) => dock.move(arrow) : (dock) => dock.focusToward(arrow);
  if (event.shiftKey) return null;
  if (event.code === 'Equal' || event.code === 'NumpadAdd') return (dock) => (dock.resize('right'), dock.resize('down'));
  if (event.code === 'Minus' || event.code === 'NumpadSubtract') return (dock) => (dock.resize('left'), dock.resize('up'));
  const digit = /^Digit([0-4])$/.exec(event.code)?.[1];
  if (digit !== undefined) return () => setPanelLink(useWorkspace.getState().active ?? '', digit === '0' ? null : kLinks[Number(digit) - 1]!);
  return letters[event.code] ?? null;
}

/** Behind another page the workspace hears the keys of its windows only. */
const isHidden = (target: Document): boolean => target === document && target.querySelector('.workspace-keep[data-away]') !== null;

function bindKeys(document: Document): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (isHidden(document)) return;
    const act = actOf(event);
    if (!act) return;
    event.preventDefault();
    withDock((dock) => act(dock, document));
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}

/** The workspace's keys, in each of its windows. */
export const useWorkspaceKeys = (): void => useEveryWindow(bindKeys);
