import { useState } from 'react';
import { t } from '@/strings';
import { Dialog, DialogHeader } from '@/ui/Dialog';
import { Form, SelectField, TextField } from '@/ui/form';
import { Icon } from '@/ui/Icon';
import { kindOf, kStudiesMax, kStudyKinds, readParameter, standardStudy, studyText, type Study, type StudyParameter } from './studies';

interface Props {
  studies: readonly Study[];
  change: (studies: Study[]) => void;
  close: () => void;
}

const nameOf = (kind: string) => t.chart.studyNames[kind] ?? kind;
export const shownStudy = ({ kind, parameters }: Study): string => `${nameOf(kind)}${parameters.length > 0 ? ` ${parameters.join(', ')}` : ''}`;

export function StudyDialog({ studies, change, close }: Props) {
  /** The place of the one that is changed; null while one is added. */
  const [at, setAt] = useState<number | null>(null);
  return (
    <Dialog label={t.chart.studies} close={close} className="chart-dialog">
      <DialogHeader close={close} dismiss={t.chart.close}>
        {t.chart.studies}
      </DialogHeader>
      <div className="dialog-body">
        <h3>{t.chart.studyShown}</h3>
        {studies.length === 0 ? <p className="muted">{t.chart.studyNone}</p> : null}
        <ul className="chart-list">
          {studies.map((study, i) => (
            <li key={studyText(study)}>
              <span>{shownStudy(study)}</span>
              <button type="button" className="button-plain" aria-pressed={at === i} disabled={study.parameters.length === 0} aria-label={t.chart.studyChange(shownStudy(study))} onClick={() => setAt(i)}>
                {t.admin.change}
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={t.chart.studyRemove(shownStudy(study))}
                onClick={() => {
                  change(studies.filter((each) => each !== study));
                  setAt(null);
                }}
              >
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
        <StudyForm key={at ?? 'new'} studies={studies} at={at} change={change} done={() => setAt(null)} />
      </div>
    </Dialog>
  );
}

const problemOf = (text: string, parameter: StudyParameter): string | null => {
  const read = readParameter(text, parameter);
  return typeof read === 'number' ? null : t.chart.parameterWrong(read.isWhole, String(read.least), String(read.most), String(read.nearest));
};

/** Adds one, or changes the one at its place. */
function StudyForm({ studies, at, change, done }: { studies: readonly Study[]; at: number | null; change: (studies: Study[]) => void; done: () => void }) {
  const before = at === null ? null : studies[at]!;
  const [name, setName] = useState(before?.kind ?? 'ema');
  const kind = kStudyKinds.find((each) => each.name === name)!;
  const [texts, setTexts] = useState((before ?? standardStudy(kind)).parameters.map(String));
  const values = kind.parameters.map((parameter, i) => readParameter(texts[i] ?? '', parameter));
  const study: Study | null = values.every((value) => typeof value === 'number') ? { kind: name, parameters: values } : null;
  const isTwice = study !== null && studies.some((each, i) => i !== at && studyText(each) === studyText(study));
  const isFull = at === null && studies.length >= kStudiesMax;
  const refused = isFull ? t.chart.studyFull(kStudiesMax) : isTwice ? t.chart.studyTwice : null;
  const choose = (next: string) => {
    setName(next);
    setTexts(standardStudy(kStudyKinds.find((each) => each.name === next)!).parameters.map(String));
  };
  const submit = () => {
    if (!study || refused) return;
    change(at === null ? [...studies, study] : studies.map((each, i) => (i === at ? study : each)));
    done();
  };
  const choices = kStudyKinds.map((each) => ({ value: each.name, label: `${nameOf(each.name)} (${t.chart.studyPanes[each.pane]})` }));
  return (
    <Form onSubmit={submit} submit={at === null ? t.chart.studyAddThis(nameOf(name)) : t.chart.studySave(nameOf(name))} isBusy={false} error={null} isReady={study !== null && refused === null}>
      {at === null ? <SelectField label={t.chart.studyAdd} value={name} choices={choices} onChange={choose} /> : null}
      {kind.parameters.map((parameter, i) => (
        <TextField
          key={parameter.name}
          label={t.chart.parameters[parameter.name] ?? parameter.name}
          value={texts[i] ?? ''}
          onChange={(text) => setTexts(texts.with(i, text))}
          hint={t.chart.parameterRule(parameter.isWhole, String(parameter.least), String(parameter.most))}
          problem={problemOf(texts[i] ?? '', parameter)}
          isNumber
        />
      ))}
      {refused ? (
        <p className="muted" role="status">
          {refused}
        </p>
      ) : null}
      {study && kindOf(study).isRunning ? <p className="muted form-hint">{t.chart.studyWindow('5,000')}</p> : null}
    </Form>
  );
}
