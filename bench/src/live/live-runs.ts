import { setTimeout as delay } from 'node:timers/promises';
import type { Rig } from '@order-bench/rig';
import type { Registry } from 'prom-client';
import { letterText } from '../dlq/letter-text.js';
import type { Runner, RunnerRun } from '../plans/runner.js';
import { runningDrainChart } from '../report/charts/drain.js';
import { contenderRuns } from '../report/evidence.js';
import { paletteOf } from '../report/palette.js';
import type { RunResult } from '../results/result.js';
import type { DrainProgress } from '../run/drain-watch.js';
import type { RunLog } from '../run/run-log.js';
import { connectServiceBus } from '../sites/cluster/service-bus-connection.js';
import { failureText } from '../text/failure-text.js';
import { peekDeadLetters } from '../verify/dead-letters.js';
import { type Pipeline, pipelineOf } from '../workload/pipeline.js';
import { DrainCurve } from './drain-curve.js';
import { LivePage, type ScrapeTarget } from './live-page.js';
import { type EndedRun, endedRun, type LiveRun, type LiveState, liveQueue } from './live-state.js';
import { RoleCpu } from './role-cpu.js';

/** How often what is shown is read and sent, while anybody looks. */
const LOOK_MS = 1_000;

/** A command, to be followed. */
export interface FollowOptions {
  readonly title: string;
  readonly runner: Runner;
  /** Of the page; 0 takes a free one. */
  readonly port: number;
}

/** Every run of a command on a page that follows them. */
export class LiveRuns {
  private run: LiveRun | null = null;
  private curve: DrainCurve | null = null;
  private rig: Rig | null = null;
  private boxes: Pipeline['boxes'] = [];
  private cpu: RoleCpu | null = null;
  private number = 0;
  private readonly ended: EndedRun[] = [];
  /** By contender: what the chart shows beside the run in progress. */
  private readonly last = new Map<string, RunResult>();
  private isLooking = false;
  private page: LivePage | undefined;
  private registry: Promise<Registry> | undefined;

  /**
   * Opens the page of a command.
   *
   * @throws UsageError where the port is in use.
   * @returns where the page is, and the runner to use in place of the given one.
   */
  async follow({ title, runner, port }: FollowOptions): Promise<{ readonly url: string; readonly runner: Runner }> {
    const page = await LivePage.open(
      {
        title,
        deadLetters: () => this.deadLetters(),
        metrics: () => this.metrics(),
        targets: () => (this.rig ? scrapeTargets(this.rig) : []),
        onOpen: () => void this.look(),
      },
      port,
    );
    this.page = page;
    return { url: page.url, runner: { ...runner, run: options => this.followed(runner, options) } };
  }

  private async followed(runner: Runner, options: RunnerRun): Promise<RunResult> {
    const { name: contender } = options.contender;
    this.boxes = pipelineOf(options.contender).boxes;
    this.number += 1;
    this.run = { contender, number: this.number, step: 'starting', progress: null };
    try {
      const result = await runner.run({
        ...options,
        log: this.followedLog(options.log),
        onRig: rig => {
          this.rig = rig;
          this.cpu = new RoleCpu(rig.supervisor);
          options.onRig?.(rig);
        },
      });
      this.ended.unshift(endedRun(result));
      this.last.set(contender, result);
      return result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.ended.unshift({ ...NO_FIGURES, contender, status: 'failed', reason });
      throw error;
    } finally {
      this.run = null;
      this.curve = null;
      this.rig = null;
      this.cpu = null;
      // After the last run there is no other look.
      if (this.page?.isWatched) await this.show(this.page);
    }
  }

  private followedLog(log: RunLog): RunLog {
    return {
      step: text => {
        if (this.run) this.run = { ...this.run, step: text, progress: null };
        log.step(text);
      },
      progress: (progress: DrainProgress) => {
        if (this.run) {
          // A step's first look: another drain begins; until then the curve of the last one stays.
          if (!this.run.progress) this.curve = new DrainCurve(this.run.contender);
          this.run = { ...this.run, progress };
        }
        this.curve?.add(progress.written, performance.now());
        log.progress(progress);
      },
    };
  }

  /** Reads and sends, again and again, for as long as anybody looks; nothing of it may end the runs. */
  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    while (this.page?.isWatched) {
      await this.show(this.page);
      await delay(LOOK_MS, undefined, { ref: false });
    }
    this.isLooking = false;
  }

  private async show(page: LivePage): Promise<void> {
    try {
      await this.send(page);
    } catch (error) {
      process.stderr.write(`the live page could not be told: ${failureText(error)}\n`);
    }
  }

  private async send(page: LivePage): Promise<void> {
    // A rig that is being stopped answers no more: its last figures are gone with it.
    const [queues, cpu] = await Promise.all([
      this.rig?.broker.queues().catch(() => []) ?? [],
      this.cpu?.look().catch(() => ({})) ?? {},
    ]);
    const state: LiveState = { run: this.run, queues: queues.map(liveQueue), cpu, ended: this.ended };
    page.send('state', state);
    const results = [...this.last.values()];
    const palette = paletteOf(contenderRuns(results.map(result => ({ file: '', result }))));
    const chart = runningDrainChart(this.curve?.drain ?? null, results, palette);
    if (chart)
      page.send('chart', {
        title: chart.title,
        description: chart.description,
        wide: chart.draw('wide'),
        narrow: chart.draw('narrow'),
      });
  }

  /** Made when somebody asks for the first time. */
  private async metrics(): Promise<string> {
    this.registry ??= import('./run-metrics.js').then(({ runMetrics }) =>
      runMetrics(() => ({ run: this.run, ended: this.ended, processes: this.rig?.supervisor.processes ?? [] })),
    );
    return (await this.registry).metrics();
  }

  private async deadLetters(): Promise<string> {
    const { rig } = this;
    if (!rig) return 'No rig is running now; what a run left is told when it ends.\n';
    const letters = await peekDeadLetters(
      () => connectServiceBus({ connectionString: rig.serviceBusConnectionString }),
      this.boxes,
    );
    return letters.length === 0 ? 'There are no dead letters.\n' : letters.map(letterText).join('\n\n────\n\n');
  }
}

/** Broker, blob server and daprds of a rig; Azurite has no metrics. */
function scrapeTargets({ urls, daprs }: Pick<Rig, 'urls' | 'daprs'>): ScrapeTarget[] {
  const standIns = ['broker', 'blob'].flatMap(name => (urls[name] ? [{ name, url: urls[name] }] : []));
  const found = [...standIns, ...daprs.map(({ name, metricsUrl }) => ({ name, url: metricsUrl }))];
  return found.map(({ name, url }) => ({ targets: [new URL(url).host], labels: { process: name } }));
}

const NO_FIGURES = { t100Ms: null, steadyOrdersPerSecond: null, appCpuMsPerOrder: null, hops: [] } as const;
