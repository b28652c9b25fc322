import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useLayer } from './layers';

export interface MenuItem {
  id: string;
  label: ReactNode;
  /** The words alone, for typing to find it, when the label is more than text. */
  text?: string;
  group?: string;
  isChecked?: boolean;
  isDisabled?: boolean;
  hint?: string;
  run(): void;
}

interface MenuProps {
  label: string;
  button: ReactNode;
  items: () => MenuItem[];
  className?: string;
  title?: string;
  /** Shown instead of the items when there are none. */
  empty?: string;
}

/** A button that opens a list of things to do; in whichever window the button stands. */
export function Menu({ label, button, items, className = 'button', title, empty }: MenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const close = () => {
    setIsOpen(false);
    anchor.current?.focus();
  };
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={className}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={label}
        title={title ?? label}
        onPointerDown={(event) => event.stopPropagation()}
        onClick={() => setIsOpen(!isOpen)}
      >
        {button}
      </button>
      {isOpen && anchor.current ? createPortal(<List label={label} anchor={anchor.current} items={items()} empty={empty} close={close} />, anchor.current.ownerDocument.body) : null}
    </>
  );
}

function List({ label, anchor, items, empty, close }: { label: string; anchor: HTMLElement; items: MenuItem[]; empty?: string; close: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useLayer(close);
  useLayoutEffect(() => {
    const list = box.current!;
    const view = anchor.ownerDocument.defaultView!;
    const rect = anchor.getBoundingClientRect();
    list.style.left = `${Math.max(4, Math.min(rect.left, view.innerWidth - list.offsetWidth - 4))}px`;
    const isBelow = rect.bottom + list.offsetHeight + 4 <= view.innerHeight || rect.top < view.innerHeight / 2;
    if (isBelow) list.style.top = `${rect.bottom + 2}px`;
    else list.style.bottom = `${view.innerHeight - rect.top + 2}px`;
    list.style.maxHeight = `${Math.max(120, (isBelow ? view.innerHeight - rect.bottom : rect.top) - 8)}px`;
    (list.querySelector<HTMLElement>('[aria-checked="true"]') ?? list.querySelector<HTMLElement>('[role^="menuitem"]'))?.focus();
  }, [anchor]);
  const run = (item: MenuItem) => {
    close();
    item.run();
  };
  return (
    <>
      <div className="menu-shade" onPointerDown={close} />
      <div ref={box} className="menu" role="menu" aria-label={label} tabIndex={-1} onKeyDown={(event) => moveIn(event, items, close)}>
        {items.map((item, i) => (
          <Entry key={item.id} item={item} heading={item.group !== undefined && item.group !== items[i - 1]?.group ? item.group : null} run={() => run(item)} />
        ))}
        {items.length === 0 && empty ? <p className="menu-empty muted">{empty}</p> : null}
      </div>
    </>
  );
}

function Entry({ item, heading, run }: { item: MenuItem; heading: string | null; run: () => void }) {
  const isChoice = item.isChecked !== undefined;
  return (
    <>
      {heading === null ? null : (
        <div className="menu-heading" role="presentation">
          {heading}
        </div>
      )}
      <button type="button" role={isChoice ? 'menuitemradio' : 'menuitem'} aria-checked={item.isChecked} disabled={item.isDisabled} tabIndex={-1} className="menu-item" onClick={run}>
        <span className="menu-label">{item.label}</span>
        {item.hint ? <span className="muted">{item.hint}</span> : null}
      </button>
    </>
  );
}

const textOf = (item: MenuItem): string => (item.text ?? (typeof item.label === 'string' ? item.label : '')).toLowerCase();

/** Arrows, Home and End; a letter goes to the next that begins with it; Tab leaves. */
function moveIn(event: React.KeyboardEvent<HTMLDivElement>, items: MenuItem[], close: () => void): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  const at = stops.indexOf(event.currentTarget.ownerDocument.activeElement as HTMLElement);
  const count = stops.length;
  if (event.key === 'Tab') close();
  else if (event.key === 'ArrowDown') stops[(at + 1) % count]?.focus();
  else if (event.key === 'ArrowUp') stops[(at - 1 + count) % count]?.focus();
  else if (event.key === 'Home') stops[0]?.focus();
  else if (event.key === 'End') stops.at(-1)?.focus();
  else if (/^\w$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const order = items.map((_, i) => (at + 1 + i) % count);
    const next = order.find((i) => textOf(items[i]!).startsWith(event.key.toLowerCase()));
    if (next !== undefined) stops[next]?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
