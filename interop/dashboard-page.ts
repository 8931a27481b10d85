import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ServerProcess } from './server-process.ts';

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'dark' | 'light';
}

/** A page of the dashboard whose browser is logged in; errors in it end up in `problems`. */
export class DashboardPage implements AsyncDisposable {
  readonly page: Page;
  readonly problems: readonly string[];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page, problems: readonly string[]) {
    this.#context = context;
    this.page = page;
    this.problems = problems;
  }

  static async open(
    browser: Browser,
    server: ServerProcess,
    path: string,
    { width = 1440, height = 900, colorScheme = 'dark' }: PageOptions = {},
  ): Promise<DashboardPage> {
    const context = await browser.newContext({
      baseURL: server.url,
      viewport: { width, height },
      locale: 'en-US',
      colorScheme,
    });
    const answer = await context.request.post('/api/v1/session', {
      data: { key: server.apiKey },
      headers: { origin: server.url },
    });
    if (!answer.ok()) throw new Error(`log-in: ${answer.status()} ${await answer.text()}`);
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(path);
    return new DashboardPage(context, page, problems);
  }

  /** The parts of a panel: where it draws, and what it says beside its title. */
  panel(key: string) {
    const panel = this.page.locator(`.panel[data-key="${key}"]`);
    return { panel, over: panel.locator('.u-over'), last: panel.locator('.panel-last') };
  }

  /** Waits until the panel draws this many curves. */
  async drawn(key: string, curves = 1): Promise<void> {
    await this.page.waitForSelector(`.panel[data-key="${key}"] [data-drawn="${curves}"] canvas`);
  }

  /** Names of the runs in the table, from the top, as far as they are on screen. */
  names(): Promise<string[]> {
    return this.page.locator('.run-line .run-name').allInnerTexts();
  }

  /** Bodies of the requests for series from now on. */
  watchSeries(): { readonly bodies: SeriesBody[] } {
    const bodies: SeriesBody[] = [];
    this.page.on('request', (request) => {
      if (request.url().endsWith('/series')) bodies.push(request.postDataJSON() as SeriesBody);
    });
    return { bodies };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }
}

export interface SeriesBody {
  readonly series: readonly { readonly run: string; readonly key: string }[];
  readonly x: { readonly kind: string; readonly key?: string };
  readonly from?: number;
  readonly to?: number;
  readonly buckets: number;
}
