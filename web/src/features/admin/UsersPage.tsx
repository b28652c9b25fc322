import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { kSearchMax, kUsersShown, admin, type User, type UserStatus } from '@/api/admin';
import { useAccess } from '@/api/access';
import { kSearchFieldId } from '@/app/hotkeys';
import { shown } from '@/domain/whole';
import { t } from '@/strings';
import { Badge, Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import { Table } from '@/ui/Table';
import { Hash, Time } from '@/ui/values';
import { matching } from './users';

const c = t.admin.userColumns;
const kColumns = [
  { label: c.email }, { label: c.status }, { label: c.tier }, { label: c.roles }, { label: c.factors }, { label: c.since, isRight: true }, { label: c.id },
];

export default function UsersPage() {
  const [search, setSearch] = useSearchParams();
  const text = search.get('q') ?? '';
  const from = Math.max(0, Number(search.get('from')) || 0);
  const isSearch = text.trim() !== '';
  const page = useQuery({ queryKey: ['admin', 'users', from], queryFn: ({ signal }) => admin.users(from, signal), enabled: !isSearch });
  const all = useQuery({ queryKey: ['admin', 'users', 'all'], queryFn: ({ signal }) => admin.allUsers(signal), enabled: isSearch, staleTime: 30_000 });
  const asked = isSearch ? all : page;
  const users = isSearch ? matching(all.data ?? [], text).slice(0, kUsersShown) : (page.data?.items.slice(0, kUsersShown) ?? []);
  const go = (next: Record<string, string>) => setSearch(next, { replace: true });
  return (
    <Panel title={t.admin.users} tools={isSearch ? null : <Paging from={from} count={users.length} hasMore={(page.data?.items.length ?? 0) > kUsersShown} go={(to) => go(to ? { from: String(to) } : {})} />}>
      <input
        id={kSearchFieldId}
        className="field admin-search"
        type="search"
        aria-label={t.admin.search}
        placeholder={t.admin.search}
        value={text}
        onChange={(event) => go(event.target.value ? { q: event.target.value } : {})}
      />
      {asked.isError ? <ErrorState error={asked.error} retry={() => void asked.refetch()} /> : null}
      {asked.isPending ? <Skeleton rows={8} /> : null}
      {asked.data && users.length === 0 ? (
        <Empty title={isSearch ? t.admin.searchEmpty : t.admin.usersEmpty} text={isSearch ? t.admin.searchEmptyHint : t.admin.usersEmptyHint} />
      ) : null}
      {users.length > 0 ? (
        <Table label={t.admin.users} columns={kColumns} className="admin-users">
          {users.map((user) => (
            <UserRow key={user.id} user={user} />
          ))}
        </Table>
      ) : null}
      {isSearch && (all.data?.length ?? 0) >= kSearchMax ? <p className="muted admin-note">{t.admin.searchPart(shown(kSearchMax))}</p> : null}
    </Panel>
  );
}

export const nameOf = (user: { email: string; status: string; id: string }): string =>
  user.email || (user.status === 'erased' ? t.admin.erased : user.id.slice(0, 8));

export function UserStatusText({ status }: { status: UserStatus }) {
  return <span className={`admin-status admin-status-${status}`}>{t.admin.statuses[status]}</span>;
}

function UserRow({ user }: { user: User }) {
  const { profile } = useAccess();
  return (
    <tr>
      <td>
        <Link to={`/admin/users/${user.id}`} className={user.email ? '' : 'admin-no-email'} aria-label={t.admin.open(nameOf(user))}>
          {user.email || (user.status === 'erased' ? t.admin.erased : t.admin.noEmail)}
        </Link>
        {user.id === profile?.id ? (
          <>
            {' '}
            <Badge tone="replay">{t.admin.you}</Badge>
          </>
        ) : null}
      </td>
      <td>
        <UserStatusText status={user.status} />
      </td>
      <td>{user.tier}</td>
      <td>{user.roles.join(', ') || <span className="muted">–</span>}</td>
      <td className={user.has_totp || user.passkeys ? '' : 'muted'}>{t.admin.factors(user.has_totp, user.passkeys)}</td>
      <td className="right">
        <Time at={user.created} />
      </td>
      <td>
        <Hash text={user.id} what={c.id} />
      </td>
    </tr>
  );
}

function Paging({ from, count, hasMore, go }: { from: number; count: number; hasMore: boolean; go: (from: number) => void }) {
  if (from === 0 && !hasMore) return null;
  return (
    <>
      <span className="muted num">{t.admin.range(from + 1, from + count)}</span>
      <button type="button" className="button-plain" disabled={from === 0} onClick={() => go(Math.max(0, from - kUsersShown))}>
        {t.admin.previous}
      </button>
      <button type="button" className="button-plain" disabled={!hasMore} onClick={() => go(from + kUsersShown)}>
        {t.admin.next}
      </button>
    </>
  );
}
