import { t } from '@/strings';

export interface AdminPage {
  to: string;
  label: string;
  /** The permission without which the server answers none of its calls. */
  needs: string;
}

const page = (name: keyof typeof t.admin.tabs & string, needs = 'identity.admin'): AdminPage => ({ to: `/admin/${name}`, label: t.admin.tabs[name], needs });

export const kAdminPages: readonly AdminPage[] = [
  page('users'), page('roles'), page('plans'), page('markets', 'exchange.operate'), page('audit'), page('keys'),
];
