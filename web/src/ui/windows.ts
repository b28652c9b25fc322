import { useEffect } from 'react';
import { create } from 'zustand';

type Bind = (document: Document) => void | (() => void);

/** The terminal's documents, the page's own first, with what each bond has to undo in it. */
const documents = new Map<Document, Map<Bind, () => void>>([[document, new Map()]]);
const bonds = new Set<Bind>();

function bindIn(target: Document, bind: Bind): void {
  const undo = bind(target);
  documents.get(target)?.set(bind, undo ?? (() => {}));
}

/** Does it in every window of the terminal, also in those that are opened later, until the answer is called. */
export function inEveryWindow(bind: Bind): () => void {
  bonds.add(bind);
  for (const target of documents.keys()) bindIn(target, bind);
  return () => {
    bonds.delete(bind);
    for (const undos of documents.values()) {
      undos.get(bind)?.();
      undos.delete(bind);
    }
  };
}

export function useEveryWindow(bind: Bind): void {
  useEffect(() => inEveryWindow(bind), [bind]);
}

const useOthers = create<{ documents: readonly Document[] }>(() => ({ documents: [] }));
/** The documents of the windows beside the page's own. */
export const useOtherWindows = (): readonly Document[] => useOthers((s) => s.documents);
const noteOthers = (): void => useOthers.setState({ documents: [...documents.keys()].slice(1) });

/** A window that shows a part of the terminal: it hears the same keys and wears the same styles. */
export function joinWindow(window: Window): () => void {
  const target = window.document;
  if (documents.has(target)) return () => {};
  documents.set(target, new Map());
  for (const bind of bonds) bindIn(target, bind);
  const styles = followStyles(target);
  noteOthers();
  return () => {
    styles.disconnect();
    for (const undo of documents.get(target)?.values() ?? []) undo();
    documents.delete(target);
    noteOthers();
  };
}

/** Parts that are loaded later bring their styles to the page's own document only. */
function followStyles(target: Document): MutationObserver {
  const observer = new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      const isStyle = node instanceof HTMLLinkElement ? node.rel === 'stylesheet' : node instanceof HTMLStyleElement;
      if (isStyle) target.head.append(target.importNode(node, true));
    }
  });
  observer.observe(document.head, { childList: true });
  return observer;
}
