import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '@/api/client';
import type { ApiDocument } from '@/features/docs/openapi';
import { t } from '@/strings';
import { Dialog, DialogHeader } from '@/ui/Dialog';
import { SelectField, TextField } from '@/ui/form';
import { Segments } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { kEverySeconds, kTitleMax, kViews, type Widget } from './board';
import { nameOfSource, offerOf, offersOf, sourceWith, typedOf, type Offer, type StreamDocument } from './catalogue';
import { begunWith, choicesOf, needsRows, refilled, shownAs } from './draft';
import { FieldsEditor } from './FieldsEditor';
import { PathField } from './PathField';
import { listsOf, parsePath } from './paths';
import { SourcePicker } from './SourcePicker';
import { useSource, type SourceState } from './useSource';
import { WidgetBody } from './WidgetBody';

const e = t.boards.editor;
const kDefaultEveryS = 5;

interface Props {
  /** Null: a new one, of that id. */
  widget: Widget | null;
  id: string;
  save(widget: Widget): void;
  close(): void;
}

/** Where a widget's data comes from and how it is shown, with how it looks beside. */
export default function WidgetEditor({ widget, id, save, close }: Props) {
  const api = useQuery({ queryKey: ['openapi'], queryFn: ({ signal }) => get<ApiDocument>('/api/v1/openapi.json', {}, signal), staleTime: Infinity });
  const streams = useQuery({ queryKey: ['asyncapi'], queryFn: ({ signal }) => get<StreamDocument>('/api/v1/asyncapi.json', {}, signal), staleTime: Infinity });
  const [draft, setDraft] = useState<Widget | null>(widget);
  const offers = api.data && streams.data ? offersOf(api.data, streams.data) : null;
  const title = widget ? e.editTitle(widget.title) : e.addTitle;
  const failed = api.error ?? streams.error;
  const pick = (offer: Offer) => {
    const typed = Object.fromEntries(offer.parameters.filter(({ isRequired }) => isRequired).map(({ name, example }) => [name, example]));
    setDraft({ ...begunWith(offer, sourceWith(offer, typed, kDefaultEveryS), id), ...(widget ? { place: widget.place } : {}) });
  };
  return (
    <Dialog label={title} close={close} className="board-editor">
      <DialogHeader close={close} dismiss={t.confirm.cancel}>
        {title}
      </DialogHeader>
      {failed ? <ErrorState error={failed} retry={() => void Promise.all([api.refetch(), streams.refetch()])} /> : null}
      {!failed && !offers ? <Skeleton rows={8} className="dialog-body" /> : null}
      {offers && !draft ? (
        <div className="dialog-body">
          <SourcePicker offers={offers} pick={pick} />
        </div>
      ) : null}
      {offers && draft ? <Settings key={nameOfSource(draft.source)} draft={draft} offer={offerOf(offers, draft.source)} change={setDraft} isNew={widget === null} other={() => setDraft(null)} save={save} close={close} /> : null}
    </Dialog>
  );
}

interface SettingsProps {
  draft: Widget;
  offer: Offer | undefined;
  isNew: boolean;
  change(draft: Widget): void;
  other(): void;
  save(widget: Widget): void;
  close(): void;
}

function Settings({ draft, offer, isNew, change, other, save, close }: SettingsProps) {
  const state = useSource(draft);
  const sample = state.given.rows.at(-1)?.value ?? offer?.example;
  const problem = problemOf(draft, offer);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (problem) return;
    save({ ...draft, title: draft.title.trim() });
    close();
  };
  return (
    <form className="board-settings" onSubmit={submit}>
      <div className="dialog-body board-settings-body">
        <div className="board-settings-form">
          <SourceHead draft={draft} offer={offer} other={other} />
          {offer ? <Parameters draft={draft} offer={offer} change={change} /> : null}
          <TextField label={e.name} value={draft.title} onChange={(title) => change({ ...draft, title: title.slice(0, kTitleMax) })} />
          <Segments label={e.view} value={draft.view} choices={kViews.map((value) => ({ value, label: t.boards.views[value] }))} onChange={(view) => change(shownAs(draft, view, sample))} />
          <Paths draft={draft} sample={sample} change={change} />
        </div>
        <Preview draft={draft} state={state} />
      </div>
      <footer className="dialog-footer">
        {problem ? (
          <p role="status" className="muted board-problem">
            {problem}
          </p>
        ) : null}
        <button type="button" className="button" onClick={close}>
          {t.confirm.cancel}
        </button>
        <button type="submit" className="button button-primary" disabled={problem !== null}>
          {isNew ? e.save.add : e.save.edit}
        </button>
      </footer>
    </form>
  );
}

/** What still keeps the widget from the board. */
function problemOf(draft: Widget, offer: Offer | undefined): string | null {
  if (draft.title.trim() === '') return e.needsTitle;
  const typed = typedOf(draft.source);
  const lacking = offer?.parameters.find(({ name, isRequired }) => isRequired && !typed[name]);
  if (lacking) return e.needs(lacking.name);
  if (draft.fields.length === 0) return e.needsValue;
  const paths = [...draft.fields.map(({ path }) => path), draft.x, draft.by].filter((path, i) => i < draft.fields.length || path !== '');
  return paths.some((path) => path === '' || parsePath(path) === null) ? e.pathProblem : null;
}

function SourceHead({ draft, offer, other }: { draft: Widget; offer: Offer | undefined; other: () => void }) {
  return (
    <div className="board-source">
      <div>
        <code className="num">{nameOfSource(draft.source)}</code>
        <p className="muted form-hint">{offer ? offer.summary : t.boards.widget.unknownHint}</p>
      </div>
      <button type="button" className="button" onClick={other}>
        {e.change}
      </button>
    </div>
  );
}

function Parameters({ draft, offer, change }: { draft: Widget; offer: Offer; change: (draft: Widget) => void }) {
  const everyS = draft.source.kind === 'endpoint' ? draft.source.everyS : kDefaultEveryS;
  const typed = typedOf(draft.source);
  // A page of a list is no filter.
  const shown = offer.parameters.filter(({ name }) => !['cursor', 'before', 'after'].includes(name));
  const give = (name: string, text: string) => change({ ...draft, source: sourceWith(offer, { ...typed, [name]: text }, everyS) });
  return (
    <>
      {shown.length > 0 ? (
        <fieldset className="board-parameters">
          <legend>{e.parameters}</legend>
          {shown.map((parameter) =>
            parameter.choices.length > 0 && !parameter.type.startsWith('list of') ? (
              <SelectField
                key={parameter.name}
                label={parameter.name}
                hint={parameter.description}
                value={typed[parameter.name] ?? ''}
                choices={[{ value: '', label: e.any }, ...parameter.choices.map((value) => ({ value, label: value }))]}
                onChange={(text) => give(parameter.name, text)}
              />
            ) : (
              <Typed key={parameter.name} label={parameter.name} hint={parameter.description} example={parameter.choices.join(', ') || parameter.example} text={typed[parameter.name] ?? ''} give={(text) => give(parameter.name, text)} />
            ),
          )}
        </fieldset>
      ) : null}
      {draft.source.kind === 'endpoint' ? (
        <SelectField
          label={e.refresh}
          value={String(everyS)}
          choices={kEverySeconds.map((seconds) => ({ value: String(seconds), label: t.boards.every[seconds]! }))}
          onChange={(seconds) => change({ ...draft, source: sourceWith(offer, typed, Number(seconds)) })}
        />
      ) : null}
    </>
  );
}

/** Given when it is left, or by Enter: not every letter is a request. */
function Typed({ label, hint, example, text, give }: { label: string; hint: string; example: string; text: string; give: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const tell = () => (typed.trim() === text ? undefined : give(typed.trim()));
  return (
    <label className="form-field board-typed">
      <span>{label}</span>
      <input className="field num" placeholder={example} spellCheck={false} value={typed} onChange={(event) => setTyped(event.target.value)} onBlur={tell} onKeyDown={(event) => (event.key === 'Enter' ? (event.preventDefault(), tell()) : undefined)} />
      <span className="muted form-hint">{hint}</span>
    </label>
  );
}

function Paths({ draft, sample, change }: { draft: Widget; sample: unknown; change: (draft: Widget) => void }) {
  const choices = choicesOf(draft, sample);
  const lists = listsOf(sample);
  const give = (part: Partial<Widget>) => change({ ...draft, ...part });
  const listName = ({ path, rows }: { path: string; rows: number }) => (path.endsWith('{}') ? e.members(path.slice(0, -2)) : e.list(path, rows));
  const whole = { value: '', label: draft.source.kind === 'channel' ? e.events : e.whole };
  const rowChoices = [whole, ...lists.filter(({ path }) => path !== '').map((list) => ({ value: list.path, label: listName(list) }))];
  if (!rowChoices.some(({ value }) => value === draft.rows)) rowChoices.push({ value: draft.rows, label: draft.rows });
  return (
    <>
      {needsRows(draft.view) ? <SelectField label={e.rows} hint={e.rowsHint} value={draft.rows} choices={rowChoices} onChange={(rows) => change(refilled({ ...draft, rows }, sample))} /> : null}
      {draft.view === 'line' ? <PathField label={e.along} path={draft.x} choices={choices} none={e.arrival} change={(x) => give({ x })} /> : null}
      {draft.view === 'bar' ? <PathField label={e.label} path={draft.x} choices={choices} change={(x) => give({ x })} /> : null}
      {draft.view === 'heat' ? <PathField label={e.across} path={draft.x} choices={choices} change={(x) => give({ x })} /> : null}
      {draft.view === 'heat' ? <PathField label={e.down} path={draft.by} choices={choices} change={(by) => give({ by })} /> : null}
      <FieldsEditor view={draft.view} fields={draft.fields} choices={choices} change={(fields) => give({ fields })} />
      {draft.view === 'line' ? <PathField label={e.splitBy} path={draft.by} choices={choices} none={e.nobody} change={(by) => give({ by })} /> : null}
      {draft.view === 'table' && draft.source.kind === 'channel' ? <PathField label={e.oneRowFor} path={draft.by} choices={choices} none={e.nobody} change={(by) => give({ by })} /> : null}
      {draft.view === 'bar' || draft.view === 'heat' ? (
        <SelectField label={e.same} value={draft.same} choices={(['newest', 'sum'] as const).map((value) => ({ value, label: e.sames[value] }))} onChange={(same) => give({ same: same as Widget['same'] })} />
      ) : null}
    </>
  );
}

function Preview({ draft, state }: { draft: Widget; state: SourceState }) {
  return (
    <section className="panel board-preview" aria-label={e.preview}>
      <header className="panel-header">
        <h2>{draft.title || e.preview}</h2>
        <span className="muted">{e.preview}</span>
      </header>
      <WidgetBody widget={draft} state={state} />
    </section>
  );
}
