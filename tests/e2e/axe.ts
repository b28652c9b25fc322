import axe from 'axe-core';
import type { Page } from '@playwright/test';

/** Findings of axe, one line each: all, or those that are serious or critical. */
export async function accessibilityProblems(page: Page, which: 'all' | 'serious' = 'serious'): Promise<string[]> {
  // evaluate() goes around the page's content security policy; a script element would not.
  await page.evaluate(axe.source);
  return page.evaluate(async (isAll) => {
    const run = (window as unknown as { axe: typeof axe }).axe.run;
    const { violations } = await run(document, { resultTypes: ['violations'] });
    return violations
      .filter((v) => isAll || v.impact === 'serious' || v.impact === 'critical')
      .flatMap((v) => v.nodes.slice(0, 3).map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary ?? ''}`));
  }, which === 'all');
}
