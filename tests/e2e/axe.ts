import axe from 'axe-core';
import type { Page } from '@playwright/test';

/** Findings of axe, one line each: all, or those that are serious or critical; of the page, or of a part of it. */
export async function accessibilityProblems(page: Page, which: 'all' | 'serious' = 'serious', within = 'html'): Promise<string[]> {
  // evaluate() goes around the page's content security policy; a script element would not.
  await page.evaluate(axe.source);
  return page.evaluate(async ([isAll, root]) => {
    const run = (window as unknown as { axe: typeof axe }).axe.run;
    const { violations } = await run(root, { resultTypes: ['violations'] });
    return violations
      .filter((v) => isAll || v.impact === 'serious' || v.impact === 'critical')
      .flatMap((v) => v.nodes.slice(0, 3).map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary ?? ''}`));
  }, [which === 'all', within] as const);
}
