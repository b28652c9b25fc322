import { expect, test } from './astrolabe';
import { detail, findingOf, grid, openLive, rows, shortened } from './page';

test('the page fills with findings of real blocks and says what they are', async ({ page, server }) => {
  await openLive(page);
  await expect(page.locator('.slot-cell').first()).toBeVisible();
  await expect(page.locator('.truth')).toContainText(/Replay|Synthetic/);
  await expect(page.locator('.connection')).toContainText('Connected');
  await expect(page.locator('.totals dd').first()).not.toHaveText('0');
  const arbitrage = await findingOf(server, 'arbitrage');
  await page.goto(`/mev?kind=arbitrage&synthetic=false`);
  await expect(rows(page).filter({ hasText: shortened(arbitrage.actor) }).first()).toBeVisible();
});

test('findings arrive by themselves', async ({ page }) => {
  await openLive(page);
  const newest = async () => page.locator('.slot-cell').first().getAttribute('title');
  const before = await newest();
  await expect.poll(newest).not.toBe(before);
});

test('filters narrow the list, stand in the address and survive a reload', async ({ page, server }) => {
  await findingOf(server, 'sandwich');
  await openLive(page);
  await page.getByRole('group', { name: 'Kind' }).getByRole('button', { name: 'Sandwich' }).click();
  await expect(page).toHaveURL(/kind=sandwich/);
  const onlySandwiches = async () => {
    await expect(rows(page).first()).toBeVisible();
    const kinds = await rows(page).locator('.c-kind .kind').allTextContents();
    return kinds.length > 0 && kinds.every((kind) => kind === 'Sandwich');
  };
  await expect.poll(onlySandwiches).toBe(true);
  await page.getByRole('button', { name: 'Profitable', exact: true }).click();
  await expect(page).toHaveURL(/profitable=true/);
  await page.reload();
  await expect.poll(onlySandwiches).toBe(true);
  await expect(page.getByRole('button', { name: 'Profitable', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL(/\/mev$/);
});

test('the server is asked with the filter: no row is below the minimum', async ({ page, server }) => {
  await findingOf(server, 'sandwich');
  await openLive(page);
  await page.getByLabel('Min. net, SOL').fill('0.001');
  await page.getByLabel('Min. net, SOL').press('Enter');
  await expect(page).toHaveURL(/min_net_lamports=1000000/);
  await expect
    .poll(async () => {
      const nets = await rows(page).locator('.c-net').allTextContents();
      return nets.length > 0 && nets.every((net) => Number(net.replaceAll(',', '').replace('+', '')) >= 0.001);
    })
    .toBe(true);
});

test('what can not be searched is said, with an example of what can', async ({ page }) => {
  await openLive(page);
  await page.getByLabel('Min. net, SOL').fill('much');
  await expect(page.getByText('for example 0.01')).toBeVisible();
  await page.getByLabel('Address or signature').fill('hello');
  await page.getByLabel('Address or signature').press('Enter');
  await expect(page.getByText('Paste a whole address')).toBeVisible();
});

test('a signature finds its finding', async ({ page, server }) => {
  const finding = await findingOf(server, 'arbitrage');
  await openLive(page);
  await page.getByLabel('Address or signature').fill(finding.signatures[0]!);
  await page.getByLabel('Address or signature').press('Enter');
  await expect(page).toHaveURL(new RegExp(`signature=${finding.signatures[0]}`));
  await expect(rows(page).filter({ hasText: shortened(finding.actor) }).first()).toBeVisible();
});

test('a filter that nothing matches says so and offers the way back', async ({ page }) => {
  await page.goto('/mev?wallet=11111111111111111111111111111112');
  await expect(page.getByText('No finding matches these filters')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect(rows(page).first()).toBeVisible();
});

test('a click opens the detail: why, the picture, the evidence, the arithmetic', async ({ page, server }) => {
  const finding = await findingOf(server, 'sandwich');
  await page.goto(`/mev/opportunities/${encodeURIComponent(finding.id)}`);
  const drawer = detail(page);
  await expect(drawer.getByText(finding.reasons[0]!)).toBeVisible();
  await expect(drawer.getByRole('img', { name: /Legs in the order of execution: Front-run/ })).toBeVisible();
  await expect(drawer.getByRole('region', { name: 'Evidence' }).locator('tbody tr')).toHaveCount(finding.legs.length);
  await expect(drawer.getByRole('region', { name: 'Result' })).toContainText('Jito tips');
  await expect(drawer.getByRole('region', { name: /^Victims/ })).toContainText(/Exact|At most|Unknown/);
  await drawer.getByRole('button', { name: 'Close detail' }).click();
  await expect(page).toHaveURL(/\/mev$/);
});

test('gain, fee and tip add up to the net', async ({ page, server }) => {
  const { items } = await server.get<{ items: { id: string; net_lamports: string | null }[] }>('/api/v1/mev/opportunities?kind=arbitrage,sandwich&limit=20');
  const finding = items.find((item) => item.net_lamports !== null);
  test.skip(!finding, 'no finding with a price yet');
  await page.goto(`/mev/opportunities/${encodeURIComponent(finding!.id)}`);
  const lines = detail(page).locator('.money > div');
  await expect(lines.first()).toBeVisible();
  const values = await lines.evaluateAll((elements) =>
    elements.map((element) => ({
      name: element.querySelector('dt')!.textContent!,
      lamports: element.querySelector('.token-symbol')?.textContent === 'SOL' ? BigInt(element.querySelector('.num')!.textContent!.replace(/[,.+]/g, '').replace('−', '-')).toString() : null,
    })),
  );
  const sol = values.filter((value) => value.lamports !== null);
  const net = sol.find((value) => value.name === 'Net');
  const parts = sol.filter((value) => value.name !== 'Net').reduce((sum, value) => sum + BigInt(value.lamports!), 0n);
  expect(net?.lamports).toBe(finding!.net_lamports);
  expect(parts.toString()).toBe(finding!.net_lamports);
});

test('a deep link to a finding that is not there says so', async ({ page }) => {
  await page.goto('/mev/opportunities/nothing-of-the-kind');
  await expect(detail(page).getByText('Not found')).toBeVisible();
});

test('the list holds still under the pointer and goes on after', async ({ page }) => {
  await openLive(page);
  await grid(page).hover();
  await expect(page.getByRole('button', { name: /Paused/ })).toBeVisible();
  await page.mouse.move(700, 5);
  await expect(page.getByRole('button', { name: 'Following' })).toBeVisible();
});

test('was I sandwiched: the victim is told yes and how much, the unknown is told so', async ({ page, server }) => {
  const finding = await findingOf(server, 'sandwich');
  await page.goto('/mev/lookup');
  await page.getByLabel('Signature, wallet or pool').fill(finding.victims[0]!);
  await page.getByRole('button', { name: 'Look up', exact: true }).click();
  await expect(page.getByText('Yes, this transaction was sandwiched')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Findings with it' })).toContainText('Sandwich');
  await page.getByLabel('Signature, wallet or pool').fill('1'.repeat(64));
  await page.getByRole('button', { name: 'Look up', exact: true }).click();
  await expect(page.getByText('The server has not seen this transaction')).toBeVisible();
});

test('wallet and pool have their pages', async ({ page, server }) => {
  const finding = await findingOf(server, 'sandwich');
  await page.goto(`/mev/wallets/${finding.actor}`);
  await expect(page.getByRole('region', { name: 'Findings', exact: true }).locator('tbody tr').first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'As actor' })).toContainText('Sandwich');
  await page.goto(`/mev/pools/${finding.legs[0]!.pool}`);
  await expect(page.getByRole('region', { name: 'Findings', exact: true }).locator('tbody tr').first()).toBeVisible();
});

test('the system page shows feed, streams, decoding and endpoints', async ({ page }) => {
  await page.goto('/status');
  await expect(page.getByRole('region', { name: 'Feed' })).toContainText('demo');
  await expect(page.getByRole('region', { name: 'Streams' })).toContainText('mev.opportunity');
  await expect(page.getByRole('region', { name: 'Decoding' }).locator('dt').first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Endpoints' }).locator('tbody tr').first()).toBeVisible();
});

test('the type of a problem document leads to what it means', async ({ page, server }) => {
  const answer = await page.request.get(`${server.url}/api/v1/mev/opportunities?limit=0`);
  expect(answer.status()).toBe(400);
  const problem = (await answer.json()) as { type: string; code: string };
  await page.goto(problem.type);
  await expect(page.locator(`tr[aria-current="true"]`)).toContainText(problem.code);
});
