import './account.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useNavigate } from 'react-router';
import { ApiError } from '@/api/client';
import { identity, type Profile } from '@/api/identity';
import { t } from '@/strings';
import { Facts, Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { Time } from '@/ui/values';
import { ApiKeys } from './ApiKeys';
import { useChange } from '@/ui/form';
import { History, Privacy } from './History';
import { OneTimeCodes, Passkeys } from './SecondFactors';
import { Sessions } from './Sessions';
import { Wallets } from './wallets/Wallets';

export default function AccountPage() {
  const profile = useQuery({ queryKey: ['identity', 'profile'], queryFn: ({ signal }) => identity.profile(signal), retry: false });
  useEffect(() => {
    document.title = `${t.account.title} · ${t.product}`;
  }, []);
  if (profile.isPending) return <Skeleton rows={12} className="page-skeleton" />;
  if (profile.isError) return <Stranger error={profile.error} retry={() => void profile.refetch()} />;
  return (
    <div className="page account-page">
      <h1>{t.account.title}</h1>
      <div className="account-grid">
        <ProfilePanel profile={profile.data} />
        <OneTimeCodes profile={profile.data} />
        <Passkeys />
        <Wallets />
        <Sessions />
      </div>
      <ApiKeys />
      <History />
      <Privacy profile={profile.data} />
    </div>
  );
}

function Stranger({ error, retry }: { error: Error; retry: () => void }) {
  if (!(error instanceof ApiError) || error.status !== 401) return <ErrorState error={error} retry={retry} />;
  return (
    <Empty title={t.account.stranger} text={t.account.strangerHint}>
      <p className="account-links">
        <Link className="button button-primary" to="/sign-in">
          {t.account.signIn}
        </Link>
        <Link className="button" to="/register">
          {t.account.register}
        </Link>
      </p>
    </Empty>
  );
}

function ProfilePanel({ profile }: { profile: Profile }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { run, isBusy } = useChange();
  const leave = () =>
    run(async () => {
      await identity.signOut();
      client.clear();
      navigate('/sign-in');
    });
  const tools = (
    <button type="button" className="button" disabled={isBusy} onClick={() => void leave()}>
      {t.account.signOut}
    </button>
  );
  return (
    <Panel title={t.account.profile} tools={tools}>
      <Facts
        items={[
          [t.account.email, profile.email || t.account.noEmail],
          [t.account.roles, profile.roles.join(', ')],
          [t.account.tier, profile.tier],
          [t.account.since, <Time key="since" at={profile.created} />],
          [t.account.id, <span key="id" className="num">{profile.id}</span>],
        ]}
      />
    </Panel>
  );
}
