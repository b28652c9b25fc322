import { DeadManKeeper } from './deadMan';
import { actions } from './desk';
import { accountStore } from './useAccount';

/** The page's one keeper of switches. */
export const deadMen = new DeadManKeeper({
  set: (account, afterMs) => actions.setDeadMan(account, afterMs),
  every: (act, ms) => setInterval(act, ms),
  clear: (timer) => clearInterval(timer as ReturnType<typeof setInterval>),
  now: () => Date.now(),
});

/** Switches that were on before the page was opened go on with it, as soon as the accounts are known. */
export function resumeDeadMen(): void {
  const resume = () => deadMen.resume(accountStore.getView().accounts.map(({ account }) => account));
  accountStore.listen(resume);
  resume();
}
