import { series } from '@/api/series';
import { t } from '@/strings';
import { Icon, type IconName } from '@/ui/Icon';
import { Menu, type MenuItem } from '@/ui/Menu';
import { Segments } from '@/ui/parts';
import { useSize } from '@/ui/size';
import type { ChartActions } from './actions';
import type { ChartDialog } from './Chart';
import { zoneName } from './clock';
import { kIntervals, type Interval } from './intervals';
import { kClocks, kScales, kStyles, type ChartSettings } from './settings';

interface Props {
  symbol: string;
  settings: ChartSettings;
  change: (change: Partial<ChartSettings>) => void;
  actions: ChartActions;
  open: (dialog: ChartDialog) => void;
  /** How far the axis is from UTC, milliseconds. */
  zone: number;
}

/** Those that stand open where there is room; the list has all. */
const kOften: Interval[] = ['1s', '1m', '5m', '15m', '1h', '4h', '1d'];
const kWidePx = 1000;
const kNamedPx = 480;
const kWholePx = 760;

export function Toolbar({ symbol, settings, change, actions, open, zone }: Props) {
  const [box, { width }] = useSize();
  return (
    <div className="chart-toolbar" role="toolbar" aria-label={t.chart.toolbar} ref={box}>
      {width >= kWidePx ? <Segments label={t.chart.interval} value={settings.interval} choices={kOften.map((value) => ({ value, label: value }))} onChange={(interval) => change({ interval: interval as Interval })} /> : null}
      <Choose label={t.chart.interval} value={settings.interval} choices={kIntervals} words={{}} onChange={(interval) => change({ interval })} />
      <Choose label={t.chart.style} value={settings.style} choices={kStyles} words={t.chart.styles} onChange={(style) => change({ style })} />
      <Tool icon="live" label={t.chart.studies} isNamed={width >= kNamedPx} onClick={() => open('studies')} />
      <Tool icon="compare" label={t.chart.compare} isNamed={width >= kNamedPx} onClick={() => open('compare')} />
      <span className="chart-toolbar-space" />
      <Tool icon="newest" label={t.chart.newest} onClick={actions.newest} />
      {width >= kWholePx ? <Wide symbol={symbol} settings={settings} change={change} actions={actions} zone={zone} /> : <Menu label={t.chart.more} title={t.chart.more} className="chart-toggle" button={t.chart.more} items={() => narrowItems({ symbol, settings, change, actions })} />}
    </div>
  );
}

type Rest = Pick<Props, 'symbol' | 'settings' | 'change' | 'actions'>;

const csvOf = (symbol: string, interval: Interval) => ({ href: series.csvPath({ symbol, interval, limit: 100_000 }), download: `${symbol}-${interval}.csv`.replace(':', '-') });

function Wide({ symbol, settings, change, actions, zone }: Rest & { zone: number }) {
  const isCompared = settings.compared.length > 0;
  return (
    <>
      <Toggle label={t.chart.volume} isOn={settings.volume} onClick={() => change({ volume: !settings.volume })} />
      <Toggle label={t.chart.trading} title={t.chart.tradingHint} isOn={settings.trading} onClick={() => change({ trading: !settings.trading })} />
      <Choose label={t.chart.scale} value={isCompared ? 'percent' : settings.scale} choices={kScales} words={t.chart.scales} onChange={(scale) => change({ scale })} isDisabled={isCompared} />
      <Choose label={t.chart.clock} title={t.chart.zone(zoneName(zone))} value={settings.clock} choices={kClocks} words={t.chart.clocks} onChange={(clock) => change({ clock })} />
      <Tool icon="table" label={t.chart.table} onClick={actions.table} />
      <Tool icon="camera" label={t.chart.screenshot} onClick={actions.screenshot} />
      <a className="icon-button" {...csvOf(symbol, settings.interval)} aria-label={t.chart.export} title={t.chart.export}>
        <Icon name="download" />
      </a>
    </>
  );
}

/** The same for a narrow chart. */
function narrowItems({ symbol, settings, change, actions }: Rest): MenuItem[] {
  const toggle = (name: 'volume' | 'trading'): MenuItem => ({ id: name, label: t.chart[name], isChecked: settings[name], run: () => change({ [name]: !settings[name] }) });
  const saveCsv = () => {
    const link = Object.assign(document.createElement('a'), csvOf(symbol, settings.interval));
    link.click();
  };
  return [
    toggle('volume'),
    toggle('trading'),
    ...kScales.map((scale): MenuItem => ({ id: scale, group: t.chart.scale, label: t.chart.scaleHints[scale], isChecked: settings.scale === scale, isDisabled: settings.compared.length > 0, run: () => change({ scale }) })),
    ...kClocks.map((clock): MenuItem => ({ id: clock, group: t.chart.clock, label: t.chart.clocks[clock], isChecked: settings.clock === clock, run: () => change({ clock }) })),
    { id: 'table', group: t.chart.title, label: t.chart.table, run: actions.table },
    { id: 'picture', group: t.chart.title, label: t.chart.screenshot, run: actions.screenshot },
    { id: 'csv', group: t.chart.title, label: t.chart.export, run: saveCsv },
  ];
}

function Choose<T extends string>({ label, value, choices, words, onChange, title, isDisabled = false }: { label: string; value: T; choices: readonly T[]; words: Partial<Record<T, string>>; onChange: (value: T) => void; title?: string; isDisabled?: boolean }) {
  return (
    <select className="chart-choose" aria-label={label} title={title ?? label} value={value} disabled={isDisabled} onChange={(event) => onChange(event.target.value as T)}>
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {words[choice] ?? choice}
        </option>
      ))}
    </select>
  );
}

function Tool({ icon, label, onClick, isNamed = false }: { icon: IconName; label: string; onClick: () => void; isNamed?: boolean }) {
  return (
    <button type="button" className={isNamed ? 'chart-tool-named' : 'icon-button'} aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
      {isNamed ? <span>{label}</span> : null}
    </button>
  );
}

function Toggle({ label, title, isOn, onClick }: { label: string; title?: string; isOn: boolean; onClick: () => void }) {
  return (
    <button type="button" className="chart-toggle" aria-pressed={isOn} title={title ?? label} onClick={onClick}>
      {label}
    </button>
  );
}
