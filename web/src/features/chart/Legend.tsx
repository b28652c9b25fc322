import { useEffect, useState } from 'react';
import type { Candle } from '@/api/series';
import { t } from '@/strings';
import { Icon } from '@/ui/Icon';
import { decimals, short } from '@/features/exchange/format';
import { compareColour } from './compare_layer';
import { barTime } from './clock';
import { shownNumber, type CrosshairPlace, type Plot } from './plot';
import { changeOfClose, changeText } from './price';
import type { ChartSettings } from './settings';
import { shownStudy } from './StudyDialog';
import { studyColours } from './study_layer';
import { kindOf, studyPlaces, studyText, type Study } from './studies';
import type { StudiesView } from './study_values';

interface Props {
  plot: Plot;
  symbol: string;
  settings: ChartSettings;
  change: (change: Partial<ChartSettings>) => void;
  places: number;
  bars: readonly Candle[];
  studies: StudiesView;
}

/** What stands under the crosshair, or else at the end. */
export function Legend({ plot, symbol, settings, change, places, bars, studies }: Props) {
  const [place, setPlace] = useState<CrosshairPlace | null>(null);
  useEffect(() => plot.onCrosshair(setPlace), [plot]);
  const slot = place ? plot.slots[place.slot] : undefined;
  const bar = slot ? slot.bar : (bars.at(-1) ?? null);
  const colours = studyColours(settings.studies, plot.palette.lines);
  return (
    <div className="chart-legend">
      <div className="chart-legend-line">
        <span className="chart-legend-name">{symbol}</span>
        {slot ? <span className="muted">{barTime(slot.start, settings.interval, plot.shift)}</span> : <span className="muted">{settings.interval}</span>}
        {bar ? <BarFigures bar={bar} before={beforeOf(bars, bar)} places={places} /> : <span className="muted">{slot ? t.chart.noTradesInBar : ''}</span>}
      </div>
      {settings.studies.map((study) => (
        <StudyLine key={studyText(study)} colours={colours.get(studyText(study)) ?? []} study={study} studies={studies} start={slot?.start} places={places} remove={() => change({ studies: settings.studies.filter((each) => each !== study) })} />
      ))}
      {settings.compared.map((other, i) => (
        <div key={other} className="chart-legend-line">
          <span className="chart-legend-dot" style={{ background: compareColour(plot, i) }} />
          <span>{other}</span>
          <Remove label={t.chart.compareStop(other)} onClick={() => change({ compared: settings.compared.filter((each) => each !== other) })} />
        </div>
      ))}
      {studies.error && settings.studies.length > 0 ? <div className="chart-legend-line form-refusal">{t.chart.studyFailed}</div> : null}
    </div>
  );
}

function beforeOf(bars: readonly Candle[], bar: Candle): string | undefined {
  // Nearly always the last one is looked at.
  for (let i = bars.length - 1; i > 0; i--) if (bars[i]!.start === bar.start) return bars[i - 1]!.close;
  return undefined;
}

function BarFigures({ bar, before, places }: { bar: Candle; before: string | undefined; places: number }) {
  const change = changeOfClose(before, bar.close);
  const tone = Number(bar.close) >= Number(bar.open) ? 'up' : 'down';
  const l = t.chart.legend;
  return (
    <>
      {([[l.open, bar.open], [l.high, bar.high], [l.low, bar.low], [l.close, bar.close]] as const).map(([name, price]) => (
        <span key={name}>
          <span className="muted">{name}</span> <span className={`num ${tone}`}>{decimals(price, places)}</span>
        </span>
      ))}
      {change ? <span className={`num ${change.amount < 0n ? 'down' : 'up'}`}>{changeText(change, places)}</span> : null}
      <span>
        <span className="muted">{l.volume}</span> <span className="num">{short(bar.volume)}</span>
      </span>
    </>
  );
}

function StudyLine({ colours, study, studies, start, places, remove }: { colours: readonly string[]; study: Study; studies: StudiesView; start: number | undefined; places: number; remove: () => void }) {
  const values = studies.values.get(studyText(study));
  const at = values ? (start === undefined ? values.starts.length - 1 : values.starts.indexOf(start)) : -1;
  const kind = kindOf(study);
  return (
    <div className="chart-legend-line">
      <span className="muted">{shownStudy(study)}</span>
      {kind.outputs.map((output, i) => {
        const value = at < 0 ? null : values!.columns[i]?.[at];
        if (output.style === 'hidden' || output.style === 'ahead') return null;
        return (
          <span key={output.name} className="num" style={{ color: colours[i] }}>
            {t.chart.outputs[output.name] ? <span className="muted">{t.chart.outputs[output.name]} </span> : null}
            {value == null ? '–' : study.kind === 'obv' ? short(value.toFixed(3)) : shownNumber(value, studyPlaces(study, places))}
          </span>
        );
      })}
      <Remove label={t.chart.studyRemove(shownStudy(study))} onClick={remove} />
    </div>
  );
}

function Remove({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" className="chart-legend-remove" aria-label={label} title={label} onClick={onClick}>
      <Icon name="close" size={12} />
    </button>
  );
}
