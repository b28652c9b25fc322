import { useEffect, useRef, useState } from 'react';
import { useAccess } from '@/api/access';
import { t } from '@/strings';
import { moveInRows } from '@/ui/rows';
import { Badge } from '@/ui/parts';
import { found, type Offer } from './catalogue';

const e = t.boards.editor;

/** Every stream and route, narrowed by typing. */
export function SourcePicker({ offers, pick }: { offers: readonly Offer[]; pick: (offer: Offer) => void }) {
  const [text, setText] = useState('');
  const { may } = useAccess();
  const search = useRef<HTMLInputElement>(null);
  // After the dialog has given the focus to its first button.
  useEffect(() => {
    const frame = requestAnimationFrame(() => search.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  const shown = found(offers, text);
  const toList = (event: React.KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    event.currentTarget.parentElement?.querySelector<HTMLElement>('[data-row]')?.focus();
  };
  return (
    <div className="board-picker">
      <input ref={search} className="field" type="search" aria-label={e.search} placeholder={e.search} value={text} spellCheck={false} onChange={(event) => setText(event.target.value)} onKeyDown={toList} />
      {shown.length === 0 ? <p className="muted">{e.noResults}</p> : null}
      <ul className="board-offers" aria-label={e.results} onKeyDown={moveInRows}>
        {shown.map((offer) => (
          <li key={`${offer.kind} ${offer.name}`}>
            <button type="button" className="board-offer" data-row onClick={() => pick(offer)}>
              <Badge tone={offer.kind === 'channel' ? 'live' : 'replay'}>{e.kinds[offer.kind]}</Badge>
              <code className="num">{offer.name}</code>
              <span className="muted board-offer-words">{offer.summary}</span>
              {offer.permission === 'public.read' || may(offer.permission) ? null : <span className="board-locked">{e.locked(offer.permission)}</span>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
