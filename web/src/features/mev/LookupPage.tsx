import './lookup.css';
import { useEffect } from 'react';
import { t } from '@/strings';
import { LookupForm } from './LookupForm';

export default function LookupPage() {
  useEffect(() => {
    document.title = `${t.lookup.title} · ${t.product}`;
  }, []);
  return (
    <div className="page lookup-page">
      <h1>{t.lookup.heading}</h1>
      <p className="muted">{t.lookup.intro}</p>
      <LookupForm />
    </div>
  );
}
