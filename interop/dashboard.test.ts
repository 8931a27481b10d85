import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hueColour, hueOf } from '../src/dashboard/charts/drawn-run.ts';
import { isBrowserSkipped, startBrowser } from './browser.ts';
import { buildDashboard } from './built-dashboard.ts';
import { DashboardPage } from './dashboard-page.ts';
import { pixelsOf } from './dashboard-pixels.ts';
import { LoggedRun } from './logged-run.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './until.ts';

const RECORDED = 'wandb-0.31.0/file-stream';

describe.skipIf(await isBrowserSkipped())('the dashboard in a browser', () => {
  let server: ServerProcess;
  let browser: Browser;
  let trained: LoggedRun;

  beforeAll(async () => {
    await buildDashboard();
    server = await ServerProcess.start();
    browser = await startBrowser();
    trained = await LoggedRun.start(server, 'recorded', 'training', { name: 'recorded training', tags: ['model:eo1'] });
    await trained.replay(`${RECORDED}/training-0.json`);
    await trained.replay(`${RECORDED}/training-1.json`);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });

  const open = (path: string, options = {}) => DashboardPage.open(browser, server, path, options);

  describe('logging in', () => {
    test('a one-time address opens the page it names, once, and leaves no token behind', async () => {
      const answer = await fetch(`${server.url}/api/v1/session/tokens`, {
        method: 'POST',
        headers: { authorization: `Bearer ${server.apiKey}` },
      });
      const { url } = (await answer.json()) as { url: string };
      const context = await browser.newContext({ locale: 'en-US' });
      const page = await context.newPage();
      await page.goto(url);
      await page.getByRole('link', { name: 'recorded' }).first().waitFor();
      expect(page.url()).toBe(`${server.url}/`);
      await context.close();

      const stranger = await browser.newContext({ locale: 'en-US' });
      const second = await stranger.newPage();
      await second.goto(url);
      await second.getByText('used before').waitFor();
      await stranger.close();
    });

    test('a key that is pasted opens the page that was asked for; a wrong one says why not', async () => {
      const context = await browser.newContext({ baseURL: server.url, locale: 'en-US' });
      const page = await context.newPage();
      await page.goto(trained.path);
      const field = page.getByLabel('API key');
      await field.fill(`local-${'0'.repeat(40)}`);
      await page.getByRole('button', { name: 'Log in' }).click();
      await until('the refusal is said', async () => (await page.getByRole('alert').innerText()) !== '');
      await field.fill(server.apiKey);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('button', { name: 'recorded training' }).waitFor();
      expect(new URL(page.url()).pathname).toBe(trained.path);
      await context.close();
    });
  });

  describe('charts', () => {
    test('draw what the official client sent, all of a screen from one request', async () => {
      await using view = await open('/');
      const { bodies } = view.watchSeries();
      await view.page.goto(trained.path);
      const { keys } = await server.rest<{ keys: { key: string; counts: { number?: number } }[] }>(
        `/projects/${trained.entity}/recorded/runs/training/keys`,
      );
      const numbers = keys.filter(({ key, counts }) => (counts.number ?? 0) > 0 && !key.startsWith('_'));
      const [first] = numbers.map(({ key }) => key).filter((key) => !key.includes('/'));
      expect(first).toBeDefined();
      await view.drawn(first as string);
      const colour = /--series-\d+/.exec(hueColour(hueOf('training')))?.[0] as string;
      expect(await pixelsOf(view.page, first as string, colour)).toBeGreaterThan(100);
      expect(bodies).toHaveLength(1);
      expect(bodies[0]?.series.length).toBeGreaterThan(1);
      expect(view.problems).toEqual([]);
    });

    test('grow while the run goes on, without a reload', async () => {
      const run = await LoggedRun.start(server, 'live', 'growing');
      await run.log(Array.from({ length: 50 }, (_, step) => ({ loss: 100 - step })));
      await using view = await open(run.path);
      await view.drawn('loss');
      await view.page.evaluate(() => Object.assign(window, { sameDocument: true }));
      await until('the last value is shown', async () => (await view.panel('loss').last.innerText()) === '51');
      await run.log([{ loss: 7.5, 'new/metric': 1 }]);
      await until('the new value is shown', async () => (await view.panel('loss').last.innerText()) === '7.5');
      await view.page.locator('.panel[data-key="new/metric"]').waitFor();
      expect(await view.page.evaluate(() => 'sameDocument' in window)).toBe(true);
      await run.finish(1);
      await view.page.locator('.run-bar [data-state="failed"]').waitFor();
      expect(await view.page.locator('.run-bar .state-reason').innerText()).toContain('exit code 1');
    });

    test('ask for the part that is zoomed to; the address keeps it; a double click shows all again', async () => {
      const run = await LoggedRun.start(server, 'zoomed', 'long');
      await run.log(Array.from({ length: 5_000 }, (_, step) => ({ loss: Math.sin(step / 50), acc: step })));
      await using view = await open(run.path);
      await view.drawn('loss');
      await view.drawn('acc');
      const { bodies } = view.watchSeries();
      const box = await view.panel('loss').over.boundingBox();
      if (box === null) throw new Error('the chart has no place on the page');
      await view.page.mouse.move(box.x + box.width * 0.25, box.y + 40);
      await view.page.mouse.down();
      await view.page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 5 });
      await view.page.mouse.up();
      await until('the part is asked for', async () => bodies.length > 0);
      const [asked] = bodies;
      expect(asked?.from).toBeGreaterThan(1_000);
      expect(asked?.to).toBeLessThan(2_750);
      expect(asked?.series.map(({ key }) => key).toSorted()).toEqual(['acc', 'loss']);
      await view.page.getByTitle('Show all again').waitFor();
      await view.page.reload();
      await view.drawn('loss');
      await view.page.getByTitle('Show all again').waitFor();
      await view.panel('loss').over.dblclick();
      await until('the zoom is gone', async () => !view.page.url().includes('zoom='));
    });

    test('say why they are empty, and mark what is not a number', async () => {
      const run = await LoggedRun.start(server, 'odd', 'odd');
      await run.log([{ loss: 1 }, { loss: NaN }, { loss: Infinity }, { loss: 2, down: -1 }, { down: -2 }]);
      await using view = await open(`${run.path}?log=y`);
      await view.drawn('loss');
      expect(await pixelsOf(view.page, 'loss', '--state-failed')).toBeGreaterThan(4);
      expect(await view.panel('down').panel.innerText()).toContain('none above zero');
    });

    test('of other runs come and go with their circle, and a run that was shown before is not asked for again', async () => {
      for (const id of ['one', 'two']) {
        const run = await LoggedRun.start(server, 'eyes', id);
        await run.log(Array.from({ length: 20 }, (_, step) => ({ loss: step })));
        await run.finish(0);
      }
      await using view = await open(`/${trained.entity}/eyes`);
      await view.drawn('loss', 2);
      const { bodies } = view.watchSeries();
      await view.page.getByRole('button', { name: 'Hide one on charts' }).click();
      await view.drawn('loss', 1);
      expect(view.page.url()).toContain('hide=one');
      await view.page.getByRole('button', { name: 'Show one on charts' }).click();
      await view.drawn('loss', 2);
      expect(bodies).toEqual([]);
    });
  });

  describe('a project', () => {
    test('shows six charts of six small sections at once, and hides none behind another', async () => {
      const keys = ['lr', 'train/loss', 'val/loss', 'grad/norm', 'perf/fps', 'z/z'];
      const run = await LoggedRun.start(server, 'six', 'six');
      await run.log([1, 2].map((value) => Object.fromEntries(keys.map((key) => [key, value]))));
      await run.finish(0);
      await using view = await open(`/${run.entity}/six`);
      for (const key of keys) {
        await view.drawn(key);
        const box = await view.panel(key).over.boundingBox();
        expect(box?.width).toBeGreaterThanOrEqual(360);
        expect(box?.height).toBeGreaterThanOrEqual(200);
        expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThan(900);
      }
      await view.page.getByRole('button', { name: 'train 1' }).click();
      await until('the section is folded', async () => (await view.panel('train/loss').panel.count()) === 0);
      await view.page.getByRole('button', { name: 'train 1' }).click();
      await view.drawn('train/loss');
    });

    test('draws a metric over what its run defined, says so, zooms it apart from the others, and hides what is hidden', async () => {
      const m = [{ 1: 'epoch' }, { 2: 'val/*', 5: 1 }, { 1: 'secret', 6: [2] }];
      const run = await LoggedRun.start(server, 'defined', 'defined', { config: { _wandb: { m } } });
      await run.log(
        Array.from({ length: 100 }, (_, step) => ({ epoch: step / 50, 'val/acc': step, loss: step, secret: 1 })),
      );
      await run.finish(0);
      for (const path of [`/${run.entity}/defined`, run.path]) {
        await using view = await open('/');
        const { bodies } = view.watchSeries();
        await view.page.goto(path);
        await view.drawn('val/acc');
        await view.drawn('loss');
        expect(await view.panel('val/acc').panel.innerText()).toContain('over epoch');
        expect(await view.panel('secret').panel.count()).toBe(0);
        const axes = bodies.map(({ x, series }) => [x.key ?? x.kind, series.map(({ key }) => key).toSorted()]);
        expect(axes).toContainEqual(['epoch', ['val/acc']]);
        const box = await view.panel('val/acc').over.boundingBox();
        if (box === null) throw new Error('the chart has no place on the page');
        bodies.length = 0;
        await view.page.mouse.move(box.x + box.width * 0.5, box.y + 40);
        await view.page.mouse.down();
        await view.page.mouse.move(box.x + box.width * 0.9, box.y + 40, { steps: 3 });
        await view.page.mouse.up();
        await until('the part is asked for', async () => bodies.length > 0);
        expect(bodies.flatMap(({ series }) => series.map(({ key }) => key))).toEqual(['val/acc']);
        expect(bodies[0]?.to).toBeLessThan(2);
        await view.page.getByLabel('What lies on the x axis').selectOption('step');
        await until('all are over steps', async () => bodies.at(-1)?.x.kind === 'step');
        expect(await view.panel('val/acc').panel.innerText()).not.toContain('over epoch');
      }
    });

    test('draws one run alone and the others again; a click with Shift switches all rows between', async () => {
      for (const id of ['s0', 's1', 's2', 's3', 's4']) {
        const run = await LoggedRun.start(server, 'chosen', id);
        await run.log([{ loss: 1 }, { loss: 2 }]);
        await run.finish(0);
      }
      await using view = await open(`/${trained.entity}/chosen?order=name`);
      await view.drawn('loss', 5);
      const row = (id: string) => view.page.locator(`.run-line[data-run="${id}"]`);
      await row('s1').locator('.eye').click();
      await row('s3')
        .locator('.eye')
        .click({ modifiers: ['Shift'] });
      await view.drawn('loss', 2);
      await row('s0').hover();
      await row('s0').getByRole('button', { name: 'only' }).click();
      await view.drawn('loss', 1);
      await row('s0').getByRole('button', { name: 'only' }).click();
      await view.drawn('loss', 2);
      expect(view.problems).toEqual([]);
    });
  });

  describe('the runs table', () => {
    const COUNT = 250;
    let path: string;
    beforeAll(async () => {
      for (let index = 0; index < COUNT; index++) {
        const run = await LoggedRun.start(server, 'many', `r${String(index).padStart(3, '0')}`, {
          name: `run-${String(index).padStart(3, '0')}`,
          config: { lr: index / 1_000 },
          tags: index % 50 === 0 ? ['baseline', 'model:eo1'] : [],
        });
        path = `/${run.entity}/many`;
        await run.log([{ loss: (index * 37) % COUNT }]);
        if (index % 2 === 0) await run.finish(index % 4 === 0 ? 0 : 3);
      }
    });

    test('filters by the grammar, and points at what it cannot read without asking the server', async () => {
      await using view = await open(path);
      const field = view.page.getByLabel('Filter runs');
      await field.fill('model:eo1 config.lr>=0.1');
      await until('three runs are left', async () => (await view.names()).length === 3);
      expect((await view.names()).toSorted()).toEqual(['run-100', 'run-150', 'run-200']);
      expect(view.page.url()).toContain('filter=');
      await field.fill('state:running and )');
      expect(await view.page.locator('.filter-mistake mark').innerText()).toBe(')');
      expect(await view.names()).toHaveLength(3);
      expect(view.problems).toEqual([]);
    });

    test('sorts by a metric with a click, and back with another', async () => {
      await using view = await open(path);
      const head = view.page.getByRole('columnheader', { name: 'loss' }).getByRole('button');
      const best = Array.from({ length: COUNT }, (_, index) => index).find(
        (index) => (index * 37) % COUNT === COUNT - 1,
      );
      await head.click();
      await until(
        'the largest comes first',
        async () => (await view.names())[0] === `run-${String(best).padStart(3, '0')}`,
      );
      await head.click();
      await until('the smallest comes first', async () => (await view.names())[0] === 'run-000');
      expect(view.page.url()).toContain('order=summary.loss');
    });

    test('shows the last run of many after scrolling there; only what is on screen exists', async () => {
      await using view = await open(`${path}?order=name&layout=table`);
      await until('the first is there', async () => (await view.names())[0] === 'run-000');
      await view.page.locator('.runs-table').evaluate((table) => table.scrollTo(0, table.scrollHeight));
      await until('the last is there', async () => (await view.names()).includes(`run-${COUNT - 1}`));
      expect((await view.names()).length).toBeLessThan(60);
    });

    test('shows states with their reasons, and a run that starts appears by itself', async () => {
      await using view = await open(`${path}?filter=state:failed&columns=state`);
      await view.page.locator('.run-line .state-failed').first().waitFor();
      expect(await view.page.locator('.run-line .cell').first().innerText()).toContain('exit code 3');
      const before = await view.page.locator('[data-total]').getAttribute('data-total');
      const late = await LoggedRun.start(server, 'many', 'late', { name: 'a late one' });
      await late.finish(9);
      await view.page.getByRole('link', { name: 'a late one' }).waitFor();
      expect(await view.page.locator('[data-total]').getAttribute('data-total')).toBe(String(Number(before) + 1));
    });

    test('a copied address shows the same view', async () => {
      const address = `${path}?filter=tag:baseline&order=-config.lr&columns=config.lr,state&hide=r200&x=relative&smooth=0.5&log=y`;
      await using view = await open(address, { colorScheme: 'light' });
      await until('five runs', async () => (await view.names()).length === 5);
      expect((await view.names())[0]).toBe('run-200');
      expect(await view.page.getByRole('columnheader').allInnerTexts()).toEqual(['name', 'config.lr\n↓', 'state']);
      expect(await view.page.getByLabel('Smoothing').inputValue()).toBe('0.5');
      expect(await view.page.getByLabel('What lies on the x axis').inputValue()).toBe('relative');
      expect(await view.page.getByRole('button', { name: 'log y' }).getAttribute('aria-pressed')).toBe('true');
      await view.page.getByRole('button', { name: 'Show run-200 on charts' }).waitFor();
    });

    test('goes by keys: down, hide, open, and back', async () => {
      await using view = await open(`${path}?filter=tag:baseline&order=name`);
      await until('five runs', async () => (await view.names()).length === 5);
      await view.page.keyboard.press('j');
      await view.page.keyboard.press('j');
      await view.page.keyboard.press('x');
      await view.page.getByRole('button', { name: 'Show run-050 on charts' }).waitFor();
      await view.page.keyboard.press('o');
      await view.page.getByRole('tab', { name: 'charts' }).waitFor();
      expect(new URL(view.page.url()).pathname).toBe(`${path}/runs/r050`);
      await view.page.keyboard.press('u');
      await view.page.getByLabel('Filter runs').waitFor();
    });
  });

  describe('a run', () => {
    test('shows its log as a terminal would: colours, rewritten lines, search, and the end while it follows', async () => {
      const run = await LoggedRun.start(server, 'logs', 'noisy');
      await run.print([
        '\u001b[31mred\u001b[0m plain',
        ' 10%|#\r100%|##########',
        '<b>not bold</b>\u001b]0;title\u0007',
      ]);
      await run.print(Array.from({ length: 2_000 }, (_, index) => `line ${index}`));
      await using view = await open(`${run.path}?tab=logs`);
      const line = (number: number) => view.page.locator(`.log-line[data-line="${number}"] .log-text`);
      await line(2_002).waitFor();
      await run.print(['the very last']);
      await line(2_003).waitFor();
      expect(await line(2_003).innerText()).toBe('the very last');
      await view.page.locator('.log').evaluate((log) => log.scrollTo(0, 0));
      await line(0).waitFor();
      expect(await line(0).innerText()).toBe('red plain');
      const colour = await line(0)
        .locator('span')
        .first()
        .evaluate((span) => span.style.color);
      expect(colour).toBe('var(--ansi-1)');
      expect(await line(1).innerText()).toBe('100%|##########');
      expect(await line(2).innerText()).toBe('<b>not bold</b>');
      await view.page.getByLabel('Search the log').fill('line 1234');
      await until('one line is found', async () => (await view.page.locator('.log-text').count()) === 1);
      await view.page.locator('.log-number').click();
      await line(1_237).waitFor();
      expect(view.page.url()).toContain('line=1238');
      expect(view.problems).toEqual([]);
    });

    test('shows a log that the official client sent', async () => {
      const run = await LoggedRun.start(server, 'logs', 'recorded');
      await run.replay(`${RECORDED}/console-0.json`);
      await run.replay(`${RECORDED}/console-1.json`);
      await run.finish(0);
      await using view = await open(`${run.path}?tab=logs`);
      const text = view.page.locator('.log-text').filter({ hasText: 'step 2 loss' });
      expect(await text.first().innerText()).toBe('step 2 loss 0.3333');
      expect(
        await text
          .first()
          .locator('span')
          .first()
          .evaluate((span) => span.style.color),
      ).toBe('var(--ansi-2)');
    });

    test('is renamed, tagged and annotated in place, and stopped after a second look', async () => {
      const run = await LoggedRun.start(server, 'edited', 'edited', { config: { model: { depth: 12 } } });
      await run.log([{ loss: 1 }]);
      await using view = await open(run.path);
      await view.page.getByRole('button', { name: 'edited', exact: true }).click();
      await view.page.getByLabel('Name', { exact: true }).fill('a better name');
      await view.page.keyboard.press('Enter');
      await view.page.getByRole('button', { name: 'Add a tag' }).click();
      await view.page.getByLabel('New tag').fill('kept');
      await view.page.keyboard.press('Enter');
      await view.page.getByRole('button', { name: 'Remove tag kept' }).waitFor();
      await view.page.getByRole('tab', { name: 'overview' }).click();
      await view.page.getByLabel('Notes').fill('learned slowly');
      await view.page.getByLabel('Notes').blur();
      await view.page.getByRole('tab', { name: 'config' }).click();
      await view.page.getByLabel('Find a name or value').fill('depth');
      expect(await view.page.locator('.tree-value').allInnerTexts()).toEqual(['12']);
      await view.page.getByRole('button', { name: 'Stop…' }).click();
      await view.page.getByRole('button', { name: 'Stop this run' }).click();
      await view.page.getByText('not yet confirmed').waitFor();
      const told = await server.rest<Record<string, unknown>>(`/projects/${run.entity}/edited/runs/edited`);
      expect(told).toMatchObject({ displayName: 'a better name', tags: ['kept'], notes: 'learned slowly' });
    });

    test('with hostile names is shown as text', async () => {
      const evil = '<img src=x onerror="window.hacked=1">';
      const run = await LoggedRun.start(server, 'hostile', 'evil', {
        name: evil,
        config: { [evil]: evil },
        tags: [evil],
      });
      await run.log([{ [evil]: 1 }]);
      await using view = await open(run.path);
      await view.page.getByRole('button', { name: evil }).first().waitFor();
      await view.page.goto(`/${run.entity}/hostile`);
      await view.page.getByRole('link', { name: evil }).waitFor();
      expect(await view.page.evaluate(() => 'hacked' in window)).toBe(false);
      expect(view.problems).toEqual([]);
    });
  });

  test('dark and light: the system says, a key changes it, and the choice is remembered', async () => {
    await using view = await open('/', { colorScheme: 'light' });
    const ground = () => view.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await view.page.getByRole('heading', { name: 'Projects' }).waitFor();
    const light = await ground();
    await view.page.keyboard.press('t');
    await until('the ground is another', async () => (await ground()) !== light);
    const dark = await ground();
    await view.page.reload();
    expect(await ground()).toBe(dark);
    await view.page.keyboard.press('?');
    await view.page.getByLabel('Keys', { exact: true }).waitFor();
  });

  test('a lost server is said with the age of what is shown; when it is back, all is fresh again', async () => {
    await using own = await ServerProcess.start();
    const run = await LoggedRun.start(own, 'lost', 'lost');
    await run.log([{ loss: 1 }]);
    await using view = await DashboardPage.open(browser, own, run.path);
    await view.drawn('loss');
    await view.page.locator('[data-live="live"]').waitFor();
    await own.kill();
    await view.page.locator('[data-live="lost"]').waitFor();
    expect(await view.panel('loss').last.innerText()).toBe('1');
    await own.restart();
    await run.log([{ loss: 2 }]);
    // Sessions end with the server: the page asks for the key where it stands, and goes on.
    await view.page.getByLabel('API key').fill(own.apiKey);
    await view.page.getByRole('button', { name: 'Log in' }).click();
    await until('the new value is shown', async () => (await view.panel('loss').last.innerText()) === '2');
    await view.page.locator('[data-live="live"]').waitFor();
  });
});
