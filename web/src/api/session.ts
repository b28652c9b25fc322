import { create } from 'zustand';

/** The text of the CSRF cookie: one a session, empty when nobody has signed in here. */
export const csrfText = (): string => (typeof document === 'undefined' ? '' : (/(?:^|; )__Host-astro_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? ''));

/** Which session this page is of. Whoever shows what a user may do follows it. */
export const useSession = create(() => ({ mark: csrfText() }));

/** After an answer that may have signed in or out. */
export function noteSession(): void {
  const mark = csrfText();
  if (mark !== useSession.getState().mark) useSession.setState({ mark });
}

/** The server knows the session no more. */
export function forgetSession(): void {
  document.cookie = '__Host-astro_csrf=; Path=/; Secure; SameSite=Strict; Max-Age=0';
  noteSession();
}
