import { useEffect, useRef, type ReactNode } from 'react';
import { Icon } from './Icon';
import { useLayer } from './layers';

/** Above everything, for one thing. Keeps the focus inside and gives it back. */
export function Dialog({ label, close, children, className = '' }: { label: string; close: () => void; children: ReactNode; className?: string }) {
  const box = useRef<HTMLDivElement>(null);
  useLayer(close);
  useEffect(() => {
    const before = box.current?.ownerDocument.activeElement;
    const first = box.current?.querySelector<HTMLElement>('[data-autofocus], input, button, a[href]');
    first?.focus();
    return () => {
      if (before?.isConnected) (before as HTMLElement).focus();
    };
  }, []);
  return (
    <div className="backdrop" onMouseDown={(event) => event.target === event.currentTarget && close()}>
      <div ref={box} className={`dialog ${className}`} role="dialog" aria-modal="true" aria-label={label} onKeyDown={keepFocusInside}>
        {children}
      </div>
    </div>
  );
}

/** `dismiss` is the words of the button that closes it, where it has one. */
export function DialogHeader({ children, close, dismiss }: { children: ReactNode } & ({ close: () => void; dismiss: string } | { close?: undefined; dismiss?: undefined })) {
  return (
    <header className="dialog-header">
      <h2>{children}</h2>
      {close ? (
        <button type="button" className="icon-button" aria-label={dismiss} onClick={close}>
          <Icon name="close" />
        </button>
      ) : null}
    </header>
  );
}

function keepFocusInside(event: React.KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== 'Tab') return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('a[href], button:not(:disabled), input, select, [tabindex="0"]')];
  const first = stops[0];
  const last = stops.at(-1);
  if (!first || !last) return event.preventDefault();
  const leaving = event.shiftKey ? first : last;
  if (event.currentTarget.ownerDocument.activeElement !== leaving) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}
