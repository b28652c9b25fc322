import { useRef, useState } from 'react';
import { useTickers } from '@/features/exchange/market';
import { t } from '@/strings';
import { Confirm } from '@/ui/Confirm';
import { saveFile } from '@/ui/file';
import { Icon } from '@/ui/Icon';
import { Menu, type MenuItem } from '@/ui/Menu';
import { toast } from '@/ui/toasts';
import { withDock } from './dockHost';
import { addPreset, exportFile, importFile, remove, reset, showNamed, useLayouts } from './layouts';
import { NameDialog } from './NameDialog';
import { panelKinds } from './panels';
import { kPresets, type Preset } from './presets';
import { kBytesMax, LayoutError } from './parse';
import { useWorkspace } from './store';

const w = t.workspace;

type Asked = { what: 'rename' | 'duplicate' | 'remove' } | { what: 'reset'; preset: Preset } | null;

/** Above the panels: which layout, more panels, and the windows it had. */
export function Toolbar() {
  const [asked, setAsked] = useState<Asked>(null);
  const name = useWorkspace((s) => s.name);
  const file = useRef<HTMLInputElement>(null);
  return (
    <div className="workspace-bar" role="toolbar" aria-label={w.bar}>
      <LayoutMenu ask={setAsked} pickFile={() => file.current?.click()} />
      <Menu label={w.addPanel} title={`${w.addPanel} (Ctrl Alt A)`} className="bar-button" button={<><Icon name="plus" size={14} /> {w.addPanel}</>} items={panelItems} />
      <Waiting />
      <SyncState />
      <input ref={file} type="file" accept=".json,application/json" className="sr-only" tabIndex={-1} aria-label={w.importFile} onChange={(event) => void readFile(event.currentTarget)} />
      {asked ? <Question asked={asked} name={name} close={() => setAsked(null)} /> : null}
    </div>
  );
}

const panelItems = (): MenuItem[] => panelKinds.map(({ kind, title, icon }) => ({ id: kind, text: title, label: <><Icon name={icon} size={14} /> {title}</>, run: () => withDock((dock) => dock.add(kind)) }));

function LayoutMenu({ ask, pickFile }: { ask: (asked: Asked) => void; pickFile: () => void }) {
  const name = useWorkspace((s) => s.name);
  const names = useLayouts((s) => s.names);
  const symbols = useTickers().list.map(({ market }) => market);
  const items = (): MenuItem[] => [
    ...names.map((each): MenuItem => ({ id: `show ${each}`, group: w.layouts, label: each, isChecked: each === name, run: () => showNamed(each) })),
    ...(['rename', 'duplicate', 'remove'] as const).map((what): MenuItem => ({ id: what, group: w.thisLayout, label: w.acts[what], run: () => ask({ what }) })),
    { id: 'export', group: w.thisLayout, label: w.exportFile, run: exportLayout },
    ...kPresets.map((preset): MenuItem => ({ id: `reset ${preset}`, group: w.thisLayout, label: w.resetTo(w.presets[preset]), run: () => ask({ what: 'reset', preset }) })),
    ...kPresets.map((preset): MenuItem => ({ id: `new ${preset}`, group: w.newLayout, label: w.newFrom(w.presets[preset]), run: () => addPreset(preset, symbols) })),
    { id: 'import', group: w.newLayout, label: w.importFile, run: pickFile },
  ];
  return <Menu label={w.layoutIs(name)} title={`${w.layouts} (Ctrl Alt L)`} className="bar-button" button={<>{name} <Icon name="down" size={12} /></>} items={items} />;
}

function Question({ asked, name, close }: { asked: NonNullable<Asked>; name: string; close: () => void }) {
  const symbols = useTickers().list.map(({ market }) => market);
  if (asked.what === 'rename' || asked.what === 'duplicate') return <NameDialog what={asked.what} name={name} close={close} />;
  const isReset = asked.what === 'reset';
  const act = async () => (isReset ? reset(asked.preset, symbols) : remove(name));
  return (
    <Confirm title={isReset ? w.resetTitle(name) : w.removeTitle(name)} action={isReset ? w.resetTo(w.presets[asked.preset]) : w.acts.remove} isDanger act={act} close={close}>
      <p>{isReset ? w.resetHint : w.removeHint}</p>
    </Confirm>
  );
}

/** Browsers open windows only when one asks for it. */
function Waiting() {
  const count = useWorkspace((s) => (s.isWaiting ? s.layout.windows.length : 0));
  if (count === 0) return null;
  const open = () => {
    withDock((dock) => dock.restoreWindows());
    useWorkspace.setState({ isWaiting: false });
  };
  return (
    <button type="button" className="bar-button bar-waiting" onClick={open}>
      <Icon name="window" size={14} /> {w.openWindows(count)}
    </button>
  );
}

function SyncState() {
  const sync = useLayouts((s) => s.sync);
  return sync === 'off' ? null : (
    <span className={`bar-sync ${sync === 'failed' ? 'bar-failed' : 'muted'}`} role="status" title={w.syncHints[sync]}>
      {w.sync[sync]}
    </span>
  );
}

function exportLayout(): void {
  const { name, text } = exportFile();
  saveFile(`${name}.layout.json`, new Blob([text], { type: 'application/json' }));
}

async function readFile(input: HTMLInputElement): Promise<void> {
  const file = input.files?.[0];
  input.value = '';
  if (!file) return;
  try {
    if (file.size > kBytesMax) throw new LayoutError('file', w.problems.tooLarge(kBytesMax / 1024));
    toast(w.imported(importFile(await file.text())));
  } catch (error) {
    toast(error instanceof LayoutError ? w.importRefused(file.name, error.message) : w.importRefused(file.name, String(error)), 'warn');
  }
}
