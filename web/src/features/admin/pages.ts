import { t } from '@/strings';

export interface AdminPage {
  to: string;
  label: string;
  /** One of these permissions opens the page. */
  needs: readonly string[];
}

const page = (name: keyof typeof t.admin.tabs & string, needs = ['identity.admin']): AdminPage => ({ to: `/admin/${name}`, label: t.admin.tabs[name], needs });

export const kAdminPages: readonly AdminPage[] = [
  page('users'), page('roles'), page('plans'), page('markets', ['exchange.operate', 'identity.admin']), page('risk', ['exchange.operate']), page('audit'), page('keys'), page('system', ['server.operate']), page('jobs', ['server.operate']),
];
