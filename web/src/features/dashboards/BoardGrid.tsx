import { useEffect, useRef, useState } from 'react';
import { t } from '@/strings';
import { useMedia } from '@/ui/media';
import { useSize } from '@/ui/size';
import { kColumns, type Place, type Widget } from './board';
import { heightOf, placed, readingOrder, stepped } from './grid';
import { WidgetFrame } from './WidgetFrame';

const kRowPx = 36;
const kGapPx = 8;
const kNarrow = '(max-width: 760px)';

interface Drag {
  id: string;
  from: Place;
  isSizing: boolean;
  x: number;
  y: number;
}

interface Props {
  widgets: readonly Widget[];
  isEditing: boolean;
  change(widgets: Widget[]): void;
  edit(id: string): void;
  remove(id: string): void;
}

/** The widgets in twelve columns; in a narrow window one under the other. */
export function BoardGrid({ widgets, isEditing, change, edit, remove }: Props) {
  const isNarrow = useMedia(kNarrow);
  const [box, size] = useSize();
  const [said, setSaid] = useState('');
  const { shown, begin } = useDrag(widgets, size.width, change);
  const onKey = (id: string) => (event: React.KeyboardEvent) => {
    if (!event.key.startsWith('Arrow') || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = stepped(widgets, id, event.key, event.shiftKey);
    change(next);
    keepFocus(event.currentTarget as HTMLElement);
    const { title, place } = next.find((widget) => widget.id === id)!;
    setSaid(t.boards.widget.placed(title, place.x + 1, place.y + 1, place.w, place.h));
  };
  const inOrder = readingOrder(shown);
  const rows = heightOf(shown) + (isEditing ? 4 : 0);
  return (
    <>
      <div ref={box} className="board-grid" data-narrow={isNarrow || undefined} style={isNarrow ? undefined : { gridTemplateRows: `repeat(${rows}, ${kRowPx}px)` }}>
        {inOrder.map((widget) => (
          <div key={widget.id} className="board-place" data-small={widget.view === 'number' || undefined} style={isNarrow ? { height: `${Math.max(3, widget.place.h) * (kRowPx + kGapPx)}px` } : cssOf(widget.place)}>
            <WidgetFrame
              widget={widget}
              tools={
                isEditing
                  ? {
                      edit: () => edit(widget.id),
                      remove: () => remove(widget.id),
                      onMoveDown: (event) => (isNarrow ? undefined : begin(event, widget, false)),
                      onSizeDown: (event) => (isNarrow ? undefined : begin(event, widget, true)),
                      onKey: onKey(widget.id),
                    }
                  : null
              }
            />
          </div>
        ))}
      </div>
      <p className="sr-only" role="status">
        {said}
      </p>
    </>
  );
}

/** Widgets stand in the document as they are read: one that moves there is put in anew, and would lose the focus. */
function keepFocus(handle: HTMLElement): void {
  handle.ownerDocument.defaultView?.requestAnimationFrame(() => handle.focus());
}

const cssOf = ({ x, y, w, h }: Place): React.CSSProperties => ({ gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}` });

/** The widgets as they would stand if the pointer were let go now. Escape lets go of it where it was. */
function useDrag(widgets: readonly Widget[], width: number, change: (widgets: Widget[]) => void) {
  const [shown, setShown] = useState<Widget[] | null>(null);
  const end = useRef<(() => void) | null>(null);
  useEffect(() => () => end.current?.(), []);
  const begin = (event: React.PointerEvent, { id, place }: Widget, isSizing: boolean) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const drag: Drag = { id, from: place, isSizing, x: event.clientX, y: event.clientY };
    const target = event.currentTarget.ownerDocument;
    let latest: Widget[] | null = null;
    const onMove = (move: PointerEvent) => {
      latest = dragged(widgets, drag, (move.clientX - drag.x) / ((width + kGapPx) / kColumns), (move.clientY - drag.y) / (kRowPx + kGapPx));
      setShown(latest);
    };
    const stop = () => {
      target.removeEventListener('pointermove', onMove);
      target.removeEventListener('pointerup', onUp);
      target.removeEventListener('pointercancel', stop);
      target.removeEventListener('keydown', onKey, true);
      end.current = null;
      setShown(null);
    };
    const onUp = () => {
      stop();
      if (latest) change(latest);
    };
    const onKey = (key: KeyboardEvent) => {
      if (key.key !== 'Escape') return;
      key.preventDefault();
      key.stopPropagation();
      stop();
    };
    target.addEventListener('pointermove', onMove);
    target.addEventListener('pointerup', onUp);
    target.addEventListener('pointercancel', stop);
    target.addEventListener('keydown', onKey, true);
    end.current = stop;
  };
  return { shown: shown ?? widgets, begin };
}

function dragged(widgets: readonly Widget[], { id, from, isSizing }: Drag, columns: number, rows: number): Widget[] {
  const [dx, dy] = [Math.round(columns), Math.round(rows)];
  return placed(widgets, id, isSizing ? { ...from, w: Math.min(kColumns - from.x, from.w + dx), h: from.h + dy } : { ...from, x: from.x + dx, y: from.y + dy });
}
