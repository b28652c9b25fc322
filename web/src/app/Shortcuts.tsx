import { t } from '@/strings';
import { Dialog } from '@/ui/Dialog';
import { Icon } from '@/ui/Icon';
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
  [['g', 's'], i.goStatus],
  [['g', 'a'], i.goAccount],
  [['g', 'u'], i.goAdmin],
  [['g', 'd'], i.goDeveloper],
  [['/'], i.search],
  [['t'], i.theme],
  [['['], i.fold],
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
      <header className="dialog-header">
        <h2>{t.shortcuts.title}</h2>
        <button type="button" className="icon-button" onClick={closeShortcuts} aria-label={t.toasts.dismiss}>
          <Icon name="close" />
        </button>
      </header>
      <div className="shortcut-groups">
        <Group title={t.shortcuts.everywhere} keys={everywhere} />
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
