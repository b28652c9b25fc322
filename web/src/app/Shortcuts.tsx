import { t } from '@/strings';
import { Dialog, DialogHeader } from '@/ui/Dialog';
import { closeShortcuts } from './overlays';

const i = t.shortcuts.items;
const everywhere: [string[], string][] = [
  [['Ctrl', 'K'], i.palette],
  [['?'], i.help],
  [['Esc'], i.close],
  [['g', 'm'], i.goLive],
  [['g', 'l'], i.goLookup],
  [['g', 't'], i.goTrade],
  [['g', 'x'], i.goExchange],
  [['g', 'p'], i.goPortfolio],
  [['g', 'o'], i.goGovernance],
  [['g', 'w'], i.goWallets],
  [['g', 'b'], i.goDashboards],
  [['g', 's'], i.goStatus],
  [['g', 'a'], i.goAccount],
  [['g', 'u'], i.goAdmin],
  [['g', 'd'], i.goDeveloper],
  [['/'], i.search],
  [['t'], i.theme],
  [[','], i.settings],
  [['['], i.fold],
];
const k = t.workspace.keys;
const workspace: [string[], string][] = [
  [['Ctrl', 'Alt', '← → ↑ ↓'], k.toward],
  [['F6', 'Shift F6'], k.next],
  [['Ctrl', 'Alt', 'Shift', '← → ↑ ↓'], k.move],
  [['Ctrl', 'Alt', 'PgUp PgDn'], k.tabs],
  [['Ctrl', 'Alt', '+ −'], k.size],
  [['Ctrl', 'Alt', 'M'], k.maximise],
  [['Ctrl', 'Alt', 'O'], k.tearOff],
  [['Ctrl', 'Alt', 'W'], k.close],
  [['Ctrl', 'Alt', 'A'], k.add],
  [['Ctrl', 'Alt', 'L'], k.layout],
  [['Ctrl', 'Alt', 'S'], k.market],
  [['Ctrl', 'Alt', '1 … 4, 0'], k.link],
  [['↑ ↓', 'Enter'], k.rows],
];
const list: [string[], string][] = [
  [['↑', '↓'], i.move],
  [['PgUp', 'PgDn'], i.page],
  [['Home', 'End'], i.ends],
  [['Enter'], i.open],
  [['Space'], i.pause],
];

export default function Shortcuts() {
  return (
    <Dialog label={t.shortcuts.title} close={closeShortcuts} className="shortcuts">
      <DialogHeader close={closeShortcuts} dismiss={t.toasts.dismiss}>
        {t.shortcuts.title}
      </DialogHeader>
      <div className="shortcut-groups">
        <Group title={t.shortcuts.everywhere} keys={everywhere} />
        <Group title={k.title} keys={workspace} />
        <Group title={t.shortcuts.list} keys={list} />
      </div>
    </Dialog>
  );
}

function Group({ title, keys }: { title: string; keys: [string[], string][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className="facts">
        {keys.map(([combination, meaning]) => (
          <div key={meaning}>
            <dt>{meaning}</dt>
            <dd>
              {combination.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
