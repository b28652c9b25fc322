import { t } from '@/strings';
import { Dialog, DialogHeader } from '@/ui/Dialog';
import { Segments } from '@/ui/parts';
import { closeSettings } from './overlays';
import { useSettings } from './settings';

/** What is set on this device. */
export default function SettingsDialog() {
  const { theme, colourBlind, navFolded, toggleTheme, toggleColourBlind, toggleNav } = useSettings();
  const w = t.settings;
  return (
    <Dialog label={w.title} close={closeSettings} className="settings">
      <DialogHeader close={closeSettings} dismiss={t.toasts.dismiss}>
        {w.title}
      </DialogHeader>
      <div className="dialog-body settings-list">
        <Choice label={w.theme} value={theme} choices={w.themes} change={toggleTheme} />
        <Choice label={w.colours} hint={w.coloursHint} value={colourBlind ? 'safe' : 'usual'} choices={w.colourSets} change={toggleColourBlind} />
        <p className="settings-sample num" aria-hidden="true">
          <span className="up">▲ +1.25 %</span> <span className="down">▼ −1.25 %</span>
        </p>
        <Choice label={w.navigation} value={navFolded ? 'folded' : 'open'} choices={w.navigations} change={toggleNav} />
        <p className="muted">{w.device}</p>
      </div>
    </Dialog>
  );
}

function Choice<T extends string>({ label, hint, value, choices, change }: { label: string; hint?: string; value: T; choices: Record<T, string>; change: () => void }) {
  const list = (Object.entries(choices) as [T, string][]).map(([key, text]) => ({ value: key, label: text }));
  return (
    <div className="settings-choice">
      <span>
        {label}
        {hint ? <span className="muted settings-hint">{hint}</span> : null}
      </span>
      <Segments label={label} value={value} choices={list} onChange={(next) => (next === value ? undefined : change())} />
    </div>
  );
}
