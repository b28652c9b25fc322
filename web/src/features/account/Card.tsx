import type { ReactNode } from 'react';

/** A card in the middle of the page with one thing to do. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="page account-card-page">
      <section className="panel account-card" aria-label={title}>
        <h1>{title}</h1>
        {children}
      </section>
    </div>
  );
}
