import './developer.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { Link, NavLink, useParams } from 'react-router';
import { admin, isCode, type MailItem } from '@/api/admin';
import { useAccess } from '@/api/access';
import { t } from '@/strings';
import { Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { Time } from '@/ui/values';
import { partsOf } from './links';

const kRefreshMs = 15_000;

export default function DeveloperPage() {
  useEffect(() => {
    document.title = `${t.developer.title} · ${t.product}`;
  }, []);
  return (
    <div className="page developer-page">
      <h1>{t.developer.title}</h1>
      <Panel title={t.developer.reference}>
        <dl className="developer-links">
          <Reference to={<Link to="/docs/api">{t.apiDocs.title}</Link>} what={t.developer.apiHint} />
          <Reference to={<Link to="/docs/errors">{t.developer.errors}</Link>} what={t.developer.errorsHint} />
          <Reference to={<a href="/api/v1/openapi.json">{t.developer.openapi}</a>} what={t.developer.openapiHint} />
          <Reference to={<a href="/api/v1/asyncapi.json">{t.developer.asyncapi}</a>} what={t.developer.asyncapiHint} />
          <Reference to={<a href="/metrics">{t.developer.metrics}</a>} what={t.developer.metricsHint} />
        </dl>
      </Panel>
      <Panel title={t.developer.outbox} className="developer-outbox">
        <Outbox />
      </Panel>
    </div>
  );
}

const Reference = ({ to, what }: { to: ReactNode; what: string }) => (
  <div>
    <dt>{to}</dt>
    <dd className="muted">{what}</dd>
  </div>
);

function Outbox() {
  const access = useAccess();
  if (access.state === 'asking') return <Skeleton rows={4} />;
  if (access.may('identity.admin')) return <Mails />;
  return (
    <Empty title={t.developer.outboxPrivate} text={t.developer.outboxPrivateHint}>
      {access.state === 'stranger' ? (
        <Link className="button" to="/sign-in">
          {t.account.signIn}
        </Link>
      ) : null}
    </Empty>
  );
}

function Mails() {
  const { mail } = useParams();
  const mails = useQuery({ queryKey: ['admin', 'outbox'], queryFn: ({ signal }) => admin.mails(signal), refetchInterval: kRefreshMs });
  if (mails.isPending) return <Skeleton rows={4} />;
  if (isCode(mails.error, 'mail_is_sent')) return <Empty title={t.developer.outboxSent} text={t.developer.outboxSentHint} />;
  if (mails.isError) return <ErrorState error={mails.error} retry={() => void mails.refetch()} />;
  if (mails.data.mails.length === 0) return <Empty title={t.developer.outboxEmpty} text={t.developer.outboxEmptyHint} />;
  return (
    <>
      <p className="muted">{t.developer.outboxHint}</p>
      <div className="mail-layout" data-reading={mail !== undefined}>
        <ul className="mail-list" aria-label={t.developer.outbox}>
          {mails.data.mails.map((item) => (
            <MailRow key={item.id} item={item} />
          ))}
        </ul>
        <div className="mail-reader">{mail ? <Reader id={mail} /> : <p className="muted mail-choose">{t.developer.choose}</p>}</div>
      </div>
    </>
  );
}

function MailRow({ item }: { item: MailItem }) {
  return (
    <li>
      <NavLink to={`/developer/mails/${item.id}`} className="mail-row">
        <span className="mail-subject truncate">{item.subject}</span>
        <span className="mail-time muted">
          <Time at={item.time} />
        </span>
        <span className="mail-to muted truncate">{item.to}</span>
      </NavLink>
    </li>
  );
}

function Reader({ id }: { id: string }) {
  const mail = useQuery({ queryKey: ['admin', 'outbox', id], queryFn: ({ signal }) => admin.mail(id, signal), staleTime: Infinity });
  return (
    <article aria-label={t.developer.mail}>
      <p className="mail-back">
        <Link to="/developer">← {t.developer.back}</Link>
      </p>
      {mail.isPending ? <Skeleton rows={6} /> : null}
      {mail.isError ? <ErrorState error={mail.error} retry={() => void mail.refetch()} notFoundText={t.developer.mailUnknown} /> : null}
      {mail.data ? (
        <>
          <h3>{mail.data.subject}</h3>
          <p className="muted mail-head">
            {t.developer.to} {mail.data.to} · <Time at={mail.data.time} />
          </p>
          <p className="mail-text">
            {partsOf(mail.data.text).map((part, i) => (part.isLink ? <a key={i} href={part.text} rel="noreferrer">{part.text}</a> : part.text))}
          </p>
        </>
      ) : null}
    </article>
  );
}
