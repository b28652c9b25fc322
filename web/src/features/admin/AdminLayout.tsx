import './admin.css';
import { useEffect, useRef } from 'react';
import { Link, Navigate, NavLink, Outlet, useLocation } from 'react-router';
import { useAccess, type Access } from '@/api/access';
import { t } from '@/strings';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { kAdminPages, type AdminPage } from './pages';

/** The pages of administration: their tabs, and who may see which. */
export default function AdminLayout() {
  const access = useAccess();
  const { pathname } = useLocation();
  const page = kAdminPages.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`)) ?? kAdminPages[0]!;
  useEffect(() => {
    document.title = `${page.label} · ${t.admin.title} · ${t.product}`;
  }, [page]);
  if (access.state === 'asking') return <Skeleton rows={12} className="page-skeleton" />;
  return (
    <div className="page admin-page">
      <h1>{t.admin.title}</h1>
      {access.state === 'known' ? <Tabs access={access} page={page} /> : null}
      <Allowed access={access} page={page} isNamed={pathname.length > '/admin/'.length} />
    </div>
  );
}

function Tabs({ access, page }: { access: Access; page: AdminPage }) {
  const tabs = useRef<HTMLElement>(null);
  // On a phone they are wider than the screen. Newer browsers give a promise here, which is no clean-up.
  useEffect(() => {
    void tabs.current?.querySelector('.active')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [page]);
  const shown = kAdminPages.filter(({ needs }) => needs.some(access.may));
  if (shown.length === 0) return null;
  return (
    <nav ref={tabs} className="tabs" aria-label={t.admin.tabs.label}>
      {shown.map(({ to, label }) => (
        <NavLink key={to} to={to} className="tab">
          {label}
        </NavLink>
      ))}
    </nav>
  );
}

function Allowed({ access, page, isNamed }: { access: Access; page: AdminPage; isNamed: boolean }) {
  if (access.error) return <ErrorState error={access.error} />;
  if (access.state === 'stranger') {
    return (
      <Empty title={t.admin.stranger} text={t.admin.strangerHint}>
        <Link className="button button-primary" to="/sign-in">
          {t.account.signIn}
        </Link>
      </Empty>
    );
  }
  const first = kAdminPages.find(({ needs }) => needs.some(access.may));
  if (first && !isNamed) return <Navigate to={first.to} replace />;
  if (!page.needs.some(access.may)) {
    return <Empty title={t.admin.noPermission} text={t.admin.noPermissionHint(page.needs.join(' or '), access.profile?.roles.join(', ') ?? '')} />;
  }
  return <Outlet />;
}
